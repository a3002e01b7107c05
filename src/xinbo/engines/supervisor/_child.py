"""One child: what it is, and the loop that keeps it alive."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from re import Pattern

import msgspec

from xinbo.engines.embedded import DidNotStart
from xinbo.engines.supervisor._log import Log
from xinbo.engines.supervisor._ready import GATE
from xinbo.engines.supervisor._state import ChildState, birth_of

FIRST_REST = 0.2
LONGEST_REST = 10.0
HEALTHY_AFTER = 30.0
STOP_PATIENCE = 10.0
BOOT_TRIES = 5
CHUNK = 65536


class Child(msgspec.Struct, frozen=True, kw_only=True):
    """A process that the supervisor keeps. Commands are made with `leashed`."""

    name: str
    command: Callable[[], Sequence[str]]
    """Called in the main thread before every start."""
    ready: Callable[[], Awaitable[bool]] | None = None
    """Asked until it says yes. None: ready once it has ended with code 0."""
    prepare: Callable[[], None] | None = None
    """Called in a thread before every start: may block."""
    needs: tuple[str, ...] = ()
    early: bool = False
    """Started at once; it calls `wait_at_gate` before it uses those it needs."""
    env: dict[str, str] = {}
    pass_fds: tuple[int, ...] = ()
    finishes: bool = False
    """Code 0 means that its work is done; otherwise any end leads to a restart."""
    optional: bool = False
    """When it cannot be brought up, the others go on without it."""
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 120.0
    """Seconds from start to ready, after which it is started anew."""
    chatter: Pattern[str] | None = None
    """Lines that go to the file only."""


class Runner:
    """Keeps one child alive from `start` to `stop`."""

    def __init__(self, child: Child, log: Log, changed: Callable[[], None]) -> None:
        self.child = child
        self.state = ChildState(name=child.name, state="waiting")
        self.is_ready = asyncio.Event()
        self.is_gone = asyncio.Event()
        self.may_begin = asyncio.Event()
        """Those it needs are ready."""
        self._log = log
        self._changed = changed
        self._stopping = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None

    async def run(self) -> None:
        """Start the child, and again whenever it ends, until stopped.

        Raises `DidNotStart` when it fails again and again without ever having been ready.
        """
        rest, failures = FIRST_REST, 0
        try:
            while not self._stopping.is_set():
                began = time.monotonic()
                try:
                    code = await self._live()
                except (DidNotStart, OSError) as error:
                    self._say(str(error))
                    code = None
                if self._stopping.is_set():
                    return
                if code == 0 and self.child.finishes:
                    self._say(f"done in {time.monotonic() - began:.2f} s")
                    self._become("done")
                    self.is_ready.set()
                    return
                failures += 1
                if not self.is_ready.is_set() and failures >= BOOT_TRIES:
                    self._give_up(failures)
                    return
                if time.monotonic() - began > HEALTHY_AFTER:
                    rest = FIRST_REST
                self._say(f"ended {_described(code)}; starting again in {rest:.1f} s")
                self._become("resting")
                self.state.restarts += 1
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), rest)
                rest = min(rest * 2, LONGEST_REST)
        finally:
            self._become("done" if self.state.state == "done" else "stopped")
            self.is_gone.set()

    async def stop(self) -> None:
        """End the child, gently first."""
        self._stopping.set()
        if process := self._process:
            _send(process.pid, self.child.stop_signal)
            try:
                await asyncio.wait_for(self.is_gone.wait(), STOP_PATIENCE)
            except TimeoutError:
                self._say(f"has not stopped in {STOP_PATIENCE:.0f} s: killed")
                self.kill()
        await self.is_gone.wait()

    def kill(self) -> None:
        """End the child and whatever it started, at once."""
        self._stopping.set()
        if process := self._process:
            _send(-process.pid, signal.SIGKILL)

    def _give_up(self, failures: int) -> None:
        refusal = f"did not start in {failures} tries"
        if not self.child.optional:
            raise DidNotStart(f"{self.child.name} {refusal}: its last lines above say why.")
        self._say(f"{refusal}: going on without it")
        self.is_ready.set()

    async def _live(self) -> int:
        """Live through one life of the child; return its exit code."""
        began = time.monotonic()
        self._become("starting")
        if self.child.prepare:
            await asyncio.to_thread(self.child.prepare)
        process, reading, key = await self._spawn()
        self._process = process
        self.state.pid = process.pid
        self.state.birth = birth_of(process.pid) or 0
        self._changed()
        if self._stopping.is_set():
            _send(process.pid, self.child.stop_signal)
        copying = asyncio.create_task(self._copy(reading))
        watching = asyncio.create_task(self._watch(process, began))
        opening = asyncio.create_task(self._open(key))
        try:
            code = await process.wait()
        finally:
            watching.cancel()
            opening.cancel()
            # Whatever it started and left behind goes with it.
            _send(-process.pid, signal.SIGKILL)
            self._process = None
            self.state.pid = None
        with suppress(TimeoutError):
            await asyncio.wait_for(copying, 1)
        return code

    async def _spawn(self) -> tuple[asyncio.subprocess.Process, int, int | None]:
        """Start the process; return it, the end to read its output from, and its gate's key."""
        # A pipe of our own: with asyncio's, the child would not count as ended
        # for as long as anything that it left behind holds the other end.
        reading, writing = os.pipe()
        gate, key = (None, None) if self.may_begin.is_set() else os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *self.child.command(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                env=os.environ | self.child.env | ({GATE: str(gate)} if gate else {}),
                pass_fds=(*self.child.pass_fds, *([gate] if gate else [])),
                process_group=0,  # Ctrl-C is for the supervisor, which stops them in order
            )
        except BaseException:
            _close(reading, key)
            raise
        finally:
            _close(writing, gate)
        return process, reading, key

    async def _open(self, key: int | None) -> None:
        """Let the child through its gate once it may begin."""
        if key is not None:
            try:
                await self.may_begin.wait()
            finally:
                os.close(key)

    async def _watch(self, process: asyncio.subprocess.Process, began: float) -> None:
        if self.child.ready is None:
            return
        while not await self.child.ready():
            if time.monotonic() - began > self.child.patience:
                self._say(f"not ready after {self.child.patience:.0f} s: killed")
                _send(-process.pid, signal.SIGKILL)
                return
            await asyncio.sleep(0.02)
        self._say(f"ready in {time.monotonic() - began:.2f} s")
        self._become("ready")
        self.is_ready.set()

    async def _copy(self, pipe: int) -> None:
        """Copy output to the log by lines, of whatever length and encoding."""
        reader = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(pipe, "rb")
        )
        try:
            await self._copy_lines(reader)
        finally:
            transport.close()

    async def _copy_lines(self, reader: asyncio.StreamReader) -> None:
        rest = b""
        while chunk := await reader.read(CHUNK):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self._heard(line)
        if rest:
            self._heard(rest)

    def _heard(self, line: bytes) -> None:
        text = line.decode(errors="replace").rstrip()
        chatter = self.child.chatter
        self._log.line(
            self.child.name, text, on_screen=bool(text) and not (chatter and chatter.search(text))
        )

    def _say(self, text: str) -> None:
        self._log.line("xinbo", f"{self.child.name} {text}")

    def _become(self, state: str) -> None:
        self.state.state = state
        self._changed()


def _send(pid: int, number: signal.Signals) -> None:
    """Signal a process, or with a negative pid its group. It may be gone already."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _close(*pipes: int | None) -> None:
    for pipe in pipes:
        if pipe is not None:
            os.close(pipe)


def _described(code: int | None) -> str:
    if code is None:
        return "before it began"
    return f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
