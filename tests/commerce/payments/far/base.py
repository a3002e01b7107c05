"""What every far side has: its books, its moods and a door on a real socket."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import msgspec
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from xinbo.commerce.payments import Outcome, Payment, Provider
from xinbo.engines.embedded import free_port
from xinbo.engines.tx import Tx
from xinbo.kit.ids import new_id

type Callback = tuple[dict[str, str], bytes]


class Ask(msgspec.Struct, frozen=True):
    """A request that came in."""

    method: str
    path: str
    """With its query, as it was sent."""
    headers: dict[str, str]
    body: bytes


class Reply(msgspec.Struct, frozen=True):
    """What goes out."""

    status: int
    body: bytes
    headers: dict[str, str] = {}


class Twist(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a callback, if anything."""

    succeeded: bool = True
    amount: int | None = None
    currency: str | None = None
    ours: bool = True
    """Whether it is about our account."""
    age: timedelta = timedelta()
    forged: bool = False
    """Signed with somebody else's key."""
    payment: str | None = None
    """Another payment's id."""


STRAIGHT = Twist()


class Far(Protocol):
    """A provider's side, as the contract needs it."""

    name: str
    stale: timedelta
    """An age at which a callback is no longer believed."""
    foreign: bool
    """Whether it knows other currencies."""

    @property
    def provider(self) -> Provider:
        """Our adapter, talking to this."""
        ...

    async def pay(self, tx: Tx, /, payment: Payment, mood: str = "") -> None:
        """Take the shopper's money. `mood`: what it will do when asked for it back."""
        ...

    def callback(self, payment: Payment, twist: Twist = STRAIGHT) -> Callback:
        """Tell of a payment."""
        ...

    async def sent(self, tx: Tx, /, payment: Payment) -> int:
        """Say how much went back."""
        ...


class Books:
    """A far side's money."""

    def __init__(self) -> None:
        self.opened: dict[str, dict[str, Any]] = {}
        self.paid: dict[str, int] = {}
        self.refunds: dict[str, tuple[str, int]] = {}
        """By our refund's id: the payment's, and how much."""
        self.closed: set[str] = set()
        self.moods: dict[str, list[str]] = {}
        """By payment: what it does when asked to refund, the next first."""
        self.away = False
        self.ahead = timedelta()
        """How far its clock, and the test's, is ahead of the real one."""

    async def aclose(self) -> None:
        """Hang up, where that is to be done."""

    def mood(self, payment: str) -> str:
        """Take the next mood."""
        left = self.moods.get(payment, [])
        return left.pop(0) if left else ""

    def refund(self, payment: str, refund: str, amount: int) -> bool:
        """Send money back, once a refund; say whether any moved."""
        if refund in self.refunds:
            return False
        gone = sum(sum_ for of, sum_ in self.refunds.values() if of == payment)
        assert gone + amount <= self.paid[payment], "asked for more than was paid"
        self.refunds[refund] = payment, amount
        return True

    def sent_of(self, payment: str) -> int:
        """Say how much of a payment went back."""
        return sum(sum_ for of, sum_ in self.refunds.values() if of == payment)


MOODS = {
    "": [],
    "busy": ["busy"],
    "lost": ["lost"],
    "slow": ["slow"],
    "refuse": ["refuse"],
}
"""Busy: refuses once. Lost: pays, and the answer is lost. Slow: says so at first."""
OUTCOMES = {
    "": Outcome.SUCCEED,
    "busy": Outcome.REFUND_LATER,
    "refuse": Outcome.REFUND_NEVER,
}


def now(twist: Twist) -> datetime:
    """Say when a callback claims to be sent."""
    return datetime.now(UTC) - twist.age


def key() -> rsa.RSAPrivateKey:
    """Make a key pair."""
    return rsa.generate_private_key(65537, 2048)


def private_file(folder: Path, mine: rsa.RSAPrivateKey) -> str:
    """Write a private key where an account's setting can name it."""
    file = folder / f"{new_id()}.pem"
    file.write_bytes(mine.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(file)


def public_file(folder: Path, theirs: rsa.RSAPrivateKey) -> str:
    """Write a key pair's public half."""
    file = folder / f"{new_id()}.pub"
    file.write_bytes(
        theirs.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return str(file)


@asynccontextmanager
async def served(answer: Callable[[Ask], Awaitable[Reply]]) -> AsyncGenerator[str]:
    """Answer on a socket; yield its address."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            part = await receive()
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        query = scope["query_string"].decode()
        ask = Ask(
            scope["method"],
            scope["path"] + (f"?{query}" if query else ""),
            {name.decode().lower(): value.decode() for name, value in scope["headers"]},
            body,
        )
        reply = await answer(ask)
        headers = [(name.encode(), value.encode()) for name, value in reply.headers.items()]
        start = {"type": "http.response.start", "status": reply.status, "headers": headers}
        await send(start)
        await send({"type": "http.response.body", "body": reply.body})

    port = free_port()
    config = uvicorn.Config(app, port=port, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 # uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving


def path_of(ask: Ask) -> str:
    """Return the path without its query."""
    return urlsplit(ask.path).path
