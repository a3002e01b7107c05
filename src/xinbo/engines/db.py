"""Base of every table, the event log, and the one Alembic line that makes them."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Enum, Identity, Index, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from xinbo.kit.ids import new_id

MIGRATIONS = Path(__file__).parents[3] / "migrations"


def _values(words: type[StrEnum]) -> list[str]:
    return [word.value for word in words]


class Model(DeclarativeBase):
    """Base of every table. Enumerations are stored as their words, so a new one needs no DDL."""

    type_annotation_map = {
        str: Text,
        int: BigInteger,
        UUID: Uuid,
        datetime: DateTime(timezone=True),
        StrEnum: Enum(StrEnum, native_enum=False, length=40, values_callable=_values),
        dict[str, object]: JSONB,
        list[str]: JSONB,
    }


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id: never wraps, grows with each writing transaction."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Name the type in DDL."""
        return "xid8"


class EventRow(Model):
    """The event log: audit trail, outbox and analytics feed in one append-only table."""

    __tablename__ = "event_log"
    __table_args__ = (
        Index("event_log_relay", "xid", "seq"),
        Index("event_log_about", "about_id", "seq", postgresql_where=text("about_id is not null")),
    )

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True, default=new_id)
    xid: Mapped[int] = mapped_column(Xid8, server_default=func.pg_current_xact_id())
    type: Mapped[str]
    merchant_id: Mapped[UUID]
    actor_id: Mapped[UUID | None]
    role: Mapped[str | None]
    """In what capacity the actor acted."""
    about_id: Mapped[UUID | None]
    """What the fact is about, where its kind says so: the way to a thing's history."""
    at: Mapped[datetime]
    payload: Mapped[dict[str, object]] = mapped_column(JSONB)


class ReactionRow(Model):
    """An event that a reaction has dealt with: what makes a replay harmless."""

    __tablename__ = "reaction_done"

    reaction: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class RelayCursorRow(Model):
    """How far the relay has come, in commit order."""

    __tablename__ = "relay_cursor"

    name: Mapped[str] = mapped_column(primary_key=True)
    xid: Mapped[int]
    seq: Mapped[int]


class AttemptRow(Model):
    """How often something was tried in a window, for rate limits."""

    __tablename__ = "attempt"

    key: Mapped[str] = mapped_column(primary_key=True)
    window: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


async def migrate(url: str) -> None:
    """Bring the database at `url` (SQLAlchemy, asyncpg) to the newest migration.

    Processes that start at once take turns: an advisory lock is held while it runs.
    """
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(117)"))
            await connection.run_sync(upgrade)
    finally:
        await engine.dispose()


def upgrade(connection: Connection) -> None:
    """Run the migrations on this connection, in its transaction."""
    # Only who migrates pays for it: the processes of a running shop start without Alembic.
    import alembic.command  # noqa: PLC0415
    import alembic.config  # noqa: PLC0415

    config = alembic.config.Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    alembic.command.upgrade(config, "head")
