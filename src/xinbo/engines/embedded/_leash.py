"""Run a program on a leash: it gets a signal when the process that started it dies.

This file is also the program on the other end. It is run as a script, so it imports the standard
library only, and little of it: it costs 15 ms a start.

On Linux it asks the kernel (prctl PR_SET_PDEATHSIG) and becomes the program, so the pid is the
program's. The kernel watches the *thread* that started the child: start from a thread that lives
as long as the process, such as the main one. Elsewhere it stays in between, passes signals on and
looks once in a while whether its parent is still there.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1


def leashed(
    command: Sequence[str | Path],
    *,
    on_death: signal.Signals = signal.SIGTERM,
    user: tuple[int, int] | None = None,
    folder: Path | None = None,
) -> list[str]:
    """Return the command line that runs `command` as a child of *this* process.

    `user` is the (uid, gid) to become, `folder` the working directory, entered before
    the change of user: it may lie below a folder that the user could not pass through.
    """
    terms = {
        "parent": os.getpid(),
        "signal": int(on_death),
        "user": user,
        "folder": str(folder) if folder else None,
    }
    script = [sys.executable, "-I", "-S", __file__, json.dumps(terms)]
    return script + [str(part) for part in command]


def _run(terms: str, *command: str) -> None:
    parent, number, user, folder = json.loads(terms).values()
    if folder:
        os.chdir(folder)
    if user:
        os.setgroups([])
        os.setgid(user[1])
        os.setuid(user[0])
    if sys.platform == "linux":
        # After the change of user, which would clear it.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() == parent:
            os.execvp(command[0], command)  # noqa: S606
    else:
        _watch(parent, number, command)


def _watch(parent: int, number: int, command: Sequence[str]) -> None:
    child = subprocess.Popen(command)  # noqa: S603

    def pass_on(received: int, _frame: FrameType | None) -> None:
        child.send_signal(received)

    for passed in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
        signal.signal(passed, pass_on)
    while child.poll() is None:
        if os.getppid() != parent:
            child.send_signal(number)
            child.wait()
        time.sleep(0.1)
    sys.exit(child.returncode if child.returncode >= 0 else 128 - child.returncode)


if __name__ == "__main__":
    _run(*sys.argv[1:])
