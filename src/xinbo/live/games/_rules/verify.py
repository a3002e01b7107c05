"""Check a draw by its public record alone: no server, no trust in the one who wrote it.

The command `xinbo verify-draw` and the shop's page `/draws/<id>` do the same checks; the page has
them again in TypeScript, so that it trusts neither this file nor the server that serves it more
than a reader of its source does.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple, cast

import msgspec

from xinbo.live.games._rules import draw, receipts
from xinbo.live.games._rules.draw import Line
from xinbo.live.games._rules.kinds import DEAREST
from xinbo.live.games._rules.packets import split

LINE = re.compile(r"[0-9a-f]{64} ([0-9a-f]{32})? [0-9,]{0,40}")
HEX = re.compile(r"[0-9a-f]{64}")


class Check(StrEnum):
    """What is looked at, in this order."""

    TERMS = "terms"
    """The terms are those whose hash was published, of this very play."""
    VALUES = "values"
    """No prize is worth more than the law lets a draw give."""
    COMMITMENT = "commitment"
    """Seed and right answer are those that were sealed before the first entry."""
    LIST = "list"
    """The list is the one whose hash was published before the seed."""
    WINNERS = "winners"
    """The winners are those whom seed and list name."""
    PACKETS = "packets"
    """The packets are the ones that the seed cut; each was caught once, and not too many each."""
    NOTED_COMMITMENT = "noted_commitment"
    """The commitment is the one that was noted at the start."""
    NOTED_LIST = "noted_list"
    """The list's hash is the one that was noted at the close."""
    RECEIPT = "receipt"
    """The entry that the server signed for is in the list."""


class Result(StrEnum):
    """How a check came out."""

    OK = "ok"
    WRONG = "wrong"
    NOT_YET = "not_yet"
    """The seed is not public yet."""


class Finding(NamedTuple):
    """A check and its result."""

    check: Check
    result: Result


class DrawRecord(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a play publishes: all that is needed to check it, and nobody's name."""

    version: str
    run_id: str
    terms: str
    """A JSON text, to the letter as it was hashed."""
    terms_hash: str
    commitment: str
    state: str
    list_hash: str | None
    entries: list[str]
    """Lines `entry nonce answer`, as hashed; empty while the list is open."""
    seed: str | None
    answer: str | None
    winners: list[str]
    """Entries, the first prize first."""
    packets: list[int]
    caught: list[str]
    """Lines `number entry`."""


class Noted(NamedTuple):
    """What someone kept from the time of the play."""

    commitment: str | None = None
    list_hash: str | None = None
    receipt: Mapping[str, Any] | None = None


NOTHING = Noted()


def verify(record: DrawRecord, noted: Noted = NOTHING) -> list[Finding]:
    """Check a record against itself, and against what someone noted while it was played."""
    terms = _terms(record)
    checks = [
        (Check.TERMS, terms is not None),
        (Check.VALUES, terms is not None and _worth(terms) <= DEAREST),
        (Check.COMMITMENT, _sealed(record)),
        (Check.LIST, _listed(record)),
        (Check.WINNERS, terms is not None and _won(record, terms)),
        (Check.PACKETS, terms is not None and _cut(record, terms)),
        (Check.NOTED_COMMITMENT, noted.commitment in {None, record.commitment}),
        (Check.NOTED_LIST, noted.list_hash in {None, record.list_hash}),
        (Check.RECEIPT, terms is not None and _kept(record, terms, noted.receipt)),
    ]
    late = set[Check]()
    if record.seed is None:
        late |= {Check.COMMITMENT, Check.WINNERS, Check.PACKETS}
    if record.list_hash is None:
        late |= {Check.LIST, Check.RECEIPT, Check.NOTED_LIST}
    return [
        Finding(check, Result.NOT_YET if check in late else Result.OK if fine else Result.WRONG)
        for check, fine in checks
    ]


def genuine(findings: list[Finding]) -> bool:
    """Say whether everything that can be checked is right, and all of it can."""
    return all(finding.result is Result.OK for finding in findings)


def _terms(record: DrawRecord) -> Mapping[str, Any] | None:
    if record.version != draw.VERSION or draw.digest(record.terms) != record.terms_hash:
        return None
    try:
        terms = msgspec.json.decode(record.terms)
    except msgspec.DecodeError:
        return None
    if not isinstance(terms, dict):
        return None
    terms = cast("Mapping[str, Any]", terms)
    ours = terms.get("runId") == record.run_id and terms.get("version") == draw.VERSION
    return terms if ours else None


def _worth(terms: Mapping[str, Any]) -> int:
    return max((int(prize["value"]) for prize in terms["prizes"]), default=0)


def _sealed(record: DrawRecord) -> bool:
    if record.seed is None or not HEX.fullmatch(record.seed):
        return False
    sealed = draw.commitment(record.run_id, record.terms_hash, record.seed, record.answer or "")
    return sealed == record.commitment


def _lines(record: DrawRecord) -> list[Line]:
    return [Line(*each.split(" ")) for each in record.entries]


def _listed(record: DrawRecord) -> bool:
    if not all(LINE.fullmatch(each) for each in record.entries):
        return False
    lines = _lines(record)
    names = {line.entry for line in lines}
    return (
        len(names) == len(lines)
        and lines == draw.listed(lines)
        and draw.list_hash(record.run_id, lines) == record.list_hash
    )


def _won(record: DrawRecord, terms: Mapping[str, Any]) -> bool:
    if not _sealed(record) or not _listed(record) or record.list_hash is None:
        return False
    lines = _lines(record)
    places = draw.winners(
        str(terms["kind"]),
        record.answer or "",
        lines,
        sum(int(prize["count"]) for prize in terms["prizes"]),
        bytes.fromhex(record.seed or ""),
        record.list_hash,
    )
    return [lines[place].entry for place in places] == record.winners


def _cut(record: DrawRecord, terms: Mapping[str, Any]) -> bool:
    count, points = int(terms["packets"]), int(terms["points"])
    if terms["kind"] != "rain":
        return not record.packets and not record.caught
    if not _sealed(record):
        return False
    seed = bytes.fromhex(record.seed or "")
    cut = split(points, count, seed, record.run_id) if points else [0] * count
    caught = [each.split(" ") for each in record.caught]
    numbers = [int(number) for number, _ in caught]
    each: dict[str, int] = {}
    for _, entry in caught:
        each[entry] = each.get(entry, 0) + 1
    known = {line.split(" ")[0] for line in record.entries}
    return (
        cut == record.packets
        and len(set(numbers)) == len(numbers)
        and all(1 <= number <= count for number in numbers)
        and set(each) <= known
        and max(each.values(), default=0) <= int(terms["perPerson"])
    )


def _kept(record: DrawRecord, terms: Mapping[str, Any], receipt: Mapping[str, Any] | None) -> bool:
    """Say whether the list holds what a receipt promises; a forged receipt promises nothing."""
    if receipt is None:
        return True
    said = tuple(str(receipt.get(name, "")) for name in ("runId", "entry", "nonce", "answer"))
    run_id, entry, nonce, answer = said
    if run_id != record.run_id or not receipts.genuine(
        str(terms["receiptKey"]), str(receipt.get("signature", "")), (run_id, entry, nonce, answer)
    ):
        return False
    # A nonce may have been added after the receipt was written; none is ever changed.
    return any(
        line.entry == entry and line.answer == answer and nonce in {"", line.nonce}
        for line in _lines(record)
    )
