"""Read the stage, and change what stands on it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce import catalog, inventory, offers, promotions
from xinbo.commerce.promotions import Coupon, DropCoupon
from xinbo.engines.tx import Tx, system
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, NotFound
from xinbo.kit.ids import NIL
from xinbo.live import broadcasts, shows
from xinbo.live.shows import LineUpItem, Show, ShowStatus
from xinbo.live.stage._models import StageRow
from xinbo.live.stage._types import (
    CueStarted,
    ProductPinned,
    StageChanged,
    StageItem,
    StageSku,
    StageView,
)

ON = frozenset({ShowStatus.LIVE, ShowStatus.REHEARSAL})


class NotOnAir(Conflict):
    """Raised when a show's stage is changed while nobody can see it."""


class NotOnLineUp(NotFound):
    """Raised when a product that is not on the line-up is to be pinned."""


class CueNotFound(NotFound):
    """Raised when the show has no such cue."""


async def snapshot(tx: Tx, show_id: UUID) -> StageView:
    """Show the stage to someone who may see the show."""
    return await _view(tx, await shows.get(tx, show_id), await _row(tx, show_id))


async def console_snapshot(tx: Tx, show_id: UUID) -> StageView:
    """Show the stage to the staff."""
    return await _view(tx, await shows.console_get(tx, show_id), await _row(tx, show_id))


async def pin(tx: Tx, show_id: UUID, product_id: UUID | None) -> StageView:
    """Put a product of the line-up on every phone; None takes it away."""
    row = await _on_air(tx, show_id)
    if product_id is not None and product_id not in {
        item.product_id for item in await shows.line_up(tx, show_id)
    }:
        raise NotOnLineUp(product_id=product_id)
    row.pinned_product_id = product_id
    row.pinned_at = None if product_id is None else tx.now
    await tx.emit(ProductPinned(show_id=show_id, product_id=product_id))
    return await publish(tx, show_id)


async def start_cue(tx: Tx, show_id: UUID, cue_id: UUID | None) -> StageView:
    """Begin a cue of the run-of-show; None ends the one that runs."""
    row = await _on_air(tx, show_id)
    if cue_id is not None and cue_id not in {
        cue.id for cue in (await shows.plan(tx, show_id)).cues
    }:
        raise CueNotFound(cue_id=cue_id)
    row.cue_id = cue_id
    row.cue_started_at = None if cue_id is None else tx.now
    await tx.emit(CueStarted(show_id=show_id, cue_id=cue_id))
    return await publish(tx, show_id)


async def drop(tx: Tx, show_id: UUID, command: DropCoupon, key: str) -> StageView:
    """Drop a coupon in a room on air. The same key again makes no second one."""
    require(tx, Can.RUN_SHOWS)
    show = await shows.console_get(tx, show_id)
    if show.status is not ShowStatus.LIVE:
        raise NotOnAir(status=show.status)
    await promotions.drop(tx, show_id, command, key)
    return await publish(tx, show_id)


async def claim(tx: Tx, show_id: UUID, shopper_id: UUID, template_id: UUID, key: str) -> Coupon:
    """Claim a coupon that was dropped in a room, while the room is on air."""
    show = await shows.get(tx, show_id)
    if show.status is not ShowStatus.LIVE:
        raise NotOnAir(status=show.status)
    return await promotions.claim(tx, shopper_id, template_id, show_id, key)


async def publish(tx: Tx, show_id: UUID) -> StageView:
    """Give the stage its next number and send it to every viewer. Reactions call it too."""
    row = await _row(tx, show_id, for_update=True)
    row.seq += 1
    await tx.db.flush()
    view = await _view(tx, await shows.get(tx, show_id), row)
    await tx.emit(StageChanged(show_id=show_id, stage=view))
    return view


async def left(tx: Tx, show_id: UUID) -> dict[UUID, int]:
    """Say how many of each SKU of the line-up can still be bought in the show."""
    show = await shows.get(tx, show_id)
    items = await shows.line_up(tx, show_id)
    return await _left(tx, items, await _quotes(tx, show, items))


async def _on_air(tx: Tx, show_id: UUID) -> StageRow:
    require(tx, Can.RUN_SHOWS)
    show = await shows.console_get(tx, show_id)
    if show.status not in ON:
        raise NotOnAir(status=show.status)
    return await _row(tx, show_id, for_update=True)


