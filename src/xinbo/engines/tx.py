"""The unit of work: one transaction, who acts in it, and what it may set going.

Every service function takes a `Tx` first. It carries the database session, the actor, the
merchant the actor works in and the time, so nothing below the edge reads a clock or a request.
"""

from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session

from xinbo.engines.blobs import Blobs
from xinbo.engines.db import AttemptRow, EventRow
from xinbo.kit.errors import TooMany, Unavailable
from xinbo.kit.ids import new_id
from xinbo.kit.wire import Event


class Role(StrEnum):
    """In what capacity someone acts."""

    GUEST = "guest"
    SHOPPER = "shopper"
    OWNER = "owner"
    OPERATOR = "operator"
    HOST = "host"
    SERVICE = "service"
    ANALYST = "analyst"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"


STAFF = frozenset(
    {Role.OWNER, Role.OPERATOR, Role.HOST, Role.SERVICE, Role.ANALYST, Role.SUPERVISOR}
)


class Actor(msgspec.Struct, frozen=True):
    """Who acts, for which merchant, in what capacity. A room decides what each role may see."""

    merchant_id: UUID
    role: Role
    user_id: UUID | None = None
    """The shopper's or the staff member's id; None for guests and the system."""
    viewer_id: UUID | None = None
    """Whom a live room counts: the user, or the browser of a guest."""
    address: str = ""
    """The caller's network address, for rate limits."""
    session: str = ""
    """Hash of the session's token; empty where nobody is signed in."""
    device: str = ""
    """The browser's own cookie, for limits; empty where it sent none."""

    @property
    def is_staff(self) -> bool:
        """Whether the actor works for the merchant, or is the system itself."""
        return self.role in STAFF or self.role is Role.SYSTEM


class TooManyAttempts(TooMany):
    """Raised when something was tried too often. `retry_after` is in seconds."""


class NoBlobs(Unavailable):
    """Raised when this process has nowhere to keep files."""


class JobQueue(Protocol):
    """Where jobs are put: DBOS, or a list in tests."""

    def enqueue(
        self, session: Session, name: str, key: str, delay: timedelta, args: tuple[object, ...], /
    ) -> None:
        """Add a job to the queue, as part of the session's transaction."""
        ...


class Unit:
    """A session made when it is first used: a request that needs none costs none."""

    def __init__(self, make: Callable[[], AsyncSession]) -> None:
        self._make = make
        self._made: AsyncSession | None = None

    @property
    def session(self) -> AsyncSession:
        """The session, in its transaction."""
        if self._made is None:
            self._made = self._make()
        return self._made

    async def commit(self) -> None:
        """Make what was done last."""
        if self._made is not None:
            await self._made.commit()

    async def close(self) -> None:
        """Undo what was not committed, and give the connection back."""
        if self._made is not None:
            await self._made.close()


class Tx:
    """One open transaction. It commits at the edge that began it, nowhere else."""

    def __init__(
        self, unit: "Unit", actor: Actor, now: datetime, jobs: JobQueue, database: "Database"
    ) -> None:
        self.actor = actor
        self.now = now
        self.database = database
        self._unit = unit
        self._jobs = jobs

    @property
    def db(self) -> AsyncSession:
        """The database session, opened when it is first asked for."""
        return self._unit.session

    @property
    def merchant_id(self) -> UUID:
        """The tenant every query is scoped by."""
        return self.actor.merchant_id

    def acting(self, actor: Actor) -> "Tx":
        """Go on in the same transaction as someone else: a hook, as its merchant's system."""
        return Tx(self._unit, actor, self.now, self._jobs, self.database)

    async def emit(self, *events: Event) -> None:
        """Record facts, to be delivered if and only if this transaction commits."""
        rows = [
            {
                "id": new_id(),
                "type": event.name,
                "merchant_id": self.merchant_id,
                "actor_id": self.actor.user_id,
                "role": self.actor.role,
                "about_id": event.about_id,
                "at": self.now,
                "payload": msgspec.to_builtins(event),
            }
            for event in events
        ]
        if rows:
            await self.db.execute(insert(EventRow), rows)

    @asynccontextmanager
    async def aside(self) -> AsyncGenerator["Tx"]:
        """Open a short transaction of its own, which commits whatever becomes of this one.

        For progress that must be seen while this one runs. It must not touch a row that this
        transaction has changed: it would wait for ever.
        """
        async with self.database.begin(self.actor, self.now) as tx:
            yield tx

    async def start[*Args](
        self,
        job: Callable[["Tx", *Args], Coroutine[Any, Any, None]],
        *args: *Args,
        key: str,
        delay: timedelta = timedelta(),
    ) -> None:
        """Start a job once per key, if and only if this transaction commits."""
        wire = tuple(msgspec.to_builtins(arg) for arg in args)
        await self.db.run_sync(
            self._jobs.enqueue, job_name(job), key, delay, (str(self.merchant_id), *wire)
        )

    async def limit(self, key: str, most: int, per: timedelta) -> None:
        """Count one attempt, and refuse with `TooManyAttempts` past `most` in a window.

        Counted in a transaction of its own: a refusal must not undo the count.
        """
        start = self.now.timestamp() // per.total_seconds() * per.total_seconds()
        window = datetime.fromtimestamp(start, UTC)
        async with self.database.engine.begin() as connection:
            count = await connection.scalar(
                upsert(AttemptRow)
                .values(key=key, window=window, count=1)
                .on_conflict_do_update(
                    index_elements=[AttemptRow.key, AttemptRow.window],
                    set_={"count": AttemptRow.count + 1},
                )
                .returning(AttemptRow.count)
            )
        if (count or 0) > most:
            wait = (window + per - self.now).total_seconds()
            raise TooManyAttempts(retry_after=max(1, round(wait)))

    async def forgive(self, key: str) -> None:
        """Forget the attempts counted under `key`: it went well in the end."""
        await self.db.execute(delete(AttemptRow).where(AttemptRow.key == key))


class Database:
    """The connection pool, and the way to begin a transaction."""

    def __init__(
        self, url: str, jobs: JobQueue, *, pool: int = 8, blobs: Blobs | None = None
    ) -> None:
        self.engine = create_async_engine(
            url,
            pool_pre_ping=True,
            pool_size=pool,
            max_overflow=4,
            pool_timeout=20,
            connect_args={"server_settings": {"lock_timeout": "10s"}},
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self._jobs = jobs
        self._blobs = blobs

    @property
    def blobs(self) -> Blobs:
        """Where files are kept. Raises `NoBlobs` in a process that was given no folder."""
        if self._blobs is None:
            raise NoBlobs
        return self._blobs

    @asynccontextmanager
    async def begin(self, actor: Actor, now: datetime | None = None) -> AsyncGenerator[Tx]:
        """Commit on leaving, roll back on an error. No connection is taken before first use."""
        unit = Unit(self._sessions)
        try:
            yield Tx(unit, actor, now or datetime.now(UTC), self._jobs, self)
            await unit.commit()
        finally:
            await unit.close()


def system(merchant_id: UUID) -> Actor:
    """Make the actor of jobs and reactions."""
    return Actor(merchant_id, Role.SYSTEM)


def job_name(job: Callable[..., object]) -> str:
    """Name a job by where it is defined."""
    return f"{job.__module__}.{job.__qualname__}"
