"""Take part: one statement decides who is in, once each, and nobody after the close."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text, update

from xinbo.commerce import members, orders
from xinbo.engines.tx import Tx
from xinbo.identity import accounts, follows
from xinbo.kit.ids import new_id
from xinbo.live import signals
from xinbo.live.games._models import EntryRow, RunRow
from xinbo.live.games._rules import draw, receipts
from xinbo.live.games._rules.answers import fits, holds
from xinbo.live.games._rules.kinds import EntryBy, GameKind, RunState
from xinbo.live.games._service import visits
from xinbo.live.games._service.rows import (
    AnswerRefused,
    BuyFirst,
    CommentFirst,
    EntriesClosed,
    FollowFirst,
    InsiderRefused,
    JoinClubFirst,
    by_of,
    options_of,
    play_of,
    run_row,
)
from xinbo.live.games._types import CheckIn, Comment, EnterGame, Entrant, EntryReceipt, Lottery

ENTER = text("""
    insert into game_entry (id, merchant_id, run_id, shopper_id, name, salt, entry, nonce, answer,
                            at, simulated, taken, earned)
    select e.id, r.merchant_id, r.id, e.shopper, e.name, e.salt, e.entry, e.nonce, e.answer,
           cast(:now as timestamptz), e.simulated, 0, 0
    from unnest(cast(:ids as uuid[]), cast(:shoppers as uuid[]), cast(:names as text[]),
                cast(:salts as bytea[]), cast(:entries as text[]), cast(:nonces as text[]),
                cast(:answers as text[]), cast(:simulated as boolean[]))
         e(id, shopper, name, salt, entry, nonce, answer, simulated),
         (select id, merchant_id from game_run
          where id = :run and merchant_id = :merchant and state = 'open' and closes_at > :moment
          for key share) r
    on conflict (run_id, shopper_id) do nothing
    returning shopper_id
""")
"""The shared lock makes the close wait for whoever is entering, and newcomers read the close."""
OFTEN = 60
"""Tries a minute and shopper: any thumb, no script."""


async def enter(tx: Tx, run_id: UUID, shopper_id: UUID, command: EnterGame) -> EntryReceipt:
    """Take part in a play; whoever is in already gets the receipt again.

    One who is in by a comment may add a nonce of their own once. Raises `EntriesClosed`,
    `AnswerRefused`, `InsiderRefused`, and what has to be done first: `CommentFirst`,
    `FollowFirst`, `BuyFirst`, `JoinClubFirst`.
    """
    await tx.limit(f"game:{shopper_id}", OFTEN, timedelta(minutes=1))
    row = await run_row(tx, run_id)
    if (mine := await entry_row(tx, run_id, shopper_id)) is not None:
        if not mine.nonce and command.nonce and await _add_nonce(tx, row, mine, command.nonce):
            mine = await entry_row(tx, run_id, shopper_id) or mine
        return receipt_of(row, mine)
    if row.state is not RunState.OPEN or row.closes_at <= tx.now or row.kind is GameKind.RAIN:
        raise EntriesClosed(run_id=run_id)
    play = play_of(row)
    if not fits(row.kind, command.answer, options_of(play)):
        raise AnswerRefused(answer=command.answer)
    if not row.rehearsal:
        await outsider(tx, shopper_id)
    await _may(tx, row, shopper_id)
    if isinstance(play, CheckIn) and not row.rehearsal:
        await members_only(tx, shopper_id, play.points)
    await _insert(tx, row, [Entrant(id=shopper_id, name="", simulated=False)], command)
    mine = await entry_row(tx, run_id, shopper_id)
    if mine is None:
        raise EntriesClosed(run_id=run_id)
    if isinstance(play, CheckIn) and not row.rehearsal:
        mine.earned = await visits.check_in(tx, shopper_id, play, row.id)
        await tx.db.flush()
    return receipt_of(row, mine)


async def enter_rehearsed(tx: Tx, row: RunRow, entrants: Sequence[Entrant]) -> int:
    """Write down a rehearsal's audience, those of them whose answer can be meant."""
    asked = options_of(play_of(row))
    known = [each for each in entrants if fits(row.kind, each.answer, asked)]
    return len(await _insert(tx, row, known, EnterGame()))


