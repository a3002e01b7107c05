"""A draw that anyone can check: what is hashed, in which order, and how chance is taken from it.

Nothing here needs more than SHA-256 and HMAC, so a page does the same in a browser. The protocol
and what it can and cannot promise: docs/decisions/0011.
"""

import hmac
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

VERSION = "xinbo-draw/1"
WORD = 2**64
"""Chance comes in 64-bit words, four of each HMAC."""


class Line(NamedTuple):
    """One line of the public list."""

    entry: str
    """SHA-256 of salt, run and person, in hexadecimal."""
    nonce: str
    answer: str


def digest(text: str) -> str:
    """SHA-256 of the text's UTF-8, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def commitment(run_id: str, terms_hash: str, seed: str, answer: str) -> str:
    """Bind seed and right answer to one play under these terms, before the first entry."""
    return digest(f"{VERSION}\n{run_id}\n{terms_hash}\n{seed}\n{answer}")


def entry_of(salt: bytes, run_id: str, person_id: str) -> str:
    """Name a person in the list of one play so that only who knows the salt can tell."""
    return digest(f"{salt.hex()}\n{run_id}\n{person_id}")


def listed(lines: Sequence[Line]) -> list[Line]:
    """Put the lines in the one order that they are hashed and drawn in."""
    return sorted(lines)


def list_hash(run_id: str, lines: Sequence[Line]) -> str:
    """Hash the whole list, sorted: one line added, dropped or changed makes it another."""
    body = "".join(f"{line.entry} {line.nonce} {line.answer}\n" for line in lines)
    return digest(f"{VERSION} list\n{run_id}\n{len(lines)}\n{body}")


def words(seed: bytes, hashed: str) -> Iterator[int]:
    """Give 64-bit words for ever: HMAC-SHA256(seed, list hash ‖ counter), each cut in four."""
    counter = 0
    while True:
        block = hmac.digest(seed, bytes.fromhex(hashed) + counter.to_bytes(8), sha256)
        for start in range(0, 32, 8):
            yield int.from_bytes(block[start : start + 8])
        counter += 1


def below(limit: int, chance: Iterator[int]) -> int:
    """Take a number from 0 to `limit` - 1, each as likely: words of the uneven rest are refused."""
    fair = WORD - WORD % limit
    return next(word for word in chance if word < fair) % limit


def shuffled(count: int, most: int, seed: bytes, hashed: str) -> list[int]:
    """Draw up to `most` of `count` places, in the order drawn: Fisher and Yates, from the front."""
    chance = words(seed, hashed)
    places = list(range(count))
    drawn = min(most, count)
    for here in range(drawn):
        there = here + below(count - here, chance)
        places[here], places[there] = places[there], places[here]
    return places[:drawn]


def eligible(kind: str, answer: str, lines: Sequence[Line]) -> list[int]:
    """Say who is in the draw: for a quiz those who have everything right, else all."""
    if kind == "quiz":
        return [place for place, line in enumerate(lines) if line.answer == answer]
    return list(range(len(lines)))


def winners(  # noqa: PLR0913, PLR0917 # all that a result depends on, and nothing else
    kind: str, answer: str, lines: Sequence[Line], prizes: int, seed: bytes, hashed: str
) -> list[int]:
    """Name the winners: places in the list, the first prize first.

    For a guess the closest come first, and chance orders those who are as close.
    """
    candidates = eligible(kind, answer, lines)
    if prizes == 0:
        return []
    if kind != "guess":
        drawn = shuffled(len(candidates), prizes, seed, hashed)
        return [candidates[place] for place in drawn]
    order = [
        candidates[place] for place in shuffled(len(candidates), len(candidates), seed, hashed)
    ]
    order.sort(key=lambda place: abs(int(lines[place].answer or 0) - int(answer)))
    return order[:prizes]
