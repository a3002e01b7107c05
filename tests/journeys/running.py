"""A real `xinbo up` of this test run's own, on ports that were free."""

import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from xinbo.engines.embedded import free_port
from xinbo.engines.supervisor import RunState, running

PORTS = ("WEB", "EDGE", "MEDIA", "RTMP", "POSTGRES", "NATS")
STARTS_WITHIN = 180.0
"""Seconds; a quiet machine needs three."""


def environment(data: Path) -> dict[str, str]:
    """Give a run its own folder and ports."""
    ports = {f"XINBO_{name}_PORT": str(free_port()) for name in PORTS}
    return ports | {"XINBO_DATA": str(data), "XINBO_DEV": "1", "NO_COLOR": "1"}


@contextmanager
def up(env: dict[str, str]) -> Generator[subprocess.Popen[bytes]]:
    """Start everything without the demo; stop it at the end."""
    data = Path(env["XINBO_DATA"])
    command = [sys.executable, "-m", "xinbo", "up", "--no-demo"]
    with (
        (data / "said").open("wb") as said,
        subprocess.Popen(  # noqa: S603 - our own command
            command, env=os.environ | env, stdout=said, stderr=said
        ) as process,
    ):
        try:
            _wait(process, data)
            yield process
        finally:
            process.terminate()
            process.wait(120)


def _wait(process: subprocess.Popen[bytes], data: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while not ((state := running(data)) and state.ready):
        alive = process.poll() is None and time.monotonic() < until
        assert alive, (data / "said").read_text()
        time.sleep(0.1)


def state_of(data: Path) -> RunState:
    """Read what runs now, with the process ids."""
    state = running(data)
    assert state is not None
    return state
