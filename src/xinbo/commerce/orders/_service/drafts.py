"""An order on its way into the tables: the wish, its draft, the rows, and what is shown of it."""

import hashlib
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import asdict

from xinbo.commerce.offers import OfferKind
from xinbo.commerce.orders._rules import PAYMENT_WINDOW, Status, number
from xinbo.commerce.orders._service.billing import Billed, Want
from xinbo.commerce.orders._service.holds import place_of
from xinbo.commerce.orders._types import (
    Order,
    OrderLine,
    OrderPlaced,
    PlaceOrder,
    Recipient,
    SoldLine,
)
from xinbo.engines.tx import Tx
from xinbo.kit.ids import NIL, new_id
from xinbo.kit.money import CURRENCY


class Ask(msgspec.Struct, frozen=True):
    """One shopper's wish to buy, as it came in."""

    shopper_id: UUID
    command: PlaceOrder
    key: str
    fingerprint: str
    simulated: bool
    order_id: UUID
    device: str = ""

    @property
    def wish(self) -> tuple[UUID, str]:
        """What makes it the same wish if it comes again."""
        return self.shopper_id, self.key

    @property
    def want(self) -> Want:
        """What is to be billed."""
        command = self.command
        return Want(
            shopper_id=self.shopper_id,
            lines=tuple((line.sku_id, line.quantity) for line in command.lines),
            address_id=command.address_id,
            show_id=command.show_id,
            chosen=command.chosen,
            coupon_id=command.coupon_id,
            points=command.points,
        )


def ask(
    shopper_id: UUID, command: PlaceOrder, key: str, *, simulated: bool, device: str = ""
) -> Ask:
    """Make a wish to buy out of a request."""
    body = hashlib.sha256(msgspec.json.encode(command)).hexdigest()[:32]
    return Ask(shopper_id, command, key, body, simulated, new_id(), device)


class Draft(msgspec.Struct, frozen=True):
    """An order that may be placed if there is stock."""

    ask: Ask
    billed: Billed
    recipient: Recipient
    group_id: UUID | None = None

    @property
    def coupon_id(self) -> UUID | None:
        """The coupon that is used up: one that takes nothing off stays in the wallet."""
        return None if self.billed.bill.coupon_id is None else self.ask.command.coupon_id

    @property
    def ships_by(self) -> datetime | None:
        """The day by which a pre-sale is promised to leave."""
        return None if self.billed.presale is None else self.billed.presale.ships_by


def row_of(tx: Tx, draft: Draft) -> dict[str, object]:
    """Make the order's row."""
    bill, command, presale = draft.billed.bill, draft.ask.command, draft.billed.presale
    return {
        "id": draft.ask.order_id,
        "merchant_id": tx.merchant_id,
        "shopper_id": draft.ask.shopper_id,
        "show_id": draft.billed.show_id,
        "kind": draft.billed.kind,
        "offer_id": None if command.chosen is None else command.chosen.offer_id,
        "group_id": draft.group_id,
        "bargain_id": None if command.chosen is None else command.chosen.bargain_id,
        "coupon_id": draft.coupon_id,
        "status": Status.AWAITING_PAYMENT,
        "goods": bill.goods,
        "off": bill.off + bill.points_off,
        "freight": bill.freight - bill.freight_off,
        "points": bill.points,
        "total": bill.total,
        "deposit": draft.billed.deposit,
        "balance_from": None if presale is None else presale.balance_from,
        "due_at": None if presale is None else presale.balance_until,
        "ships_by": draft.ships_by,
        "currency": CURRENCY,
        "bill": bill,
        "recipient": draft.recipient,
        "note": command.note,
        "placed_at": tx.now,
        "pay_by": tx.now + PAYMENT_WINDOW,
        "device": draft.ask.device or None,
        "place": place_of(draft.recipient),
        "simulated": draft.ask.simulated,
        "idempotency_key": draft.ask.key,
        "fingerprint": draft.ask.fingerprint,
    }


def lines_of(tx: Tx, draft: Draft) -> list[dict[str, object]]:
    """Make the order's lines: those asked for, then the gifts."""
    quotes = dict(enumerate(draft.billed.quotes))
    rows: list[dict[str, object]] = []
    for line in shown_lines(draft):
        row = {name: value for name, value in asdict(line).items() if name not in KEPT_AT_ZERO}
        row |= {
            "merchant_id": tx.merchant_id,
            "order_id": draft.ask.order_id,
            "offer_id": None if line.gift else quotes[line.position].offer_id,
            "limited": not line.gift and quotes[line.position].per_person is not None,
            "pool_id": NIL if line.gift else quotes[line.position].pool_id,
        }
        rows.append(row)
    return rows


KEPT_AT_ZERO = frozenset({"shipped", "withdrawn", "returned", "refunded"})
"""Columns that begin at zero by themselves."""


def shown_lines(draft: Draft) -> list[OrderLine]:
    """Say what each line is and costs, gifts last."""
    billed = draft.billed
    bought = [
        OrderLine(
            position=line.position,
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
            payable=line.payable,
            points=line.points,
            adjustments=line.adjustments,
            gift=False,
            return_rule=billed.cards[quote.sku_id].return_rule,
            shipped=0,
            withdrawn=0,
            returned=0,
            refunded=0,
        )
        for line, quote in zip(billed.bill.lines, billed.quotes, strict=True)
    ]
    given = [
        OrderLine(
            position=position,
            sku_id=present.card.sku_id,
            product_id=present.card.product_id,
            title=present.card.title,
            options=present.card.options,
            picture_url=present.card.picture_url,
            unit=present.card.unit,
            quantity=present.quantity,
            price=0,
            list_price=present.card.price,
            kind=OfferKind.RETAIL,
            payable=0,
            points=0,
            adjustments=[],
            gift=True,
            return_rule=present.card.return_rule,
            shipped=0,
            withdrawn=0,
            returned=0,
            refunded=0,
        )
        for position, present in enumerate(billed.presents, start=len(bought))
    ]
    return bought + given


def order_of(tx: Tx, draft: Draft, serial: int) -> Order:
    """Show the order that was just written, without reading it again."""
    row = row_of(tx, draft)
    never = dict.fromkeys(
        ("paid_at", "shipped_at", "delivered_at", "completed_at", "cancelled_at", "cancel_reason")
    )
    known = {name: value for name, value in row.items() if name in Order.__struct_fields__}
    return Order(
        **known,  # pyright: ignore[reportArgumentType] # the columns of the same names
        **never,  # pyright: ignore[reportArgumentType]
        number=number(serial, tx.now),
        lines=shown_lines(draft),
        refunded=0,
    )


def placed(order: Order) -> OrderPlaced:
    """Say that the order was placed."""
    return OrderPlaced(
        order_id=order.id,
        shopper_id=order.shopper_id,
        show_id=order.show_id,
        product_ids=sorted({line.product_id for line in order.lines}),
        sku_ids=[line.sku_id for line in order.lines],
        quantity=sum(line.quantity for line in order.lines if not line.gift),
        total=order.total,
        simulated=order.simulated,
        lines=sold(order.lines),
    )


def sold(lines: list[OrderLine]) -> list[SoldLine]:
    """Say what was sold of each product, for those who count."""
    return [
        SoldLine(
            product_id=line.product_id,
            sku_id=line.sku_id,
            quantity=line.quantity,
            amount=line.payable,
        )
        for line in lines
        if not line.gift
    ]
