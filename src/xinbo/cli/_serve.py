"""Run one process alone: `xinbo web`, `edge`, `media`, `worker`, `migrate`, `demo`."""

import asyncio
import importlib
import importlib.util
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import FrameType

import uvloop

from xinbo.engines.embedded import PortBusy
from xinbo.engines.settings import Settings
from xinbo.engines.supervisor import say_ready, wait_at_gate

type Serve = Callable[[Settings], Awaitable[None]]

SERVES = {
    "migrate": "xinbo.cli._migrate:serve",
    "web": "xinbo.app:serve",
    "edge": "xinbo.live.edge:serve",
    "media": "xinbo.engines.media:serve",
    "worker": "xinbo.worker:serve",
}
"""Each is `async def serve(settings)` and runs until cancelled, or until it is done."""

LAST_RESORT = 9
"""Seconds from the signal to a hard end, less than the supervisor's patience."""


def run(name: str, settings: Settings) -> int:
    """Run the process until SIGTERM or SIGINT."""
    serve = _demo if name == "demo" else _imported(SERVES[name])
    wait_at_gate()
    try:
        uvloop.run(_until_told(serve, settings))
    except PortBusy as error:
        print(f"{error} Free it, or set XINBO_{name.upper()}_PORT to another one.")  # noqa: T201
        return 1
    return 0


def demo_summary(data: Path) -> Path:
    """Return the file in which the demo says how to sign in."""
    return data / "run" / "demo.txt"


def _imported(place: str) -> Serve:
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


async def _until_told(serve: Serve, settings: Settings) -> None:
    serving = asyncio.ensure_future(serve(settings))

    def stop(_number: int, _frame: FrameType | None) -> None:
        # SIGALRM ends the process should the loop hang or the cancelled work not end.
        signal.alarm(LAST_RESORT)
        loop.call_soon_threadsafe(serving.cancel)

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Not the loop's own handler, which a hanging loop would never call.
        signal.signal(number, stop)
    try:
        await serving
    except asyncio.CancelledError:
        return


async def _demo(settings: Settings) -> None:
    place = importlib.util.find_spec("xinbo.demo")
    if place is None or place.origin is None:
        return
    demo = importlib.import_module("xinbo.demo")
    await demo.ensure(settings)
    file = demo_summary(settings.data)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(demo.summary()), encoding="utf-8")
    say_ready()
    if serve := getattr(demo, "serve", None):
        await serve(settings)
