"""Put SKUs in the cart, take them out, show it at today's prices."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce import catalog, inventory, members, offers
from xinbo.commerce.cart._models import CartLineRow
from xinbo.commerce.cart._types import Cart, CartLine, PutCartLine
from xinbo.commerce.catalog import SkuCard
from xinbo.commerce.offers import NotOnSale, Quote
from xinbo.engines.tx import Tx
from xinbo.kit.errors import Conflict
from xinbo.kit.money import CURRENCY

MOST_LINES = 100

type Bought = tuple[UUID, UUID, UUID | None, int]
"""Shopper, SKU, show, quantity."""

TAKE_OUT = text("""
    delete from cart_line c
    using unnest(cast(:shoppers as uuid[]), cast(:skus as uuid[]), cast(:shows as uuid[]),
                 cast(:quantities as bigint[])) b(shopper_id, sku_id, show_id, quantity)
    where c.merchant_id = :merchant and c.shopper_id = b.shopper_id and c.sku_id = b.sku_id
      and c.show_id is not distinct from b.show_id and c.quantity = b.quantity
""")


class CartFull(Conflict):
    """Raised when a cart has as many lines as it can hold (`most`)."""


async def show(tx: Tx, shopper_id: UUID) -> Cart:
    """Show a shopper's cart. Lines that went off sale stay, marked as such."""
    rows = (
        await tx.db.scalars(
            select(CartLineRow)
            .where(CartLineRow.merchant_id == tx.merchant_id, CartLineRow.shopper_id == shopper_id)
            .order_by(CartLineRow.added_at, CartLineRow.sku_id)
            .execution_options(populate_existing=True)
        )
    ).all()
    quotes: dict[UUID, Quote] = {}
    level = (await members.levels(tx, [shopper_id]))[shopper_id]
    cards = await catalog.skus(tx, [row.sku_id for row in rows])
    for show_id in {row.show_id for row in rows}:
        here = [row.sku_id for row in rows if row.show_id == show_id]
        quotes |= await offers.quote(tx, here, show_id, level, cards=cards)
    pieces = await inventory.left(tx, [(quote.sku_id, quote.pool_id) for quote in quotes.values()])
    lines = [
        _line(row, cards[row.sku_id], quotes.get(row.sku_id), pieces)
        for row in rows
        if row.sku_id in cards
    ]
    total = sum(line.price * line.quantity for line in lines if line.on_sale)
    return Cart(lines=lines, total=total, currency=CURRENCY)


async def put(tx: Tx, shopper_id: UUID, sku_id: UUID, command: PutCartLine) -> Cart:
    """Set how many pieces of an SKU are in the cart. Raises `NotOnSale` or `CartFull`."""
    key = func.hashtextextended(f"cart:{shopper_id}", 0)
    await tx.db.execute(select(func.pg_advisory_xact_lock(key)))
    others = await tx.db.scalar(
        select(func.count()).where(
            CartLineRow.merchant_id == tx.merchant_id,
            CartLineRow.shopper_id == shopper_id,
            CartLineRow.sku_id != sku_id,
        )
    )
    if (others or 0) >= MOST_LINES:
        raise CartFull(most=MOST_LINES)
    await tx.db.execute(
        insert(CartLineRow)
        .values(
            merchant_id=tx.merchant_id,
            shopper_id=shopper_id,
            sku_id=sku_id,
            quantity=command.quantity,
            show_id=command.show_id,
            added_at=tx.now,
        )
        .on_conflict_do_update(
            index_elements=[CartLineRow.merchant_id, CartLineRow.shopper_id, CartLineRow.sku_id],
            set_={"quantity": command.quantity, "show_id": command.show_id},
        )
    )
    shown = await show(tx, shopper_id)
    if not any(line.sku_id == sku_id and line.on_sale for line in shown.lines):
        raise NotOnSale(sku_id=sku_id)
    return shown


async def remove(tx: Tx, shopper_id: UUID, sku_id: UUID) -> Cart:
    """Take an SKU out of the cart. Harmless to repeat."""
    await tx.db.execute(
        delete(CartLineRow)
        .where(
            CartLineRow.merchant_id == tx.merchant_id,
            CartLineRow.shopper_id == shopper_id,
            CartLineRow.sku_id == sku_id,
        )
        .execution_options(synchronize_session=False)
    )
    return await show(tx, shopper_id)


async def take_out(tx: Tx, bought: Iterable[Bought]) -> None:
    """Take out what was ordered, where a cart holds exactly that: same show, same number.

    Whoever buys one piece past the cart still means to buy the three that lie in it.
    """
    listed = list(bought)
    columns: Sequence[list[object]] = [[each[n] for each in listed] for n in range(4)]
    names = ("shoppers", "skus", "shows", "quantities")
    await tx.db.execute(
        TAKE_OUT, {"merchant": tx.merchant_id, **dict(zip(names, columns, strict=True))}
    )


def _line(
    row: CartLineRow, card: SkuCard, quote: Quote | None, pieces: dict[tuple[UUID, UUID], int]
) -> CartLine:
    return CartLine(
        sku_id=row.sku_id,
        product_id=card.product_id,
        title=card.title,
        options=card.options,
        picture_url=card.picture_url,
        unit=card.unit,
        quantity=row.quantity,
        price=card.price if quote is None else quote.price,
        list_price=card.price,
        currency=card.currency,
        left=0 if quote is None else pieces[quote.sku_id, quote.pool_id],
        show_id=None if quote is None else quote.venue_id,
        on_sale=quote is not None,
    )
