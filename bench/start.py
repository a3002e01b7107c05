"""`xinbo up` to the first page: on a new data folder, and again; then memory at rest.

Seconds on a busy machine say little, so the processor time that went into it is told as well.

The floor that each is measured against runs in the same minute: the time a bare PostgreSQL plus a
bare Python take to start one after the other, and for memory those two processes.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.report import report
from xinbo.engines.embedded import Postgres, free_port
from xinbo.engines.supervisor import running

PORTS = ("WEB", "EDGE", "MEDIA", "RTMP", "POSTGRES", "NATS")
PATIENCE = 120.0
WARM_RUNS = 3
REST = 10.0
WARM_AIM = 3.0
MEMORY_AIM = 600.0


def main() -> None:
    """Print a line for the cold start, the warm start, and memory."""
    home = Path(tempfile.mkdtemp(prefix="xinbo-bench-"))
    try:
        cold_floor, _ = floor(home / "floor")
        warm_floor, floor_memory = floor(home / "floor")
        with up(home / "data") as (cold, _):
            pass
        warm: list[float] = []
        work: list[float] = []
        memory = 0.0
        for run in range(WARM_RUNS):
            with up(home / "data") as (seconds, supervisor):
                warm.append(seconds)
                work.append(worked(family(supervisor)))
                if run == WARM_RUNS - 1:
                    wait_until_all_is_ready(home / "data", supervisor)
                    time.sleep(REST)
                    memory = held(family(supervisor))
        best = min(warm)
        peer = "bare postgres + python -c pass"
        report("start", "cold", cold, "s", against=peer, against_figure=cold_floor)
        report("start", "warm", best, "s", against=peer, against_figure=warm_floor, aim=WARM_AIM)
        report(
            "start",
            "warm, processor time",
            min(work),
            "s",
            against=f"{peer}, wall clock",
            against_figure=warm_floor,
        )
        report(
            "start",
            "memory at rest (PSS, all processes)",
            memory,
            "MB",
            against="the same two",
            against_figure=floor_memory,
            aim=MEMORY_AIM,
        )
    finally:
        shutil.rmtree(home, ignore_errors=True)


def floor(folder: Path) -> tuple[float, float]:
    """Start what any such program needs at least; return seconds, and MB while it runs."""
    began = time.monotonic()
    with Postgres(folder) as postgres:
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        took = time.monotonic() - began
        assert postgres.pid
        python = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        time.sleep(1)
        memory = held([*family(postgres.pid), python.pid])
        python.communicate(b"\n")
    return took, memory


@contextmanager
def up(data: Path) -> Generator[tuple[float, int]]:
    """Start everything on free ports; give the seconds to the first page, and the pid."""
    ports = {f"XINBO_{name}_PORT": str(free_port()) for name in PORTS}
    began = time.monotonic()
    command = [sys.executable, "-m", "xinbo", "up", "--no-demo"]
    env = os.environ | ports | {"XINBO_DATA": str(data)}
    with subprocess.Popen(  # noqa: S603
        command, env=env, stdout=subprocess.DEVNULL
    ) as process:
        try:
            first_page(f"http://127.0.0.1:{ports['XINBO_WEB_PORT']}/", process)
            yield time.monotonic() - began, process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def first_page(url: str, process: subprocess.Popen[bytes]) -> None:
    """Ask for the page until it comes."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            sys.exit("xinbo up has ended: run it by hand to see why.")
        with suppress(OSError), urllib.request.urlopen(url, timeout=PATIENCE) as page:  # noqa: S310
            page.read()
            return
        time.sleep(0.01)
    sys.exit("No page came.")


def wait_until_all_is_ready(data: Path, supervisor: int) -> None:
    """Wait for the slower processes too, so that none is left out of the sum."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        state = running(data)
        if state and state.pid == supervisor and state.ready:
            return
        time.sleep(0.1)
    sys.exit("Not all processes became ready.")


def family(pid: int) -> list[int]:
    """Return the process and all below it."""
    parents: dict[int, int] = {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (place / "stat").read_text().rpartition(")")[2].split()
            parents[int(place.name)] = int(fields[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def worked(pids: list[int]) -> float:
    """Return the seconds of processor time of the processes and of those they have outlived."""
    ticks = 0
    for pid in pids:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def held(pids: list[int]) -> float:
    """Return the MB that the processes hold, what they share counted once (PSS)."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


if __name__ == "__main__":
    main()
