"""Change what stands on the stage, by hand or by the run-of-show.

Two operators never fight: who changes something says which stage was looked at (`seen`), and is
refused, with who did what, if a colleague changed the same thing meanwhile.
"""

from uuid import UUID

from xinbo.commerce import catalog, promotions
from xinbo.commerce.promotions import Coupon, DropCoupon
from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, NotFound
from xinbo.kit.ids import new_id
from xinbo.live import shows, signals
from xinbo.live.shows import Cue, LineUpItem, Show, ShowStatus
from xinbo.live.stage._models import NoticeRow, StageRow
from xinbo.live.stage._service import firing
from xinbo.live.stage._service.reading import publish, row
from xinbo.live.stage._types import (
    CueStarted,
    ExplainChanged,
    NoticePosted,
    NoticeWithdrawn,
    ProductPinned,
    PutNotice,
    RoomSet,
    ShelfMoved,
    SoldOutMarked,
    StageView,
)

ON = frozenset({ShowStatus.LIVE, ShowStatus.REHEARSAL})

TOP = "top"
"""What is on top of every phone: the pin, the explained product and the cue are one thing."""

SHELF, ROOM = "shelf", "room"


class NotOnAir(Conflict):
    """Raised when a show's stage is changed while nobody can see it."""


class NotOnLineUp(NotFound):
    """Raised when a product that is not on the line-up is to be shown."""


class CueNotFound(NotFound):
    """Raised when the show has no such cue."""


class NoticeNotFound(NotFound):
    """Raised when no such notice stands in the room."""


class StageMoved(Conflict):
    """Raised when a colleague changed the same thing first.

    `by`: the colleague's name, empty for the system; `what`: `pin`, `cue`, `explain`, …;
    `at`: when; `acts`: the number to send back if it is still wanted.
    """


async def pin(
    tx: Tx, show_id: UUID, product_id: UUID | None, *, seen: int | None = None
) -> StageView:
    """Put a product of the line-up on every phone; None takes it away."""
    _, stage = await _on_air(tx, show_id)
    title = await _title(tx, show_id, product_id)
    await _note(tx, stage, (TOP, "pin"), seen, title)
    await _pin(tx, stage, product_id, title)
    return await publish(tx, show_id)


async def explain(
    tx: Tx, show_id: UUID, product_id: UUID | None, *, seen: int | None = None
) -> StageView:
    """Begin to explain a product, which is pinned by that; None ends the explaining."""
    _, stage = await _on_air(tx, show_id)
    title = await _title(tx, show_id, product_id)
    await _note(tx, stage, (TOP, "explain"), seen, title)
    stage.explaining_product_id = product_id
    stage.explaining_since = None if product_id is None else tx.now
    await tx.emit(ExplainChanged(show_id=show_id, product_id=product_id, title=title))
    if product_id is not None and stage.pinned_product_id != product_id:
        await _pin(tx, stage, product_id, title)
    return await publish(tx, show_id)


async def start_cue(
    tx: Tx, show_id: UUID, cue_id: UUID | None, *, seen: int | None = None
) -> StageView:
    """Begin a cue of the run-of-show; None ends the one that runs.

    A cue pins its product, starts its game and fires its promotion. What cannot begin is told
    and does not hold the cue up. In a rehearsal no promotion begins.
    """
    show, stage = await _on_air(tx, show_id)
    cue, place = await _cue(tx, show_id, cue_id)
    await _note(tx, stage, (TOP, "cue"), seen, cue.title if cue else "")
    stage.cue_id = cue_id
    stage.cue_started_at = None if cue is None else tx.now
    await tx.emit(
        CueStarted(
            show_id=show_id,
            cue_id=cue_id,
            title=cue.title if cue else "",
            place=place,
            rehearsal=show.status is ShowStatus.REHEARSAL,
        )
    )
    if cue is not None:
        await _begin(tx, show, stage, cue)
    return await publish(tx, show_id)


