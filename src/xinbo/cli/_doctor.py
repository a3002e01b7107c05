"""`xinbo doctor`: what is well, what is not, and how to mend it."""

import argparse
import asyncio
import os
import re
import resource
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

import xinbo
from xinbo.cli._children import local
from xinbo.cli._ports import Taken, choose_ports
from xinbo.engines.embedded import DidNotStart, Nats, NoAccount, Postgres
from xinbo.engines.settings import Settings
from xinbo.engines.supervisor import RunState, answers_http, running

PYTHON = (3, 13)
LITTLE_SPACE, NO_SPACE = 5e9, 5e8
SOCKETS = 20_000
LITTLE_SHARED_MEMORY = 6e7
CLOCK_SLACK = 86_400.0


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(msgspec.Struct, frozen=True):
    """One line of the report; `mend` says what to do about it."""

    level: Level
    about: str
    found: str
    mend: str = ""


type Check = Callable[[Settings, RunState | None], Iterator[Finding]]


def run(options: argparse.Namespace) -> int:
    """Print what was found; return 1 when something has failed."""
    findings = examine(Settings.load())
    if options.json:
        print(msgspec.json.encode(findings).decode())  # noqa: T201
    else:
        print("\n".join(map(_line, findings)))  # noqa: T201
    return int(any(finding.level is Level.FAIL for finding in findings))


def examine(settings: Settings) -> list[Finding]:
    """Run every check; one that breaks is a finding, not a crash."""
    state = running(settings.data)
    findings: list[Finding] = []
    for check in CHECKS:
        try:
            findings += check(settings, state)
        except Exception as error:  # noqa: BLE001
            name = check.__name__.strip("_")
            findings.append(Finding(Level.FAIL, name, f"{type(error).__name__}: {error}"))
    return findings


def _line(finding: Finding) -> str:
    colour = {Level.OK: 32, Level.WARN: 33, Level.FAIL: 31}[finding.level]
    mark = f"{finding.level:<5}"
    if sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        mark = f"\x1b[{colour}m{mark}\x1b[0m"
    mend = f"\n{'':<18}-> {finding.mend}" if finding.mend else ""
    return f"{mark} {finding.about:<11} {finding.found}{mend}"


