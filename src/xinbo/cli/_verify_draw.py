"""`xinbo verify-draw`."""

import argparse
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx
import msgspec

from xinbo.live.games import Check, DrawRecord, Finding, Noted, Result, genuine, verify

NOT_YET, WRONG, UNREADABLE = 3, 1, 2
LARGEST = 64_000_000
"""Bytes of a record: a list of half a million entries."""
WORDS = {
    Check.TERMS: "the terms are those whose hash was published",
    Check.VALUES: "no prize is worth more than 50,000 yuan",
    Check.COMMITMENT: "seed and answer are those sealed before the first entry",
    Check.LIST: "the list is the one whose hash was published before the seed",
    Check.WINNERS: "the winners are those whom seed and list name",
    Check.PACKETS: "packets are as the seed cut them, each caught once",
    Check.NOTED_COMMITMENT: "the commitment is the one you noted",
    Check.NOTED_LIST: "the list's hash is the one you noted",
    Check.RECEIPT: "the entry of your receipt is in the list",
}
MARKS = {Result.OK: "ok     ", Result.WRONG: "WRONG  ", Result.NOT_YET: "not yet"}


def run(options: argparse.Namespace) -> int:
    """Check a draw's record: 0 all is right, 1 something is wrong, 2 unreadable, 3 not out yet."""
    try:
        record = msgspec.json.decode(_read(options.source), type=DrawRecord)
        receipt = (
            msgspec.json.decode(_read(options.receipt), type=dict[str, object])
            if options.receipt
            else None
        )
    except (OSError, ValueError, httpx.HTTPError, msgspec.MsgspecError) as unreadable:
        print(f"Cannot read it: {unreadable}", file=sys.stderr)  # noqa: T201
        return UNREADABLE
    noted = Noted(options.commitment, options.list_hash, receipt)
    findings = [each for each in verify(record, noted) if _asked(each, noted)]
    print(_told(record, findings))  # noqa: T201
    if any(finding.result is Result.WRONG for finding in findings):
        return WRONG
    return 0 if genuine(findings) else NOT_YET


def _asked(finding: Finding, noted: Noted) -> bool:
    """Leave out what nobody noted."""
    return {
        Check.NOTED_COMMITMENT: noted.commitment is not None,
        Check.NOTED_LIST: noted.list_hash is not None,
        Check.RECEIPT: noted.receipt is not None,
    }.get(finding.check, True)


def _told(record: DrawRecord, findings: list[Finding]) -> str:
    lines = [
        f"draw       {record.run_id}",
        f"commitment {record.commitment}",
        f"list       {record.list_hash or '-'} ({len(record.entries)} entries)",
        f"seed       {record.seed or '-'}",
        *(f"winner     {entry}" for entry in record.winners),
        *(f"{MARKS[each.result]} {WORDS[each.check]}" for each in findings),
    ]
    wrong = any(finding.result is Result.WRONG for finding in findings)
    end = "NOT GENUINE" if wrong else "checked" if genuine(findings) else "not out yet"
    return "\n".join([*lines, end])


def _read(source: str) -> bytes:
    """Read a file, or an address: a page `/<shop>/draws/<id>` stands for its record."""
    if not source.startswith(("http://", "https://")):
        with Path(source).open("rb") as file:
            return _bounded(file.read(LARGEST + 1))
    parts = urlsplit(source)
    if not parts.path.startswith("/api/"):
        shop, _, draw = parts.path.strip("/").rpartition("draws/")
        merchant = f"merchant={shop.strip('/')}" if shop else parts.query
        parts = parts._replace(path=f"/api/v1/draws/{draw}", query=merchant)
    with httpx.stream("GET", urlunsplit(parts), timeout=30, follow_redirects=True) as answer:
        answer.raise_for_status()
        content = b""
        for chunk in answer.iter_bytes():
            content = _bounded(content + chunk)
        return content


def _bounded(content: bytes) -> bytes:
    if len(content) > LARGEST:
        raise ValueError("the record is too large")
    return content