async def mark_sold_out(
    tx: Tx, show_id: UUID, product_id: UUID, *, sold_out: bool, seen: int | None = None
) -> StageView:
    """Say that a product is sold out, and close its show price; or open it again."""
    show, stage = await _on_air(tx, show_id)
    title = await _title(tx, show_id, product_id)
    if sold_out == (product_id in stage.sold_out):
        return await publish(tx, show_id)
    await _note(tx, stage, (SHELF, "sold_out"), seen, title)
    others = [each for each in stage.sold_out if each != product_id]
    stage.sold_out = [*others, product_id] if sold_out else others
    if show.status is ShowStatus.LIVE:
        await shows.offer(tx, show_id, without=stage.sold_out)
    await tx.emit(
        SoldOutMarked(show_id=show_id, product_id=product_id, sold_out=sold_out, title=title)
    )
    return await publish(tx, show_id)


async def move_item(
    tx: Tx, show_id: UUID, product_id: UUID, to: int, *, seen: int | None = None
) -> StageView:
    """Put a product at another place of the shelf; 0 is the first."""
    _, stage = await _on_air(tx, show_id)
    title = await _title(tx, show_id, product_id)
    await _note(tx, stage, (SHELF, "shelf"), seen, title)
    known = [item.product_id for item in await shows.line_up(tx, show_id)]
    order = [each for each in stage.shelf if each in known]
    order = [*order, *(each for each in known if each not in order)]
    order.remove(product_id)
    order.insert(to, product_id)
    stage.shelf = order
    await tx.emit(ShelfMoved(show_id=show_id, product_id=product_id, to=to, title=title))
    return await publish(tx, show_id)


async def notice(tx: Tx, show_id: UUID, command: PutNotice) -> StageView:
    """Tell everyone in the room something, until its time is over or it is taken down."""
    await _on_air(tx, show_id)
    await _title(tx, show_id, command.product_id)
    until = None if command.seconds is None else firing.later(tx, command.seconds)
    posted = NoticeRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        show_id=show_id,
        kind=command.kind,
        text=command.text.strip(),
        product_id=command.product_id,
        at=tx.now,
        until=until,
    )
    tx.db.add(posted)
    await tx.db.flush()
    await tx.emit(
        NoticePosted(
            show_id=show_id,
            notice_id=posted.id,
            kind=posted.kind,
            text=posted.text,
            product_id=posted.product_id,
        )
    )
    return await publish(tx, show_id)


async def withdraw_notice(tx: Tx, show_id: UUID, notice_id: UUID) -> StageView:
    """Take a notice down. Harmless to repeat."""
    await _on_air(tx, show_id)
    posted = await tx.db.get(NoticeRow, notice_id)
    if posted is None or (posted.show_id, posted.merchant_id) != (show_id, tx.merchant_id):
        raise NoticeNotFound(notice_id=notice_id)
    if posted.until is None or posted.until > tx.now:
        posted.until = tx.now
        await tx.db.flush()
        await tx.emit(NoticeWithdrawn(show_id=show_id, notice_id=notice_id, kind=posted.kind))
    return await publish(tx, show_id)


async def set_text_room(tx: Tx, show_id: UUID, *, on: bool, seen: int | None = None) -> StageView:
    """Go on without moving pictures, or with them again."""
    _, stage = await _on_air(tx, show_id)
    await _note(tx, stage, (ROOM, "text_room" if on else "pictures"), seen)
    stage.text_room = on
    return await _room_set(tx, stage)


async def set_slow(tx: Tx, show_id: UUID, seconds: int) -> StageView:
    """Let each shopper speak only every so many seconds; 0 ends it. The chat room calls it."""
    _, stage = await _on_air(tx, show_id)
    stage.slow_seconds = seconds
    return await _room_set(tx, stage)


async def set_pace(tx: Tx, show_id: UUID, pace: int) -> StageView:
    """Let a rehearsal's clock run so many times as fast. The rehearsals room calls it."""
    _, stage = await _on_air(tx, show_id)
    stage.pace = pace
    return await publish(tx, show_id)