def _python(_settings: Settings, _state: RunState | None) -> Iterator[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= PYTHON
    yield Finding(
        Level.OK if good else Level.FAIL, "python", found, "" if good else "Use Python 3.13."
    )


def _packages(_settings: Settings, _state: RunState | None) -> Iterator[Finding]:
    names = [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in requires("xinbo") or []]
    missing: list[str] = []
    for name in names:
        try:
            distribution(name)
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        yield Finding(Level.FAIL, "packages", f"missing: {', '.join(missing)}", "make run")
    else:
        yield Finding(Level.OK, "packages", f"all {len(names)} are there")


def _data(settings: Settings, _state: RunState | None) -> Iterator[Finding]:
    data = settings.data
    elsewhere = "Choose another folder with XINBO_DATA."
    try:
        data.mkdir(parents=True, exist_ok=True)
        probe = data / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        yield Finding(Level.FAIL, "data", f"{data} cannot be written: {error}", elsewhere)
        return
    free = shutil.disk_usage(data).free
    level = Level.FAIL if free < NO_SPACE else Level.WARN if free < LITTLE_SPACE else Level.OK
    mend = "" if level is Level.OK else f"Make room: an hour of video takes 1 to 3 GB. {elsewhere}"
    yield Finding(level, "data", f"{data}, {free / 1e9:.1f} GB free", mend)
    cluster = data / "postgres"
    if os.geteuid() and cluster.exists() and cluster.stat().st_uid != os.geteuid():
        mend = f"Run as root as before, or: sudo chown -R $(id -u) {data}"
        yield Finding(Level.FAIL, "data", f"{cluster} belongs to another user", mend)


def _ports(settings: Settings, state: RunState | None) -> Iterator[Finding]:
    if state:
        taken = ", ".join(f"{name} {port}" for name, port in state.ports.items())
        yield Finding(Level.OK, "ports", f"ours, as it runs: {taken}")
        return
    try:
        choose_ports(settings, free=False)
    except Taken as busy:
        found = f"{busy.port} is taken by {busy.owner or 'another process'}"
        mend = f"End it, set {busy.setting} to another port, or start with --free-ports."
        yield Finding(Level.FAIL, "ports", found, mend)
    else:
        yield Finding(Level.OK, "ports", "all free")


def _postgres(settings: Settings, _state: RunState | None) -> Iterator[Finding]:
    if settings.postgres_url:
        return
    try:
        version = Postgres(settings.data / "postgres", settings.postgres_port).version()
    except NoAccount as error:
        yield Finding(Level.FAIL, "postgres", str(error), "useradd --system xinbo")
    except DidNotStart as error:
        mend = "Install the packages again (make clean run), or set XINBO_POSTGRES_URL."
        yield Finding(Level.FAIL, "postgres", str(error), mend)
    else:
        account = "an unprivileged account" if os.geteuid() == 0 else "you"
        yield Finding(Level.OK, "postgres", f"{version}, runs as {account}")
    shared = Path("/dev/shm")  # noqa: S108
    if shared.exists() and shutil.disk_usage(shared).total < LITTLE_SHARED_MEMORY:
        mend = "Give the container more: --shm-size=256m"
        yield Finding(Level.WARN, "postgres", "little shared memory for big queries", mend)


def _nats(settings: Settings, _state: RunState | None) -> Iterator[Finding]:
    if settings.nats_url is None:
        try:
            yield Finding(Level.OK, "nats", Nats(settings.data / "nats", 1).version())
        except DidNotStart as error:
            mend = "Install the packages again (make clean run), or set XINBO_NATS_URL."
            yield Finding(Level.FAIL, "nats", str(error), mend)
        return
    for server in settings.nats_url.split(","):
        place = urlsplit(server)
        address = (place.hostname or "127.0.0.1", place.port or 4222)
        try:
            socket.create_connection(address, timeout=3).close()
        except OSError as error:
            yield Finding(Level.FAIL, "nats", f"{address[0]}:{address[1]}: {error}", "Start it.")
        else:
            yield Finding(Level.OK, "nats", f"{address[0]}:{address[1]} answers")


def _pages(settings: Settings, _state: RunState | None) -> Iterator[Finding]:
    for app in ("shop", "console"):
        if (settings.web_dist / app / "index.html").exists():
            yield Finding(Level.OK, "pages", f"{app} is built")
        else:
            yield Finding(Level.FAIL, "pages", f"{app} is not built", "make web")


def _camera(settings: Settings, _state: RunState | None) -> Iterator[Finding]:
    if settings.host in {"127.0.0.1", "localhost", "::1"}:
        yield Finding(Level.OK, "camera", "browsers allow it on this machine's own address")
        return
    found = "browsers give camera and microphone to https pages and to localhost only"
    mend = "Put an https proxy in front for hosts on other machines, or broadcast with OBS."
    yield Finding(Level.WARN, "camera", found, mend)


def _clock(_settings: Settings, _state: RunState | None) -> Iterator[Finding]:
    made = max(file.stat().st_mtime for file in Path(xinbo.__file__).parent.iterdir())
    now = datetime.now(UTC)
    good = time.time() > made - CLOCK_SLACK
    yield Finding(
        Level.OK if good else Level.FAIL,
        "clock",
        f"{now:%Y-%m-%d %H:%M:%S} UTC" + ("" if good else ", earlier than our own files"),
        "" if good else "Set the clock, and keep it with NTP: orders and tickets expire by it.",
    )


def _sockets(_settings: Settings, _state: RunState | None) -> Iterator[Finding]:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    enough = most == resource.RLIM_INFINITY or most >= SOCKETS
    mend = "" if enough else f"For more viewers raise the hard limit (ulimit -Hn {SOCKETS})."
    found = f"up to {most} open files a process, and a viewer takes one"
    yield Finding(Level.OK if enough else Level.WARN, "sockets", found, mend)


def _services(settings: Settings, state: RunState | None) -> Iterator[Finding]:
    if state is None:
        yield Finding(Level.OK, "services", "not running (make run starts them)")
        return
    for child in state.children:
        good = child.state in {"ready", "done"}
        mend = "" if good else "Its lines in logs/xinbo.log of the data folder say why."
        found = f"{child.name} is {child.state}, {child.restarts} restarts"
        yield Finding(Level.OK if good else Level.FAIL, "services", found, mend)
    for name in ("web", "edge", "media"):
        if not asyncio.run(answers_http(local(settings), state.ports[name])):
            found = f"{name} does not answer on port {state.ports[name]}"
            yield Finding(Level.FAIL, "services", found, "Look into logs/xinbo.log.")


def _database(settings: Settings, state: RunState | None) -> Iterator[Finding]:
    if state:
        settings = msgspec.structs.replace(settings, postgres_url=state.urls["postgres"])
    elif not settings.postgres_url:
        return
    try:
        current, newest = asyncio.run(_migrations(settings.database_url))
    except OSError as error:
        mend = "Start it, or mend XINBO_POSTGRES_URL."
        yield Finding(Level.FAIL, "database", f"cannot be reached: {error}", mend)
        return
    good = current == newest
    found = f"at migration {', '.join(sorted(current)) or 'none'}"
    found += "" if good else f", the newest is {', '.join(sorted(newest))}"
    yield Finding(
        Level.OK if good else Level.FAIL, "database", found, "" if good else "xinbo migrate"
    )


async def _migrations(url: str) -> tuple[set[str], set[str]]:
    """Return the migrations that the database is at, and the newest there are."""
    # Heavy, and needed by this check alone.
    from alembic.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415
    from sqlalchemy.engine import Connection  # noqa: PLC0415
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415

    from xinbo.engines.db import MIGRATIONS  # noqa: PLC0415

    def heads(connection: Connection) -> set[str]:
        return set(MigrationContext.configure(connection).get_current_heads())

    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            current = await connection.run_sync(heads)
    finally:
        await engine.dispose()
    return current, set(ScriptDirectory(str(MIGRATIONS)).get_heads())


CHECKS: tuple[Check, ...] = (
    _python,
    _packages,
    _data,
    _ports,
    _postgres,
    _nats,
    _pages,
    _camera,
    _clock,
    _sockets,
    _services,
    _database,
)
