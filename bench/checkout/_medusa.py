"""The peer: a Medusa 2 store from npm, on the same PostgreSQL server, with goods and promotions.

`XINBO_MEDUSA` names a folder in which it is installed already; else it is installed anew, for ten
minutes at most. It runs by itself as ours does: one process, its in-memory bus, no admin pages.
"""

import asyncio
import os
import shutil
import subprocess
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import msgspec

from bench.checkout._plan import Medusa
from xinbo.engines.embedded import free_port

FILES = Path(__file__).parent / "medusa"
INSTALLING = 600.0
STARTING = 180.0


class NotHere(Exception):
    """Raised when there is no Medusa to measure against, and says why."""


def installed(place: Path) -> Path:
    """Return the folder of an installed Medusa. Raises `NotHere`."""
    known = os.environ.get("XINBO_MEDUSA")
    folder = Path(known) if known else place / "medusa"
    folder.mkdir(exist_ok=True)
    for file in FILES.iterdir():
        shutil.copy(file, folder)
    npm = shutil.which("npm")
    if npm is None:
        raise NotHere("npm is not installed")
    if not (folder / "node_modules" / "@medusajs" / "medusa").exists():
        try:
            subprocess.run(  # noqa: S603 # the npm of this machine
                [npm, "install", "--no-audit", "--no-fund"],
                cwd=folder,
                check=True,
                timeout=INSTALLING,
                capture_output=True,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            raise NotHere(f"npm install: {type(error).__name__}") from error
    return folder


@asynccontextmanager
async def medusa(folder: Path, address: str) -> AsyncGenerator[tuple[int, int, Medusa]]:
    """Make its tables, seed it, run it until left; give port, pid, and what shoppers need."""
    env = dict(os.environ) | {
        "DATABASE_URL": address,
        "NODE_ENV": "production",
        "MEDUSA_DISABLE_TELEMETRY": "true",
    }
    await _run(folder, env, "db:migrate")
    said = await _run(folder, env, "exec", "./seed.js")
    line = next((each for each in said.splitlines() if each.startswith(b"SEEDED ")), None)
    if line is None:
        raise NotHere(f"seed: {said[-500:]!r}")
    port = free_port()
    child = await _start(folder, env, "start", "-p", str(port))
    try:
        await _answers(port, child)
        yield port, child.pid, msgspec.json.decode(line.removeprefix(b"SEEDED "), type=Medusa)
    finally:
        with suppress(ProcessLookupError):
            child.terminate()
        await child.wait()


async def _start(folder: Path, env: dict[str, str], *words: str) -> Process:
    node = shutil.which("node")
    if node is None:
        raise NotHere("node is not installed")
    cli = folder / "node_modules" / "@medusajs" / "cli" / "cli.js"
    return await create_subprocess_exec(
        node, str(cli), *words, cwd=folder, env=env, stdout=PIPE, stderr=subprocess.STDOUT
    )


async def _run(folder: Path, env: dict[str, str], *words: str) -> bytes:
    child = await _start(folder, env, *words)
    said, _ = await child.communicate()
    if child.returncode:
        raise NotHere(f"medusa {words[0]}: {said[-500:]!r}")
    return said


async def _answers(port: int, child: Process) -> None:
    """Wait until it answers, and let it go on talking to nobody."""
    assert child.stdout is not None
    out = child.stdout

    async def drain() -> None:
        while await out.read(65536):
            pass

    draining.add(asyncio.create_task(drain()))
    until = asyncio.get_running_loop().time() + STARTING
    while asyncio.get_running_loop().time() < until and child.returncode is None:
        with suppress(OSError):
            await asyncio.to_thread(urlopen, f"http://127.0.0.1:{port}/health")
            return
        await asyncio.sleep(0.5)
    raise NotHere("medusa start: no answer")


draining: set[asyncio.Task[None]] = set()
"""Keeps the readers of its output from being collected."""
