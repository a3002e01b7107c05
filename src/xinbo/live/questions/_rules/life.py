"""A question's way from the chat to its answer."""

import math
import re
from datetime import datetime, timedelta
from enum import StrEnum

from xinbo.kit.errors import Conflict


class QuestionKind(StrEnum):
    """Whether people want to know something, or complain."""

    QUESTION = "question"
    COMPLAINT = "complaint"


class QuestionStatus(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    ON_AIR = "on_air"
    """Being answered by the host now."""
    ANSWERED = "answered"
    """On air: the replay has it."""
    TEXT = "text"
    SERVICE = "service"
    FOLLOW_UP = "follow_up"
    """Not answered when the show ended."""
    DISMISSED = "dismissed"
    MERGED = "merged"
    """Into another one; it is kept so that a repeated request finds its way."""


class Act(StrEnum):
    """What the staff does with a question."""

    TAKE = "take"
    FINISH = "finish"
    RELEASE = "release"
    TEXT = "text"
    SERVICE = "service"
    DISMISS = "dismiss"
    RESTORE = "restore"
    EDIT = "edit"
    MERGE = "merge"
    SPLIT = "split"
    FOLLOW_UP = "follow_up"


WAITING = frozenset({QuestionStatus.OPEN, QuestionStatus.ON_AIR})
"""Statuses of the queue."""

FROM: dict[Act, frozenset[QuestionStatus]] = {
    Act.TAKE: frozenset({QuestionStatus.OPEN}),
    Act.FINISH: frozenset({QuestionStatus.ON_AIR}),
    Act.RELEASE: frozenset({QuestionStatus.ON_AIR}),
    Act.TEXT: frozenset({*WAITING, QuestionStatus.FOLLOW_UP, QuestionStatus.SERVICE}),
    Act.SERVICE: frozenset({*WAITING, QuestionStatus.FOLLOW_UP}),
    Act.DISMISS: frozenset({QuestionStatus.OPEN, QuestionStatus.FOLLOW_UP}),
    Act.RESTORE: frozenset({QuestionStatus.DISMISSED}),
    Act.EDIT: frozenset({*WAITING, QuestionStatus.FOLLOW_UP}),
    Act.MERGE: frozenset({QuestionStatus.OPEN, QuestionStatus.FOLLOW_UP}),
    Act.SPLIT: frozenset({QuestionStatus.OPEN, QuestionStatus.FOLLOW_UP}),
    Act.FOLLOW_UP: frozenset(
        {QuestionStatus.FOLLOW_UP, QuestionStatus.TEXT, QuestionStatus.SERVICE}
    ),
}
"""From which statuses each act may be done."""

PATIENCE = 30
"""Seconds of waiting that weigh as much as one more person who asks."""

SOON, LATE = timedelta(minutes=2), timedelta(minutes=5)
"""How long a question waits before its colour says so: amber, then red."""

NUMBERS = re.compile(r"[0-9０-９](?:[\s-]?[0-9０-９]){6,}")
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")


class IllegalQuestionMove(Conflict):
    """Raised when a question can no longer become what was asked. `status` says what it is."""


def check(status: QuestionStatus, act: Act) -> None:
    """Refuse an act that the question's status rules out."""
    if status not in FROM[act]:
        raise IllegalQuestionMove(status=status, act=act)


def rank(count: int, first_at: datetime) -> int:
    """Say where a question stands in its queue: the greatest first.

    A question is as urgent as people ask it, plus one for each `PATIENCE` seconds it waits:
    `count + (now - first_at) / PATIENCE`. All wait at the same pace, so the order needs no clock:
    it is that of `count * PATIENCE - first_at`, in seconds.
    """
    return count * PATIENCE - math.floor(first_at.timestamp())


def second(started_at: datetime | None, at: datetime) -> int | None:
    """Return the second of the programme, from its beginning; None where it has not begun."""
    if started_at is None:
        return None
    return max(0, math.floor((at - started_at).total_seconds()))


def discreet(text: str) -> str:
    """Cover what may be a phone number, an account or a mail address: others will read it."""
    return MAIL.sub("***", NUMBERS.sub("***", text))
