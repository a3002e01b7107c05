"""`xinbo`, with processes of a few lines in the place of the application's own.

What is tried with it is the command: order, ports, sockets, signals, messages. PostgreSQL and NATS
are the real ones.
"""

import asyncio
import os
import sys
import time
from functools import partial

from xinbo.cli import _children, _serve, main
from xinbo.engines.embedded import leashed
from xinbo.engines.settings import Settings
from xinbo.engines.supervisor import listener, say_ready


async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Tell the caller who answers."""
    pid = str(os.getpid())
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(pid)}\r\nConnection: close\r\n\r\n"
    writer.write((head + pid).encode())
    await writer.drain()
    writer.close()


async def web(settings: Settings) -> None:
    """Answer on the web port."""
    taken = listener("web", settings.host, settings.web_port)
    async with await asyncio.start_server(answer, sock=taken) as server:
        await server.serve_forever()


async def edge(settings: Settings) -> None:
    """Answer on the edge port."""
    taken = listener("edge", settings.host, settings.edge_port)
    async with await asyncio.start_server(answer, sock=taken) as server:
        await server.serve_forever()


async def media(settings: Settings) -> None:
    """Answer on the media port."""
    async with await asyncio.start_server(answer, settings.host, settings.media_port) as server:
        await server.serve_forever()


async def worker(_settings: Settings) -> None:
    """Be there."""
    say_ready()
    await asyncio.Event().wait()


async def hang(_settings: Settings) -> None:
    """Be deaf."""
    say_ready()
    time.sleep(60)  # noqa: ASYNC251 deaf on purpose


async def migrate(_settings: Settings) -> None:
    """Have nothing to do."""


def xinbo(command: str) -> list[str]:
    """Run this file in the place of `python -m xinbo`."""
    return leashed([sys.executable, __file__, command])


if __name__ == "__main__":
    _children._xinbo = xinbo  # noqa: SLF001
    _serve.LAST_RESORT = 1
    for process in (migrate, web, edge, media, worker):
        _serve.SERVES[process.__name__] = f"__main__:{process.__name__}"
    if "DEAF" in os.environ:
        _serve.SERVES["worker"] = "__main__:hang"
    sys.exit(partial(main)())
