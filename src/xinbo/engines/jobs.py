"""Durable jobs through DBOS: whatever must happen later, or must survive a crash."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from xinbo.engines.tx import Database, job_name, system

if TYPE_CHECKING:
    from dbos import DBOSClient, DBOSConfig, EnqueueOptions

QUEUE = "xinbo"
VERSION = "1"
"""DBOS recovers only workflows of its own version: ours are one retried step, so one fits all."""

type Job = Callable[..., Coroutine[Any, Any, None]]
"""A service function: a `Tx` first, then arguments that can be stored as JSON."""


class Jobs:
    """The queue, as those who only put jobs into it see it.

    DBOS takes a while to load, so a process may start without it: `warm` loads it in the
    background, and the first job that comes before waits.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._loading = Lock()

    @cached_property
    def _client(self) -> "DBOSClient":
        from dbos import DBOSClient  # noqa: PLC0415

        logging.getLogger("dbos").setLevel(logging.WARNING)
        return DBOSClient(system_database_url=_sync(self._url))

    def warm(self) -> None:
        """Load the client now. Blocks; call it in a thread."""
        with self._loading:
            _ = self._client

    def enqueue(
        self, session: Session, name: str, key: str, delay: timedelta, args: tuple[object, ...]
    ) -> None:
        """Add a job to the queue, as part of the session's transaction."""
        self.warm()
        options: EnqueueOptions = {
            "queue_name": QUEUE,
            "workflow_name": name,
            "workflow_id": key,
            "app_version": VERSION,
        }
        if delay:
            options["delay_seconds"] = delay.total_seconds()
        self._client.enqueue_in_transaction(session, options, *args)

    def close(self) -> None:
        """Hang up."""
        if "_client" in self.__dict__:
            self._client.destroy()


class RecordedJobs:
    """A queue nobody works off: for tests, and for processes that start nothing."""

    def __init__(self) -> None:
        self.started: list[str] = []

    def enqueue(
        self, _session: Session, _name: str, key: str, _delay: timedelta, _args: tuple[object, ...]
    ) -> None:
        """Remember the job's key."""
        self.started.append(key)


@asynccontextmanager
async def serve(database: Database, url: str, jobs: Sequence[Job]) -> AsyncGenerator[None]:
    """Take jobs off the queue and run each in a transaction of its own, as the system.

    DBOS runs workflows on a loop of its own; the work itself is sent back to this loop, where
    the database pool lives.
    """
    from dbos import DBOS  # noqa: PLC0415 - the worker alone runs jobs

    here = asyncio.get_running_loop()
    config: DBOSConfig = {
        "name": "xinbo",
        "system_database_url": _sync(url),
        "application_version": VERSION,
        "executor_id": "worker",
        "log_level": "WARNING",
        "sys_db_pool_size": 4,
    }
    DBOS(config=config)
    for job in jobs:
        _register(database, job, here)
    await asyncio.to_thread(DBOS.launch)
    await DBOS.register_queue_async(QUEUE, polling_interval_sec=0.2)
    try:
        yield
    finally:
        await asyncio.to_thread(DBOS.destroy)


def _register(database: Database, job: Job, home: asyncio.AbstractEventLoop) -> None:
    """Wrap the job as a workflow of one retried step."""
    from dbos import DBOS  # noqa: PLC0415 - the worker alone runs jobs

    name = job_name(job)

    async def work(merchant_id: str, *args: object) -> None:
        async with database.begin(system(UUID(merchant_id))) as tx:
            await job(tx, *args)

    @DBOS.step(name=name, retries_allowed=True, max_attempts=8, interval_seconds=0.5)
    async def attempt(merchant_id: str, *args: object) -> None:
        there = asyncio.run_coroutine_threadsafe(work(merchant_id, *args), home)
        await asyncio.wrap_future(there)

    @DBOS.workflow(name=name)
    async def run(merchant_id: str, *args: object) -> None:
        await attempt(merchant_id, *args)

    del run


def _sync(url: str) -> str:
    """Name the synchronous driver that DBOS uses."""
    return url.replace("postgresql+asyncpg://", "postgresql+psycopg://", 1)
