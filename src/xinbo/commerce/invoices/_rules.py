"""Who may be named on an invoice, and what becomes of one. Pure."""

import re
import unicodedata
from enum import StrEnum

from xinbo.kit.errors import Conflict

_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of a unified social credit code (GB 32100-2015): no I, O, S, V, Z."""
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
"""Powers of 3 modulo 31 (GB 32100-2015, 5.3)."""
_CODE = re.compile(f"[{_LETTERS}]{{2}}[0-9]{{6}}[{_LETTERS}]{{10}}")
_OLDER = re.compile(r"[0-9]{15}|[0-9A-Z]{20}")
"""Tax ids from before 2015 that some still have: 15 digits, or 20 characters."""


class InvoiceKind(StrEnum):
    """What kind of electronic VAT invoice."""

    NORMAL = "normal"
    """增值税普通发票"""
    SPECIAL = "special"
    """增值税专用发票: the buyer deducts it, so the whole company is named."""


class TitleKind(StrEnum):
    """Whose name stands on it."""

    PERSON = "person"
    COMPANY = "company"


class InvoiceState(StrEnum):
    """Where an invoice stands."""

    REQUESTED = "requested"
    ISSUED = "issued"
    REFUSED = "refused"
    RED = "red"
    """冲红: taken back by a red one, because money went back."""
    WITHDRAWN = "withdrawn"
    """The shopper took the request back."""


LIVE = frozenset({InvoiceState.REQUESTED, InvoiceState.ISSUED})
"""Of these an order has one at most."""

_NEXT = {
    InvoiceState.REQUESTED: frozenset(
        {InvoiceState.ISSUED, InvoiceState.REFUSED, InvoiceState.WITHDRAWN}
    ),
    InvoiceState.ISSUED: frozenset({InvoiceState.RED}),
}


class InvoiceSettled(Conflict):
    """Raised when an invoice cannot go from where it stands (`state`) to where it was sent."""


def move(now: InvoiceState, to: InvoiceState) -> InvoiceState:
    """Return the new state, or refuse."""
    if to not in _NEXT.get(now, frozenset()):
        raise InvoiceSettled(state=now, wanted=to)
    return to


def tax_id(text: str) -> str:
    """Write a tax id as the register does: capitals, no spaces, no full-width characters."""
    return re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text)).upper()


def check_letter(code: str) -> str:
    """Return the 18th character of a code of which 17 are known (GB 32100-2015, 5.3)."""
    total = sum(
        _LETTERS.index(letter) * weight for letter, weight in zip(code, _WEIGHTS, strict=False)
    )
    return _LETTERS[-total % 31]


def valid_tax_id(text: str) -> bool:
    """Say whether a tax id can be one: a unified social credit code whose check letter is right.

    The older forms, of 15 digits or 20 characters, have no check letter and are taken as they are.
    """
    code = tax_id(text)
    if _CODE.fullmatch(code):
        return code[-1] == check_letter(code[:17])
    return _OLDER.fullmatch(code) is not None
