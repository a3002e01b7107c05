"""Move a case through its life. Lock, then look; a repeated request changes nothing."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from msgspec.structs import asdict

from xinbo.commerce import orders
from xinbo.commerce.aftersales._models import CaseRow, StepRow
from xinbo.commerce.aftersales._rules import (
    AFTER_ARRIVAL,
    OVER,
    CaseKind,
    CaseState,
    Effect,
    Outcome,
    Side,
    Stage,
    Step,
    extend,
    take,
    who_pays_return,
)
from xinbo.commerce.aftersales._service import evidence
from xinbo.commerce.aftersales._service.addresses import usual_address
from xinbo.commerce.aftersales._service.effects import agree, carry_out
from xinbo.commerce.aftersales._service.reads import detail, of_order, row, side_of, standing
from xinbo.commerce.aftersales._types import (
    ApproveCase,
    AskAgain,
    CaseDetail,
    CaseMoved,
    ExtendCase,
    ProposeCase,
    ReceiveGoods,
    RefuseCase,
    SendParcel,
)
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, Invalid
from xinbo.kit.ids import new_id

MOST_PROPOSALS = 5
REFUNDS = frozenset({CaseKind.REFUND_ONLY, CaseKind.RETURN_REFUND})


class TooManyProposals(Conflict):
    """Raised when the merchant proposed `most` times already: approve or refuse."""


class KindRefused(Invalid):
    """Raised when what is proposed cannot be done for this case: goods that were never sent."""


class AmountRefused(Invalid):
    """Raised when more is proposed or asked for than the case's pieces cost: at most `most`."""


type Change = Callable[[CaseRow], Awaitable[None]]


async def approve(tx: Tx, case_id: UUID, command: ApproveCase, key: str) -> CaseDetail:
    """Agree as the merchant: the money goes back now, or the goods come back first."""

    async def change(case: CaseRow) -> None:
        if command.return_to is not None:
            case.return_to = asdict(command.return_to)

    return await _staff(tx, case_id, Step.APPROVE, key, command.words, change)


async def refuse(tx: Tx, case_id: UUID, command: RefuseCase, key: str) -> CaseDetail:
    """Refuse as the merchant, with a reason; the shopper may ask again or complain."""
    return await _staff(tx, case_id, Step.REFUSE, key, command.words, _showing(tx, command))


async def propose(tx: Tx, case_id: UUID, command: ProposeCase, key: str) -> CaseDetail:
    """Propose, as the merchant, another way or another amount."""

    async def change(case: CaseRow) -> None:
        if case.proposals >= MOST_PROPOSALS:
            raise TooManyProposals(most=MOST_PROPOSALS)
        unsent = case.stage is Stage.BEFORE_SHIPMENT
        if command.kind is CaseKind.PRICE_PROTECTION or (
            unsent and command.kind is not CaseKind.REFUND_ONLY
        ):
            raise KindRefused(kind=command.kind)
        amount = case.amount if command.amount is None else command.amount
        if amount > case.amount:
            raise AmountRefused(most=case.amount)
        case.proposed_kind, case.proposed_amount = command.kind, amount
        case.proposed_words = command.words
        case.proposals += 1

    return await _staff(tx, case_id, Step.PROPOSE, key, command.words, change)


async def accept(tx: Tx, case_id: UUID, key: str) -> CaseDetail:
    """Agree, as the shopper, to what the merchant proposed."""
    return await _shopper(tx, case_id, Step.ACCEPT, key)


async def decline(tx: Tx, case_id: UUID, words: str, key: str) -> CaseDetail:
    """Say no, as the shopper: the merchant has to answer anew."""

    async def change(case: CaseRow) -> None:
        case.proposed_kind = case.proposed_amount = None

    return await _shopper(tx, case_id, Step.DECLINE, key, words, change)


