"""A crowd of buyers on keep-alive connections, as cheap as Python can make it.

Run as `python -m bench.flashsale._buyers < plan.json`; prints one JSON object.
"""

import asyncio
import sys
import time
from typing import override

import msgspec
import uvloop

from bench.flashsale._plan import Plan, Result


class Buyer(asyncio.Protocol):
    """Buys again and again until it is told that there is no more."""

    def __init__(self, plan: Plan, n: int) -> None:
        body = plan.bodies[n].encode()
        self.head = (
            f"POST {plan.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Requested-With: bench\r\n"
            f"Content-Type: application/json\r\nCookie: {plan.cookies[n]}\r\n"
            f"Content-Length: {len(body)}\r\nIdempotency-Key: {plan.run}-{n}-"
        ).encode()
        self.tail = b"\r\n\r\n" + body
        self.turn = 0
        self.sent = 0.0
        self.waits: list[float] = []
        self.refused = self.other = 0
        self.got = b""
        self.done = asyncio.get_running_loop().create_future()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.ready = True

    def buy(self) -> None:
        """Send the next request."""
        self.turn += 1
        self.sent = time.perf_counter()
        request = self.head + str(self.turn).encode() + self.tail
        self.transport.write(request)  # pyright: ignore[reportAttributeAccessIssue] # of TCP

    @override
    def data_received(self, data: bytes) -> None:
        self.got = self.got + data if self.got else data
        end = self.got.find(b"\r\n\r\n")
        if end < 0:
            return
        at = self.got.find(b"content-length: ") + 16
        length = int(self.got[at : self.got.find(b"\r", at)])
        if len(self.got) < end + 4 + length:
            return
        status, self.got = self.got[9:12], b""
        if status == b"201":
            self.waits.append(time.perf_counter() - self.sent)
            self.buy()
            return
        if status != b"409":
            self.other += 1
            self.turn -= 1  # as a shopper's page does: again, with the same key
            self.buy()
            return
        self.refused += 1
        self.done.set_result(None)
        self.transport.close()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.other += 1
            self.done.set_result(None)


async def shop(plan: Plan) -> Result:
    """Connect everybody first, then let them go at once."""
    loop = asyncio.get_running_loop()
    buyers: list[Buyer] = []
    for n in range(len(plan.bodies)):
        _, buyer = await loop.create_connection(lambda n=n: Buyer(plan, n), "127.0.0.1", plan.port)
        buyers.append(buyer)
    began = time.perf_counter()
    for buyer in buyers:
        buyer.buy()
    await asyncio.gather(*(buyer.done for buyer in buyers))
    seconds = time.perf_counter() - began
    waits = sorted(wait for buyer in buyers for wait in buyer.waits) or [0.0]
    return Result(
        placed=sum(len(buyer.waits) for buyer in buyers),
        refused=sum(buyer.refused for buyer in buyers),
        other=sum(buyer.other for buyer in buyers),
        seconds=seconds,
        p50=waits[len(waits) // 2] * 1000,
        p99=waits[int(len(waits) * 0.99)] * 1000,
    )


if __name__ == "__main__":
    given = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(shop(given))))
