"""The server's word that an entry is in a list: a signature that outlives the server's memory."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)


def new_key() -> bytes:
    """Make the private key of one play: 32 bytes."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public(key: bytes) -> str:
    """Return the public half, in hexadecimal: the terms publish it."""
    return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw().hex()


def sign(key: bytes, run_id: str, entry: str, nonce: str, answer: str) -> str:
    """Sign an entry, in hexadecimal (Ed25519, RFC 8032)."""
    return Ed25519PrivateKey.from_private_bytes(key).sign(_said(run_id, entry, nonce, answer)).hex()


def genuine(public_key: str, signature: str, said: tuple[str, str, str, str]) -> bool:
    """Say whether the server signed (run, entry, nonce, answer)."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), _said(*said))
    except (ValueError, InvalidSignature):
        return False
    return True


def _said(run_id: str, entry: str, nonce: str, answer: str) -> bytes:
    return f"xinbo-receipt/1\n{run_id}\n{entry}\n{nonce}\n{answer}".encode()
