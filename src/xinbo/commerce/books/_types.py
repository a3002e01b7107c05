"""Structs of the books room."""

from datetime import datetime
from uuid import UUID

from xinbo.kit.wire import Command, View


class Entry(View, frozen=True):
    """One leg of a posting, as it stands in the books."""

    id: UUID
    posting_id: UUID
    at: datetime
    kind: str
    """What happened: `payment`, `refund`, …"""
    ref_id: UUID
    """What it happened to: an order, mostly."""
    account: str
    owner_id: UUID
    unit: str
    amount: int
    """Debit above zero, credit below; minor units."""


class EntryFilter(Command, frozen=True):
    """Which entries to show: all that agree with everything that is given."""

    account: str | None = None
    owner_id: UUID | None = None
    unit: str | None = None
    kind: str | None = None
    ref_id: UUID | None = None
    from_at: datetime | None = None
    until_at: datetime | None = None
    """The moment itself is left out."""


class TrialLine(View, frozen=True):
    """An account in one unit: all its owners together."""

    account: str
    unit: str
    debit: int
    credit: int
    balance: int
    """Debit less credit."""
    entries: int


class TrialTotal(View, frozen=True):
    """A unit: its debits and credits are equal, or the books are wrong."""

    unit: str
    debit: int
    credit: int


class TrialBalance(View, frozen=True):
    """Every account, and the sums that must agree."""

    lines: list[TrialLine]
    totals: list[TrialTotal]
