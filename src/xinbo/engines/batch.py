"""Group commit: requests that arrive while a batch is being committed form the next batch.

A row that everyone wants is locked once a batch instead of once a request, and the wait for
the disk is shared. Under no load a batch is one request and waits for nothing.
"""

import asyncio
import functools
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Column, Row, Table, TextClause, text
from sqlalchemy.dialects.postgresql import JSONB, dialect
from sqlalchemy.exc import DBAPIError

from xinbo.engines.db import EventRow, Model
from xinbo.engines.tx import Role, Tx
from xinbo.kit.errors import Unavailable, XinboError
from xinbo.kit.ids import new_id
from xinbo.kit.wire import Event

LARGEST = 500
TRIES = 5

UNIQUE_VIOLATION = "23505"
AGAIN = frozenset({UNIQUE_VIOLATION, "40P01", "40001"})
"""SQLSTATEs that another try cures: a duplicate came through another process; deadlock."""


class Overloaded(Unavailable):
    """Raised when more requests wait than could be answered in good time."""


class Batcher[Question, Answer]:
    """Collects questions and answers them many at a time, in the order of arrival.

    `work` gets 1 to `LARGEST` questions and returns one answer or refusal for each, in the same
    order. It commits by itself, so an answer is only handed out after the commit. If it raises,
    the batch is halved until the question that spoils it stands alone.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Question]], Awaitable[Sequence[Answer | XinboError]]],
        *,
        most_waiting: int = 20_000,
    ) -> None:
        self._work = work
        self._most_waiting = most_waiting
        self._waiting: list[tuple[Question, asyncio.Future[Answer]]] = []
        self._task: asyncio.Task[None] | None = None
        self.sizes: deque[int] = deque(maxlen=1000)
        """How large the last thousand batches were."""

    async def ask(self, question: Question) -> Answer:
        """Put the question into the next batch and wait for its answer, or raise its refusal."""
        if len(self._waiting) >= self._most_waiting:
            raise Overloaded(retry_after=1)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
            self.sizes.append(len(batch))
            await self._answer([each for each in batch if not each[1].done()])

    async def _answer(self, batch: list[tuple[Question, asyncio.Future[Answer]]]) -> None:
        if not batch:
            return
        try:
            answers = await self._work([question for question, _ in batch])
            pairs = list(zip(batch, answers, strict=True))
        except Exception as fault:  # noqa: BLE001 # handed to those who asked
            if len(batch) == 1 or not isinstance(fault, DBAPIError) or cut_off(fault):
                for _, waiter in batch:
                    if not waiter.done():
                        waiter.set_exception(fault)
                return
            middle = len(batch) // 2
            await self._answer(batch[:middle])
            await self._answer(batch[middle:])
            return
        for (_, waiter), answer in pairs:
            if waiter.done():
                continue
            if isinstance(answer, XinboError):
                waiter.set_exception(answer)
            else:
                waiter.set_result(answer)


def sqlstate(fault: DBAPIError) -> str:
    """Return PostgreSQL's five-letter name of the fault, empty where it has none."""
    return str(getattr(fault.orig, "sqlstate", None) or "")


async def again[Result](work: Callable[[], Awaitable[Result]]) -> Result:
    """Do the work; do it over where a duplicate or a deadlock came between, up to five times.

    `work` begins a transaction or a savepoint of its own each time.
    """
    for _ in range(TRIES - 1):
        try:
            return await work()
        except DBAPIError as fault:
            if sqlstate(fault) not in AGAIN:
                raise
    return await work()


async def insert_many(
    tx: Tx, model: type[Model], rows: Sequence[Mapping[str, Any]], *returning: str
) -> Sequence[Row[Any]]:
    """Insert rows of equal keys in one statement that stays prepared whatever their number.

    Values of JSONB columns may be anything that msgspec can encode.
    """
    if not rows:
        return []
    names = tuple(rows[0])
    statement, documents = _insertion(model, names, returning)
    columns: dict[str, list[Any]] = {
        name: [_json(row[name]) for row in rows]
        if name in documents
        else [row[name] for row in rows]
        for name in names
    }
    result = await tx.db.execute(statement, columns)
    return result.all() if returning else []


async def emit_many(tx: Tx, events: Sequence[tuple[UUID | None, Event]]) -> None:
    """Record many facts at once, each by its own shopper, or by the system where that is None."""
    await insert_many(
        tx,
        EventRow,
        [
            {
                "id": new_id(),
                "type": event.name,
                "merchant_id": tx.merchant_id,
                "actor_id": actor_id,
                "role": Role.SYSTEM if actor_id is None else Role.SHOPPER,
                "about_id": event.about_id,
                "at": tx.now,
                "payload": event,
            }
            for actor_id, event in events
        ],
    )


@functools.cache
def _insertion(
    model: type[Model], names: tuple[str, ...], returning: tuple[str, ...]
) -> tuple[TextClause, frozenset[str]]:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 # SQLAlchemy types it as any FROM clause
    columns: list[Column[Any]] = [table.columns[name] for name in names]
    documents = frozenset(column.name for column in columns if isinstance(column.type, JSONB))
    arrays = ", ".join(f"cast(:{column.name} as {_sql_type(column)}[])" for column in columns)
    values = ", ".join(
        f'cast(r."{column.name}" as jsonb)' if column.name in documents else f'r."{column.name}"'
        for column in columns
    )
    listed = ", ".join(f'"{name}"' for name in names)
    back = f" returning {', '.join(returning)}" if returning else ""
    target = f'insert into "{table.name}" ({listed})'
    sql = f"{target} select {values} from unnest({arrays}) r({listed}){back}"  # noqa: S608 # our own names
    return text(sql), documents


def _sql_type(column: Column[Any]) -> str:
    return "text" if isinstance(column.type, JSONB) else column.type.compile(dialect())


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def cut_off(fault: DBAPIError) -> bool:
    """Say whether the connection itself was lost, which halving the batch cannot help."""
    return bool(fault.connection_invalidated) or sqlstate(fault).startswith(("08", "57P"))
