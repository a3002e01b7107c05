"""Who runs on this data folder: the lock that lets one in, and the file that tells about it."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec


class AlreadyRunning(Exception):
    """Raised when another supervisor holds the data folder."""

    def __init__(self, data: Path, pid: str) -> None:
        super().__init__(f"Xinbo already runs on {data} (pid {pid or 'unknown'}).")
        self.pid = pid


class ChildState(msgspec.Struct, kw_only=True):
    """One process of the family as it is now."""

    name: str
    state: str
    """`waiting`, `starting`, `ready`, `resting` (before a restart), `done` or `stopped`."""
    pid: int | None = None
    birth: int = 0
    """When the process began, in the kernel's ticks since boot; 0 where that is not known."""
    restarts: int = 0


class RunState(msgspec.Struct, kw_only=True, rename="camel"):
    """What `run.json` tells tests, `xinbo status` and `xinbo doctor`."""

    pid: int
    started_at: datetime
    ready: bool
    ports: dict[str, int]
    urls: dict[str, str]
    children: list[ChildState]

    def save(self, data: Path) -> None:
        """Replace the file in one step, so that no reader sees half of it."""
        fresh = data / "run.json.new"
        fresh.write_bytes(msgspec.json.format(msgspec.json.encode(self)))
        fresh.rename(data / "run.json")


@contextmanager
def hold(data: Path) -> Generator[None]:
    """Keep every other supervisor off the data folder. Raises `AlreadyRunning`.

    The kernel lets go of the lock when the process ends, however it ends.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise AlreadyRunning(data, lock.read()) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def running(data: Path) -> RunState | None:
    """Return what runs on the data folder now, or None."""
    try:
        with hold_for_a_look(data):
            return None
    except BlockingIOError:
        return last(data)
    except FileNotFoundError:
        return None


def last(data: Path) -> RunState | None:
    """Return what the last run wrote, be it over or not."""
    try:
        return msgspec.json.decode((data / "run.json").read_bytes(), type=RunState)
    except (OSError, msgspec.DecodeError):
        return None


@contextmanager
def hold_for_a_look(data: Path) -> Generator[None]:
    """Take the lock without leaving a trace; raises `BlockingIOError` where it is held."""
    with (data / "run.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield


def birth_of(pid: int) -> int | None:
    """Return when the process began, in ticks since boot, or None if there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # proc_pid_stat(5): the name, in brackets, may hold spaces; the birth is field 22.
    return int(stat.rpartition(")")[2].split()[19])