async def commented(tx: Tx, show_id: UUID, comments: Sequence[Comment]) -> int:
    """Let those in whose comments hold what an open lottery asks for; return how many are new.

    Chat's archive calls it with what signed-in shoppers said and was not refused. A comment
    counts by when it was said: the list stays open for those on their way (`GRACE`).
    """
    rows = await tx.db.scalars(
        select(RunRow)
        .where(
            RunRow.merchant_id == tx.merchant_id,
            RunRow.show_id == show_id,
            RunRow.state == RunState.OPEN,
            RunRow.kind == GameKind.LOTTERY,
        )
        .order_by(RunRow.id)
        .execution_options(populate_existing=True)
    )
    fresh = 0
    for row in rows.all():
        play = play_of(row)
        if not isinstance(play, Lottery) or play.by is not EntryBy.COMMENT:
            continue
        said = {
            each.shopper_id: each.name
            for each in comments
            if row.started_at <= each.at < row.closes_at and holds(each.text, play.keyword)
        }
        inside = await accounts.insiders(tx, said)
        people = [Entrant(id=each, name="", simulated=False) for each in said if each not in inside]
        # Said in time, whatever the time is now.
        entered = await _insert(tx, row, people, EnterGame(), row.started_at)
        for each in entered:
            await signals.tell(tx, show_id, "game", to=each, id=str(row.id))
        fresh += len(entered)
    return fresh


async def entry_row(tx: Tx, run_id: UUID, shopper_id: UUID) -> EntryRow | None:
    """Fetch a shopper's entry in a play."""
    return await tx.db.scalar(
        select(EntryRow)
        .where(
            EntryRow.run_id == run_id,
            EntryRow.shopper_id == shopper_id,
            EntryRow.merchant_id == tx.merchant_id,
        )
        .execution_options(populate_existing=True)
    )


async def outsider(tx: Tx, shopper_id: UUID) -> None:
    """Refuse with `InsiderRefused` who works for the merchant."""
    if tx.actor.is_staff or await accounts.insiders(tx, [shopper_id]):
        raise InsiderRefused


async def members_only(tx: Tx, shopper_id: UUID, points: int) -> None:
    """Refuse with `JoinClubFirst` who has no account of points."""
    if (await members.levels(tx, [shopper_id]))[shopper_id] == 0:
        raise JoinClubFirst(points=points)


def receipt_of(row: RunRow, mine: EntryRow) -> EntryReceipt:
    """Sign that an entry is in the list."""
    return EntryReceipt(
        run_id=row.id,
        entry=mine.entry,
        nonce=mine.nonce,
        answer=mine.answer,
        at=mine.at,
        signature=receipts.sign(row.receipt_key, str(row.id), mine.entry, mine.nonce, mine.answer),
        salt=mine.salt.hex(),
    )


async def _may(tx: Tx, row: RunRow, shopper_id: UUID) -> None:
    """Refuse with what has to be done first."""
    play = play_of(row)
    match by_of(play):
        case EntryBy.COMMENT:
            raise CommentFirst(keyword=play.keyword if isinstance(play, Lottery) else "")
        case EntryBy.FOLLOW:
            if not await follows.follows(tx, shopper_id):
                raise FollowFirst
        case EntryBy.PURCHASE:
            if not await orders.paid_in(tx, shopper_id, row.show_id):
                raise BuyFirst(show_id=row.show_id)
        case EntryBy.FREE:
            pass


async def _insert(
    tx: Tx,
    row: RunRow,
    entrants: Sequence[Entrant],
    command: EnterGame,
    moment: datetime | None = None,
) -> list[UUID]:
    """Write entries where the play is open and the person is not in yet; return who is new."""
    if not entrants:
        return []
    salts = [secrets.token_bytes(16) for _ in entrants]
    fresh = await tx.db.execute(
        ENTER,
        {
            "run": row.id,
            "merchant": tx.merchant_id,
            "now": tx.now,
            "moment": moment or tx.now,
            "ids": [new_id() for _ in entrants],
            "shoppers": [each.id for each in entrants],
            "names": [each.name for each in entrants],
            "salts": salts,
            "entries": [
                draw.entry_of(salt, str(row.id), str(each.id))
                for salt, each in zip(salts, entrants, strict=True)
            ],
            "nonces": [command.nonce] * len(entrants),
            "answers": [each.answer or command.answer for each in entrants],
            "simulated": [each.simulated for each in entrants],
        },
    )
    return list(fresh.scalars())


async def _add_nonce(tx: Tx, row: RunRow, mine: EntryRow, nonce: str) -> bool:
    """Add one's own chance to an entry that has none, while the list is open."""
    still_open = (
        select(RunRow.id)
        .where(RunRow.id == row.id, RunRow.state == RunState.OPEN, RunRow.closes_at > tx.now)
        .with_for_update(read=True, key_share=True)
    )
    if await tx.db.scalar(still_open) is None:
        return False
    await tx.db.execute(
        update(EntryRow)
        .where(EntryRow.id == mine.id, EntryRow.nonce == "")
        .values(nonce=nonce)
        .execution_options(synchronize_session=False)
    )
    return True
