"""Say what an order would cost, which coupons help and how many points may be spent."""

from uuid import UUID

import msgspec

from xinbo.commerce import inventory, members, pricing, promotions
from xinbo.commerce.orders._service.billing import Billed, Want, bill_all
from xinbo.commerce.orders._types import (
    AskCheckout,
    Checkout,
    CheckoutCoupon,
    CheckoutLine,
)
from xinbo.commerce.promotions import Coupon
from xinbo.engines.tx import Tx
from xinbo.kit.errors import XinboError
from xinbo.kit.ids import NIL
from xinbo.kit.money import CURRENCY

MOST_COUPONS = 30
"""Coupons that are tried on one basket: those that end first."""
MANY_POINTS = 10_000_000_000


async def checkout(tx: Tx, shopper_id: UUID, ask: AskCheckout) -> Checkout:
    """Bill what is asked for, as placing it now would.

    Without a coupon named the best one is counted in. Raises what billing raises: `NotOnSale`,
    `OfferGone`, `AddressNotFound`, `CouponRefused`.
    """
    plain = Want(
        shopper_id=shopper_id,
        lines=tuple((line.sku_id, line.quantity) for line in ask.lines),
        address_id=ask.address_id,
        show_id=ask.show_id,
        chosen=ask.chosen,
        points=ask.points,
    )
    wallet: list[Coupon] = []
    if ask.chosen is None:
        wallet = (await promotions.wallet(tx, shopper_id))[:MOST_COUPONS]
    tried = [msgspec.structs.replace(plain, coupon_id=coupon.id) for coupon in wallet]
    probe = msgspec.structs.replace(plain, points=MANY_POINTS)
    first, greedy, *others = await bill_all(tx, [plain, probe, *tried])
    if isinstance(first, XinboError):
        raise first
    coupons = [_judged(coupon, bill) for coupon, bill in zip(wallet, others, strict=True)]
    chosen_id = ask.coupon_id or (None if ask.no_coupon else _best(coupons))
    billed = await _with(tx, plain, chosen_id, first, dict(zip(_ids(wallet), others, strict=True)))
    left = await inventory.left(
        tx,
        [
            *((quote.sku_id, quote.pool_id) for quote in billed.quotes),
            *((present.card.sku_id, NIL) for present in billed.presents),
        ],
    )
    rule = await members.rule(tx)
    most = 0 if isinstance(greedy, XinboError) else greedy.bill.points
    balance = await members.balance(tx, shopper_id)
    presale = billed.presale
    return Checkout(
        lines=[*_lines(billed, left), *_gifts(billed, left)],
        bill=billed.bill,
        coupons=coupons,
        coupon_id=chosen_id,
        points_balance=balance,
        points_most=min(most, balance),
        fen_per_100=rule.fen_per_100,
        freight_known=billed.recipient is not None,
        not_delivered=[] if billed.freight is None else billed.freight.refused,
        deposit=billed.deposit,
        balance=billed.bill.total - billed.deposit if billed.deposit else 0,
        balance_from=None if presale is None else presale.balance_from,
        balance_until=None if presale is None else presale.balance_until,
        ships_by=None if presale is None else presale.ships_by,
        total=billed.bill.total,
        currency=CURRENCY,
    )


def _ids(wallet: list[Coupon]) -> list[UUID]:
    return [coupon.id for coupon in wallet]


def _best(coupons: list[CheckoutCoupon]) -> UUID | None:
    """Return the coupon that takes most off; of equals the one that ends first."""
    useful = [coupon for coupon in coupons if coupon.usable and coupon.off]
    return max(useful, key=lambda coupon: coupon.off).id if useful else None


async def _with(
    tx: Tx,
    plain: Want,
    coupon_id: UUID | None,
    first: Billed,
    tried: dict[UUID, Billed | XinboError],
) -> Billed:
    if coupon_id is None:
        return first
    answer = tried.get(coupon_id)
    if answer is None:
        (answer,) = await bill_all(tx, [msgspec.structs.replace(plain, coupon_id=coupon_id)])
    if isinstance(answer, XinboError):
        raise answer
    return answer


def _judged(coupon: Coupon, billed: Billed | XinboError) -> CheckoutCoupon:
    """Say what a coupon would take off, or what is in its way."""
    off, why, short = 0, "window", 0
    if not isinstance(billed, XinboError):
        step = next(
            (each for each in billed.bill.steps if each.rule_id in {coupon.id, coupon.template_id}),
            None,
        )
        if step is not None:
            off = step.amount
            code = step.why.code
            short = max(0, step.why.at_least - step.why.has) if code == pricing.WhyCode.SHORT else 0
            why = "threshold" if code == pricing.WhyCode.SHORT else str(code)
    return CheckoutCoupon(
        id=coupon.id,
        name=coupon.name,
        off=off,
        usable=off > 0,
        why=None if off else why,
        short=short,
        ends_at=coupon.use_until,
    )


def _lines(billed: Billed, left: dict[tuple[UUID, UUID], int]) -> list[CheckoutLine]:
    return [
        CheckoutLine(
            sku_id=quote.sku_id,
            product_id=quote.product_id,
            title=quote.title,
            options=quote.options,
            picture_url=quote.picture_url,
            unit=quote.unit,
            quantity=line.quantity,
            price=line.price,
            list_price=quote.list_price,
            kind=quote.kind,
            ends_at=quote.ends_at,
            per_person=quote.per_person,
            left=left[quote.sku_id, quote.pool_id],
            adjustments=line.adjustments,
            payable=line.payable,
            gift=False,
        )
        for line, quote in zip(billed.bill.lines, billed.quotes, strict=True)
    ]


def _gifts(billed: Billed, left: dict[tuple[UUID, UUID], int]) -> list[CheckoutLine]:
    return [
        CheckoutLine(
            sku_id=present.card.sku_id,
            product_id=present.card.product_id,
            title=present.card.title,
            options=present.card.options,
            picture_url=present.card.picture_url,
            unit=present.card.unit,
            quantity=present.quantity,
            price=0,
            list_price=present.card.price,
            kind=billed.kind,
            ends_at=None,
            per_person=None,
            left=left[present.card.sku_id, NIL],
            adjustments=[],
            payable=0,
            gift=True,
        )
        for present in billed.presents
    ]
