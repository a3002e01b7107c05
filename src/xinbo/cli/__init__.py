"""The command `xinbo`: start everything, start one process, look after it.

Each command imports what it needs when it runs, so that `xinbo edge` loads no web framework and
`xinbo up`, which stays in memory as the parent of all, stays small.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Protocol

from xinbo.engines.settings import Settings

__all__ = ["main"]

ALONE = {
    "web": "serve the API and the pages",
    "edge": "serve live rooms over WebSocket",
    "media": "take in video by RTMP and WHIP, give it out as HLS",
    "worker": "deliver events, run jobs, feed analytics",
    "migrate": "bring the database to the newest migration",
    "demo": "fill an empty shop with the demo, and keep its show on air",
}

EPILOG = """\
Settings are environment variables named XINBO_<SETTING>; these matter most:
  XINBO_DATA           the one folder that holds all state (./data)
  XINBO_HOST           address to listen on (127.0.0.1; 0.0.0.0 for phones in your network)
  XINBO_WEB_PORT, _EDGE_PORT, _MEDIA_PORT, _RTMP_PORT, _POSTGRES_PORT, _NATS_PORT
  XINBO_POSTGRES_URL, XINBO_NATS_URL, XINBO_CLICKHOUSE_URL
                       servers of your own instead of the embedded ones
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    options = _parser().parse_args(argv)
    command: str = options.command
    if command in ALONE:
        return _module("_serve").run(command, Settings.load())
    return _module(f"_{command.replace('-', '_')}").run(options)


def _module(name: str) -> "_Module":
    return importlib.import_module(f"xinbo.cli.{name}")  # pyright: ignore[reportReturnType]


class _Module(Protocol):
    """What a command's module looks like."""

    @staticmethod
    def run(*_: object) -> int:
        """Do it; return the exit code."""
        ...


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="xinbo",
        description="Live commerce in which every promise is on record.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    up = commands.add_parser("up", help="start everything, keep it running until Ctrl-C")
    up.add_argument("--web", type=_count, default=1, metavar="N", help="web processes (1)")
    up.add_argument("--edges", type=_count, default=1, metavar="N", help="edge processes (1)")
    up.add_argument("--no-demo", action="store_true", help="leave an empty shop empty")
    up.add_argument(
        "--free-ports", action="store_true", help="where a port is taken, take another one"
    )
    for name, what in ALONE.items():
        commands.add_parser(name, help=f"alone: {what}")
    merchant = commands.add_parser("merchant", help="open a merchant and seat its owner")
    merchant.add_argument("slug", help="its name in addresses: qinghe")
    merchant.add_argument("name", help="its name in the shop")
    merchant.add_argument("email", help="the owner's e-mail; the password is asked for")
    merchant.add_argument("--owner", default="店主", help="the owner's name")
    merchant.add_argument("--tagline", default="", help="one line below the name")
    # Order 117, art. 26: who really sells stands in every room, so it cannot be left out.
    for fact in ("seller", "address", "contact", "licence"):
        merchant.add_argument(f"--{fact}", required=True, help=f"the actual seller's {fact}")
    doctor = commands.add_parser("doctor", help="check this machine, and say how to mend it")
    status = commands.add_parser("status", help="show what runs on the data folder")
    for inspecting in (doctor, status):
        inspecting.add_argument("--json", action="store_true", help="for programs to read")
    draw = commands.add_parser(
        "verify-draw", help="check a draw by its public record: a file, or its address"
    )
    draw.add_argument("source", help="a saved record, or http://…/draws/<id>")
    draw.add_argument("--commitment", help="the commitment you noted at the start")
    draw.add_argument("--list-hash", help="the list's hash you noted at the close")
    draw.add_argument("--receipt", help="your receipt, as a file")
    commands.add_parser("openapi", help="print the OpenAPI document")
    commands.add_parser("version", help="print the version")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 64:  # noqa: PLR2004
        raise argparse.ArgumentTypeError("between 1 and 64")
    return number


if __name__ == "__main__":
    sys.exit(main())
