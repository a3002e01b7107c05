"""Viewers of one room: thousands of sockets in one process, which note when a stage came.

Reads a JSON line with the room's address and tickets, says `ready`, listens until its input ends,
then prints for each stage number when it reached each viewer, in nanoseconds since 1970.
"""

import asyncio
import re
import resource
import sys
import time
from contextlib import AsyncExitStack

import msgspec

from xinbo.engines.socket_client import SocketClient

AT_ONCE = 100
"""Sockets opened together: letting thousands in at once is another benchmark."""

SEQ = re.compile(rb'"seq":(\d+)')


class Crowd(msgspec.Struct):
    """Whom to let in, and where."""

    addresses: list[str]


async def main() -> None:
    """Be in the room until the input ends."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    crowd = msgspec.json.decode(sys.stdin.buffer.readline(), type=Crowd)
    came: dict[int, list[int]] = {}

    def heard(frame: bytes) -> None:
        if b'"t":"stage"' in frame:
            at = time.time_ns()
            for found in SEQ.finditer(frame):
                came.setdefault(int(found[1]), []).append(at)

    async with AsyncExitStack() as stack:
        sockets: list[SocketClient] = []
        for start in range(0, len(crowd.addresses), AT_ONCE):
            some = crowd.addresses[start : start + AT_ONCE]
            sockets += await asyncio.gather(
                *(stack.enter_async_context(SocketClient(each, heard)) for each in some)
            )
        print("ready", flush=True)
        listening = asyncio.create_task(beat(sockets))
        await asyncio.to_thread(sys.stdin.buffer.read)
        listening.cancel()
        still = sum(socket.open for socket in sockets)
        print(msgspec.json.encode({"still": still, "came": came}).decode(), flush=True)


async def beat(sockets: list[SocketClient]) -> None:
    """Give signs of life, as phones do."""
    sign = b'{"t":"beat","watching":true,"playing":true,"positionMs":0}'
    while True:
        await asyncio.sleep(8)
        for socket in sockets:
            socket.send(sign)


asyncio.run(main())
