"""Open a case: what may be asked for, what would come back, and the asking itself."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from xinbo.commerce import orders
from xinbo.commerce.aftersales._models import CaseLineRow, CaseRow
from xinbo.commerce.aftersales._rules import (
    CaseKind,
    LineMoney,
    Reason,
    Side,
    Stage,
    WhyNot,
    begin,
    share_of,
    spread,
    who_pays_return,
    why_not,
)
from xinbo.commerce.aftersales._service import evidence
from xinbo.commerce.aftersales._service.effects import GOODS_KINDS, freight_left
from xinbo.commerce.aftersales._service.options import (
    ASKED_FOR,
    CLOSED_DOORS,
    bought,
    pieces_taken,
    variants_of,
)
from xinbo.commerce.aftersales._service.reads import detail, of_order, seen
from xinbo.commerce.aftersales._service.steps import note
from xinbo.commerce.aftersales._types import (
    AskCase,
    CaseDetail,
    CaseOpened,
    CaseQuote,
    QuotePart,
)
from xinbo.commerce.inventory import OutOfStock
from xinbo.commerce.orders import Order, OrderLine, RefundPart
from xinbo.commerce.payments import IdempotencyKeyReused
from xinbo.engines.callers import shopper
from xinbo.engines.tx import Tx
from xinbo.kit.errors import Conflict, Invalid
from xinbo.kit.ids import new_id


class CaseRefused(Conflict):
    """Raised when this cannot be asked for: `why` says why not, as `WhyNot` does."""


class TooMuchAsked(Invalid):
    """Raised when more money is asked for than the pieces cost: at most `most`."""


class VariantRefused(Invalid):
    """Raised when an exchange is asked for a variant that is not one of `options.variants`."""


async def quote(tx: Tx, order_id: UUID, command: AskCase) -> CaseQuote:
    """Say what would come back if this were asked for now, changing nothing."""
    order = await orders.get(tx, order_id)
    return await _quoted(tx, order, command, pieces_taken(await of_order(tx, order_id)))


async def open_case(tx: Tx, order_id: UUID, command: AskCase, key: str) -> CaseDetail:
    """Ask for something to be put right; once per key.

    The order's cases are opened one after another, so two tabs never ask for the same piece.
    Raises `CaseRefused`, `TooMuchAsked`, `VariantRefused`, `EvidenceNotFound`.
    """
    shopper_id = shopper(tx)
    await lock_order(tx, order_id)
    print_ = fingerprint(command)
    if (known := await by_key(tx, shopper_id, key, print_)) is not None:
        return await detail(tx, known)
    order = await orders.get(tx, order_id)
    quoted = await _quoted(tx, order, command, pieces_taken(await of_order(tx, order_id)))
    await _check_variant(tx, order, command)
    begun = begin(command.kind, tx.now)
    lines = {line.position: line for line in order.lines}
    case = CaseRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        order_id=order.id,
        order_number=order.number,
        shopper_id=shopper_id,
        kind=command.kind,
        state=begun.state,
        stage=_stage(order, [lines[part.position] for part in command.parts]),
        reason=command.reason,
        words=command.words,
        amount=quoted.amount,
        freight=quoted.freight,
        exact=quoted.amount == quoted.most,
        return_freight_by=quoted.return_freight_by,
        wanted_sku_id=command.wanted_sku_id if command.kind is CaseKind.EXCHANGE else None,
        opened_at=tx.now,
        due_at=begun.due_at,
        idempotency_key=key,
        fingerprint=print_,
        lines=[case_line(tx, lines[part.position], part) for part in quoted.parts],
    )
    tx.db.add(case)
    await tx.db.flush()
    await evidence.attach(tx, command.picture_ids, case.id, shopper_id)
    await announce(tx, case)
    await tx.db.refresh(case, ["serial"])
    return await detail(tx, case)


async def announce(tx: Tx, case: CaseRow) -> None:
    """Note that a case was opened, for both sides and the log."""
    note(tx, case, "open", Side.SHOPPER, amount=case.amount, words=case.words)
    await tx.db.flush()
    await tx.emit(
        CaseOpened(
            order_id=case.order_id,
            case_id=case.id,
            shopper_id=case.shopper_id,
            kind=case.kind,
            reason=case.reason,
            amount=case.amount,
            pieces=sum(line.quantity for line in case.lines),
            sku_ids=[line.sku_id for line in case.lines],
        )
    )


async def lock_order(tx: Tx, order_id: UUID) -> None:
    """Let one at a time ask for something of this order, until the transaction ends."""
    await tx.db.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"aftersales:{order_id}", 0)))
    )


async def by_key(tx: Tx, shopper_id: UUID, key: str, print_: str) -> CaseRow | None:
    """Find the case that this request led to when it came before."""
    known = await tx.db.scalar(
        seen(tx.actor).where(CaseRow.shopper_id == shopper_id, CaseRow.idempotency_key == key)
    )
    if known is not None and known.fingerprint != print_:
        raise IdempotencyKeyReused(key=key)
    return known


def fingerprint(command: object) -> str:
    """Hash a request, so that its key cannot be used for something else."""
    return hashlib.sha256(msgspec.json.encode(command)).hexdigest()[:32]


def case_line(tx: Tx, line: OrderLine, part: QuotePart) -> CaseLineRow:
    """Copy what a case says of an order's line."""
    return CaseLineRow(
        merchant_id=tx.merchant_id,
        position=line.position,
        sku_id=line.sku_id,
        product_id=line.product_id,
        title=line.title,
        options=line.options,
        picture_url=line.picture_url,
        unit=line.unit,
        price=line.price,
        quantity=part.quantity,
        amount=part.amount,
    )


