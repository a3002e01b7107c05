"""A show's way from draft to replay."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from uuid import UUID

from xinbo.commerce import inventory, offers
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, Invalid
from xinbo.kit.ids import NIL
from xinbo.live.shows._rules import ShowStatus, after_rehearsal, move
from xinbo.live.shows._service import changed, line_up, row
from xinbo.live.shows._types import LineUpItem, ShowEnded, ShowPlan, ShowStarted


class LineUpEmpty(Conflict):
    """Raised when a show has nothing to sell yet."""


class StartTimeMissing(Invalid):
    """Raised when a show is scheduled for no moment, or for one that is past."""


async def schedule(tx: Tx, show_id: UUID) -> ShowPlan:
    """Announce the show for its start time."""
    require(tx, Can.PLAN_SHOWS)
    show = await row(tx, show_id, for_update=True)
    show.status = move(show.status, ShowStatus.SCHEDULED)
    if show.starts_at is None or show.starts_at <= tx.now:
        raise StartTimeMissing(starts_at=show.starts_at)
    return await changed(tx, show)


async def unschedule(tx: Tx, show_id: UUID) -> ShowPlan:
    """Take the announcement back."""
    require(tx, Can.PLAN_SHOWS)
    show = await row(tx, show_id, for_update=True)
    show.status = move(show.status, ShowStatus.DRAFT)
    return await changed(tx, show)


async def rehearse(tx: Tx, show_id: UUID) -> ShowPlan:
    """Open the private room: same console, no shoppers, nothing sold."""
    require(tx, Can.RUN_SHOWS)
    show = await row(tx, show_id, for_update=True)
    show.status = move(show.status, ShowStatus.REHEARSAL)
    await _needs_line_up(tx, show_id)
    return await changed(tx, show)


async def end_rehearsal(tx: Tx, show_id: UUID) -> ShowPlan:
    """Close the private room."""
    require(tx, Can.RUN_SHOWS)
    show = await row(tx, show_id, for_update=True)
    if show.status is not ShowStatus.REHEARSAL:
        move(show.status, ShowStatus.REHEARSAL)
    show.status = after_rehearsal(has_start_time=show.starts_at is not None)
    return await changed(tx, show)


async def start(tx: Tx, show_id: UUID) -> ShowPlan:
    """Go live: set the show's stock aside and open its prices."""
    require(tx, Can.RUN_SHOWS)
    show = await row(tx, show_id, for_update=True)
    show.status = move(show.status, ShowStatus.LIVE)
    items = await _needs_line_up(tx, show_id)
    show.live_at = tx.now
    await open_sale(tx, show_id, items)
    await tx.emit(ShowStarted(show_id=show_id))
    return await changed(tx, show)


async def end(tx: Tx, show_id: UUID) -> ShowPlan:
    """Go off air: close the show's prices and give unsold stock back."""
    require(tx, Can.RUN_SHOWS)
    show = await row(tx, show_id, for_update=True)
    show.status = move(show.status, ShowStatus.ENDED)
    show.ended_at = tx.now
    await offers.close(tx, show_id)
    await inventory.close_pool(tx, show_id)
    await tx.emit(ShowEnded(show_id=show_id))
    return await changed(tx, show)


async def publish_replay(tx: Tx, show_id: UUID) -> ShowPlan:
    """Put the recording up. The broadcasts room calls it: it knows that there is one."""
    show = await row(tx, show_id, for_update=True)
    show.status = move(show.status, ShowStatus.REPLAY)
    return await changed(tx, show)


async def withdraw_replay(tx: Tx, show_id: UUID) -> ShowPlan:
    """Take the recording down again; it is kept."""
    require(tx, Can.RUN_SHOWS)
    show = await row(tx, show_id, for_update=True)
    if show.status is not ShowStatus.REPLAY:
        move(show.status, ShowStatus.REPLAY)
    show.status = move(show.status, ShowStatus.ENDED)
    return await changed(tx, show)


MOVES: Mapping[str, Callable[[Tx, UUID], Awaitable[ShowPlan]]] = {
    "schedule": schedule,
    "unschedule": unschedule,
    "rehearse": rehearse,
    "end-rehearsal": end_rehearsal,
    "end": end,
    "withdraw-replay": withdraw_replay,
}


async def open_sale(tx: Tx, show_id: UUID, items: Sequence[LineUpItem]) -> None:
    """Publish the line-up's prices and set its stock aside. Harmless to repeat."""
    skus = sorted((sku for item in items for sku in item.skus), key=lambda sku: sku.sku_id)
    for sku in skus:
        if sku.stock is not None:
            await inventory.allocate(tx, sku.sku_id, show_id, sku.stock)
    await offers.publish(
        tx,
        show_id,
        [
            offers.Offer(
                sku_id=sku.sku_id,
                venue_id=show_id,
                price=sku.price,
                pool_id=NIL if sku.stock is None else show_id,
            )
            for sku in skus
        ],
    )


async def _needs_line_up(tx: Tx, show_id: UUID) -> list[LineUpItem]:
    items = await line_up(tx, show_id)
    if not items:
        raise LineUpEmpty(show_id=show_id)
    return items


async def offer(tx: Tx, show_id: UUID, *, without: Collection[UUID]) -> None:
    """Open the prices of a show on air again, but for products that are not to be sold in it."""
    items = [item for item in await line_up(tx, show_id) if item.product_id not in without]
    await open_sale(tx, show_id, items)