async def apply_again(tx: Tx, case_id: UUID, command: AskAgain, key: str) -> CaseDetail:
    """Ask once more after a refusal, for as much or for less."""

    async def change(case: CaseRow) -> None:
        if command.amount is not None:
            if command.amount > case.amount:
                raise AmountRefused(most=case.amount)
            agree(case, command.amount)
        case.words = command.words or case.words
        await evidence.attach(tx, command.picture_ids, case.id, case.shopper_id)

    return await _shopper(tx, case_id, Step.APPLY_AGAIN, key, command.words, change)


async def send_back(tx: Tx, case_id: UUID, command: SendParcel, key: str) -> CaseDetail:
    """Say, as the shopper, how the goods were sent."""

    async def change(case: CaseRow) -> None:
        case.back_carrier, case.back_number = command.carrier, command.number
        case.back_at = tx.now

    said = f"{command.carrier} {command.number}"
    return await _shopper(tx, case_id, Step.SEND_BACK, key, said, change)


async def receive(tx: Tx, case_id: UUID, command: ReceiveGoods, key: str) -> CaseDetail:
    """Say, as the merchant, that the goods are back: money follows, or the new piece."""
    return await _staff(tx, case_id, Step.RECEIVE, key, command.words, restock=command.restock)


async def reject_goods(tx: Tx, case_id: UUID, command: RefuseCase, key: str) -> CaseDetail:
    """Say, as the merchant, that what came back is not what was sent."""
    return await _staff(tx, case_id, Step.REJECT_GOODS, key, command.words, _showing(tx, command))


async def send_replacement(tx: Tx, case_id: UUID, command: SendParcel, key: str) -> CaseDetail:
    """Say, as the merchant, how the new or repaired piece was sent."""

    async def change(case: CaseRow) -> None:
        case.out_carrier, case.out_number = command.carrier, command.number
        case.out_at = tx.now

    said = f"{command.carrier} {command.number}"
    return await _staff(tx, case_id, Step.SEND_REPLACEMENT, key, said, change)


async def confirm(tx: Tx, case_id: UUID, key: str) -> CaseDetail:
    """Say, as the shopper, that the new or repaired piece is there."""
    return await _shopper(tx, case_id, Step.CONFIRM, key)


async def withdraw(tx: Tx, case_id: UUID, key: str) -> CaseDetail:
    """Take the case back."""
    return await _shopper(tx, case_id, Step.WITHDRAW, key)


async def extend_once(tx: Tx, case_id: UUID, command: ExtendCase, key: str) -> CaseDetail:
    """Give whoever has to act three days more, once a case; both sides see it and why."""
    require(tx, Can.SERVE_ORDERS)
    case = await row(tx, case_id, for_update=True)
    if case.step_key == key:
        return await detail(tx, case)
    later = extend(standing(case))
    case.due_at, case.extended, case.step_key = later.due_at, True, key
    await _tell(tx, case, "extend", Side.MERCHANT, command.words)
    return await detail(tx, case)


async def return_arrived(tx: Tx, case_id: UUID) -> None:
    """Note that the carrier delivered a return: seven days to confirm it. Harmless to repeat."""
    case = await row(tx, case_id, for_update=True)
    soon = tx.now + AFTER_ARRIVAL
    if case.state is CaseState.RETURNING and case.due_at is not None and soon < case.due_at:
        case.due_at = soon
        await _tell(tx, case, "arrived", Side.TIME, "")


async def _staff(  # noqa: PLR0913, PLR0917 # what, by which key, with which words, how else
    tx: Tx,
    case_id: UUID,
    step: Step,
    key: str,
    words: str = "",
    change: Change | None = None,
    *,
    restock: bool = False,
) -> CaseDetail:
    require(tx, Can.SERVE_ORDERS)
    return await _by_key(tx, case_id, step, key, words, change, restock=restock)


async def _shopper(  # noqa: PLR0913, PLR0917 # as above
    tx: Tx,
    case_id: UUID,
    step: Step,
    key: str,
    words: str = "",
    change: Change | None = None,
) -> CaseDetail:
    return await _by_key(tx, case_id, step, key, words, change)


