"""Gather what goes on paper: for orders that wait, and for parcels that were sent."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce import catalog, inventory, orders
from xinbo.commerce.catalog import SkuCard
from xinbo.commerce.fulfilment._models import ShelfRow
from xinbo.commerce.fulfilment._service.promises import SHIPPABLE, left
from xinbo.commerce.fulfilment._service.reads import get
from xinbo.commerce.fulfilment._types import PutShelf
from xinbo.commerce.orders import Order, OrderNotFound, Recipient
from xinbo.engines.tx import Tx
from xinbo.identity import merchants
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict
from xinbo.kit.ids import NIL

MOST = 100
"""Orders, or parcels, on one print."""


class NothingToPrint(Conflict):
    """Raised when none of the orders has pieces that wait to be sent."""


async def packing_slips(tx: Tx, order_ids: Sequence[UUID]) -> bytes:
    """Return a PDF with a slip for each order: what is left to be sent, or all that was."""
    require(tx, Can.SERVE_ORDERS)
    from xinbo.commerce.fulfilment._service import papers  # noqa: PLC0415 - slow to load

    found = await _orders(tx, order_ids)
    cards = await _cards(tx, found)
    shop = (await merchants.current(tx)).name
    slips = [
        papers.Slip(
            shop=shop,
            number=order.number,
            placed_at=order.placed_at,
            name=order.recipient.name,
            phone=_phone(order.recipient),
            address=_address(order.recipient),
            note=order.note,
            items=[
                papers.Item(
                    code=_code(cards, line.sku_id),
                    title=line.title,
                    options=" / ".join(line.options),
                    quantity=pieces,
                    unit=line.unit,
                    gift=line.gift,
                )
                for line in order.lines
                if (pieces := _to_pack(order).get(line.position))
            ],
        )
        for order in found
    ]
    return await asyncio.to_thread(papers.packing_slips, slips)


async def picking_list(tx: Tx, order_ids: Sequence[UUID], warehouse_id: UUID | None) -> bytes:
    """Return a PDF of what to fetch for these orders: each SKU once, in the order of places.

    Raises `NothingToPrint` where none of them waits for anything.
    """
    require(tx, Can.SERVE_ORDERS)
    from xinbo.commerce.fulfilment._service import papers  # noqa: PLC0415 - slow to load

    found = [order for order in await _orders(tx, order_ids) if order.status in SHIPPABLE]
    cards = await _cards(tx, found)
    pieces: dict[UUID, int] = {}
    wanting: dict[UUID, set[UUID]] = {}
    names: dict[UUID, tuple[str, str, str]] = {}
    for order in found:
        for line in order.lines:
            if count := left(order).get(line.position):
                pieces[line.sku_id] = pieces.get(line.sku_id, 0) + count
                wanting.setdefault(line.sku_id, set()).add(order.id)
                names[line.sku_id] = line.title, " / ".join(line.options), line.unit
    if not pieces:
        raise NothingToPrint(orders=len(order_ids))
    places = await _places(tx, warehouse_id, list(pieces))
    picks = sorted(
        papers.Pick(
            place=places.get(sku_id, ""),
            code=_code(cards, sku_id),
            title=names[sku_id][0],
            options=names[sku_id][1],
            quantity=count,
            unit=names[sku_id][2],
            orders=len(wanting[sku_id]),
        )
        for sku_id, count in pieces.items()
    )
    # What has no place yet stands at the end, not at the door.
    picks.sort(key=lambda pick: not pick.place)
    shop = (await merchants.current(tx)).name
    warehouse = await _warehouse(tx, warehouse_id)
    return await asyncio.to_thread(papers.picking_list, shop, warehouse, picks, len(found), tx.now)


async def labels(tx: Tx, shipment_ids: Sequence[UUID]) -> bytes:
    """Return a PDF of labels, 100 x 150 mm, one a parcel."""
    require(tx, Can.SERVE_ORDERS)
    from xinbo.commerce.fulfilment._service import papers  # noqa: PLC0415 - slow to load

    merchant = await merchants.current(tx)
    parcels = [await get(tx, each) for each in dict.fromkeys(shipment_ids)]
    return await asyncio.to_thread(
        papers.labels,
        [
            papers.Label(
                carrier=parcel.carrier_name,
                number=parcel.number,
                name=parcel.recipient.name,
                phone=_phone(parcel.recipient),
                address=_address(parcel.recipient),
                sender=merchant.name,
                sender_contact=merchant.seller_contact,
                sender_address=merchant.seller_address,
                orders=list(dict.fromkeys(line.order_number for line in parcel.lines)),
                items=[
                    papers.Item(
                        code="",
                        title=line.title,
                        options=" / ".join(line.options),
                        quantity=line.quantity,
                        unit=line.unit,
                        gift=False,
                    )
                    for line in parcel.lines
                ],
                sent_at=parcel.shipped_at,
                note=parcel.note,
            )
            for parcel in parcels
        ],
    )


async def put_shelves(tx: Tx, shelves: Sequence[PutShelf]) -> None:
    """Say where in a warehouse SKUs lie; an empty place forgets it."""
    require(tx, Can.SERVE_ORDERS)
    places = {(each.warehouse_id or NIL, each.sku_id): each.place.strip() for each in shelves}
    statement = insert(ShelfRow)
    await tx.db.execute(
        statement.on_conflict_do_update(
            index_elements=[ShelfRow.merchant_id, ShelfRow.warehouse_id, ShelfRow.sku_id],
            set_={"place": statement.excluded.place},
        ),
        [
            {
                "merchant_id": tx.merchant_id,
                "warehouse_id": warehouse_id,
                "sku_id": sku_id,
                "place": place,
            }
            for (warehouse_id, sku_id), place in sorted(places.items())
        ],
    )


async def shelves(tx: Tx, warehouse_id: UUID | None, sku_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Say where in a warehouse these SKUs lie; one whose place nobody named is missing."""
    require(tx, Can.SEE_ORDERS)
    return await _places(tx, warehouse_id, sku_ids)


