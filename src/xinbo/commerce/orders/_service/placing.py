"""Place orders: any number at once, each whole or not at all.

One order or five hundred go the same way, so the batcher and the single request cannot differ.
"""

import hashlib
from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec.structs import asdict
from sqlalchemy import text

from xinbo.commerce import cart, inventory, offers
from xinbo.commerce.inventory import OutOfStock, Take
from xinbo.commerce.offers import NotOnSale, Quote
from xinbo.commerce.orders._models import OrderLineRow, OrderRow
from xinbo.commerce.orders._rules import PAYMENT_WINDOW, Status, number
from xinbo.commerce.orders._service.reads import by_ids
from xinbo.commerce.orders._types import (
    Order,
    OrderLine,
    OrderPlaced,
    PlaceOrder,
    Recipient,
)
from xinbo.commerce.payments import IdempotencyKeyReused
from xinbo.engines.batch import emit_many, insert_many
from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.identity.accounts import AddressNotFound
from xinbo.kit.errors import Conflict, XinboError
from xinbo.kit.ids import new_id
from xinbo.kit.money import CURRENCY


class PriceChanged(Conflict):
    """Raised when an SKU costs `price` now and the shopper was shown `expected`."""


class Ask(msgspec.Struct, frozen=True):
    """One shopper's wish to buy, as it came in."""

    shopper_id: UUID
    command: PlaceOrder
    key: str
    fingerprint: str
    simulated: bool
    order_id: UUID

    @property
    def wish(self) -> tuple[UUID, str]:
        """What makes it the same wish if it comes again."""
        return self.shopper_id, self.key


def ask(shopper_id: UUID, command: PlaceOrder, key: str, *, simulated: bool) -> Ask:
    """Make a wish to buy out of a request."""
    body = hashlib.sha256(msgspec.json.encode(command)).hexdigest()[:32]
    return Ask(shopper_id, command, key, body, simulated, new_id())


class _Draft(msgspec.Struct, frozen=True):
    """An order that may be placed if there is stock."""

    ask: Ask
    quotes: list[Quote]
    recipient: Recipient

    @property
    def show_id(self) -> UUID | None:
        """The show that sold it: the one named, if any line has that show's offer."""
        named = self.ask.command.show_id
        return named if any(quote.venue_id == named for quote in self.quotes) else None

    @property
    def holding(self) -> tuple[UUID, list[Take]]:
        """What inventory is asked to set aside."""
        return self.ask.order_id, [
            Take(sku_id=quote.sku_id, pool_id=quote.pool_id, quantity=line.quantity)
            for quote, line in zip(self.quotes, self.ask.command.lines, strict=True)
        ]


async def place_all(tx: Tx, asks: Sequence[Ask]) -> list[Order | XinboError]:
    """Place an order for each wish; answer each with its order, or with why there is none.

    A wish that came before is answered with the order it led to. Raises SQLAlchemy's
    `IntegrityError` where another transaction wins a race for one of the keys: roll back and
    try again, and its order will be found.
    """
    once = {each.wish: each for each in reversed(asks)}
    first = list(reversed(once.values()))
    answers = await _known(tx, first)
    fresh = [each for each in first if each.wish not in answers]
    drafts: list[_Draft] = []
    for each, draft in zip(fresh, await _draft(tx, fresh), strict=True):
        if isinstance(draft, _Draft):
            drafts.append(draft)
        else:
            answers[each.wish] = each.fingerprint, draft
    refusals = await inventory.reserve_all(tx, [draft.holding for draft in drafts])
    served: list[_Draft] = []
    for draft, refusal in zip(drafts, refusals, strict=True):
        if refusal is None:
            served.append(draft)
        else:
            answers[draft.ask.wish] = draft.ask.fingerprint, refusal
    # Another process may have sold the last piece under the same key while we waited for it.
    answers |= await _known(tx, [each for each in fresh if _sold_out(answers.get(each.wish))])
    for draft, order in await _write(tx, served):
        answers[draft.ask.wish] = draft.ask.fingerprint, order
    return [_answer(each, *answers[each.wish]) for each in asks]


def _sold_out(answer: tuple[str, Order | XinboError] | None) -> bool:
    return answer is not None and isinstance(answer[1], OutOfStock)


def _answer(each: Ask, fingerprint: str, answer: Order | XinboError) -> Order | XinboError:
    return answer if each.fingerprint == fingerprint else IdempotencyKeyReused(key=each.key)


