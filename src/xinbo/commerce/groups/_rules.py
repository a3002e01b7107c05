"""Who gets a seat when many ask at once, and how a member is named to strangers. Pure."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class GroupState(StrEnum):
    """Where a group stands: 拼团中, 拼团成功, 拼团失败."""

    OPEN = "open"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class SeatState(StrEnum):
    """Where a member stands. The last two are those of a group that failed."""

    HELD = "held"
    """Taken, and not paid yet."""
    PAID = "paid"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


class Wish(NamedTuple):
    """Somebody wants a seat in this group."""

    group_id: UUID
    shopper_id: UUID


class Answer(StrEnum):
    """What becomes of a wish."""

    SEATED = "seated"
    FULL = "full"
    ALREADY_IN = "already_in"


def grant(
    left: Mapping[UUID, int], members: set[Wish], wishes: Sequence[Wish]
) -> tuple[list[Answer], dict[UUID, int]]:
    """Serve wishes in the order of arrival; return the answers and how many seats go where.

    `left` says how many seats each group has, `members` who sits there already. Nobody sits
    twice in one group, and no group takes more than it has seats.
    """
    remaining, seated = dict(left), set(members)
    answers: list[Answer] = []
    taken: dict[UUID, int] = {}
    for wish in wishes:
        if wish in seated:
            answers.append(Answer.ALREADY_IN)
        elif remaining.get(wish.group_id, 0) < 1:
            answers.append(Answer.FULL)
        else:
            remaining[wish.group_id] -= 1
            taken[wish.group_id] = taken.get(wish.group_id, 0) + 1
            seated.add(wish)
            answers.append(Answer.SEATED)
    return answers, taken


def masked(name: str) -> str:
    """Show the first character of a name, and that there is more."""
    return f"{name[:1]}**"
