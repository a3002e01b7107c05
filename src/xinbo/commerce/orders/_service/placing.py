"""Place orders: any number at once, each whole or not at all.

One order or five hundred go the same way, so the batcher and the single request cannot differ.
"""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

import msgspec
from sqlalchemy import text

from xinbo.commerce import bargains, cart, groups, inventory, members, offers, promotions
from xinbo.commerce.groups import Booking
from xinbo.commerce.inventory import OutOfStock
from xinbo.commerce.offers import GroupTerms, PerPersonLimit, Taking
from xinbo.commerce.orders._models import OrderLineRow, OrderRow
from xinbo.commerce.orders._service.billing import Billed, NotDelivered, bill_all, taken
from xinbo.commerce.orders._service.drafts import Ask, Draft, lines_of, order_of, placed, row_of
from xinbo.commerce.orders._service.holds import Holder, Holds, judge, place_of
from xinbo.commerce.orders._service.life import count_free
from xinbo.commerce.orders._service.reads import by_ids
from xinbo.commerce.orders._service.releasing import give_up
from xinbo.commerce.orders._types import Order, Recipient
from xinbo.commerce.payments import IdempotencyKeyReused
from xinbo.engines.batch import emit_many, insert_many
from xinbo.engines.tx import Tx
from xinbo.kit.errors import Conflict, XinboError


class PriceChanged(Conflict):
    """Raised when an SKU costs `price` now and the shopper was shown `expected`."""


class TotalChanged(Conflict):
    """Raised when an order costs `total` now, and the shopper was shown `expected`.

    A promotion began or ended, a gift ran out, the freight is another: the page shows the new
    bill and asks again.
    """


async def place_all(
    tx: Tx, asks: Sequence[Ask], holds: Holds | None = None
) -> list[Order | XinboError]:
    """Place an order for each wish; answer each with its order, or with why there is none.

    A wish that came before is answered with the order it led to. Raises SQLAlchemy's
    `IntegrityError` where another transaction wins a race for one of the keys: roll back and
    try again, and its order will be found.
    """
    once = {each.wish: each for each in reversed(asks)}
    first = list(reversed(once.values()))
    answers = await _known(tx, first)
    fresh = [each for each in first if each.wish not in answers]
    drafts = _keep(answers, fresh, await _draft(tx, fresh))
    drafts = _keep(answers, drafts, await _judged(tx, drafts, holds or Holds()))
    drafts = _keep(answers, drafts, await _set_aside(tx, drafts))
    # Another process may have sold the last piece under the same key while we waited for it.
    answers |= await _known(tx, [each for each in fresh if _sold_out(answers.get(each.wish))])
    for draft, order in await _write(tx, drafts):
        answers[draft.ask.wish] = draft.ask.fingerprint, order
    return [_answer(each, *answers[each.wish]) for each in asks]


def _keep[Each: Ask | Draft](
    answers: dict[tuple[UUID, str], tuple[str, Order | XinboError]],
    asked: Sequence[Each],
    found: Sequence[Draft | XinboError],
) -> list[Draft]:
    """Go on with those that may be placed; note why the others may not."""
    kept: list[Draft] = []
    for each, answer in zip(asked, found, strict=True):
        if isinstance(answer, XinboError):
            one = each.ask if isinstance(each, Draft) else each
            answers[one.wish] = one.fingerprint, answer
        else:
            kept.append(answer)
    return kept


def _sold_out(answer: tuple[str, Order | XinboError] | None) -> bool:
    return answer is not None and isinstance(answer[1], OutOfStock)


def _answer(each: Ask, fingerprint: str, answer: Order | XinboError) -> Order | XinboError:
    return answer if each.fingerprint == fingerprint else IdempotencyKeyReused(key=each.key)


async def _draft(tx: Tx, asks: Sequence[Ask]) -> list[Draft | XinboError]:
    """Bill every wish at this moment, and hold it against what its shopper was shown."""
    billed = await bill_all(tx, [each.want for each in asks], lock=True)
    return [_as_shown(each, answer) for each, answer in zip(asks, billed, strict=True)]


