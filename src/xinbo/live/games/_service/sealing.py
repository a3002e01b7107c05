"""Begin a play: seal its seed and its terms before anybody can enter."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import select

from xinbo.commerce import promotions
from xinbo.engines.batch import insert_many
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.ids import new_id
from xinbo.live import shows
from xinbo.live.games._models import GameRow, PacketRow, RunRow
from xinbo.live.games._rules import draw, packets, receipts
from xinbo.live.games._rules.kinds import GameKind, RunState
from xinbo.live.games._rules.terms import Stated, sentences
from xinbo.live.games._service import prizes
from xinbo.live.games._service.rows import (
    GameRunning,
    RoomNotOpen,
    answer_of,
    by_of,
    game_row,
    options_of,
    play_of,
    prizes_of,
    reward_of,
    touch,
    unmoved,
)
from xinbo.live.games._service.showing import asked, card_of
from xinbo.live.games._service.telling import changed
from xinbo.live.games._types import (
    GameCard,
    GameStarted,
    Lottery,
    Play,
    Rain,
)
from xinbo.live.shows import ShowStatus


async def start(tx: Tx, game_id: UUID, seen: int | None = None, key: str = "") -> GameCard:
    """Begin a play: seal the seed, publish what binds it, let people in.

    The same key again returns the same play. Raises `GameMoved`, `GameRunning`, `RoomNotOpen`,
    `CouponsGone`, `CouponNotOnOffer`.
    """
    require(tx, Can.RUN_SHOWS)
    game = await game_row(tx, game_id)
    key = key or str(new_id())
    earlier = await tx.db.scalar(
        select(RunRow).where(
            RunRow.game_id == game_id, RunRow.merchant_id == tx.merchant_id, RunRow.key == key
        )
    )
    if earlier is not None:
        return card_of(earlier)
    await unmoved(tx, game, seen)
    show = await shows.console_get(tx, game.show_id)
    if show.status not in {ShowStatus.LIVE, ShowStatus.REHEARSAL}:
        raise RoomNotOpen(status=show.status)
    rehearsal = show.status is ShowStatus.REHEARSAL
    await _one_at_a_time(tx, game_id)
    game.plays += 0 if rehearsal else 1
    touch(tx, game, "started")
    row = _sealed(tx, game, key, rehearsal=rehearsal)
    tx.db.add(row)
    await tx.db.flush()
    await _fill(tx, row)
    await tx.emit(
        GameStarted(
            show_id=row.show_id,
            run_id=row.id,
            game_id=row.game_id,
            kind=row.kind,
            title=row.title,
            play=row.play,
            rehearsal=row.rehearsal,
            commitment=row.commitment,
            terms_hash=row.terms_hash,
        )
    )
    await changed(tx, row)
    return card_of(row)


async def _one_at_a_time(tx: Tx, game_id: UUID) -> None:
    """Refuse a second play while one is open: the game's row is locked, so nobody races."""
    found = await tx.db.scalar(
        select(RunRow.id).where(
            RunRow.game_id == game_id,
            RunRow.merchant_id == tx.merchant_id,
            RunRow.state != RunState.REVEALED,
        )
    )
    if found is not None:
        raise GameRunning(run_id=found)


def _sealed(tx: Tx, game: GameRow, key: str, *, rehearsal: bool) -> RunRow:
    """Make a play: draw its seed, write its terms, and bind both before anybody can enter."""
    run_id, seed, receipt_key = new_id(), secrets.token_bytes(32), receipts.new_key()
    play = play_of(game)
    number = game.plays if not rehearsal else 0
    closes_at = tx.now + timedelta(seconds=game.seconds)
    terms = terms_of(game, play, run_id, number, closes_at, receipts.public(receipt_key))
    terms_hash = draw.digest(terms)
    answer = answer_of(play)
    return RunRow(
        id=run_id,
        merchant_id=tx.merchant_id,
        show_id=game.show_id,
        game_id=game.id,
        key=key,
        kind=game.kind,
        title=game.title,
        play=number,
        rehearsal=rehearsal,
        state=RunState.OPEN,
        rule=game.play,
        terms=terms,
        terms_hash=terms_hash,
        commitment=draw.commitment(str(run_id), terms_hash, seed.hex(), answer),
        seed=seed,
        receipt_key=receipt_key,
        answer=answer,
        started_by=tx.actor.user_id,
        started_at=tx.now,
        closes_at=closes_at,
        entries=0,
        taken=0,
        tally=[0] * options_of(play)[0] if game.kind is GameKind.POLL else [],
        winners=[],
    )


def terms_of(  # noqa: PLR0913, PLR0917 # each of them is part of what is hashed
    game: GameRow, play: Play, run_id: UUID, number: int, closes_at: datetime, receipt_key: str
) -> str:
    """Write what is published and hashed: all that a result depends on, and it in words."""
    points, more_each = reward_of(play)
    rain = play if isinstance(play, Rain) else None
    prized = prizes_of(play)
    stated = Stated(
        kind=game.kind,
        by=by_of(play),
        keyword=play.keyword if isinstance(play, Lottery) else "",
        closes_at=closes_at,
        prizes=[(prize.name, prize.value, prize.count) for prize in prized],
        packets=rain.packets if rain else 0,
        per_person=rain.per_person if rain else 0,
        points=points,
        more_each=more_each,
    )
    terms = {
        "version": draw.VERSION,
        "runId": run_id,
        "gameId": game.id,
        "showId": game.show_id,
        "play": number,
        "kind": game.kind,
        "title": game.title,
        "by": stated.by,
        "keyword": stated.keyword,
        "closesAt": closes_at,
        "prizes": [
            {"kind": prize.kind, "name": prize.name, "value": prize.value, "count": prize.count}
            for prize in prized
        ],
        "questions": msgspec.to_builtins(asked(play)),
        "packets": stated.packets,
        "perPerson": stated.per_person,
        "points": points,
        "receiptKey": receipt_key,
        "rules": sentences(stated),
    }
    return msgspec.json.encode(terms, order="sorted").decode()


async def _fill(tx: Tx, row: RunRow) -> None:
    """Set aside what a play promises: packets, and coupons; a rehearsal promises nothing."""
    play = play_of(row)
    if isinstance(play, Rain):
        points = (
            packets.split(play.points, play.packets, row.seed, str(row.id))
            if play.points
            else [0] * play.packets
        )
        await insert_many(
            tx,
            PacketRow,
            [
                {
                    "run_id": row.id,
                    "number": number,
                    "merchant_id": tx.merchant_id,
                    "points": each,
                }
                for number, each in enumerate(points, 1)
            ],
        )
    if not row.rehearsal:
        for template_id, count in prizes.coupons_of(play).items():
            await promotions.set_aside(tx, template_id, count, row.show_id)
