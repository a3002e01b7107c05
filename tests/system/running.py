"""A real `xinbo up` of this test run's own, which may be killed piece by piece."""
# ruff: noqa: S603 every command here is our own

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import msgspec
import pytest

import xinbo
from xinbo.engines.embedded import free_port
from xinbo.engines.settings import Settings
from xinbo.engines.supervisor import ChildState, RunState, running

PATIENCE = 180.0
"""Seconds for anything at all; a quiet machine needs three for a start."""

PORTS = ("WEB", "EDGE", "MEDIA", "RTMP", "POSTGRES", "NATS")
SOURCE = str(Path(xinbo.__file__).parents[1])


async def until(what: Callable[[], object], told: Callable[[], object] = str) -> None:
    """Wait until it is so; say what `told` returns if it never is."""
    end = time.monotonic() + PATIENCE
    while not what():  # it happens in other processes
        assert time.monotonic() < end, told()
        await asyncio.sleep(0.05)


def xinbo_process(
    *arguments: str, env: Mapping[str, str], said: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Run the command as a user would."""
    command = [sys.executable, "-m", "xinbo", *arguments]
    # The tests' crowds order from one door, and pay when they like.
    everybody = {"XINBO_UNPAID_ORDERS": "0,0,0", "PYTHONPATH": SOURCE}
    known = {**os.environ, **env, **everybody}
    return subprocess.Popen(command, env=known, stdout=said, stderr=said)


class Up:
    """The whole of Xinbo on a data folder, as a user runs it."""

    def __init__(self, data: Path, *, web: int) -> None:
        ports = {f"XINBO_{name}_PORT": str(free_port()) for name in PORTS}
        self.env = ports | {"XINBO_DATA": str(data), "XINBO_DEV": "1", "NO_COLOR": "1"}
        self._data = data
        self._web = web
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start everything; return when everything says that it is ready."""
        self._process = process = self._begin()
        await until(lambda: process.poll() is not None or self._ready(), self.said)
        assert process.poll() is None, self.said()

    def _begin(self) -> subprocess.Popen[bytes]:
        options = ["--free-ports", "--no-demo", "--web", str(self._web)]
        with (self._data / "said").open("ab") as said:
            return xinbo_process("up", *options, env=self.env, said=said)

    def _ready(self) -> bool:
        state = running(self._data)
        return state is not None and state.pid == self.pid and state.ready

    @property
    def pid(self) -> int:
        """The supervisor's."""
        assert self._process
        return self._process.pid

    @property
    def state(self) -> RunState:
        """What runs now, with the process ids."""
        state = running(self._data)
        assert state is not None, self.said()
        return state

    @property
    def settings(self) -> Settings:
        """The settings of this run, with the ports that it chose."""
        ports = {f"{name}_port": port for name, port in self.state.ports.items()}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.env.items():
                patch.setenv(name, value)
            return msgspec.structs.replace(Settings.load(), **ports)

    def said(self) -> str:
        """Return the end of the log, to be read when something is wrong."""
        return (self._data / "said").read_text(errors="replace")[-4000:]

    def child(self, name: str) -> ChildState:
        """Return what is known of one process."""
        return next(child for child in self.state.children if child.name == name)

    async def kill(self, name: str) -> None:
        """Kill one process without warning, and wait until another has taken its place."""
        before = self.child(name)
        assert before.pid
        os.kill(before.pid, signal.SIGKILL)

        def is_back() -> bool:
            now = self.child(name)
            return now.state == "ready" and now.pid not in {None, before.pid}

        await until(is_back, self.said)

    async def lose(self) -> list[str]:
        """Kill the supervisor without warning; return those of its processes that stay."""
        assert self._process
        pids = {child.pid: child.name for child in self.state.children if child.pid}
        self._process.kill()
        self._process.wait()
        try:
            await until(lambda: not any(map(_lives, pids)))
        except AssertionError:
            return [f"{name} ({pid})" for pid, name in pids.items() if _lives(pid)]
        return []

    def stop(self) -> None:
        """Stop everything in order."""
        if self._process:
            self._process.terminate()
            self._process.wait(PATIENCE)


def _lives(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
