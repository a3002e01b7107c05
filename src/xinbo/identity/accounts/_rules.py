"""Phone numbers, codes and tokens as pure functions."""

import hashlib
import hmac
import secrets
from datetime import timedelta

import phonenumbers

from xinbo.kit.errors import Invalid

CODE_LASTS = timedelta(minutes=5)
CODE_TRIES = 5
RESEND_AFTER = timedelta(seconds=60)


class PhoneRefused(Invalid):
    """Raised when a number is no phone number of its country."""


def phone(text: str, region: str = "CN") -> str:
    """Return the number as E.164 (`+8613800000000`), or refuse. No prefix means `region`."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise PhoneRefused(phone=text[:20]) from None
    if not phonenumbers.is_possible_number(number):
        raise PhoneRefused(phone=text[:20])
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked(number: str) -> str:
    """Hide the middle of an E.164 number: `138****0000`."""
    local = number.removeprefix("+86")
    return f"{local[:3]}****{local[-4:]}"


def new_code() -> str:
    """Return six random digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def new_token() -> str:
    """Return 256 random bits, as text."""
    return secrets.token_urlsafe(32)


def digest(secret: str, salt: str = "") -> str:
    """Hash a token or a code. Both are random, so a fast hash is enough."""
    return hashlib.sha256(f"{salt}:{secret}".encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(one, other)
