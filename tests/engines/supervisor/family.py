"""A family to try the supervisor on: real servers, and a child that does next to nothing.

Run as a program: `family.py FOLDER POSTGRES_PORT NATS_PORT`.
"""

import asyncio
import re
import sys
from functools import partial
from pathlib import Path

from xinbo.engines.embedded import Nats, Postgres, Server, leashed
from xinbo.engines.supervisor import Child, Log, Supervisor, has_said_ready, hold

CHILD = """
import os, subprocess, sys, time
from xinbo.engines.supervisor import say_ready
subprocess.Popen(["sleep", "600"])
print("child speaks " + "x" * 100_000, flush=True)
say_ready()
time.sleep(600)
"""


def server(name: str, engine: Server) -> Child:
    """Make a child of a real server."""
    return Child(
        name=name,
        command=engine.command,
        prepare=engine.prepare,
        ready=partial(asyncio.to_thread, engine.answers),
        stop_signal=engine.stop_signal,
    )


def idle(folder: Path, needs: tuple[str, ...]) -> Child:
    """Make a child that has a child of its own, and says when it is ready."""
    file = folder / "idle.ready"
    return Child(
        name="idle",
        command=partial(leashed, [sys.executable, "-c", CHILD]),
        prepare=partial(file.unlink, missing_ok=True),
        ready=partial(has_said_ready, file),
        needs=needs,
        env={"XINBO_READY_FILE": str(file)},
        chatter=re.compile("never"),
    )


async def main(folder: Path, postgres: int, nats: int) -> None:
    """Run the family until a signal."""
    servers = [
        server("postgres", Postgres(folder / "postgres", postgres)),
        server("nats", Nats(folder / "nats", nats)),
    ]
    children = [*servers, idle(folder, tuple(child.name for child in servers))]
    log = Log(folder / "logs", [child.name for child in children])
    supervisor = Supervisor(folder, children, log, ports={"postgres": postgres, "nats": nats})
    await supervisor.run(lambda: log.plain("ALL READY"))


if __name__ == "__main__":
    home = Path(sys.argv[1])
    with hold(home):
        asyncio.run(main(home, *map(int, sys.argv[2:])))
