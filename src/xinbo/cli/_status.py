"""`xinbo status`."""

import argparse

import msgspec

from xinbo.engines.settings import Settings
from xinbo.engines.supervisor import RunState, running

NOT_RUNNING = 3


def run(options: argparse.Namespace) -> int:
    """Show what runs on the data folder: 0 when all is ready, 1 when not yet, 3 when nothing."""
    settings = Settings.load()
    state = running(settings.data)
    if options.json:
        print(msgspec.json.encode(state).decode())  # noqa: T201
    else:
        print(_told(state) if state else f"Nothing runs on {settings.data}.")  # noqa: T201
    if state is None:
        return NOT_RUNNING
    return 0 if all(child.state in {"ready", "done"} for child in state.children) else 1


def _told(state: RunState) -> str:
    lines = [f"Xinbo runs since {state.started_at:%Y-%m-%d %H:%M:%S} UTC, pid {state.pid}."]
    lines += [
        f"  {child.name:<10} {child.state:<9} pid {child.pid or '-':<8} restarts {child.restarts}"
        for child in state.children
    ]
    lines += [f"  {name:<10} {url}" for name, url in state.urls.items()]
    return "\n".join(lines)
