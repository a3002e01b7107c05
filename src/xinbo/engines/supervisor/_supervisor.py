"""The family: start in order, stop in reverse, tell the world in `run.json`."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from xinbo.engines.embedded import DidNotStart
from xinbo.engines.supervisor._child import Child, Runner
from xinbo.engines.supervisor._log import Log
from xinbo.engines.supervisor._state import RunState, birth_of, last

DYING_PATIENCE = 15.0
ECHO = 1.0
"""Seconds in which a second signal is the first one's echo: timeout(1) sends it twice."""


class Supervisor:
    """Keeps `children` alive until told to stop. Make and run it in the main thread."""

    def __init__(
        self,
        data: Path,
        children: Sequence[Child],
        log: Log,
        *,
        ports: dict[str, int] | None = None,
        urls: dict[str, str] | None = None,
    ) -> None:
        self.log = log
        self._data = data
        self._state = RunState(
            pid=os.getpid(),
            started_at=datetime.now(UTC),
            ready=False,
            ports=ports or {},
            urls=urls or {},
            children=[],
        )
        self._runners = {child.name: Runner(child, log, self._save) for child in children}
        self._state.children = [runner.state for runner in self._runners.values()]
        self._told_to_stop = asyncio.Event()
        self._told_at = 0.0

    async def run(self, when_ready: Callable[[], None] = lambda: None) -> None:
        """Start all, call `when_ready` once all are ready, keep them until a signal, stop all.

        SIGINT, SIGTERM and SIGHUP stop in order; a second one kills. Raises `DidNotStart` when a
        child cannot be brought up; all others are stopped then as well.
        """
        loop = asyncio.get_running_loop()
        signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        for number in signals:
            loop.add_signal_handler(number, self._stop_or_kill)
        lives = [asyncio.create_task(self._life(runner)) for runner in self._runners.values()]
        boot = asyncio.create_task(self._boot(when_ready))
        until_told = asyncio.create_task(self._told_to_stop.wait())
        try:
            await self._first_failure_or(until_told, [*lives, boot])
        finally:
            boot.cancel()
            self._told_to_stop.set()
            self.log.line("xinbo", "stopping")
            await asyncio.gather(*(self._stop(runner) for runner in self._runners.values()))
            await asyncio.gather(*lives, return_exceptions=True)
            for number in signals:
                loop.remove_signal_handler(number)
            (self._data / "run.json").unlink(missing_ok=True)
            self.log.line("xinbo", "all stopped")

    async def _first_failure_or(
        self, until: asyncio.Task[bool], others: list[asyncio.Task[None]]
    ) -> None:
        pending: set[asyncio.Task[bool] | asyncio.Task[None]] = {until, *others}
        while until in pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()

    async def _boot(self, when_ready: Callable[[], None]) -> None:
        for runner in self._runners.values():
            await runner.is_ready.wait()
        self._state.ready = True
        self._save()
        when_ready()

    async def _life(self, runner: Runner) -> None:
        waiting = asyncio.create_task(self._wait_for_the_needed(runner))
        if not runner.child.early:
            await waiting
        if self._told_to_stop.is_set():
            runner.is_gone.set()
        else:
            await runner.run()
        waiting.cancel()

    async def _wait_for_the_needed(self, runner: Runner) -> None:
        for name in runner.child.needs:
            await self._ready_or_stop(self._runners[name])
        if not self._told_to_stop.is_set():
            runner.may_begin.set()

    async def _ready_or_stop(self, needed: Runner) -> None:
        waits = [
            asyncio.create_task(event.wait()) for event in (needed.is_ready, self._told_to_stop)
        ]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def _stop(self, runner: Runner) -> None:
        """Stop one child after those that need it."""
        for other in self._runners.values():
            if runner.child.name in other.child.needs:
                await other.is_gone.wait()
        was_up = runner.state.pid is not None
        await runner.stop()
        if was_up:
            self.log.line("xinbo", f"{runner.child.name} stopped")

    def _stop_or_kill(self) -> None:
        now = time.monotonic()
        if not self._told_to_stop.is_set():
            self._told_at = now
            self._told_to_stop.set()
        elif now - self._told_at > ECHO:
            for runner in self._runners.values():
                runner.kill()

    def _save(self) -> None:
        self._state.save(self._data)


def wait_for_the_dying(data: Path) -> None:
    """Wait until the children of a supervisor that was killed are gone.

    Raises `DidNotStart` naming those that stay.
    """
    before = last(data)
    if before is None:
        return
    until = time.monotonic() + DYING_PATIENCE
    # The birth tells an old child from a stranger that has its number now.
    while left := [c for c in before.children if c.pid and c.birth == birth_of(c.pid)]:
        if time.monotonic() > until:
            names = ", ".join(f"{child.name} (pid {child.pid})" for child in left)
            raise DidNotStart(f"Left over from a run that was killed: {names}. End them first.")
        time.sleep(0.05)
    (data / "run.json").unlink(missing_ok=True)
