"""Keeps a family of processes running: in order, in one log, and never longer than itself.

Owns `run.lock`, `run.json`, `run/` and `logs/` of the data folder. A child starts when those it
needs are ready, comes back by itself when it dies, and is stopped before those it needs. Every
child is on a leash, so that even `kill -9` of the supervisor leaves none behind. It knows nothing
of what the children do: `xinbo.cli` says which there are.
"""

from xinbo.engines.supervisor._child import Child
from xinbo.engines.supervisor._log import Log
from xinbo.engines.supervisor._ready import (
    answers_http,
    fd_variable,
    has_said_ready,
    listen,
    listener,
    say_ready,
    wait_at_gate,
)
from xinbo.engines.supervisor._state import (
    AlreadyRunning,
    ChildState,
    RunState,
    hold,
    running,
)
from xinbo.engines.supervisor._supervisor import Supervisor, wait_for_the_dying

__all__ = [
    "AlreadyRunning",
    "Child",
    "ChildState",
    "Log",
    "RunState",
    "Supervisor",
    "answers_http",
    "fd_variable",
    "has_said_ready",
    "hold",
    "listen",
    "listener",
    "running",
    "say_ready",
    "wait_at_gate",
    "wait_for_the_dying",
]