async def _by_key(  # noqa: PLR0913, PLR0917 # as above
    tx: Tx,
    case_id: UUID,
    step: Step,
    key: str,
    words: str,
    change: Change | None,
    *,
    restock: bool = False,
) -> CaseDetail:
    """Take a step once per key."""
    case = await row(tx, case_id, for_update=True)
    if case.step_key != key:
        kind = case.proposed_kind if step is Step.ACCEPT else None
        outcome = take(standing(case), step, side_of(tx.actor), tx.now, kind)
        if change is not None:
            await change(case)
        case.step_key = key
        await go(tx, case, step, outcome, words, restock=restock)
    return await detail(tx, case)


async def go(  # noqa: PLR0913 # the case, the step, where it leads, and how it is told
    tx: Tx,
    case: CaseRow,
    step: Step,
    outcome: Outcome,
    words: str = "",
    *,
    by: Side | None = None,
    restock: bool = False,
) -> None:
    """Bring a locked case where a step leads, and carry out what it sets going."""
    if step is Step.ACCEPT and case.proposed_amount is not None:
        agree(case, case.proposed_amount)
    after = outcome.standing
    case.kind, case.state, case.due_at = after.kind, after.state, after.due_at
    case.misses, case.holding = after.misses, after.holding
    if case.state is CaseState.AWAITING_RETURN and case.return_to is None:
        case.return_to = asdict(await usual_address(tx))
    if step is Step.RECEIVE:
        case.received_at = tx.now
    if case.state in OVER:
        case.closed_at, case.close_reason = tx.now, step
    await tx.db.flush()
    await carry_out(tx, case, outcome.effects, restock=restock)
    paid = case.refunded if Effect.REFUND in outcome.effects else None
    amount = case.proposed_amount if step is Step.PROPOSE else paid
    await _tell(tx, case, step, by or side_of(tx.actor), words, amount)


async def _tell(  # noqa: PLR0913, PLR0917 # who did what, why, for how much
    tx: Tx, case: CaseRow, step: str, by: Side, words: str, amount: int | None = None
) -> None:
    note(tx, case, step, by, amount=amount, words=words)
    await tx.db.flush()
    await tx.emit(
        CaseMoved(
            order_id=case.order_id,
            case_id=case.id,
            shopper_id=case.shopper_id,
            kind=case.kind,
            step=step,
            state=case.state,
            by=by,
            amount=amount or 0,
            words=words,
        )
    )


def note(  # noqa: PLR0913 # who did what, why, for how much
    tx: Tx, case: CaseRow, step: str, by: Side, *, amount: int | None = None, words: str = ""
) -> None:
    """Write a line of the timeline that both sides see."""
    tx.db.add(
        StepRow(
            id=new_id(),
            merchant_id=tx.merchant_id,
            case_id=case.id,
            at=tx.now,
            by=by,
            actor_id=tx.actor.user_id,
            step=step,
            state=case.state,
            amount=amount,
            words=words,
        )
    )


def _showing(tx: Tx, command: RefuseCase) -> Change:
    """Attach the pictures that come with a refusal."""

    async def change(case: CaseRow) -> None:
        await evidence.attach(tx, command.picture_ids, case.id, case.shopper_id)

    return change


async def follow_shipment(tx: Tx, order_id: UUID) -> None:
    """Note that goods left while their refund was asked for: the merchant has to look again."""
    order = await orders.get(tx, order_id)
    shipped = {line.position for line in order.lines if line.shipped}
    for found in await of_order(tx, order_id):
        case = await row(tx, found.id, for_update=True)
        touched = any(line.position in shipped for line in case.lines)
        if case.stage is Stage.BEFORE_SHIPMENT and case.state not in OVER and touched:
            case.stage = Stage.NOT_RECEIVED
            case.freight = 0 if who_pays_return(case.reason) is Side.SHOPPER else case.freight
            case.amount = case.freight + sum(line.amount for line in case.lines)
            await _tell(tx, case, "shipped_meanwhile", Side.MERCHANT, "")
