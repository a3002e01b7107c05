"""What a simulated audience does, minute by minute: the same seed, the same evening.

Minutes are the show's. Each is thought up when it is needed and from the seed alone, so whoever
takes an audience over in the middle goes on as the one before would have.
"""

import random
import re
from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from xinbo.live.rehearsals._rules.kinds import CrowdProfile
from xinbo.live.rehearsals._rules.words import PRAISE, QUESTIONS, TALK, name_of

SAYS_A_SECOND, BUYS_A_SECOND, LIKES_A_SECOND = 25.0, 8.0, 60.0
"""The most that an audience does on the clock on the wall, however fast its show runs."""

COMES_BY, STAYS_UNTIL, LEAVES = 0.15, 0.7, 0.25
"""By which part of the show all are there, from which on some leave, and how many do."""


class Deed(StrEnum):
    """What a viewer can do."""

    ASK = "ask"
    PRAISE = "praise"
    TALK = "talk"
    LIKE = "like"
    BUY = "buy"


class Act(msgspec.Struct, frozen=True):
    """Something a viewer does at a moment of the show."""

    key: str
    """Names the act among all of the rehearsal's."""
    minute: float
    viewer: int
    deed: Deed
    text: str = ""
    whim: float = 0.0
    """Between 0 and 1: which of several, where the moment itself must say what there is."""


class Manner(msgspec.Struct, frozen=True):
    """How often each of a profile's viewers does something, in deeds a viewer and minute."""

    ask: float
    praise: float
    talk: float
    like: float
    buy: float


MANNERS = {
    CrowdProfile.QUIET: Manner(0.004, 0.004, 0.01, 0.05, 0.002),
    CrowdProfile.USUAL: Manner(0.012, 0.01, 0.03, 0.15, 0.006),
    CrowdProfile.RUSH: Manner(0.02, 0.02, 0.08, 0.4, 0.03),
    CrowdProfile.PAST: Manner(0, 0, 0, 0.15, 0),
}
"""Made up, and plausible: a room of 1,000 usual viewers says about 50 things a minute."""


class Line(msgspec.Struct, frozen=True):
    """Something that happened in a past show, at a part of it between 0 and 1."""

    at: float
    who: str
    """Whoever it was: the same text, the same stand-in. Never shown."""
    deed: Deed
    text: str = ""


def stay(seed: int, viewer: int, minutes: float) -> tuple[float, float]:
    """Say from which minute to which a viewer is there."""
    dice = random.Random(f"{seed}:{viewer}:stay")  # noqa: S311 - an audience is no secret
    comes = minutes * COMES_BY * dice.random() ** 1.5
    if dice.random() < LEAVES:
        return comes, minutes * (STAYS_UNTIL + (1 - STAYS_UNTIL) * dice.random())
    return comes, float("inf")


def acts(seed: int, profile: CrowdProfile, size: int, speed: int, minute: int) -> list[Act]:
    """List what the audience does in one minute of the show, in order."""
    if not size:
        return []
    dice = random.Random(f"{seed}:{minute}")  # noqa: S311 - an audience is no secret
    manner = MANNERS[profile]
    done: list[Act] = []
    for deed, rate, most in (
        (Deed.ASK, manner.ask, SAYS_A_SECOND / 4),
        (Deed.PRAISE, manner.praise, SAYS_A_SECOND / 4),
        (Deed.TALK, manner.talk, SAYS_A_SECOND / 2),
        (Deed.LIKE, manner.like, LIKES_A_SECOND),
        (Deed.BUY, manner.buy, BUYS_A_SECOND),
    ):
        expected = min(rate * size, most * 60 / speed)
        count = int(expected) + (dice.random() < expected % 1)
        done += [
            Act(
                key=f"{deed}:{minute}:{number}",
                minute=minute + dice.random(),
                viewer=dice.randrange(size),
                deed=deed,
                text=_says(deed, dice),
                whim=dice.random(),
            )
            for number in range(count)
        ]
    return sorted(done, key=lambda act: act.minute)


def _says(deed: Deed, dice: random.Random) -> str:
    texts = {Deed.ASK: QUESTIONS, Deed.PRAISE: PRAISE, Deed.TALK: TALK}.get(deed)
    return dice.choice(texts) if texts else ""


def again(lines: Sequence[Line], minutes: int, size: int, speed: int) -> list[Act]:
    """Play what happened in a past show to this show's length, under other names.

    Thinned where it would be too much on the clock on the wall; evenly, so that the evening
    keeps its shape.
    """
    if not size or not lines:
        return []
    names = {line.who for line in lines}
    stand_in = {who: number % size for number, who in enumerate(sorted(names))}
    most = round(SAYS_A_SECOND * 60 / speed * minutes)
    step = max(1, -(-len(lines) // max(1, most)))
    kept = sorted(lines, key=lambda line: line.at)[::step]
    return [
        Act(
            key=f"past:{number}",
            minute=min(max(line.at, 0.0), 1.0) * minutes,
            viewer=stand_in[line.who],
            deed=line.deed,
            text=nameless(line.text, names),
            whim=number % 97 / 97,
        )
        for number, line in enumerate(kept)
    ]


NUMBER = re.compile(r"\+?\d[\d\s-]{4,}\d")
MENTION = re.compile(r"@\S+")


def nameless(text: str, names: Iterable[str]) -> str:
    """Take names, mentions and long numbers out of something that a real person said."""
    for name in sorted((name for name in names if len(name) > 1), key=len, reverse=True):
        text = text.replace(name, "**")
    return NUMBER.sub("***", MENTION.sub("@**", text))[:200]


__all__ = ["Act", "Deed", "Line", "acts", "again", "name_of", "nameless", "stay"]
