"""Keep what was said, and read it again: by the staff, as a file, beside the recording."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from msgspec import structs
from sqlalchemy import ColumnElement, and_, delete, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from xinbo.engines.media_client import Stretch
from xinbo.engines.sheets import csv_file
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.paging import CursorRefused
from xinbo.kit.wire import Page
from xinbo.live import games, shows, signals
from xinbo.live.chat._models import AppealRow, MessageRow, SanctionRow
from xinbo.live.chat._rules import MessageKind, SaidState
from xinbo.live.chat._rules.times import programme_ms, wall_clock
from xinbo.live.chat._service.rows import in_rehearsal, visible
from xinbo.live.chat._types import Archived, ReplayMessage, Said, Speaker
from xinbo.live.games import Comment

KEPT = timedelta(days=3 * 365 + 1)
"""Rules for live commerce in China ask for three years."""

MOST_IN_FILE = 100_000
REMOVED_AT_ONCE = 5000


async def store(tx: Tx, show_id: UUID, batch: Sequence[Said]) -> int:
    """Put a batch on record; return how many were new. The same batch again changes nothing.

    Comments of shoppers go to the games, sampled ones as well: who is not shown may still win.
    """
    show = await shows.get(tx, show_id)
    rehearsal = in_rehearsal(show)
    values = [
        structs.asdict(said)
        | {"show_id": show_id, "merchant_id": tx.merchant_id, "rehearsal": rehearsal, "note": ""}
        for said in batch
    ]
    if not values:
        return 0
    stored = set(
        await tx.db.scalars(
            insert(MessageRow).values(values).on_conflict_do_nothing().returning(MessageRow.id)
        )
    )
    fresh = {said.id: said for said in batch if said.id in stored}
    comments = [
        Comment(shopper_id=said.viewer_id, name=said.name, text=said.text, at=said.at)
        for said in fresh.values()
        if said.role is Speaker.SHOPPER and said.state in {SaidState.SHOWN, SaidState.SAMPLED}
    ]
    if comments:
        await games.commented(tx, show_id, comments)
    if any(said.state is SaidState.HELD for said in fresh.values()):
        await tell_held(tx, show_id)
    return len(fresh)


async def tell_held(tx: Tx, show_id: UUID) -> None:
    """Tell the staff's pages how many messages wait."""
    await signals.tell(tx, show_id, "held", to="staff", waiting=await waiting(tx, show_id))


async def waiting(tx: Tx, show_id: UUID) -> int:
    """Count what waits for the staff; what was said in a rehearsal waits in it only."""
    show = await shows.get(tx, show_id)
    count = await tx.db.scalar(
        select(func.count()).where(
            MessageRow.show_id == show_id,
            MessageRow.merchant_id == tx.merchant_id,
            MessageRow.state == SaidState.HELD,
            MessageRow.rehearsal.is_(in_rehearsal(show)),
        )
    )
    return count or 0


async def page_of(  # noqa: PLR0913 # filters, each of which may be left out
    tx: Tx,
    show_id: UUID | None,
    cursor: str | None,
    limit: int,
    *,
    became: SaidState | None = None,
    kind: MessageKind | None = None,
    words: str | None = None,
    rehearsal: bool = False,
) -> Page[Archived]:
    """List what was said, the last first, for the staff."""
    require(tx, Can.SEE_CONSOLE)
    query = select(MessageRow).where(
        visible(tx.actor), *_filters(show_id, became, kind, words, rehearsal=rehearsal)
    )
    if cursor is not None:
        query = query.where(tuple_(MessageRow.at, MessageRow.id) < _place(cursor))
    order = (MessageRow.at.desc(), MessageRow.id.desc())
    rows = (await tx.db.scalars(query.order_by(*order).limit(limit + 1))).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(
        items=[Archived.of(row) for row in rows[:limit]],
        next=None if last is None else f"{_micros(last.at)}.{last.id}",
    )


async def export(tx: Tx, show_id: UUID) -> bytes:
    """Write a show's chat as CSV with a byte order mark, the first first, for Excel.

    Times are UTC, RFC 3339. At most `MOST_IN_FILE` rows; a rehearsal's chat is not in it.
    """
    require(tx, Can.SEE_CONSOLE)
    await shows.console_get(tx, show_id)
    rows = await tx.db.scalars(
        select(MessageRow)
        .where(visible(tx.actor), *_filters(show_id, None, None, None, rehearsal=False))
        .order_by(MessageRow.at, MessageRow.id)
        .limit(MOST_IN_FILE)
    )
    heads = ("time", "author", "name", "role", "member", "buyer", "kind", "state", "why", "text")
    return csv_file(
        heads,
        (
            (
                row.at.astimezone(UTC).isoformat(timespec="seconds"),
                row.by,
                row.name,
                row.role,
                row.level or "",
                "yes" if row.buyer else "",
                row.kind,
                row.state,
                row.why or "",
                row.text,
            )
            for row in rows
        ),
    )