def _as_shown(each: Ask, billed: Billed | XinboError) -> Draft | XinboError:
    if isinstance(billed, XinboError):
        return billed
    for line, quote in zip(each.command.lines, billed.quotes, strict=True):
        if each.command.chosen and each.command.chosen.bargain_id and line.quantity > 1:
            # What friends cut is the price of one piece.
            return PerPersonLimit(sku_id=line.sku_id, most=1, taken=0)
        if quote.price != line.expected_price:
            return PriceChanged(sku_id=line.sku_id, expected=line.expected_price, price=quote.price)
    if billed.freight is not None and billed.freight.refused:
        return NotDelivered(sku_ids=billed.freight.refused)
    expected = each.command.expected_total
    if expected is not None and expected != billed.bill.total:
        return TotalChanged(expected=expected, total=billed.bill.total)
    # An order is always sent somewhere, so its bill has a recipient.
    return Draft(each, billed, cast("Recipient", billed.recipient))


async def _judged(tx: Tx, drafts: Sequence[Draft], holds: Holds) -> list[Draft | XinboError]:
    """Refuse those who hold too much unpaid already."""
    answers = await judge(tx, [_holder(draft) for draft in drafts], holds)
    return [refusal or draft for draft, refusal in zip(drafts, answers, strict=True)]


def _holder(draft: Draft) -> Holder | None:
    if draft.ask.simulated:
        return None
    return Holder(str(draft.ask.shopper_id), draft.ask.device, place_of(draft.recipient))


async def _set_aside(tx: Tx, drafts: Sequence[Draft]) -> list[Draft | XinboError]:
    """Set aside everything an order takes: a seat, stock, its share of an offer, coupon, points.

    Always in this order, here and where orders end, so that no two transactions wait for each
    other in a circle. What an order took before it was refused is given back at once.
    """
    answers: list[Draft | XinboError] = list(drafts)
    for step in STEPS:
        places = [place for place, each in enumerate(answers) if isinstance(each, Draft)]
        going = [cast("Draft", answers[place]) for place in places]
        for place, draft, answer in zip(places, going, await step(tx, going), strict=True):
            if isinstance(answer, XinboError):
                counted = STEPS.index(step) > STEPS.index(_take_offers)
                await give_up(tx, draft.ask.order_id, _takings(draft) if counted else [])
            answers[place] = answer
    return answers


async def _take_stock(tx: Tx, drafts: Sequence[Draft]) -> list[Draft | XinboError]:
    refusals = await inventory.reserve_all(
        tx, [(draft.ask.order_id, taken(draft.billed)) for draft in drafts]
    )
    return [refusal or draft for draft, refusal in zip(drafts, refusals, strict=True)]


def _takings(draft: Draft) -> list[Taking]:
    return [
        Taking(
            offer_id=quote.offer_id,
            shopper_id=draft.ask.shopper_id,
            sku_id=quote.sku_id,
            quantity=quantity,
            most=quote.per_person,
        )
        for quote, (_, quantity) in zip(draft.billed.quotes, draft.billed.want.lines, strict=True)
        if quote.offer_id is not None and quote.per_person is not None
    ]


async def _take_offers(tx: Tx, drafts: Sequence[Draft]) -> list[Draft | XinboError]:
    """Count against what one person may take; of several lines all, or none."""
    wanted = [(place, each) for place, draft in enumerate(drafts) for each in _takings(draft)]
    answers: list[Draft | XinboError] = list(drafts)
    refusals = await offers.take(tx, [each for _, each in wanted]) if wanted else []
    counted: dict[int, list[Taking]] = {}
    for (place, each), refusal in zip(wanted, refusals, strict=True):
        if refusal is None:
            counted.setdefault(place, []).append(each)
        else:
            answers[place] = refusal
    refused = [place for place, each in enumerate(answers) if isinstance(each, XinboError)]
    await offers.give_back(tx, [each for place in refused for each in counted.get(place, [])])
    return answers


async def _take_seats(tx: Tx, drafts: Sequence[Draft]) -> list[Draft | XinboError]:
    """Take seats in groups, and spend bargains."""
    answers: list[Draft | XinboError] = list(drafts)
    bookings = {
        place: booking
        for place, draft in enumerate(drafts)
        if (booking := _booking(draft)) is not None
    }
    if bookings:
        refusals = await groups.take_seats(tx, list(bookings.values()))
        seats = await groups.of_orders(tx, [each.order_id for each in bookings.values()])
        for (place, booking), refusal in zip(bookings.items(), refusals, strict=True):
            answers[place] = refusal or msgspec.structs.replace(
                drafts[place], group_id=seats[booking.order_id]
            )
    for place, draft in enumerate(drafts):
        chosen = draft.ask.command.chosen
        if chosen is not None and chosen.bargain_id is not None:
            try:
                await bargains.use(tx, chosen.bargain_id, draft.ask.order_id)
            except XinboError as refusal:
                answers[place] = refusal
    return answers