async def clear(tx: Tx, show_id: UUID) -> None:
    """Take everything off the stage: a rehearsal is over, or is about to begin."""
    require(tx, Can.RUN_SHOWS)
    stage = await row(tx, show_id, for_update=True)
    stage.pinned_product_id = stage.pinned_at = None
    stage.cue_id = stage.cue_started_at = None
    stage.explaining_product_id = stage.explaining_since = None
    stage.shelf, stage.sold_out = [], []
    stage.text_room, stage.slow_seconds, stage.pace = False, 0, 1
    await firing.take_down_all(tx, show_id)
    await publish(tx, show_id)


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


async def _on_air(tx: Tx, show_id: UUID) -> tuple[Show, StageRow]:
    require(tx, Can.RUN_SHOWS)
    show = await shows.console_get(tx, show_id)
    if show.status not in ON:
        raise NotOnAir(status=show.status)
    return show, await row(tx, show_id, for_update=True)


async def _note(
    tx: Tx, stage: StageRow, kind: tuple[str, str], seen: int | None, title: str = ""
) -> None:
    """Count the act, and let colleagues see it; refuse if one of them was first."""
    family, what = kind
    last = stage.last_acts.get(family)
    if seen is not None and last is not None and int(last["n"] or 0) > seen:
        raise StageMoved(by=last["by"], what=last["what"], at=last["at"], acts=stage.acts)
    by = await _name(tx)
    stage.acts += 1
    act: dict[str, str | int | None] = {
        "n": stage.acts,
        "by": by,
        "what": what,
        "at": tx.now.isoformat(),
    }
    stage.last_acts = {**stage.last_acts, family: act}
    await signals.tell(tx, stage.show_id, "act", to="staff", **act, title=title)


async def _name(tx: Tx) -> str:
    user_id = tx.actor.user_id
    if user_id is None:
        return ""
    return (await accounts.staff_names(tx, [user_id])).get(user_id, "")


async def _pin(tx: Tx, stage: StageRow, product_id: UUID | None, title: str) -> None:
    stage.pinned_product_id = product_id
    stage.pinned_at = None if product_id is None else tx.now
    if stage.explaining_product_id != product_id:
        stage.explaining_product_id = stage.explaining_since = None
    await tx.emit(ProductPinned(show_id=stage.show_id, product_id=product_id, title=title))


async def _begin(tx: Tx, show: Show, stage: StageRow, cue: Cue) -> None:
    if cue.product_id is not None and cue.product_id != stage.pinned_product_id:
        line_up = await shows.line_up(tx, show.id)
        if cue.product_id in {item.product_id for item in line_up}:
            await _pin(tx, stage, cue.product_id, await _name_of(tx, cue.product_id))
    await tx.db.flush()
    await firing.fire(tx, show, cue)
    await shows.begin_cue(tx, show.id, cue.id)


async def _cue(tx: Tx, show_id: UUID, cue_id: UUID | None) -> tuple[Cue | None, int | None]:
    if cue_id is None:
        return None, None
    for place, cue in enumerate((await shows.plan(tx, show_id)).cues, start=1):
        if cue.id == cue_id:
            return cue, place
    raise CueNotFound(cue_id=cue_id)


async def _title(tx: Tx, show_id: UUID, product_id: UUID | None) -> str:
    """Name a product of the line-up; refuse one that is not on it."""
    if product_id is None:
        return ""
    line_up: list[LineUpItem] = await shows.line_up(tx, show_id)
    if product_id not in {item.product_id for item in line_up}:
        raise NotOnLineUp(product_id=product_id)
    return await _name_of(tx, product_id)


async def _name_of(tx: Tx, product_id: UUID) -> str:
    found = await catalog.products(tx, [product_id])
    return found[0].title if found else ""


async def _room_set(tx: Tx, stage: StageRow) -> StageView:
    await tx.emit(
        RoomSet(show_id=stage.show_id, text_room=stage.text_room, slow_seconds=stage.slow_seconds)
    )
    return await publish(tx, stage.show_id)