async def replay(  # noqa: PLR0913 # a stretch of a recording, by pages
    tx: Tx,
    show_id: UUID,
    stretches: Sequence[Stretch],
    from_ms: int,
    until_ms: int,
    *,
    cursor: str | None,
    limit: int,
) -> Page[ReplayMessage]:
    """Show what was on the screens in a part of the recording, by programme time, in order.

    What was said while nothing was recorded stands at the seam, with the part before it.
    """
    show = await shows.get(tx, show_id)
    since, until = wall_clock(stretches, from_ms), wall_clock(stretches, until_ms)
    if since is None or until is None or show.live_at is None:
        return Page(items=[], next=None)
    query = select(MessageRow).where(
        MessageRow.show_id == show_id,
        MessageRow.merchant_id == tx.merchant_id,
        MessageRow.state == SaidState.SHOWN,
        MessageRow.rehearsal.is_(False),
        MessageRow.at >= max(since, show.live_at),
        MessageRow.at < until,
    )
    if cursor is not None:
        query = query.where(tuple_(MessageRow.at, MessageRow.id) > _place(cursor))
    order = (MessageRow.at, MessageRow.id)
    rows = (await tx.db.scalars(query.order_by(*order).limit(limit + 1))).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(
        items=[_replayed(row, programme_ms(stretches, row.at)) for row in rows[:limit]],
        next=None if last is None else f"{_micros(last.at)}.{last.id}",
    )


async def said(tx: Tx, show_id: UUID, message_id: UUID) -> MessageRow | None:
    """Return a message that is shown, for an edge that has to show it."""
    return await tx.db.scalar(
        select(MessageRow).where(
            MessageRow.show_id == show_id,
            MessageRow.id == message_id,
            MessageRow.merchant_id == tx.merchant_id,
            MessageRow.state == SaidState.SHOWN,
        )
    )


async def erase(tx: Tx, viewer_id: UUID) -> int:
    """Forget what someone said: the text and the name go, that something was said stays."""
    rows = await tx.db.scalars(
        select(MessageRow)
        .where(MessageRow.merchant_id == tx.merchant_id, MessageRow.viewer_id == viewer_id)
        .with_for_update()
    )
    count = 0
    for row in rows:
        row.text = row.name = row.note = ""
        count += 1
    for sanction in await tx.db.scalars(
        select(SanctionRow).where(
            SanctionRow.merchant_id == tx.merchant_id, SanctionRow.viewer_id == viewer_id
        )
    ):
        sanction.name = sanction.note = ""
    for appeal in await tx.db.scalars(
        select(AppealRow).where(
            AppealRow.merchant_id == tx.merchant_id, AppealRow.viewer_id == viewer_id
        )
    ):
        appeal.text = ""
    await tx.db.flush()
    return count


async def expire(tx: Tx) -> int:
    """Remove what is older than must be kept, some at a time; return how many went."""
    old = (
        select(MessageRow.show_id, MessageRow.id)
        .where(MessageRow.at < tx.now - KEPT)
        .order_by(MessageRow.at)
        .limit(REMOVED_AT_ONCE)
    )
    gone = await tx.db.execute(
        delete(MessageRow)
        .where(tuple_(MessageRow.show_id, MessageRow.id).in_(old))
        .returning(MessageRow.id)
    )
    return len(gone.all())


def _filters(
    show_id: UUID | None,
    became: SaidState | None,
    kind: MessageKind | None,
    words: str | None,
    *,
    rehearsal: bool,
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [MessageRow.rehearsal.is_(rehearsal)]
    if show_id is not None:
        found.append(MessageRow.show_id == show_id)
    if became is not None:
        found.append(MessageRow.state == became)
    if kind is not None:
        found.append(MessageRow.kind == kind)
    if words:
        found.append(
            or_(
                MessageRow.text.icontains(words, autoescape=True),
                and_(MessageRow.name == words),
            )
        )
    return found


def _replayed(row: MessageRow, at_ms: int) -> ReplayMessage:
    return ReplayMessage(
        id=row.id,
        at_ms=at_ms,
        by=row.by,
        name=row.name,
        role=row.role,
        text=row.text,
        kind=row.kind,
        level=row.level,
        buyer=row.buyer,
        simulated=row.simulated,
    )


def _micros(at: datetime) -> int:
    return round((at - EPOCH) / timedelta(microseconds=1))


def _place(cursor: str) -> tuple[datetime, UUID]:
    at, _, last = cursor.partition(".")
    try:
        return EPOCH + timedelta(microseconds=int(at)), UUID(last)
    except (ValueError, OverflowError):
        raise CursorRefused(cursor=cursor[:80]) from None


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
