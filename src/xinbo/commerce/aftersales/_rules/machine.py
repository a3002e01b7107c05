"""The life of an after-sales case, as one table: who may do what where, and what time does."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from xinbo.kit.errors import Conflict


class CaseKind(StrEnum):
    """What the shopper asks for, in the field's words."""

    REFUND_ONLY = "refund_only"
    """仅退款"""
    RETURN_REFUND = "return_refund"
    """退货退款"""
    EXCHANGE = "exchange"
    """换货"""
    REPAIR = "repair"
    """维修"""
    PRICE_PROTECTION = "price_protection"
    """价保: decided by the machine at once, so it is born complete."""


class CaseState(StrEnum):
    """Where a case stands. Beside each, the word of the field's open systems."""

    APPLIED = "applied"
    """待商家处理 (APPLY)"""
    PROPOSED = "proposed"
    """待买家确认方案: the merchant proposed something else."""
    REFUSED = "refused"
    """商家已拒绝 (REFUSE)"""
    AWAITING_RETURN = "awaiting_return"
    """待买家寄回 (PASS)"""
    RETURNING = "returning"
    """待商家收货 (BUYER_RETURN)"""
    AWAITING_REPLACEMENT = "awaiting_replacement"
    """待商家发出 (SELLER_CONFIRM): the new piece, or the repaired one."""
    REPLACING = "replacing"
    """待买家收货"""
    IN_DISPUTE = "in_dispute"
    """平台介入中: a complaint decides."""
    COMPLETED = "completed"
    """已完成 (COMPLETE)"""
    CLOSED = "closed"
    """已关闭 (BUYER_CANCEL, SELLER_TERMINATION)"""


OVER = frozenset({CaseState.COMPLETED, CaseState.CLOSED})
OPEN = frozenset(CaseState) - OVER


class Side(StrEnum):
    """Who acts."""

    SHOPPER = "shopper"
    MERCHANT = "merchant"
    ARBITER = "arbiter"
    """The complaint's decision."""
    TIME = "time"
    """A deadline that ran out."""


class Step(StrEnum):
    """What somebody does to a case."""

    APPROVE = "approve"
    REFUSE = "refuse"
    PROPOSE = "propose"
    ACCEPT = "accept"
    DECLINE = "decline"
    APPLY_AGAIN = "apply_again"
    SEND_BACK = "send_back"
    RECEIVE = "receive"
    REJECT_GOODS = "reject_goods"
    SEND_REPLACEMENT = "send_replacement"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"
    ESCALATE = "escalate"
    LAPSE = "lapse"
    """The side that had to act did not: the case ends."""
    MISS = "miss"
    """The merchant missed a promise: it costs something, and the clock starts once more."""
    GIVE_UP = "give_up"
    """Missed again: money instead of goods."""
    AWARD_REFUND = "award_refund"
    AWARD_RETURN = "award_return"
    DISMISS = "dismiss"


class Effect(StrEnum):
    """What a step sets going beside the state."""

    REFUND = "refund"
    RESTOCK = "restock"
    """The goods are back with the merchant."""
    HOLD = "hold"
    """Set the new piece aside."""
    LET_GO = "let_go"
    """Put what was set aside back on sale."""
    SHIP = "ship"
    """The new piece leaves."""
    COMPENSATE = "compensate"


_GOODS_BACK = frozenset({CaseKind.RETURN_REFUND, CaseKind.EXCHANGE, CaseKind.REPAIR})
_GOODS_OUT = frozenset({CaseKind.EXCHANGE, CaseKind.REPAIR})


class Deadline(msgspec.Struct, frozen=True):
    """How long a state may last, who has to act, and what time does if nobody did."""

    after: timedelta
    owed_by: Side
    then: Step


DEADLINES: dict[CaseState, Deadline] = {
    CaseState.APPLIED: Deadline(timedelta(hours=48), Side.MERCHANT, Step.APPROVE),
    CaseState.PROPOSED: Deadline(timedelta(days=7), Side.SHOPPER, Step.LAPSE),
    CaseState.REFUSED: Deadline(timedelta(days=7), Side.SHOPPER, Step.LAPSE),
    CaseState.AWAITING_RETURN: Deadline(timedelta(days=7), Side.SHOPPER, Step.LAPSE),
    CaseState.RETURNING: Deadline(timedelta(days=10), Side.MERCHANT, Step.RECEIVE),
    CaseState.AWAITING_REPLACEMENT: Deadline(timedelta(hours=72), Side.MERCHANT, Step.MISS),
    CaseState.REPLACING: Deadline(timedelta(days=10), Side.SHOPPER, Step.CONFIRM),
}
"""Every open state has one but `in_dispute`, whose complaint has deadlines of its own."""

