"""Tables of the games room."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xinbo.engines.db import Model
from xinbo.live.games._rules.kinds import GameKind, PrizeKind, PrizeState, RunState


class GameRow(Model):
    """A game of a show, as it is planned."""

    __tablename__ = "game"
    __table_args__ = (Index("game_of_show", "merchant_id", "show_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    show_id: Mapped[UUID] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"))
    title: Mapped[str]
    kind: Mapped[GameKind]
    seconds: Mapped[int]
    play: Mapped[dict[str, object]] = mapped_column(JSONB)
    version: Mapped[int]
    plays: Mapped[int]
    touched_by: Mapped[UUID | None]
    touched_what: Mapped[str]
    touched_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class RunRow(Model):
    """One play of a game."""

    __tablename__ = "game_run"
    __table_args__ = (
        UniqueConstraint("game_id", "key", name="game_run_once"),
        Index(
            "game_run_one_at_a_time",
            "game_id",
            unique=True,
            postgresql_where=text("state <> 'revealed'"),
        ),
        Index("game_run_of_show", "merchant_id", "show_id", "id"),
        Index("game_run_due", "closes_at", postgresql_where=text("state <> 'revealed'")),
        CheckConstraint("(state = 'open') = (closed_at is null)", name="game_run_closed_then"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchant.id"))
    show_id: Mapped[UUID] = mapped_column(ForeignKey("show.id", ondelete="CASCADE"))
    game_id: Mapped[UUID] = mapped_column(ForeignKey("game.id"))
    key: Mapped[str]
    """Of the request that started it."""
    kind: Mapped[GameKind]
    title: Mapped[str]
    play: Mapped[int]
    rehearsal: Mapped[bool]
    state: Mapped[RunState]
    rule: Mapped[dict[str, object]] = mapped_column(JSONB)
    """The game's terms, as they stood when it began; the right answers among them."""
    terms: Mapped[str]
    """What was published and hashed, to the letter."""
    terms_hash: Mapped[str]
    commitment: Mapped[str]
    seed: Mapped[bytes] = mapped_column(LargeBinary)
    receipt_key: Mapped[bytes] = mapped_column(LargeBinary)
    """Ed25519, private."""
    answer: Mapped[str]
    started_by: Mapped[UUID | None]
    started_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    reveal_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]
    entries: Mapped[int]
    """How many were in when it was last counted."""
    taken: Mapped[int]
    """Packets opened, when they were last counted."""
    tally: Mapped[list[int]] = mapped_column(JSONB)
    list_hash: Mapped[str | None]
    winners: Mapped[list[object]] = mapped_column(JSONB)


class EntryRow(Model):
    """Somebody who is in."""

    __tablename__ = "game_entry"
    __table_args__ = (
        UniqueConstraint("run_id", "shopper_id", name="game_entry_once"),
        UniqueConstraint("run_id", "entry", name="game_entry_named_once"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    run_id: Mapped[UUID] = mapped_column(ForeignKey("game_run.id", ondelete="CASCADE"))
    shopper_id: Mapped[UUID]
    name: Mapped[str]
    """Of a simulated entrant; a shopper's is asked for when it is shown."""
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    entry: Mapped[str]
    nonce: Mapped[str]
    answer: Mapped[str]
    at: Mapped[datetime]
    simulated: Mapped[bool]
    taken: Mapped[int]
    """Packets that one has caught."""
    earned: Mapped[int]


class PacketRow(Model):
    """One packet of a rain."""

    __tablename__ = "game_packet"
    __table_args__ = (
        Index("game_packet_free", "run_id", "number", postgresql_where=text("entry_id is null")),
        Index("game_packet_of_entry", "entry_id", postgresql_where=text("entry_id is not null")),
        UniqueConstraint("entry_id", "key", name="game_packet_once"),
        CheckConstraint("points >= 0", name="game_packet_not_negative"),
    )

    run_id: Mapped[UUID] = mapped_column(
        ForeignKey("game_run.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    points: Mapped[int]
    entry_id: Mapped[UUID | None]
    key: Mapped[str | None]
    """Of the tap that caught it."""
    taken_at: Mapped[datetime | None]


class PrizeRow(Model):
    """A prize that somebody won."""

    __tablename__ = "game_prize"
    __table_args__ = (
        UniqueConstraint("run_id", "place", name="game_prize_once"),
        Index("game_prize_of_shopper", "merchant_id", "shopper_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[UUID]
    run_id: Mapped[UUID] = mapped_column(ForeignKey("game_run.id", ondelete="CASCADE"))
    show_id: Mapped[UUID]
    place: Mapped[int]
    shopper_id: Mapped[UUID]
    title: Mapped[str]
    kind: Mapped[PrizeKind]
    name: Mapped[str]
    value: Mapped[int]
    points: Mapped[int]
    template_id: Mapped[UUID | None]
    state: Mapped[PrizeState]
    won_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    recipient: Mapped[str]
    tracking: Mapped[str]


class VisitRow(Model):
    """How many days in a row a shopper checked in to shows."""

    __tablename__ = "check_in"

    merchant_id: Mapped[UUID] = mapped_column(primary_key=True)
    shopper_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[datetime]
    streak: Mapped[int]
