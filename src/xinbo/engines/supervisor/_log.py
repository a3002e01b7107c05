"""One log for all: each line carries its process's name, aligned, in its own colour."""

import os
import re
import sys
from contextlib import suppress
from datetime import datetime
from logging import INFO, LogRecord
from logging.handlers import RotatingFileHandler
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import TextIO

COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)
FILE_SIZE = 10_000_000
FILES_KEPT = 3
UNSHOWN_LIMIT = 10_000
SHOW_PATIENCE = 2.0
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


class Log:
    """Lines of all processes, to the terminal and to `<folder>/xinbo.log` with full dates."""

    def __init__(self, folder: Path, names: list[str], screen: TextIO = sys.stdout) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = RotatingFileHandler(
            folder / "xinbo.log", maxBytes=FILE_SIZE, backupCount=FILES_KEPT, encoding="utf-8"
        )
        self._screen = screen
        self._unshown = SimpleQueue[str | None]()
        self._showing = Thread(target=self._show, daemon=True)
        self._showing.start()
        self._width = max(len(name) for name in names)
        self._colours = dict(zip(names, COLOURS * len(names), strict=False))
        self.coloured = _wants_colour(screen)

    def line(self, name: str, text: str, *, on_screen: bool = True) -> None:
        """Write one line; quiet ones go to the file only."""
        now = datetime.now().astimezone()
        padded = name.ljust(self._width)
        plain = f"{now.isoformat(timespec='milliseconds')} {padded} | {ESCAPES.sub('', text)}"
        self._file.handle(LogRecord("xinbo", INFO, "", 0, "%s", (plain,), None))
        if on_screen:
            prefix = f"{now:%H:%M:%S} {padded} |"
            self._print(f"{self._paint(prefix, self._colours.get(name, 1))} {text}")

    def plain(self, text: str) -> None:
        """Print without prefix: for what the user is to read and copy."""
        self._print(text)

    def close(self) -> None:
        """Show what is left, and close the file."""
        self._unshown.put(None)
        self._showing.join(SHOW_PATIENCE)
        self._file.close()

    def _paint(self, text: str, colour: int) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self.coloured else text

    def _print(self, text: str) -> None:
        # A terminal that has been stopped (Ctrl-S) must not stop the supervisor: a thread
        # writes, and what it cannot write in time is in the file all the same.
        if self._unshown.qsize() < UNSHOWN_LIMIT:
            self._unshown.put(text)

    def _show(self) -> None:
        with suppress(OSError):  # the terminal is gone; the show goes on
            while (text := self._unshown.get()) is not None:
                print(text, file=self._screen, flush=True)


def _wants_colour(screen: TextIO) -> bool:
    """Follow no-color.org and force-color.org, else colour terminals."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or screen.isatty()
