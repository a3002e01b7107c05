"""Change what stands on the stage, by hand or by the run-of-show.

Two operators never fight: who changes something says which stage was looked at (`seen`), and is
refused, with who did what, if a colleague changed the same thing meanwhile.
"""

from collections.abc import Callable, Mapping
from uuid import UUID

from xinbo.commerce import promotions
from xinbo.commerce.promotions import Coupon, DropCoupon
from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, NotFound
from xinbo.kit.ids import new_id
from xinbo.kit.wire import Event
from xinbo.live import shows, signals
from xinbo.live.shows import Cue, ShowStatus
from xinbo.live.stage._models import NoticeRow
from xinbo.live.stage._service import firing
from xinbo.live.stage._service.reading import Scene, publish, scene, send
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
    act = await _begun(tx, show_id, product_id)
    await _note(act, (TOP, "pin"), seen, product_id)
    _pin(act, product_id)
    return await act.done()


async def explain(
    tx: Tx, show_id: UUID, product_id: UUID | None, *, seen: int | None = None
) -> StageView:
    """Begin to explain a product, which is pinned by that; None ends the explaining."""
    act = await _begun(tx, show_id, product_id)
    await _note(act, (TOP, "explain"), seen, product_id)
    stage = act.scene.stage
    stage.explaining_product_id = product_id
    stage.explaining_since = None if product_id is None else tx.now
    act.did(
        lambda titles: ExplainChanged(
            show_id=show_id, product_id=product_id, title=_of(titles, product_id)
        )
    )
    if product_id is not None and stage.pinned_product_id != product_id:
        _pin(act, product_id)
    return await act.done()


async def start_cue(
    tx: Tx, show_id: UUID, cue_id: UUID | None, *, seen: int | None = None
) -> StageView:
    """Begin a cue of the run-of-show; None ends the one that runs.

    A cue pins its product, starts its game and fires its promotion. What cannot begin is told
    and does not hold the cue up. In a rehearsal no promotion begins.
    """
    act = await _begun(tx, show_id)
    cue, place = await _cue(tx, show_id, cue_id)
    title = cue.title if cue else ""
    await _note(act, (TOP, "cue"), seen, title=title)
    show, stage = act.scene.show, act.scene.stage
    stage.cue_id = cue_id
    stage.cue_started_at = None if cue is None else tx.now
    rehearsal = show.status is ShowStatus.REHEARSAL
    act.did(
        lambda _: CueStarted(
            show_id=show_id, cue_id=cue_id, title=title, place=place, rehearsal=rehearsal
        )
    )
    if cue is not None:
        await _begin(act, cue)
    return await act.done()


async def mark_sold_out(
    tx: Tx, show_id: UUID, product_id: UUID, *, sold_out: bool, seen: int | None = None
) -> StageView:
    """Say that a product is sold out, and close its show price; or open it again."""
    act = await _begun(tx, show_id, product_id)
    show, stage = act.scene.show, act.scene.stage
    if sold_out == (product_id in stage.sold_out):
        return await act.done()
    await _note(act, (SHELF, "sold_out"), seen, product_id)
    others = [each for each in stage.sold_out if each != product_id]
    stage.sold_out = [*others, product_id] if sold_out else others
    if show.status is ShowStatus.LIVE:
        await shows.offer(tx, show_id, without=stage.sold_out)
    act.did(
        lambda titles: SoldOutMarked(
            show_id=show_id,
            product_id=product_id,
            sold_out=sold_out,
            title=_of(titles, product_id),
        )
    )
    return await act.done()


async def move_item(
    tx: Tx, show_id: UUID, product_id: UUID, to: int, *, seen: int | None = None
) -> StageView:
    """Put a product at another place of the shelf; 0 is the first."""
    act = await _begun(tx, show_id, product_id)
    await _note(act, (SHELF, "shelf"), seen, product_id)
    known = [item.product_id for item in act.scene.items]
    order = [each for each in act.scene.stage.shelf if each in known]
    order = [*order, *(each for each in known if each not in order)]
    order.remove(product_id)
    order.insert(to, product_id)
    act.scene.stage.shelf = order
    act.did(
        lambda titles: ShelfMoved(
            show_id=show_id, product_id=product_id, to=to, title=_of(titles, product_id)
        )
    )
    return await act.done()


async def notice(tx: Tx, show_id: UUID, command: PutNotice) -> StageView:
    """Tell everyone in the room something, until its time is over or it is taken down."""
    act = await _begun(tx, show_id, command.product_id)
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
    act.did(
        lambda _: NoticePosted(
            show_id=show_id,
            notice_id=posted.id,
            kind=posted.kind,
            text=posted.text,
            product_id=posted.product_id,
        )
    )
    return await act.done()


async def withdraw_notice(tx: Tx, show_id: UUID, notice_id: UUID) -> StageView:
    """Take a notice down. Harmless to repeat."""
    act = await _begun(tx, show_id)
    posted = await tx.db.get(NoticeRow, notice_id)
    if posted is None or (posted.show_id, posted.merchant_id) != (show_id, tx.merchant_id):
        raise NoticeNotFound(notice_id=notice_id)
    if posted.until is None or posted.until > tx.now:
        posted.until, kind = tx.now, posted.kind
        act.did(lambda _: NoticeWithdrawn(show_id=show_id, notice_id=notice_id, kind=kind))
    return await act.done()