def _booking(draft: Draft) -> Booking | None:
    quote, chosen = draft.billed.quotes[0], draft.ask.command.chosen
    if chosen is None or not isinstance(quote.terms, GroupTerms):
        return None
    return Booking(
        order_id=draft.ask.order_id,
        shopper_id=draft.ask.shopper_id,
        offer_id=chosen.offer_id,
        sku_id=quote.sku_id,
        group_id=chosen.group_id,
        size=quote.terms.size,
        hours=quote.terms.hours,
    )


async def _take_coupons(tx: Tx, drafts: Sequence[Draft]) -> list[Draft | XinboError]:
    answers: list[Draft | XinboError] = list(drafts)
    using = {
        place: (coupon_id, draft.ask.shopper_id, draft.ask.order_id)
        for place, draft in enumerate(drafts)
        if (coupon_id := draft.coupon_id) is not None
    }
    if not using:
        return answers
    refusals = await promotions.redeem_all(tx, list(using.values()))
    for place, refusal in zip(using, refusals, strict=True):
        answers[place] = refusal or drafts[place]
    return answers


async def _take_points(tx: Tx, drafts: Sequence[Draft]) -> list[Draft | XinboError]:
    answers: list[Draft | XinboError] = list(drafts)
    for place, draft in enumerate(drafts):
        if draft.billed.bill.points:
            order_id = draft.ask.order_id
            try:
                await members.spend(
                    tx,
                    draft.ask.shopper_id,
                    draft.billed.bill.points,
                    f"spend-{order_id}",
                    ref_id=order_id,
                )
            except XinboError as refusal:
                answers[place] = refusal
    return answers


STEPS = (_take_seats, _take_stock, _take_offers, _take_coupons, _take_points)

KNOWN = text("""
    select o.id, o.shopper_id, o.idempotency_key, o.fingerprint from "order" o
    join unnest(cast(:shoppers as uuid[]), cast(:keys as text[])) w(shopper_id, key)
      on w.shopper_id = o.shopper_id and w.key = o.idempotency_key
    where o.merchant_id = :merchant
""")


async def _known(
    tx: Tx, asks: Sequence[Ask]
) -> dict[tuple[UUID, str], tuple[str, Order | XinboError]]:
    """Find the orders that these wishes led to when they came before."""
    if not asks:
        return {}
    rows = (
        await tx.db.execute(
            KNOWN,
            {
                "merchant": tx.merchant_id,
                "shoppers": [each.shopper_id for each in asks],
                "keys": [each.key for each in asks],
            },
        )
    ).all()
    orders = await by_ids(tx, [row.id for row in rows])
    return {
        (row.shopper_id, row.idempotency_key): (row.fingerprint, orders[row.id]) for row in rows
    }


async def _write(tx: Tx, drafts: Sequence[Draft]) -> list[tuple[Draft, Order]]:
    """Write orders whose stock is held, sorted by key so that two batches cannot deadlock."""
    if not drafts:
        return []
    drafts = sorted(drafts, key=lambda draft: draft.ask.wish)
    rows = await insert_many(tx, OrderRow, [row_of(tx, draft) for draft in drafts], "id", "serial")
    serials = {row.id: int(row.serial) for row in rows}
    await insert_many(tx, OrderLineRow, [line for draft in drafts for line in lines_of(tx, draft)])
    orders = [order_of(tx, draft, serials[draft.ask.order_id]) for draft in drafts]
    await emit_many(tx, [(order.shopper_id, placed(order)) for order in orders])
    orders = [await count_free(tx, each.id) if not each.total else each for each in orders]
    await cart.take_out(
        tx,
        [
            (draft.ask.shopper_id, line.sku_id, draft.ask.command.show_id, line.quantity)
            for draft in drafts
            for line in draft.ask.command.lines
        ],
    )
    return list(zip(drafts, orders, strict=True))
