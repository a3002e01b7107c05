"""Read the stage: what every phone of a room shows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce import catalog, inventory, offers, promotions
from xinbo.engines.tx import Tx, system
from xinbo.kit.ids import NIL
from xinbo.kit.wire import Event
from xinbo.live import broadcasts, games, shows
from xinbo.live.shows import LineUpItem, Show, ShowStatus
from xinbo.live.stage._models import NoticeRow, StageRow
from xinbo.live.stage._types import Notice, StageChanged, StageItem, StageSku, StageView

MOST_NOTICES = 5
"""Notices that stand at once; the oldest beyond are not shown."""


class Scene(msgspec.Struct, frozen=True):
    """What a stage is made from, read once for whatever is done to it."""

    show: Show
    stage: StageRow
    items: list[LineUpItem]

    @property
    def on_line_up(self) -> set[UUID]:
        """Which products may be shown."""
        return {item.product_id for item in self.items}


async def snapshot(tx: Tx, show_id: UUID) -> StageView:
    """Show the stage to someone who may see the show."""
    return await _seen(tx, await shows.get(tx, show_id))


async def console_snapshot(tx: Tx, show_id: UUID) -> StageView:
    """Show the stage to the staff."""
    return await _seen(tx, await shows.console_get(tx, show_id))


async def publish(tx: Tx, show_id: UUID) -> StageView:
    """Give the stage its next number and send it to every viewer. Reactions call it too."""
    return await send(tx, await scene(tx, await shows.get(tx, show_id), for_update=True))


async def send(
    tx: Tx, scene: Scene, tell: Callable[[Mapping[UUID, str]], Iterable[Event]] = lambda _: ()
) -> StageView:
    """Send a locked stage to every viewer, and record what led to it.

    `tell` makes the facts; it is given the titles of the products on the shelf.
    """
    scene.stage.seq += 1
    await tx.db.flush()
    view = await _view(tx, scene)
    titles = {item.product_id: item.title for item in view.items}
    await tx.emit(*tell(titles), StageChanged(show_id=scene.show.id, stage=view))
    return view


async def scene(tx: Tx, show: Show, *, for_update: bool = False) -> Scene:
    """Read what a stage is made from; lock it where it is about to change."""
    stage = await row(tx, show.id, for_update=for_update)
    # The line-up is public once its show is, whoever asks: read it as the system does.
    items = await shows.line_up(tx.acting(system(tx.merchant_id)), show.id)
    return Scene(show, stage, items)


async def _seen(tx: Tx, show: Show) -> StageView:
    return await _view(tx, await scene(tx, show))


async def slow_seconds(tx: Tx, show_id: UUID) -> int:
    """Say how many seconds must pass between two messages of a shopper; 0: no slow mode."""
    return (await row(tx, show_id)).slow_seconds


async def left(tx: Tx, show_id: UUID) -> dict[UUID, int]:
    """Say how many of each SKU of the line-up can still be bought in the show."""
    show = await shows.get(tx, show_id)
    items = await shows.line_up(tx, show_id)
    return await _left(tx, items, await _quotes(tx, show, items))


async def row(tx: Tx, show_id: UUID, *, for_update: bool = False) -> StageRow:
    """Fetch the stage row, making it where the show never had one.

    The show's own visibility was decided by the shows room before.
    """
    query = select(StageRow).where(
        StageRow.show_id == show_id, StageRow.merchant_id == tx.merchant_id
    )
    if not for_update:
        return await tx.db.scalar(query) or _empty(tx, show_id)
    locked = query.with_for_update().execution_options(populate_existing=True)
    if (known := await tx.db.scalar(locked)) is not None:
        return known
    await tx.db.execute(
        insert(StageRow)
        .values(show_id=show_id, merchant_id=tx.merchant_id, seq=0)
        .on_conflict_do_nothing()
    )
    return (await tx.db.scalars(locked)).one()


def _empty(tx: Tx, show_id: UUID) -> StageRow:
    return StageRow(
        show_id=show_id,
        merchant_id=tx.merchant_id,
        seq=0,
        acts=0,
        last_acts={},
        shelf=[],
        sold_out=[],
        text_room=False,
        slow_seconds=0,
        pace=1,
    )


async def _view(tx: Tx, scene: Scene) -> StageView:
    """Put together what phones show."""
    own, show, stage = tx.acting(system(tx.merchant_id)), scene.show, scene.stage
    return StageView(
        show_id=show.id,
        seq=stage.seq,
        at=tx.now,
        show=show,
        video=await broadcasts.video(own, show.id),
        pinned_product_id=stage.pinned_product_id,
        pinned_at=stage.pinned_at,
        cue_id=stage.cue_id,
        cue_started_at=stage.cue_started_at,
        items=_shelved(
            await _items(own, show, scene.items, frozenset(stage.sold_out)), stage.shelf
        ),
        drops=await promotions.drops(own, show.id) if show.status is ShowStatus.LIVE else [],
        acts=stage.acts,
        explaining_product_id=stage.explaining_product_id,
        explaining_since=stage.explaining_since,
        notices=await notices(own, show.id),
        text_room=stage.text_room,
        slow_seconds=stage.slow_seconds,
        games=await games.on_stage(own, show.id),
        pace=stage.pace,
    )


async def notices(tx: Tx, show_id: UUID) -> list[Notice]:
    """List what everyone in the room is told now, the last first."""
    rows = await tx.db.scalars(
        select(NoticeRow)
        .where(
            NoticeRow.show_id == show_id,
            NoticeRow.merchant_id == tx.merchant_id,
            or_(NoticeRow.until.is_(None), NoticeRow.until > tx.now),
        )
        .order_by(NoticeRow.id.desc())
        .limit(MOST_NOTICES)
    )
    return [Notice.of(each) for each in rows]


def _shelved(items: Sequence[StageItem], shelf: Sequence[UUID]) -> list[StageItem]:
    """Put products in the order that was chosen on air; the others after, as planned."""
    place = {product_id: at for at, product_id in enumerate(shelf)}
    return sorted(items, key=lambda item: place.get(item.product_id, len(place) + item.position))


async def _items(
    tx: Tx, show: Show, items: Sequence[LineUpItem], sold_out: frozenset[UUID]
) -> list[StageItem]:
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
                sold_out=product.id in sold_out,
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
