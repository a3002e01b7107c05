"""How a process says that it serves, and how it comes by its listening socket."""

import asyncio
import os
import socket
from pathlib import Path

from xinbo.engines.embedded import require_free

READY_FILE = "XINBO_READY_FILE"
GATE = "XINBO_GATE_FD"
PATIENCE = 2.0
BACKLOG = 1024


def say_ready() -> None:
    """Tell the supervisor that this process serves now. Does nothing when there is none."""
    if file := os.environ.get(READY_FILE):
        Path(file).touch()


def wait_at_gate() -> None:
    """Wait, with everything imported, until those that this process needs are ready.

    The gate is a pipe that the supervisor closes. Does nothing where there is none.
    """
    if gate := os.environ.pop(GATE, None):
        os.read(int(gate), 1)
        os.close(int(gate))


async def has_said_ready(file: Path) -> bool:
    """Say whether the process whose ready file this is has called `say_ready`."""
    return file.exists()  # noqa: ASYNC240 a stat is no wait


async def answers_http(host: str, port: int, path: str = "/healthz") -> bool:
    """Say whether a GET of the path is answered with 200."""
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
                writer.write(request.encode())
                status = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
    return status.split(b" ")[1:2] == [b"200"]


def listener(name: str, host: str, port: int) -> socket.socket:
    """Return the listening socket of the process `name`: `web`, `edge`.

    Under the supervisor it is inherited. The supervisor keeps it open, so while a process is
    restarted new connections wait instead of being refused, and several processes share it.
    Alone, a fresh one is bound. Raises `PortBusy` with the owner's name.
    """
    if inherited := os.environ.get(fd_variable(name)):
        shared = socket.socket(fileno=int(inherited))
        shared.settimeout(0)
        return shared
    return listen(host, port)


def listen(host: str, port: int) -> socket.socket:
    """Bind and listen. Raises `PortBusy` with the owner's name."""
    require_free(port, host)
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    fresh = socket.socket(family)
    fresh.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    fresh.bind(address)
    fresh.listen(BACKLOG)
    fresh.settimeout(0)
    return fresh


def fd_variable(name: str) -> str:
    """Return the environment variable that hands down the socket of `name`."""
    return f"XINBO_{name.upper()}_FD"
