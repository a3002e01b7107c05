"""Which ports are free, and who holds those that are not."""

import os
import socket
from pathlib import Path

LISTENING = "0A"


class PortBusy(Exception):
    """Raised when a port that we must listen on is taken."""

    def __init__(self, port: int, owner: str | None) -> None:
        super().__init__(f"Port {port} is taken by {owner or 'another process'}.")
        self.port = port
        self.owner = owner


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def require_free(port: int, host: str = "127.0.0.1") -> None:
    """Do nothing, or raise `PortBusy` with the owner's name."""
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError:
            raise PortBusy(port, owner_of(port)) from None


def owner_of(port: int) -> str | None:
    """Name the process that listens on the port: `pid 123 (nginx: master)`.

    None where nobody does, or where we may not know: another user's process, or no /proc.
    """
    inodes = _listening(port)
    if not inodes:
        return None
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(_points_to(fd) in wanted for fd in (process / "fd").iterdir()):
                return f"pid {process.name} ({_title(process)})"
        except OSError:
            continue
    return None


def _listening(port: int) -> set[str]:
    inodes: set[str] = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        if not table.exists():
            continue
        for line in table.read_text().splitlines()[1:]:
            _, local, _, state, *rest = line.split()
            if state == LISTENING and int(local.rpartition(":")[2], 16) == port:
                inodes.add(rest[5])
    return inodes


def _points_to(link: Path) -> str:
    try:
        return os.readlink(link)  # noqa: PTH115 the target is no path
    except OSError:
        return ""


def _title(process: Path) -> str:
    program, *words = (process / "cmdline").read_text(errors="replace").rstrip("\0").split("\0")
    title = " ".join((Path(program).name, *words))
    return title[:80] or (process / "comm").read_text().strip()
