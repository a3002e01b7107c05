"""Signatures over raw bodies, as third parties that push news to us make them. Pure."""

import hmac
import re
from datetime import datetime, timedelta
from hashlib import sha256

CLOCKS_DIFFER = timedelta(minutes=5)
"""How old a signed message may be, or how far in the future."""
SIGNATURE = re.compile(r"t=([0-9]{1,12}),n=([0-9a-zA-Z_-]{1,64}),v1=([0-9a-f]{64})")


def sign(key: bytes, body: bytes, at: datetime, nonce: str) -> str:
    """Sign the raw body: `t=<Unix seconds>,n=<nonce>,v1=<hex HMAC-SHA256 of t.n.body>`."""
    stamp = str(int(at.timestamp()))
    return f"t={stamp},n={nonce},v1={_digest(key, stamp, nonce, body)}"


def genuine(key: bytes, body: bytes, signature: str, now: datetime) -> bool:
    """Say whether the signature is of this body, by this key, and fresh."""
    parts = SIGNATURE.fullmatch(signature)
    if parts is None:
        return False
    stamp, nonce, digest = parts.groups()
    age = abs(now.timestamp() - int(stamp))
    return age <= CLOCKS_DIFFER.total_seconds() and hmac.compare_digest(
        digest, _digest(key, stamp, nonce, body)
    )


def _digest(key: bytes, stamp: str, nonce: str, body: bytes) -> str:
    return hmac.new(key, f"{stamp}.{nonce}.".encode() + body, sha256).hexdigest()
