"""Plan shows, list them, find them."""

from uuid import UUID

from msgspec import convert, to_builtins
from sqlalchemy import ColumnElement, and_, case, false, or_, select

from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.errors import Conflict, NotFound
from xinbo.kit.ids import new_id
from xinbo.kit.paging import CursorRefused
from xinbo.kit.wire import Page
from xinbo.live.shows._models import CueRow, LineUpItemRow, LineUpSkuRow, ShowRow
from xinbo.live.shows._rules import (
    LISTED,
    PUBLIC,
    IllegalShowTransition,
    ShowStatus,
    place_cues,
)
from xinbo.live.shows._types import (
    Claim,
    Cue,
    LineUpItem,
    LineUpSku,
    PutShow,
    Show,
    ShowChanged,
    ShowPlan,
    Targets,
)

place = case(
    (ShowRow.status == ShowStatus.LIVE, 0),
    (ShowRow.status == ShowStatus.REHEARSAL, 1),
    (ShowRow.status == ShowStatus.SCHEDULED, 2),
    (ShowRow.status == ShowStatus.DRAFT, 3),
    else_=4,
)
"""On air first, then coming, then over."""


class ShowNotFound(NotFound):
    """Raised when there is no such show, or the actor may not see it: the two look alike."""


class VersionConflict(Conflict):
    """Raised when someone else changed the plan meanwhile. `version` is the one that stands."""


async def get(tx: Tx, show_id: UUID) -> Show:
    """Show a show to someone who may see it."""
    return Show.of(await row(tx, show_id))


async def console_get(tx: Tx, show_id: UUID) -> Show:
    """Show a show to the staff."""
    require(tx, Can.SEE_CONSOLE)
    return await get(tx, show_id)


async def page_of(tx: Tx, status: ShowStatus | None, cursor: str | None, limit: int) -> Page[Show]:
    """List the shows that the shop lists."""
    listed = ShowRow.status.in_(LISTED) if status is None else ShowRow.status == status
    return await _page(tx, listed, cursor, limit)


async def console_page(
    tx: Tx, status: ShowStatus | None, cursor: str | None, limit: int
) -> Page[Show]:
    """List the merchant's shows for the staff."""
    require(tx, Can.SEE_CONSOLE)
    wanted = ShowRow.status == status if status else ShowRow.id.is_not(None)
    return await _page(tx, wanted, cursor, limit)


async def _page(tx: Tx, wanted: ColumnElement[bool], cursor: str | None, limit: int) -> Page[Show]:
    """Read a page; the cursor is the last row's rank and id."""
    query = select(ShowRow, place).where(_visible(tx.actor), wanted)
    if cursor is not None:
        rank, last = _cursor(cursor)
        query = query.where(or_(place > rank, and_(place == rank, ShowRow.id < last)))
    rows = (await tx.db.execute(query.order_by(place, ShowRow.id.desc()).limit(limit + 1))).all()
    more = f"{rows[limit - 1][1]}.{rows[limit - 1][0].id}" if len(rows) > limit else None
    return Page(items=[Show.of(each) for each, _ in rows[:limit]], next=more)


def _cursor(cursor: str) -> tuple[int, UUID]:
    rank, _, last = cursor.partition(".")
    try:
        return int(rank) % 100, UUID(last)
    except ValueError:
        raise CursorRefused(cursor=cursor[:80]) from None


async def on_air(tx: Tx) -> list[tuple[UUID, UUID]]:
    """List (merchant id, show id) of all shows on air or rehearsed, for the system itself."""
    if tx.actor.role is not Role.SYSTEM:
        return []
    rows = await tx.db.execute(
        select(ShowRow.merchant_id, ShowRow.id).where(
            ShowRow.status.in_((ShowStatus.LIVE, ShowStatus.REHEARSAL))
        )
    )
    return [(each.merchant_id, each.id) for each in rows]


async def plan(tx: Tx, show_id: UUID) -> ShowPlan:
    """Show the plan of a show to the staff."""
    require(tx, Can.SEE_CONSOLE)
    return await plan_of(tx, await row(tx, show_id))


async def plan_of(tx: Tx, show: ShowRow) -> ShowPlan:
    """Read the plan of a show that is at hand."""
    return ShowPlan(
        show=Show.of(show),
        version=show.version,
        line_up=await line_up(tx, show.id),
        cues=await _cues(tx, show.id),
        targets=convert(show.targets, Targets),
    )


async def cues(tx: Tx, show_id: UUID) -> list[Cue]:
    """Show the run-of-show in order to the staff. Raises `ShowNotFound`."""
    require(tx, Can.SEE_CONSOLE)
    await row(tx, show_id)
    return await _cues(tx, show_id)


async def targets(tx: Tx, show_id: UUID) -> Targets:
    """Show the staff what a show is to reach. Raises `ShowNotFound`."""
    require(tx, Can.SEE_CONSOLE)
    return convert((await row(tx, show_id)).targets, Targets)


async def _cues(tx: Tx, show_id: UUID) -> list[Cue]:
    rows = (
        await tx.db.scalars(
            select(CueRow)
            .where(CueRow.show_id == show_id, CueRow.merchant_id == tx.merchant_id)
            .order_by(CueRow.position)
        )
    ).all()
    placed = place_cues([(each.starts_minute, each.minutes) for each in rows])
    return [_cue(each, begins) for each, (begins, _) in zip(rows, placed, strict=True)]


