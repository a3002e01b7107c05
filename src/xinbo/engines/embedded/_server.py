"""What the two embedded servers have in common: prepare, start, wait until it answers, stop."""

import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Self

from xinbo.engines.embedded._ports import free_port, require_free


class DidNotStart(Exception):
    """Raised when a server ended, or stayed silent, instead of getting ready."""


class Server(ABC):
    """A server program with a folder and a port of its own.

    The supervisor uses `prepare`, `command` and `answers`; tests and scripts use it as a
    context manager. Port 0 picks a free one.
    """

    stop_signal = signal.SIGTERM
    give_up_signal = signal.SIGKILL

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder.absolute()
        self.port = port or free_port()
        self._child: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Where clients connect to."""

    @abstractmethod
    def prepare(self) -> None:
        """Make the folder ready. Harmless to repeat."""

    @abstractmethod
    def command(self) -> list[str]:
        """Return the command line that runs the server as a child of this process."""

    @abstractmethod
    def answers(self) -> bool:
        """Say whether clients are served now. Blocks for a second at most."""

    @abstractmethod
    def version(self) -> str:
        """Run the program as it would run for real, and return the version that it tells.

        Raises `DidNotStart` with what went wrong.
        """

    @property
    def pid(self) -> int | None:
        """The server's process, while it runs under `start`."""
        return self._child.pid if self._child else None

    def start(self, patience: float = 30) -> Self:
        """Run the server until it answers; its log is a file beside the folder.

        Call it from the main thread: the server dies with the thread that started it.
        Raises `PortBusy`, or `DidNotStart` with the end of the log.
        """
        require_free(self.port)
        self.prepare()
        log = self.folder.with_name(f"{self.folder.name}.log")
        with log.open("ab") as output:
            self._child = subprocess.Popen(  # noqa: S603
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,  # Ctrl-C is for the one who started us: we are stopped in order
            )
        until = time.monotonic() + patience
        while not self.answers():
            if self._child.poll() is not None or time.monotonic() > until:
                self.stop()
                raise DidNotStart(f"{type(self).__name__}: {log.read_text()[-2000:]}")
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        """Stop the server, gently first. Harmless to repeat."""
        child, self._child = self._child, None
        if child is None:
            return
        for number in (self.stop_signal, self.give_up_signal):
            child.send_signal(number)
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                continue
            return
        child.kill()
        child.wait()

    def kill(self) -> None:
        """End the server as a crash would: for tests of what survives."""
        if self._child:
            self._child.kill()
            self._child.wait()
            self._child = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def told(command: list[str]) -> str:
    """Run a command to its end and return what it said. Raises `DidNotStart` if it failed."""
    done = subprocess.run(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        raise DidNotStart(done.stdout.strip())
    return done.stdout.strip()
