"""What a cue sets going besides its pin, and what time takes down again."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, update

from xinbo.commerce import promotions
from xinbo.engines.tx import Tx
from xinbo.kit.errors import XinboError
from xinbo.live import games
from xinbo.live.shows import Cue, Show, ShowStatus
from xinbo.live.stage._models import NoticeRow
from xinbo.live.stage._types import CueFired

REHEARSED = "rehearsal"
"""Why nothing real began: this is a rehearsal."""

BEGUN_BEFORE = "begun_before"
"""Why a game did not begin: its cue was on air before. A second play is begun by hand."""


def later(tx: Tx, seconds: int) -> datetime:
    """Return the moment so many seconds from now."""
    return tx.now + timedelta(seconds=seconds)


async def fire(tx: Tx, show: Show, cue: Cue) -> None:
    """Start a cue's game, and fire its promotion; what cannot begin leaves a reason behind.

    A game that was played already is not started again by the same cue.
    """
    rehearsal = show.status is ShowStatus.REHEARSAL

    async def told(what: str, what_id: UUID, reason: str) -> None:
        await tx.emit(
            CueFired(
                show_id=show.id,
                cue_id=cue.id,
                what=what,
                what_id=what_id,
                reason=reason,
                rehearsal=rehearsal,
            )
        )

    if (game_id := cue.game_id) is not None:
        again = cue.begun_at is not None
        reason = BEGUN_BEFORE if again else await _tried(tx, lambda: games.start(tx, game_id))
        await told("game", game_id, reason)
    if (promotion_id := cue.promotion_id) is not None:
        reason = REHEARSED
        if not rehearsal:
            reason = await _tried(tx, lambda: promotions.fire(tx, promotion_id, cue.minutes))
        await told("promotion", promotion_id, reason)


async def take_down_all(tx: Tx, show_id: UUID) -> None:
    """Take every notice of a show down."""
    await tx.db.execute(
        update(NoticeRow)
        .where(
            NoticeRow.show_id == show_id,
            NoticeRow.merchant_id == tx.merchant_id,
            or_(NoticeRow.until.is_(None), NoticeRow.until > tx.now),
        )
        .values(until=tx.now)
    )


async def _tried(tx: Tx, begin: Callable[[], Awaitable[object]]) -> str:
    """Begin something in a savepoint; return why it was refused, empty if it was not."""
    try:
        async with tx.db.begin_nested():
            await begin()
    except XinboError as refusal:
        return refusal.code()
    return ""
