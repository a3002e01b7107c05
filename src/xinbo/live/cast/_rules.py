"""Guests' links and the way a guest goes, as pure functions."""

import base64
import binascii
import hashlib
import hmac
import struct
from datetime import datetime, timedelta
from uuid import UUID

PRESENT_FOR = timedelta(seconds=15)
"""A page that was heard of within this is there; it speaks each five seconds."""

_BODY = struct.Struct(">16sQ")
_MAC = 18
"""Bytes of the signature: 144 bits, so that 42 of ours make 56 letters without padding."""

MOVES: dict[str, dict[str, str]] = {
    "ask": {"invited": "asking", "left": "asking", "asking": "asking"},
    "admit": {"asking": "admitted", "admitted": "admitted", "on_air": "on_air"},
    "connected": {"admitted": "on_air", "on_air": "on_air"},
    "again": {"admitted": "admitted", "on_air": "admitted"},
    "leave": {"asking": "left", "admitted": "left", "on_air": "left", "left": "left"},
    "remove": dict.fromkeys(
        ("invited", "asking", "admitted", "on_air", "left", "removed"), "removed"
    ),
}
"""What each move makes of each state; what is not here is refused."""


def moved(state: str, move: str) -> str | None:
    """Return the state after a move, or None if the move is not possible from there."""
    return MOVES[move].get(state)


def sign_guest(key: bytes, guest_id: UUID, expires_at: datetime) -> str:
    """Make what a guest's link ends in: unguessable, and the same each time it is asked for."""
    body = _BODY.pack(guest_id.bytes, int(expires_at.timestamp()))
    return base64.urlsafe_b64encode(body + _mac(key, body)).decode()


def read_guest(key: bytes, token: str, now: datetime) -> UUID | None:
    """Return the guest that a link is for; None if it is forged, broken or too old."""
    try:
        raw = base64.urlsafe_b64decode(token.encode())
        body, mac = raw[: _BODY.size], raw[_BODY.size :]
        guest, expires = _BODY.unpack(body)
    except (ValueError, binascii.Error, struct.error):
        return None
    if not hmac.compare_digest(mac, _mac(key, body)) or expires < now.timestamp():
        return None
    return UUID(bytes=guest)


def is_present(seen_at: datetime | None, now: datetime) -> bool:
    """Say whether a page that spoke then is there now."""
    return seen_at is not None and now - seen_at <= PRESENT_FOR


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, hashlib.sha256)[:_MAC]
