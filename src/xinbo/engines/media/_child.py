"""Child processes that do not outlive their parent, not even one that was killed."""

import asyncio
import ctypes
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process

_PR_SET_PDEATHSIG = 1
_BUFFER = 1 << 20


async def spawn(module: str, *arguments: str, talks: bool = False) -> Process:
    """Run a module of this package with pipes as stdin and stdout if it `talks`."""
    pipe = PIPE if talks else DEVNULL
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        stdin=pipe,
        stdout=pipe,
        stderr=None if talks else DEVNULL,
        limit=_BUFFER,
        env=os.environ | {"XINBO_PARENT": str(os.getpid())},
    )


def die_with_parent() -> None:
    """Ask the kernel for SIGKILL when the parent is gone (Linux); a child calls this first."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(os.environ.get("XINBO_PARENT", os.getppid())):
        sys.exit(1)