async def _row(tx: Tx, show_id: UUID, *, for_update: bool = False) -> StageRow:
    """Fetch the stage row, making it where the show never had one.

    The show's own visibility was decided by the shows room before.
    """
    query = select(StageRow).where(
        StageRow.show_id == show_id, StageRow.merchant_id == tx.merchant_id
    )
    if not for_update:
        empty = StageRow(show_id=show_id, merchant_id=tx.merchant_id, seq=0)
        return await tx.db.scalar(query) or empty
    await tx.db.execute(
        insert(StageRow)
        .values(show_id=show_id, merchant_id=tx.merchant_id, seq=0)
        .on_conflict_do_nothing()
    )
    locked = query.with_for_update().execution_options(populate_existing=True)
    return (await tx.db.scalars(locked)).one()


async def _view(tx: Tx, show: Show, row: StageRow) -> StageView:
    # The line-up is public once its show is, whoever asks: read it as the system does.
    own = tx.acting(system(tx.merchant_id))
    items = await shows.line_up(own, show.id)
    return StageView(
        show_id=show.id,
        seq=row.seq,
        at=tx.now,
        show=show,
        video=await broadcasts.video(own, show.id),
        pinned_product_id=row.pinned_product_id,
        pinned_at=row.pinned_at,
        cue_id=row.cue_id,
        cue_started_at=row.cue_started_at,
        items=await _items(own, show, items),
        drops=await promotions.drops(own, show.id) if show.status is ShowStatus.LIVE else [],
    )


async def _items(tx: Tx, show: Show, items: Sequence[LineUpItem]) -> list[StageItem]:
    products = {
        product.id: product
        for product in await catalog.products(tx, [item.product_id for item in items])
    }
    quotes = await _quotes(tx, show, items)
    left_of = await _left(tx, items, quotes)
    shelf: list[StageItem] = []
    for item in items:
        product = products.get(item.product_id)
        if product is None or product.status is not catalog.ProductStatus.ACTIVE:
            continue
        known = {sku.id: sku for sku in product.skus}
        picture = product.pictures[0] if product.pictures else None
        shelf.append(
            StageItem(
                product_id=product.id,
                position=item.position,
                title=product.title,
                subtitle=product.subtitle,
                unit=product.unit,
                option_names=product.option_names,
                picture_url=picture.url if picture else None,
                thumb_url=picture.thumb_url if picture else None,
                skus=[
                    StageSku(
                        id=sku.sku_id,
                        options=known[sku.sku_id].options,
                        price=quotes[sku.sku_id].price if sku.sku_id in quotes else sku.price,
                        list_price=known[sku.sku_id].price,
                        currency=known[sku.sku_id].currency,
                        left=left_of.get(sku.sku_id, 0),
                        picture_url=known[sku.sku_id].picture_url,
                    )
                    for sku in item.skus
                    if sku.sku_id in known
                ],
            )
        )
    return shelf


async def _quotes(tx: Tx, show: Show, items: Sequence[LineUpItem]) -> dict[UUID, offers.Quote]:
    """Say what the line-up costs in the room now; before it is on air the plan says it."""
    if show.status in BEFORE:
        return {}
    return await offers.quote(tx, [sku.sku_id for item in items for sku in item.skus], show.id)


async def _left(
    tx: Tx, items: Sequence[LineUpItem], quotes: Mapping[UUID, offers.Quote]
) -> dict[UUID, int]:
    """Count the pool that serves each SKU; what it is promised, where nothing is quoted yet."""
    pools: dict[UUID, UUID] = {}
    planned: dict[UUID, int] = {}
    for sku in (sku for item in items for sku in item.skus):
        if sku.sku_id in quotes:
            pools[sku.sku_id] = quotes[sku.sku_id].pool_id
        elif sku.stock is None or quotes:
            pools[sku.sku_id] = NIL
        else:
            planned[sku.sku_id] = sku.stock
    held = await inventory.left(tx, list(pools.items()))
    return planned | {sku_id: held[sku_id, pool] for sku_id, pool in pools.items()}


BEFORE = frozenset({ShowStatus.DRAFT, ShowStatus.SCHEDULED, ShowStatus.REHEARSAL})