async def _draft(tx: Tx, asks: Sequence[Ask]) -> list[_Draft | XinboError]:
    """Price every wish at this moment, and find where it goes."""
    if not asks:
        return []
    quotes: dict[tuple[UUID | None, UUID], Quote] = {}
    for show_id in {each.command.show_id for each in asks}:
        skus = {
            line.sku_id
            for each in asks
            if each.command.show_id == show_id
            for line in each.command.lines
        }
        for sku_id, quote in (await offers.quote(tx, skus, show_id)).items():
            quotes[show_id, sku_id] = quote
    book = await accounts.addresses_of(
        tx, ((each.shopper_id, each.command.address_id) for each in asks)
    )
    recipients = {pair: Recipient.of(address) for pair, address in book.items()}
    return [_priced(each, quotes, recipients) for each in asks]


def _priced(
    each: Ask,
    quotes: dict[tuple[UUID | None, UUID], Quote],
    recipients: dict[tuple[UUID, UUID], Recipient],
) -> _Draft | XinboError:
    command = each.command
    priced: list[Quote] = []
    for line in command.lines:
        quote = quotes.get((command.show_id, line.sku_id))
        if quote is None:
            return NotOnSale(sku_id=line.sku_id)
        if quote.price != line.expected_price:
            return PriceChanged(sku_id=line.sku_id, expected=line.expected_price, price=quote.price)
        priced.append(quote)
    recipient = recipients.get((each.shopper_id, command.address_id))
    if recipient is None:
        return AddressNotFound(address_id=command.address_id)
    return _Draft(each, priced, recipient)


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


async def _write(tx: Tx, drafts: Sequence[_Draft]) -> list[tuple[_Draft, Order]]:
    """Write orders whose stock is held, sorted by key so that two batches cannot deadlock."""
    if not drafts:
        return []
    drafts = sorted(drafts, key=lambda draft: draft.ask.wish)
    rows = await insert_many(tx, OrderRow, [_row(tx, draft) for draft in drafts], "id", "serial")
    serials = {row.id: int(row.serial) for row in rows}
    orders = [_order(tx, draft, serials[draft.ask.order_id]) for draft in drafts]
    await insert_many(
        tx,
        OrderLineRow,
        [
            {"merchant_id": tx.merchant_id, "order_id": order.id, "position": position}
            | asdict(line)
            for order in orders
            for position, line in enumerate(order.lines)
        ],
    )
    await emit_many(tx, [(order.shopper_id, _placed(order)) for order in orders])
    await cart.take_out(
        tx,
        [
            (order.shopper_id, line.sku_id, draft.ask.command.show_id, line.quantity)
            for draft, order in zip(drafts, orders, strict=True)
            for line in order.lines
        ],
    )
    return list(zip(drafts, orders, strict=True))


def _row(tx: Tx, draft: _Draft) -> dict[str, object]:
    lines = zip(draft.quotes, draft.ask.command.lines, strict=True)
    return {
        "id": draft.ask.order_id,
        "merchant_id": tx.merchant_id,
        "shopper_id": draft.ask.shopper_id,
        "show_id": draft.show_id,
        "status": Status.AWAITING_PAYMENT,
        "total": sum(quote.price * line.quantity for quote, line in lines),
        "currency": CURRENCY,
        "recipient": draft.recipient,
        "note": draft.ask.command.note,
        "placed_at": tx.now,
        "pay_by": tx.now + PAYMENT_WINDOW,
        "simulated": draft.ask.simulated,
        "idempotency_key": draft.ask.key,
        "fingerprint": draft.ask.fingerprint,
    }


def _order(tx: Tx, draft: _Draft, serial: int) -> Order:
    lines = [
        OrderLine(
            sku_id=quote.sku_id,
            product_id=quote.product_id,
            title=quote.title,
            options=quote.options,
            picture_url=quote.picture_url,
            unit=quote.unit,
            quantity=line.quantity,
            price=quote.price,
            list_price=quote.list_price,
        )
        for quote, line in zip(draft.quotes, draft.ask.command.lines, strict=True)
    ]
    return Order(
        id=draft.ask.order_id,
        number=number(serial, tx.now),
        status=Status.AWAITING_PAYMENT,
        show_id=draft.show_id,
        shopper_id=draft.ask.shopper_id,
        lines=lines,
        total=sum(line.price * line.quantity for line in lines),
        currency=CURRENCY,
        recipient=draft.recipient,
        note=draft.ask.command.note,
        placed_at=tx.now,
        pay_by=tx.now + PAYMENT_WINDOW,
        paid_at=None,
        cancelled_at=None,
        cancel_reason=None,
        simulated=draft.ask.simulated,
    )


def _placed(order: Order) -> OrderPlaced:
    return OrderPlaced(
        order_id=order.id,
        shopper_id=order.shopper_id,
        show_id=order.show_id,
        product_ids=sorted({line.product_id for line in order.lines}),
        sku_ids=[line.sku_id for line in order.lines],
        quantity=sum(line.quantity for line in order.lines),
        total=order.total,
        simulated=order.simulated,
    )
