"""The life of a complaint, as one table: who may do what where, and what time does."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from xinbo.kit.errors import Conflict


class ComplaintState(StrEnum):
    """Where a complaint stands, in the field's words."""

    NEW = "new"
    """待受理"""
    WAIT_APPEAL = "wait_appeal"
    """待商家申诉"""
    COMMUNICATION = "communication"
    """双方沟通中"""
    WAIT_ARBITRATION = "wait_arbitration"
    """待仲裁"""
    COMPLETE = "complete"
    """已裁决"""
    CANCEL = "cancel"
    """已撤诉"""


OVER = frozenset({ComplaintState.COMPLETE, ComplaintState.CANCEL})


class Party(StrEnum):
    """Who acts. No merchant can end a complaint: look at the table."""

    SHOPPER = "shopper"
    MERCHANT = "merchant"
    ARBITER = "arbiter"
    TIME = "time"


class Topic(StrEnum):
    """What the complaint is about."""

    REFUND_REFUSED = "refund_refused"
    NO_ANSWER = "no_answer"
    QUALITY = "quality"
    NOT_DELIVERED = "not_delivered"
    FALSE_CLAIMS = "false_claims"
    SERVICE = "service"
    OTHER = "other"


class Verdict(StrEnum):
    """What is decided, and what the shopper wants to be decided."""

    REFUND = "refund"
    RETURN_REFUND = "return_refund"
    REJECT = "reject"


class Act(StrEnum):
    """What somebody does to a complaint."""

    ADMIT = "admit"
    ANSWER = "answer"
    SAY = "say"
    ASK_DECISION = "ask_decision"
    WITHDRAW = "withdraw"
    DECIDE = "decide"


class Timer(msgspec.Struct, frozen=True):
    """How long a state may last, who has to act, and what time does if nobody did."""

    after: timedelta
    owed_by: Party
    then: Act


TIMERS: dict[ComplaintState, Timer] = {
    ComplaintState.NEW: Timer(timedelta(hours=24), Party.ARBITER, Act.ADMIT),
    ComplaintState.WAIT_APPEAL: Timer(timedelta(hours=72), Party.MERCHANT, Act.ASK_DECISION),
    ComplaintState.COMMUNICATION: Timer(timedelta(hours=72), Party.SHOPPER, Act.ASK_DECISION),
    ComplaintState.WAIT_ARBITRATION: Timer(timedelta(days=7), Party.ARBITER, Act.DECIDE),
}
"""A complaint that nobody decides is decided by time, for the shopper: silence costs the seller
side, so that nobody gains by waiting."""

_S, _M, _A, _T = (frozenset({party}) for party in Party)
_N, _W, _C, _D = (
    ComplaintState.NEW,
    ComplaintState.WAIT_APPEAL,
    ComplaintState.COMMUNICATION,
    ComplaintState.WAIT_ARBITRATION,
)

MOVES: dict[tuple[ComplaintState, Act], tuple[frozenset[Party], ComplaintState]] = {
    (_N, Act.ADMIT): (_A | _T, _W),
    (_N, Act.ANSWER): (_M, _C),
    (_N, Act.SAY): (_S | _A, _N),
    (_N, Act.WITHDRAW): (_S, ComplaintState.CANCEL),
    (_N, Act.DECIDE): (_A, ComplaintState.COMPLETE),
    (_W, Act.ANSWER): (_M, _C),
    (_W, Act.SAY): (_S | _A, _W),
    (_W, Act.ASK_DECISION): (_T, _D),
    (_W, Act.WITHDRAW): (_S, ComplaintState.CANCEL),
    (_W, Act.DECIDE): (_A, ComplaintState.COMPLETE),
    (_C, Act.SAY): (_S | _M | _A, _C),
    (_C, Act.ASK_DECISION): (_S | _M | _A | _T, _D),
    (_C, Act.WITHDRAW): (_S, ComplaintState.CANCEL),
    (_C, Act.DECIDE): (_A, ComplaintState.COMPLETE),
    (_D, Act.SAY): (_S | _M | _A, _D),
    (_D, Act.WITHDRAW): (_S, ComplaintState.CANCEL),
    (_D, Act.DECIDE): (_A | _T, ComplaintState.COMPLETE),
}
"""Who may do what where, and where it leads."""


class IllegalAct(Conflict):
    """Raised when a complaint does not stand where this can be done, or not by this party."""


class Stand(msgspec.Struct, frozen=True):
    """Where a complaint stands, and until when."""

    state: ComplaintState
    due_at: datetime | None


def begin(now: datetime) -> Stand:
    """Open a complaint."""
    return Stand(ComplaintState.NEW, now + TIMERS[ComplaintState.NEW].after)


def act(stand: Stand, what: Act, party: Party, now: datetime) -> Stand:
    """Do it, or raise `IllegalAct`. Words alone do not move a deadline."""
    parties, to = MOVES.get((stand.state, what), (frozenset[Party](), stand.state))
    if party not in parties:
        raise IllegalAct(state=stand.state, act=what)
    if to is stand.state:
        return stand
    timer = TIMERS.get(to)
    return Stand(to, None if timer is None else now + timer.after)


def possible(state: ComplaintState, party: Party) -> list[Act]:
    """List what a party may do now."""
    return [what for (where, what), (who, _) in MOVES.items() if where is state and party in who]


def run_out(stand: Stand, now: datetime) -> Act | None:
    """Say what time does now, if the complaint's time is up."""
    timer = TIMERS.get(stand.state)
    if timer is None or stand.due_at is None or now < stand.due_at:
        return None
    return timer.then
