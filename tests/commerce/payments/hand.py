"""Jobs that a test works off by hand."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, override
from uuid import UUID

from sqlalchemy.orm import Session

from xinbo.commerce import payments
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Database, job_name, system

JOBS: dict[str, Callable[..., Awaitable[None]]] = {job_name(job): job for job in payments.JOBS}


class HandJobs(RecordedJobs):
    """A queue that is worked off when the test says so, once a key."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[tuple[str, timedelta, tuple[Any, ...]]] = []

    @override
    def enqueue(
        self, session: Session, name: str, key: str, delay: timedelta, args: tuple[object, ...]
    ) -> None:
        if key not in self.started:
            self.waiting.append((name, delay, args))
        super().enqueue(session, name, key, delay, args)

    async def work_off(self, database: Database) -> list[timedelta]:
        """Do what waits now, each at its time; return the delays."""
        todo, self.waiting = self.waiting, []
        for name, delay, (merchant_id, *args) in todo:
            now = datetime.now(UTC) + delay
            async with database.begin(system(UUID(merchant_id)), now) as tx:
                await JOBS[name](tx, *args)
        return [delay for _, delay, _ in todo]
