"""`xinbo up`: everything on this machine, in one go."""

import argparse
import asyncio
import re
import resource
import sys
import time
import unicodedata
from functools import partial
from pathlib import Path

from xinbo.cli._children import Family
from xinbo.cli._ports import choose_ports
from xinbo.cli._serve import demo_summary
from xinbo.engines.embedded import DidNotStart, NoAccount, NotOurs, PortBusy
from xinbo.engines.settings import Settings
from xinbo.engines.supervisor import AlreadyRunning, Log, Supervisor, hold, wait_for_the_dying

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def run(options: argparse.Namespace) -> int:
    """Start, print where everything is, keep it running; return the exit code."""
    began = time.monotonic()
    allow_many_sockets()
    try:
        settings = Settings.load()
        with hold(settings.data):
            wait_for_the_dying(settings.data)
            settings = choose_ports(settings, free=options.free_ports)
            asyncio.run(_run(settings, options, began))
    except (AlreadyRunning, DidNotStart, NoAccount, NotOurs, PortBusy) as error:
        print(f"xinbo: {error}", file=sys.stderr)  # noqa: T201
        return 1
    except PermissionError as error:
        print(f"xinbo: {error}: choose another folder with XINBO_DATA.", file=sys.stderr)  # noqa: T201
        return 1
    return 0


async def _run(settings: Settings, options: argparse.Namespace, began: float) -> None:
    demo_summary(settings.data).unlink(missing_ok=True)
    family = Family(settings, web=options.web, edges=options.edges, demo=not options.no_demo)
    children = family.children()
    log = Log(settings.data / "logs", ["xinbo", *(child.name for child in children)])
    supervisor = Supervisor(
        settings.data, children, log, ports=family.ports(), urls=family.addresses()
    )
    try:
        await supervisor.run(partial(_announce, family, log, began))
    finally:
        log.close()
        family.close()


def allow_many_sockets() -> None:
    """Let the children hold as many sockets as this user may: an edge needs one a viewer."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _announce(family: Family, log: Log, began: float) -> None:
    names = {
        "shop": "Shop",
        "network": "On phones",
        "console": "Console",
        "docs": "API docs",
        "rtmp": "OBS (RTMP)",
    }
    lines = [f"Xinbo is up, {time.monotonic() - began:.1f} s", ""]
    urls = family.addresses()
    lines += [f"{title:<11} {urls[name]}" for name, title in names.items() if name in urls]
    lines += ["", *_demo_lines(demo_summary(family.settings.data))]
    lines += [f"{'Data':<11} {family.settings.data}", "Ctrl-C stops everything."]
    log.plain(framed(lines))


def _demo_lines(file: Path) -> list[str]:
    return [*file.read_text(encoding="utf-8").splitlines(), ""] if file.exists() else []


def framed(lines: list[str]) -> str:
    """Draw a frame round the lines, which may hold wide characters."""
    width = max(map(_columns, lines))
    body = [f"│ {line}{' ' * (width - _columns(line))} │" for line in lines]
    return "\n".join(("", f"╭{'─' * (width + 2)}╮", *body, f"╰{'─' * (width + 2)}╯", ""))


def _columns(line: str) -> int:
    """Count terminal columns: Chinese characters take two."""
    return sum(
        2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in ESCAPE.sub("", line)
    )