def _cue(each: CueRow, begins: int) -> Cue:
    # Cues written before they could have several goods name one.
    goods = [UUID(one) for one in each.product_ids]
    return Cue(
        id=each.id,
        position=each.position,
        kind=each.kind,
        title=each.title,
        minutes=each.minutes,
        product_id=each.product_id,
        notes=each.notes,
        starts_minute=each.starts_minute,
        begins_minute=begins,
        format=each.format,
        product_ids=goods or ([each.product_id] if each.product_id else []),
        promotion_id=each.promotion_id,
        game_id=each.game_id,
        talking_points=each.talking_points,
        claims=convert(each.claims, list[Claim]),
        forbidden=each.forbidden,
        owner=each.owner,
        target_units=each.target_units,
        begun_at=each.begun_at,
    )


async def line_up(tx: Tx, show_id: UUID) -> list[LineUpItem]:
    """List a show's products in order, with their terms."""
    skus: dict[UUID, list[LineUpSku]] = {}
    for sku in await tx.db.scalars(
        select(LineUpSkuRow)
        .where(LineUpSkuRow.show_id == show_id, LineUpSkuRow.merchant_id == tx.merchant_id)
        .order_by(LineUpSkuRow.place)
    ):
        skus.setdefault(sku.product_id, []).append(LineUpSku.of(sku))
    items = await tx.db.scalars(
        select(LineUpItemRow)
        .where(LineUpItemRow.show_id == show_id, LineUpItemRow.merchant_id == tx.merchant_id)
        .order_by(LineUpItemRow.position)
    )
    return [
        LineUpItem(
            product_id=item.product_id,
            position=item.position,
            talking_points=item.talking_points,
            skus=skus.get(item.product_id, []),
            role=item.role,
        )
        for item in items
    ]


async def add(tx: Tx, command: PutShow, *, simulated: bool = False) -> ShowPlan:
    """Plan a new show."""
    require(tx, Can.PLAN_SHOWS)
    show = ShowRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        status=ShowStatus.DRAFT,
        simulated=simulated,
        version=1,
        **({"targets": {}} | _fields(command)),
    )
    tx.db.add(show)
    await tx.db.flush()
    await tx.emit(ShowChanged(show_id=show.id, status=show.status))
    return await plan_of(tx, show)


async def put(tx: Tx, show_id: UUID, command: PutShow) -> ShowPlan:
    """Change a show's particulars."""
    require(tx, Can.PLAN_SHOWS)
    show = await locked(tx, show_id, command.version)
    for name, value in _fields(command).items():
        setattr(show, name, value)
    return await changed(tx, show, "particulars")


async def set_host(tx: Tx, show_id: UUID, name: str, avatar_url: str | None) -> None:
    """Show another host on the phones. The cast room calls it, which knows who holds the show."""
    require(tx, Can.RUN_SHOWS)
    show = await row(tx, show_id, for_update=True)
    show.host_name, show.host_avatar_url = name, avatar_url
    await changed(tx, show, "host")


async def remove(tx: Tx, show_id: UUID) -> None:
    """Delete a draft. Anything that was ever announced or on air stays on record."""
    require(tx, Can.PLAN_SHOWS)
    show = await row(tx, show_id, for_update=True)
    if show.status is not ShowStatus.DRAFT or show.live_at is not None:
        raise IllegalShowTransition(status=show.status, wanted="deleted")
    await tx.db.delete(show)


def _fields(command: PutShow) -> dict[str, object]:
    fields: dict[str, object] = {
        "title": command.title.strip(),
        "summary": command.summary.strip(),
        "cover_url": command.cover_url,
        "host_name": command.host_name.strip(),
        "host_avatar_url": command.host_avatar_url,
        "starts_at": command.starts_at,
        "planned_minutes": command.planned_minutes,
    }
    if command.targets is not None:
        fields["targets"] = to_builtins(command.targets)
    return fields


async def changed(tx: Tx, show: ShowRow, what: str = "") -> ShowPlan:
    """Count the change, tell the world, and show the plan as it is now."""
    show.version += 1
    await tx.db.flush()
    await tx.emit(ShowChanged(show_id=show.id, status=show.status, what=what))
    return await plan_of(tx, show)


async def locked(tx: Tx, show_id: UUID, version: int | None) -> ShowRow:
    """Lock a show for a change, and refuse if it is not at the version that the caller saw."""
    show = await row(tx, show_id, for_update=True)
    if show.version != version:
        raise VersionConflict(version=show.version)
    return show


async def row(tx: Tx, show_id: UUID, *, for_update: bool = False) -> ShowRow:
    """Fetch the show if the actor may see it; lock it first where it is about to change."""
    query = select(ShowRow).where(ShowRow.id == show_id, _visible(tx.actor))
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = await tx.db.scalar(query)
    if found is None:
        raise ShowNotFound(show_id=show_id)
    return found


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show the public what is announced, the staff and the system all of the merchant's."""
    of_the_merchant = ShowRow.merchant_id == actor.merchant_id
    if actor.role in (Role.GUEST, Role.SHOPPER):
        return and_(of_the_merchant, ShowRow.status.in_(PUBLIC))
    return of_the_merchant if Can.SEE_CONSOLE in allowed(actor.role) else false()