async def set_text_room(tx: Tx, show_id: UUID, *, on: bool, seen: int | None = None) -> StageView:
    """Go on without moving pictures, or with them again."""
    act = await _begun(tx, show_id)
    await _note(act, (ROOM, "text_room" if on else "pictures"), seen)
    act.scene.stage.text_room = on
    return await _room_set(act)


async def set_slow(tx: Tx, show_id: UUID, seconds: int) -> StageView:
    """Let each shopper speak only every so many seconds; 0 ends it. The chat room calls it."""
    act = await _begun(tx, show_id)
    act.scene.stage.slow_seconds = seconds
    return await _room_set(act)


async def set_pace(tx: Tx, show_id: UUID, pace: int) -> StageView:
    """Let a rehearsal's clock run so many times as fast. The rehearsals room calls it."""
    act = await _begun(tx, show_id)
    act.scene.stage.pace = pace
    return await act.done()


async def clear(tx: Tx, show_id: UUID) -> None:
    """Take everything off the stage: a rehearsal is over, or is about to begin."""
    require(tx, Can.RUN_SHOWS)
    cleared = await scene(tx, await shows.console_get(tx, show_id), for_update=True)
    stage = cleared.stage
    stage.pinned_product_id = stage.pinned_at = None
    stage.cue_id = stage.cue_started_at = None
    stage.explaining_product_id = stage.explaining_since = None
    stage.shelf, stage.sold_out = [], []
    stage.text_room, stage.slow_seconds, stage.pace = False, 0, 1
    await firing.take_down_all(tx, show_id)
    await send(tx, cleared)


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


type Titles = Mapping[UUID, str]


class Act:
    """Something that is done to a locked stage: sent once, with all that it led to on record."""

    def __init__(self, tx: Tx, scene: Scene) -> None:
        self.tx = tx
        self.scene = scene
        self._facts: list[Callable[[Titles], Event]] = []

    def did(self, fact: Callable[[Titles], Event]) -> None:
        """Record a fact with the act; it may name products by the titles on the shelf."""
        self._facts.append(fact)

    async def done(self) -> StageView:
        """Send the stage to every viewer."""
        return await send(
            self.tx, self.scene, lambda titles: [fact(titles) for fact in self._facts]
        )


async def _begun(tx: Tx, show_id: UUID, product_id: UUID | None = None) -> Act:
    """Lock the stage of a show on air; refuse a product that is not on its line-up."""
    require(tx, Can.RUN_SHOWS)
    show = await shows.console_get(tx, show_id)
    if show.status not in ON:
        raise NotOnAir(status=show.status)
    act = Act(tx, await scene(tx, show, for_update=True))
    if product_id is not None and product_id not in act.scene.on_line_up:
        raise NotOnLineUp(product_id=product_id)
    return act


async def _note(
    act: Act,
    kind: tuple[str, str],
    seen: int | None,
    product_id: UUID | None = None,
    title: str = "",
) -> None:
    """Count the act, and let colleagues see it; refuse if one of them was first."""
    (family, what), tx, stage = kind, act.tx, act.scene.stage
    last = stage.last_acts.get(family)
    if seen is not None and last is not None and int(last["n"] or 0) > seen:
        raise StageMoved(by=last["by"], what=last["what"], at=last["at"], acts=stage.acts)
    stage.acts += 1
    noted: dict[str, str | int | None] = {
        "n": stage.acts,
        "by": await _name(tx),
        "what": what,
        "at": tx.now.isoformat(),
    }
    stage.last_acts = {**stage.last_acts, family: noted}
    act.did(
        lambda titles: signals.news(
            stage.show_id, "act", "staff", **noted, title=title or _of(titles, product_id)
        )
    )


async def _name(tx: Tx) -> str:
    user_id = tx.actor.user_id
    if user_id is None:
        return ""
    return (await accounts.staff_names(tx, [user_id])).get(user_id, "")


def _pin(act: Act, product_id: UUID | None) -> None:
    stage = act.scene.stage
    stage.pinned_product_id = product_id
    stage.pinned_at = None if product_id is None else act.tx.now
    if stage.explaining_product_id != product_id:
        stage.explaining_product_id = stage.explaining_since = None
    act.did(
        lambda titles: ProductPinned(
            show_id=stage.show_id, product_id=product_id, title=_of(titles, product_id)
        )
    )


async def _begin(act: Act, cue: Cue) -> None:
    tx, product_id = act.tx, cue.product_id
    if product_id in act.scene.on_line_up and product_id != act.scene.stage.pinned_product_id:
        _pin(act, product_id)
    await tx.db.flush()
    await firing.fire(tx, act.scene.show, cue)
    await shows.begin_cue(tx, act.scene.show.id, cue.id)


async def _cue(tx: Tx, show_id: UUID, cue_id: UUID | None) -> tuple[Cue | None, int | None]:
    if cue_id is None:
        return None, None
    for place, cue in enumerate((await shows.plan(tx, show_id)).cues, start=1):
        if cue.id == cue_id:
            return cue, place
    raise CueNotFound(cue_id=cue_id)


def _of(titles: Titles, product_id: UUID | None) -> str:
    return titles.get(product_id, "") if product_id else ""


async def _room_set(act: Act) -> StageView:
    stage = act.scene.stage
    act.did(
        lambda _: RoomSet(
            show_id=stage.show_id, text_room=stage.text_room, slow_seconds=stage.slow_seconds
        )
    )
    return await act.done()