def _stage(order: Order, lines: Sequence[OrderLine]) -> Stage:
    """Name the stage of a case: that of the line that has come farthest."""
    stages = list(Stage)
    return max((bought(order, line, 0).stage for line in lines), key=stages.index)


async def _quoted(tx: Tx, order: Order, command: AskCase, taken: dict[int, int]) -> CaseQuote:
    """Check a wish against the terms, and say what would come back."""
    if (closed := CLOSED_DOORS.get(order.status)) is not None:
        raise CaseRefused(why=closed)
    if command.kind not in ASKED_FOR:
        raise CaseRefused(why=WhyNot.OVER)
    lines = {line.position: line for line in order.lines}
    parts: list[QuotePart] = []
    for part in sorted(command.parts, key=lambda each: each.position):
        line = lines.get(part.position)
        if line is None:
            raise CaseRefused(why=WhyNot.OVER, position=part.position)
        facts = bought(order, line, taken.get(part.position, 0))
        if part.quantity > facts.left:
            why = WhyNot.OVER if line.returned >= line.quantity else WhyNot.IN_CASE
            raise CaseRefused(why=why, position=part.position, left=max(0, facts.left))
        why = why_not(command.kind, command.reason, facts, tx.now)
        if why is not None:
            raise CaseRefused(why=why, position=part.position)
        parts.append(
            QuotePart(
                position=part.position,
                quantity=part.quantity,
                amount=share_of(money_of(line), part.quantity),
            )
        )
    freight = freight_back(order, parts, command.reason)
    goods = sum(part.amount for part in parts)
    most = goods + freight
    if command.amount is not None and command.kind in {
        CaseKind.REFUND_ONLY,
        CaseKind.RETURN_REFUND,
    }:
        if command.amount > most:
            raise TooMuchAsked(most=most)
        if command.amount < most:
            freight = min(freight, max(0, command.amount - goods))
            spread_over = spread(command.amount - freight, [part.amount for part in parts])
            parts = [
                msgspec.structs.replace(part, amount=amount)
                for part, amount in zip(parts, spread_over, strict=True)
            ]
    goods = sum(part.amount for part in parts)
    whole = goods + freight == most
    refunding = [RefundPart(position=part.position, quantity=part.quantity) for part in parts]
    points = (await orders.share(tx, order.id, refunding)).points if whole else 0
    return CaseQuote(
        amount=goods + freight,
        goods=goods,
        freight=freight,
        most=most,
        points=0 if command.kind in GOODS_KINDS else points,
        return_freight_by=who_pays_return(command.reason),
        parts=parts,
    )


def money_of(line: OrderLine) -> LineMoney:
    """Take out of an order's line what its money looks at."""
    return LineMoney(line.position, line.quantity, line.payable, line.returned, line.refunded)


def freight_back(order: Order, parts: Sequence[QuotePart], reason: Reason) -> int:
    """Say how much freight comes back: all that is left, once nothing of the order stays.

    Goods that were sent and are returned without a fault of the merchant's keep it spent.
    """
    asked = {part.position: part.quantity for part in parts}
    stays = sum(
        line.quantity - line.returned - asked.get(line.position, 0)
        for line in order.lines
        if not line.gift
    )
    sent = any(line.shipped for line in order.lines)
    if stays or (sent and who_pays_return(reason) is Side.SHOPPER):
        return 0
    return freight_left(order)


async def _check_variant(tx: Tx, order: Order, command: AskCase) -> None:
    """Refuse an exchange for what is not a variant of the same product, or is sold out."""
    if command.kind is not CaseKind.EXCHANGE or command.wanted_sku_id is None:
        return
    asked = {part.position for part in command.parts}
    lines = [line for line in order.lines if line.position in asked]
    variants = await variants_of(tx, lines)
    for line in lines:
        found = [v for v in variants.get(line.product_id, []) if v.sku_id == command.wanted_sku_id]
        if not found:
            raise VariantRefused(sku_id=command.wanted_sku_id)
        pieces = sum(part.quantity for part in command.parts)
        if found[0].left < pieces:
            raise OutOfStock(sku_id=command.wanted_sku_id, left=found[0].left)