AFTER_ARRIVAL = timedelta(days=7)
"""How long the merchant has once the carrier delivered the return, where that is sooner."""
EXTENSION = timedelta(days=3)
MOST_MISSES = 1
"""How often a promise may be missed before money is given instead of goods."""

_BOTH = frozenset({Side.MERCHANT, Side.TIME})
_S, _M, _A, _T = (frozenset({side}) for side in Side)

MOVES: dict[tuple[CaseState, Step], frozenset[Side]] = {
    (CaseState.APPLIED, Step.APPROVE): _BOTH,
    (CaseState.APPLIED, Step.REFUSE): _M,
    (CaseState.APPLIED, Step.PROPOSE): _M,
    (CaseState.APPLIED, Step.WITHDRAW): _S,
    (CaseState.APPLIED, Step.ESCALATE): _S,
    (CaseState.PROPOSED, Step.ACCEPT): _S,
    (CaseState.PROPOSED, Step.DECLINE): _S,
    (CaseState.PROPOSED, Step.WITHDRAW): _S,
    (CaseState.PROPOSED, Step.ESCALATE): _S,
    (CaseState.PROPOSED, Step.LAPSE): _T,
    (CaseState.REFUSED, Step.APPLY_AGAIN): _S,
    (CaseState.REFUSED, Step.WITHDRAW): _S,
    (CaseState.REFUSED, Step.ESCALATE): _S,
    (CaseState.REFUSED, Step.LAPSE): _T,
    (CaseState.AWAITING_RETURN, Step.SEND_BACK): _S,
    (CaseState.AWAITING_RETURN, Step.WITHDRAW): _S,
    (CaseState.AWAITING_RETURN, Step.ESCALATE): _S,
    (CaseState.AWAITING_RETURN, Step.LAPSE): _T,
    (CaseState.RETURNING, Step.RECEIVE): _BOTH,
    (CaseState.RETURNING, Step.REJECT_GOODS): _M,
    (CaseState.RETURNING, Step.ESCALATE): _S,
    (CaseState.AWAITING_REPLACEMENT, Step.SEND_REPLACEMENT): _M,
    (CaseState.AWAITING_REPLACEMENT, Step.ESCALATE): _S,
    (CaseState.AWAITING_REPLACEMENT, Step.MISS): _T,
    (CaseState.AWAITING_REPLACEMENT, Step.GIVE_UP): _T,
    (CaseState.REPLACING, Step.CONFIRM): _S | _T,
    (CaseState.REPLACING, Step.ESCALATE): _S,
    (CaseState.IN_DISPUTE, Step.AWARD_REFUND): _A,
    (CaseState.IN_DISPUTE, Step.AWARD_RETURN): _A,
    (CaseState.IN_DISPUTE, Step.DISMISS): _A,
}
"""Who may take which step where."""

_TO: dict[Step, CaseState] = {
    Step.REFUSE: CaseState.REFUSED,
    Step.PROPOSE: CaseState.PROPOSED,
    Step.DECLINE: CaseState.APPLIED,
    Step.APPLY_AGAIN: CaseState.APPLIED,
    Step.SEND_BACK: CaseState.RETURNING,
    Step.REJECT_GOODS: CaseState.REFUSED,
    Step.SEND_REPLACEMENT: CaseState.REPLACING,
    Step.CONFIRM: CaseState.COMPLETED,
    Step.WITHDRAW: CaseState.CLOSED,
    Step.ESCALATE: CaseState.IN_DISPUTE,
    Step.LAPSE: CaseState.CLOSED,
    Step.MISS: CaseState.AWAITING_REPLACEMENT,
    Step.GIVE_UP: CaseState.COMPLETED,
    Step.AWARD_REFUND: CaseState.COMPLETED,
    Step.AWARD_RETURN: CaseState.AWAITING_RETURN,
    Step.DISMISS: CaseState.CLOSED,
}
_PAYS = frozenset({Step.GIVE_UP, Step.AWARD_REFUND})


