"""The line-up and the run-of-show: what is sold, at what terms, in which order."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete

from xinbo.commerce import catalog
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, Invalid
from xinbo.kit.ids import new_id
from xinbo.live.shows._life import open_sale
from xinbo.live.shows._models import CueRow, LineUpItemRow, LineUpSkuRow
from xinbo.live.shows._rules import OVER, ShowStatus
from xinbo.live.shows._service import changed, line_up, locked
from xinbo.live.shows._types import PutCues, PutLineUp, PutLineUpItem, ShowPlan


class LineUpRefused(Invalid):
    """Raised when a plan names what cannot stand in it. `reason` says why, `at` where."""


class LineUpLocked(Conflict):
    """Raised when the show is over and its line-up is on record."""


async def put_line_up(tx: Tx, show_id: UUID, command: PutLineUp) -> ShowPlan:
    """Write the line-up, whole. On air, prices and stock change at once."""
    require(tx, Can.PLAN_SHOWS)
    show = await locked(tx, show_id, command.version)
    if show.status in OVER:
        raise LineUpLocked(status=show.status)
    await _check(tx, command.items)
    await tx.db.execute(delete(LineUpItemRow).where(LineUpItemRow.show_id == show_id))
    await tx.db.execute(delete(LineUpSkuRow).where(LineUpSkuRow.show_id == show_id))
    for position, item in enumerate(command.items):
        tx.db.add(
            LineUpItemRow(
                merchant_id=tx.merchant_id,
                show_id=show_id,
                product_id=item.product_id,
                position=position,
                talking_points=item.talking_points,
            )
        )
        tx.db.add_all(
            LineUpSkuRow(
                merchant_id=tx.merchant_id,
                show_id=show_id,
                sku_id=sku.sku_id,
                product_id=item.product_id,
                place=place,
                price=sku.price,
                stock=sku.stock,
            )
            for place, sku in enumerate(item.skus)
        )
    await tx.db.flush()
    if show.status is ShowStatus.LIVE:
        await open_sale(tx, show_id, await line_up(tx, show_id))
    return await changed(tx, show)


async def put_cues(tx: Tx, show_id: UUID, command: PutCues) -> ShowPlan:
    """Write the run-of-show, whole."""
    require(tx, Can.PLAN_SHOWS)
    show = await locked(tx, show_id, command.version)
    if show.status in OVER:
        raise LineUpLocked(status=show.status)
    planned = {item.product_id for item in await line_up(tx, show_id)}
    for at, cue in enumerate(command.cues):
        if cue.product_id is not None and cue.product_id not in planned:
            raise LineUpRefused(at=at, reason="not_on_line_up", product_id=cue.product_id)
    await tx.db.execute(delete(CueRow).where(CueRow.show_id == show_id))
    tx.db.add_all(
        CueRow(
            id=new_id(),
            merchant_id=tx.merchant_id,
            show_id=show_id,
            position=position,
            kind=cue.kind,
            title=cue.title.strip(),
            minutes=cue.minutes,
            product_id=cue.product_id,
            notes=cue.notes,
        )
        for position, cue in enumerate(command.cues)
    )
    await tx.db.flush()
    return await changed(tx, show)


async def _check(tx: Tx, items: Sequence[PutLineUpItem]) -> None:
    """Refuse unknown or repeated products and SKUs, and prices above the list price."""
    products = {
        product.id: product
        for product in await catalog.products(tx, [item.product_id for item in items])
    }
    if len({item.product_id for item in items}) < len(items):
        raise LineUpRefused(at=0, reason="product_repeated")
    for at, item in enumerate(items):
        product = products.get(item.product_id)
        if product is None or product.status is not catalog.ProductStatus.ACTIVE:
            raise LineUpRefused(at=at, reason="product_not_on_sale", product_id=item.product_id)
        prices = {sku.id: sku.price for sku in product.skus}
        if len({sku.sku_id for sku in item.skus}) < len(item.skus):
            raise LineUpRefused(at=at, reason="sku_repeated", product_id=item.product_id)
        for sku in item.skus:
            if sku.sku_id not in prices:
                raise LineUpRefused(at=at, reason="sku_unknown", sku_id=sku.sku_id)
            if sku.price > prices[sku.sku_id]:
                raise LineUpRefused(
                    at=at,
                    reason="price_above_list",
                    sku_id=sku.sku_id,
                    list_price=prices[sku.sku_id],
                )
