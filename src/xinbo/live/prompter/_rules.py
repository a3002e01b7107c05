"""Tokens of the prompter as pure functions: no I/O, no clock."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from uuid import UUID

import msgspec

from xinbo.kit.errors import NotAllowed

LASTS = timedelta(hours=12)
"""How long a token reads: from the rehearsal in the morning to the end of the show."""

SIGNATURE = 16
"""Bytes of HMAC-SHA256 kept: 128 bits."""

CANONICAL = re.compile(r"[A-Za-z0-9_-]{40,200}")


class TokenRefused(NotAllowed):
    """Raised when a token is not ours or has run out: the console gives a new one."""


class Claims(msgspec.Struct, frozen=True, array_like=True):
    """What a token says. `until` is in Unix seconds."""

    merchant_id: UUID
    show_id: UUID
    until: int


def sign(claims: Claims, key: bytes) -> str:
    """Make the token: base64url of the signature and the claims."""
    body = msgspec.msgpack.encode(claims)
    return urlsafe_b64encode(_signature(body, key) + body).rstrip(b"=").decode()


def verify(token: str, key: bytes, now: float) -> Claims:
    """Return what a token says. Raises `TokenRefused`."""
    if not CANONICAL.fullmatch(token):
        raise TokenRefused(reason="forged")
    raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    given, body = raw[:SIGNATURE], raw[SIGNATURE:]
    if not hmac.compare_digest(given, _signature(body, key)):
        raise TokenRefused(reason="forged")
    try:
        claims = msgspec.msgpack.decode(body, type=Claims)
    except msgspec.MsgspecError:  # signed by another version of ours
        raise TokenRefused(reason="expired") from None
    if now > claims.until:
        raise TokenRefused(reason="expired")
    return claims


def _signature(body: bytes, key: bytes) -> bytes:
    return hmac.digest(key, body, hashlib.sha256)[:SIGNATURE]
