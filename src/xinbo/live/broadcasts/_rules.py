"""Stream keys and WHIP tokens as pure functions."""

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

WHIP_LASTS = timedelta(hours=2)
SOURCES = ("main", "backup")
_BODY = struct.Struct(">16sQB")


def new_stream_key() -> str:
    """Return a key that nobody guesses and everybody can paste: 160 bits."""
    return secrets.token_urlsafe(20)


def new_playback_id() -> str:
    """Return the unguessable name that a show's video is played under."""
    return secrets.token_hex(12)


def sign_whip(key: bytes, show_id: UUID, source: str, expires_at: datetime) -> str:
    """Make the bearer token that lets one console page publish to one source of one show."""
    body = _BODY.pack(show_id.bytes, int(expires_at.timestamp()), SOURCES.index(source))
    return base64.urlsafe_b64encode(body + _mac(key, body)).decode()


def read_whip(key: bytes, token: str, now: datetime) -> tuple[UUID, str] | None:
    """Return the show and the source that a token is for; None if forged, broken or too old."""
    try:
        raw = base64.urlsafe_b64decode(token.encode())
        body, mac = raw[: _BODY.size], raw[_BODY.size :]
        show, expires, source = cast("tuple[bytes, int, int]", _BODY.unpack(body))
    except (ValueError, binascii.Error, struct.error):
        return None
    if not hmac.compare_digest(mac, _mac(key, body)) or expires < now.timestamp():
        return None
    return UUID(bytes=show), SOURCES[source]


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, hashlib.sha256)
