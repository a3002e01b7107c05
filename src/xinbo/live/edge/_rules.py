"""Tickets, origins, fairness and pseudonyms as pure functions: no I/O, no clock."""

import hashlib
import hmac
import ipaddress
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from xinbo.kit.errors import NotAllowed

CONNECT_WITHIN = 60
"""Seconds in which a ticket opens a socket, or renews one."""

LASTS = 900
"""Seconds that a ticket keeps a socket open."""

SIGNATURE = 16
"""Bytes of HMAC-SHA256 kept: 128 bits."""

CANONICAL = re.compile(r"[A-Za-z0-9_-]{1,2000}")


class TicketRefused(NotAllowed):
    """Raised when a ticket is not ours, too old, or for another room."""


class RoomRole(StrEnum):
    """In what capacity someone is in a room."""

    GUEST = "guest"
    SHOPPER = "shopper"
    HOST = "host"
    STAFF = "staff"

    @property
    def is_staff(self) -> bool:
        """Whether they hear what only staff hears, and are not counted as audience."""
        return self in {RoomRole.HOST, RoomRole.STAFF}


class Claims(msgspec.Struct, frozen=True, array_like=True):
    """What a ticket says. Times are Unix seconds."""

    show_id: UUID
    merchant_id: UUID
    viewer_id: UUID
    name: str
    role: RoomRole
    issued: int
    simulated: bool = False
    level: str | None = None
    """The shopper's level of membership."""
    buyer: bool = False
    """Whether the shopper has bought from this shop."""
    rehearsal: bool = False
    """The room was private when the ticket was written."""
    staff: str = ""
    """A staff member's own name, for colleagues; viewers see `name`."""
    seat: str = ""
    """A staff member's role."""

    @property
    def until(self) -> int:
        """The second after which the socket closes unless a newer ticket came."""
        return self.issued + LASTS


def sign(claims: Claims, key: bytes) -> str:
    """Make the compact token: base64url of the signature and the claims."""
    body = msgspec.msgpack.encode(claims)
    return urlsafe_b64encode(_signature(body, key) + body).rstrip(b"=").decode()


def read(token: str, key: bytes, now: float, show_id: UUID | None = None) -> Claims:
    """Return the claims of a ticket that opens a socket now. Raises `TicketRefused`.

    With `show_id`, tickets for other rooms are refused.
    """
    if not CANONICAL.fullmatch(token):
        raise TicketRefused(reason="forged")
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        raise TicketRefused(reason="forged") from None
    given, body = raw[:SIGNATURE], raw[SIGNATURE:]
    if not hmac.compare_digest(given, _signature(body, key)):
        raise TicketRefused(reason="forged")
    try:
        claims = msgspec.msgpack.decode(body, type=Claims)
    except msgspec.MsgspecError:  # signed by another version of ours
        raise TicketRefused(reason="expired") from None
    if not claims.issued - CONNECT_WITHIN <= now <= claims.issued + CONNECT_WITHIN:
        raise TicketRefused(reason="expired")
    if show_id not in {None, claims.show_id}:
        raise TicketRefused(reason="otherRoom")
    return claims


def _signature(body: bytes, key: bytes) -> bytes:
    return hmac.digest(key, body, hashlib.sha256)[:SIGNATURE]


def origin_allowed(origin: str | None, host: str | None, others: frozenset[str]) -> bool:
    """Say whether a page of this origin may open a socket here.

    Pages of the same host name may, whatever their port; so may the named origins
    (`https://shop.example`). Programs send no origin: they hold no one's cookies.
    """
    if origin is None:
        return True
    try:
        page, here = urlsplit(origin).hostname, urlsplit(f"//{host or ''}").hostname
    except ValueError:
        return False
    return origin in others or (page is not None and page == here)


def viewer_mark(show_id: UUID, viewer_id: UUID, *, simulated: bool) -> int:
    """Return the 64-bit number that stands for a viewer among edges; odd if simulated."""
    digest = hashlib.blake2b(viewer_id.bytes, digest_size=8, key=show_id.bytes).digest()
    return int.from_bytes(digest, "little") & ~1 | simulated


def author_mark(show_id: UUID, viewer_id: UUID) -> str:
    """Return what stands for an author on other people's screens, in this show only."""
    return hashlib.blake2s(viewer_id.bytes, digest_size=6, key=show_id.bytes).hexdigest()


def guest_name(viewer_id: UUID) -> str:
    """Return a neutral name for someone who gave none: it says nothing of the id."""
    number = int.from_bytes(hashlib.blake2s(viewer_id.bytes, digest_size=4).digest()) % 10_000
    return f"游客 {number:04}"


def masked(name: str) -> str:
    """Return as much of a buyer's name as strangers may read."""
    return f"{name[:1]}**" if name else ""


def counted(address: str) -> bool:
    """Say whether sockets are counted for an address: proxies and this machine are not people."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    return not (known.is_loopback or known.is_private)


class Bucket:
    """A token bucket: `rate` a second on average, `burst` at once. Time is given, in seconds."""

    __slots__ = ("_burst", "_full_at", "_rate")

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._full_at = 0.0

    def take(self, now: float) -> bool:
        """Take a token if there is one."""
        if self.wait(now) > 0:
            return False
        self._full_at = max(self._full_at, now) + 1 / self._rate
        return True

    def wait(self, now: float) -> float:
        """Return the seconds until there is a token."""
        return max(0.0, self._full_at - now - (self._burst - 1) / self._rate)