class IllegalStep(Conflict):
    """Raised when a case does not stand where this step can be taken, or not by this side."""


class Standing(msgspec.Struct, frozen=True):
    """All of a case that its machine looks at."""

    kind: CaseKind
    state: CaseState
    due_at: datetime | None
    misses: int = 0
    extended: bool = False
    holding: bool = False
    """Whether a new piece is set aside for it."""


class Outcome(msgspec.Struct, frozen=True):
    """Where a step leads, and what it sets going, in this order."""

    standing: Standing
    effects: tuple[Effect, ...] = ()


def begin(kind: CaseKind, now: datetime) -> Standing:
    """Open a case. Price protection is decided when it is asked for, so it is complete at once."""
    if kind is CaseKind.PRICE_PROTECTION:
        return Standing(kind, CaseState.COMPLETED, None)
    return Standing(kind, CaseState.APPLIED, now + DEADLINES[CaseState.APPLIED].after)


def possible(standing: Standing, side: Side) -> list[Step]:
    """List what a side may do now."""
    return [
        step
        for (state, step), sides in MOVES.items()
        if state is standing.state and side in sides and side is not Side.TIME
    ]


def take(
    standing: Standing, step: Step, side: Side, now: datetime, kind: CaseKind | None = None
) -> Outcome:
    """Take a step. `kind` is what was agreed on, where it is not what was asked for.

    Raises `IllegalStep` where the table does not say that this side may.
    """
    if side not in MOVES.get((standing.state, step), ()):
        raise IllegalStep(state=standing.state, step=step)
    agreed = kind or (CaseKind.RETURN_REFUND if step is Step.AWARD_RETURN else standing.kind)
    to, effects = _led(standing, step, agreed)
    deadline = DEADLINES.get(to)
    holding = (standing.holding or Effect.HOLD in effects) and not (
        {Effect.LET_GO, Effect.SHIP} & set(effects)
    )
    return Outcome(
        Standing(
            kind=agreed,
            state=to,
            due_at=None if deadline is None else now + deadline.after,
            misses=standing.misses + (step is Step.MISS),
            extended=standing.extended,
            holding=holding,
        ),
        effects,
    )


def _led(standing: Standing, step: Step, kind: CaseKind) -> tuple[CaseState, tuple[Effect, ...]]:
    """Say where a step that may be taken leads, and what it sets going."""
    if step in {Step.APPROVE, Step.ACCEPT}:
        hold = (Effect.HOLD,) if kind is CaseKind.EXCHANGE else ()
        if kind in _GOODS_BACK:
            return CaseState.AWAITING_RETURN, hold
        return CaseState.COMPLETED, (Effect.REFUND,)
    if step is Step.RECEIVE:
        if kind in _GOODS_OUT:
            back = (Effect.RESTOCK,) if kind is CaseKind.EXCHANGE else ()
            return CaseState.AWAITING_REPLACEMENT, back
        return CaseState.COMPLETED, (Effect.RESTOCK, Effect.REFUND)
    to = _TO[step]
    effects: list[Effect] = []
    if step is Step.MISS:
        effects.append(Effect.COMPENSATE)
    if step is Step.SEND_REPLACEMENT and standing.holding:
        effects.append(Effect.SHIP)
    elif standing.holding and (to in OVER or step in {Step.AWARD_RETURN, Step.REJECT_GOODS}):
        effects.append(Effect.LET_GO)
    if step in _PAYS:
        effects.append(Effect.REFUND)
    return to, tuple(effects)


def run_out(standing: Standing, now: datetime) -> Step | None:
    """Say what time does now, if the case's time is up."""
    deadline = DEADLINES.get(standing.state)
    if deadline is None or standing.due_at is None or now < standing.due_at:
        return None
    if deadline.then is Step.MISS and standing.misses >= MOST_MISSES:
        return Step.GIVE_UP
    return deadline.then


def extend(standing: Standing) -> Standing:
    """Give whoever has to act three days more, once a case."""
    if standing.due_at is None or standing.extended:
        raise IllegalStep(state=standing.state, step="extend")
    return msgspec.structs.replace(standing, due_at=standing.due_at + EXTENSION, extended=True)