async def _orders(tx: Tx, order_ids: Sequence[UUID]) -> list[Order]:
    wanted = list(dict.fromkeys(order_ids))
    found = await orders.by_ids(tx, wanted)
    for order_id in wanted:
        if order_id not in found:
            raise OrderNotFound(order_id=order_id)
    return [found[order_id] for order_id in wanted]


async def _cards(tx: Tx, found: Sequence[Order]) -> dict[UUID, SkuCard]:
    return await catalog.skus(tx, {line.sku_id for order in found for line in order.lines})


async def _places(tx: Tx, warehouse_id: UUID | None, sku_ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = await tx.db.execute(
        select(ShelfRow.sku_id, ShelfRow.place).where(
            ShelfRow.merchant_id == tx.merchant_id,
            ShelfRow.warehouse_id == (warehouse_id or NIL),
            ShelfRow.sku_id.in_(sku_ids),
            ShelfRow.place != "",
        )
    )
    return {row.sku_id: row.place for row in rows}


def _to_pack(order: Order) -> dict[int, int]:
    """Say what the slip lists: what is left to be sent; of an order that has left, all of it."""
    return left(order) or {line.position: line.shipped for line in order.lines if line.shipped}


def _code(cards: dict[UUID, SkuCard], sku_id: UUID) -> str:
    return cards[sku_id].code if sku_id in cards else ""


def _phone(recipient: Recipient) -> str:
    """Write a number as it is dialled at home; those of other countries stay whole."""
    return recipient.phone.removeprefix("+86")


def _address(recipient: Recipient) -> str:
    return f"{' '.join(recipient.region)} {recipient.street}"


async def _warehouse(tx: Tx, warehouse_id: UUID | None) -> str:
    """Return the name of the warehouse, for the head of the list."""
    if warehouse_id is None:
        return "全部仓库"
    known = {each.id: each.name for each in await inventory.warehouses(tx)}
    return known.get(warehouse_id, "")
