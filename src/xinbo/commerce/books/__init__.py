"""Double entry: what was paid, refunded, given and taken back, in every unit, always in balance.

Owns `book_posting` and `book_entry`. A posting's legs sum to zero in each unit: checked here, and
once more by the database when the transaction commits. Entries are only ever added. A posting is
made once per key, so whoever repeats himself changes nothing. Every figure that the pages show of
money is a sum of entries, and opens them.
"""

from xinbo.commerce.books._rules import Leg, Unbalanced
from xinbo.commerce.books._service.posting import balance, entries, post
from xinbo.commerce.books._service.reading import (
    LONGEST_EXPORT,
    ExportTooLong,
    export_csv,
    page_of,
    trial_balance,
)
from xinbo.commerce.books._types import Entry, EntryFilter, TrialBalance, TrialLine, TrialTotal

__all__ = [
    "LONGEST_EXPORT",
    "Entry",
    "EntryFilter",
    "ExportTooLong",
    "Leg",
    "TrialBalance",
    "TrialLine",
    "TrialTotal",
    "Unbalanced",
    "balance",
    "entries",
    "export_csv",
    "page_of",
    "post",
    "trial_balance",
]
