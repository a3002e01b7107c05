"""Write promotions, schedule them, end them. Lock, then look."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from xinbo.commerce import catalog, inventory
from xinbo.commerce.promotions._models import CouponCountRow, PromotionItemRow, PromotionRow
from xinbo.commerce.promotions._rules.life import (
    IllegalPromotionMove,
    PromotionKind,
    PromotionState,
    move,
    overlap,
)
from xinbo.commerce.promotions._service import clock
from xinbo.commerce.promotions._service.checking import Plan, problems, refuse
from xinbo.commerce.promotions._service.views import ALIVE, row, rule_of, shown_all
from xinbo.commerce.promotions._types import (
    AddStock,
    CouponRule,
    Extend,
    Problem,
    Promotion,
    PutItem,
    PutPromotion,
    kind_of,
)
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, NotFound
from xinbo.kit.ids import NIL, new_id


class PromotionVersionConflict(Conflict):
    """Raised when someone else changed the promotion meanwhile. `version` is what stands."""


class PromotionLocked(Conflict):
    """Raised when a promotion in this `state` can only be ended, extended or given more stock."""


class PromotionItemNotFound(NotFound):
    """Raised when a promotion has no such SKU with stock of its own."""


async def add(tx: Tx, command: PutPromotion) -> Promotion:
    """Write a new draft. Raises `PromotionRefused`."""
    require(tx, Can.RUN_PROMOTIONS)
    return await shown(tx, await added(tx, command))


async def added(tx: Tx, command: PutPromotion, key: str | None = None) -> PromotionRow:
    """Write a new draft, for whoever may."""
    await _check(tx, command)
    promotion = PromotionRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        state=PromotionState.DRAFT,
        version=1,
        created_by=tx.actor.user_id,
        created_at=tx.now,
        key=key,
        **_fields(command),
    )
    promotion.items = _items(tx, promotion.id, command.items)
    tx.db.add(promotion)
    await tx.db.flush()
    await clock.tell(tx, promotion)
    return promotion


async def put(tx: Tx, promotion_id: UUID, command: PutPromotion) -> Promotion:
    """Rewrite a draft. Raises `PromotionRefused`, `PromotionLocked`, `PromotionVersionConflict`."""
    promotion = await locked(tx, promotion_id, command.version)
    if promotion.state is not PromotionState.DRAFT:
        raise PromotionLocked(state=promotion.state)
    await _check(tx, command)
    for name, value in _fields(command).items():
        setattr(promotion, name, value)
    promotion.items = []
    await tx.db.flush()  # else the same SKU would be written before it is deleted
    promotion.items = _items(tx, promotion_id, command.items)
    return await changed(tx, promotion)


async def remove(tx: Tx, promotion_id: UUID) -> None:
    """Delete a draft. Anything that was ever announced stays on record."""
    require(tx, Can.RUN_PROMOTIONS)
    promotion = await row(tx, promotion_id, for_update=True)
    if promotion.state is not PromotionState.DRAFT:
        raise PromotionLocked(state=promotion.state)
    await tx.db.delete(promotion)
    await tx.db.flush()


async def schedule(tx: Tx, promotion_id: UUID) -> Promotion:
    """Announce a draft; it begins by the clock, at once where its start is past.

    Raises `PromotionRefused`: also where stock is short, or another promotion of the kind has
    the SKU at the same time.
    """
    require(tx, Can.RUN_PROMOTIONS)
    promotion = await row(tx, promotion_id, for_update=True)
    return await shown(tx, await scheduled(tx, promotion))


async def scheduled(tx: Tx, promotion: PromotionRow) -> PromotionRow:
    """Announce a locked draft, and begin it if it is time."""
    to = move(promotion.state, PromotionState.SCHEDULED)
    plan = plan_of(promotion)
    cards = await catalog.skus(tx, plan.skus)
    refuse(
        [
            *problems(plan, cards, tx.now),
            *await _clashes(tx, promotion, plan),
            *await _shortages(tx, plan),
        ]
    )
    if isinstance(plan.rule, CouponRule):
        count = insert(CouponCountRow).values(
            promotion_id=promotion.id,
            merchant_id=tx.merchant_id,
            total=plan.rule.total,
            claimed=0,
        )
        await tx.db.execute(
            count.on_conflict_do_update(
                index_elements=[CouponCountRow.promotion_id], set_={"total": plan.rule.total}
            )
        )
    promotion.state = to
    promotion.version += 1
    await tx.db.flush()
    await clock.tell(tx, promotion)
    if promotion.starts_at <= tx.now:
        await clock.begin(tx, promotion)
    return promotion


async def unschedule(tx: Tx, promotion_id: UUID) -> Promotion:
    """Take the announcement back."""
    require(tx, Can.RUN_PROMOTIONS)
    promotion = await row(tx, promotion_id, for_update=True)
    if promotion.state is PromotionState.SCHEDULED and promotion.starts_at <= tx.now:
        raise IllegalPromotionMove(state=PromotionState.RUNNING, wanted=PromotionState.DRAFT)
    promotion.state = move(promotion.state, PromotionState.DRAFT)
    return await changed(tx, promotion)


async def end(tx: Tx, promotion_id: UUID) -> Promotion:
    """End a promotion now; what was claimed and bought stays. Harmless to repeat."""
    require(tx, Can.RUN_PROMOTIONS)
    promotion = await row(tx, promotion_id, for_update=True)
    if promotion.state is not PromotionState.ENDED:
        await clock.finish(tx, promotion, clock.STAFF)
    return await shown(tx, promotion)


async def extend(tx: Tx, promotion_id: UUID, command: Extend) -> Promotion:
    """Let a promotion run longer, never shorter. Raises `PromotionRefused`."""
    promotion = await locked(tx, promotion_id, command.version)
    if promotion.state not in ALIVE:
        raise PromotionLocked(state=promotion.state)
    if promotion.ends_at is None or command.ends_at <= max(promotion.ends_at, tx.now):
        refuse([Problem("endsAt", "not_later", {"endsAt": promotion.ends_at})])
    plan = msgspec.structs.replace(plan_of(promotion), ends_at=command.ends_at)
    late = [
        each
        for each in problems(plan, await catalog.skus(tx, plan.skus), tx.now)
        if each.at.startswith(("endsAt", "rule.balance", "rule.use"))
    ]
    refuse([*late, *await _clashes(tx, promotion, plan)])
    promotion.ends_at = command.ends_at
    await tx.db.flush()
    if promotion.state is PromotionState.RUNNING:
        await clock.publish(tx, promotion)
    return await changed(tx, promotion)


async def add_stock(tx: Tx, promotion_id: UUID, sku_id: UUID, command: AddStock) -> Promotion:
    """Set more pieces of an SKU aside. Raises `OutOfStock` where there are not as many."""
    promotion = await locked(tx, promotion_id, command.version)
    if promotion.state not in ALIVE:
        raise PromotionLocked(state=promotion.state)
    item = next((each for each in promotion.items if each.sku_id == sku_id), None)
    if item is None or item.stock is None:
        raise PromotionItemNotFound(sku_id=sku_id)
    item.stock += command.more
    if promotion.state is PromotionState.RUNNING:
        (held,) = await inventory.stock(tx, [sku_id], promotion_id)
        await inventory.allocate(tx, sku_id, promotion_id, held.on_hand + command.more)
        item.given = (item.given or 0) + command.more
        await tx.db.flush()
        await clock.publish(tx, promotion)
    return await changed(tx, promotion)


MOVES: Mapping[str, Callable[[Tx, UUID], Awaitable[Promotion]]] = {
    "schedule": schedule,
    "unschedule": unschedule,
    "end": end,
}


async def locked(tx: Tx, promotion_id: UUID, version: int | None) -> PromotionRow:
    """Lock a promotion for a change, and refuse if it is not at the version the caller saw."""
    require(tx, Can.RUN_PROMOTIONS)
    promotion = await row(tx, promotion_id, for_update=True)
    if promotion.version != version:
        raise PromotionVersionConflict(version=promotion.version)
    return promotion


async def changed(tx: Tx, promotion: PromotionRow) -> Promotion:
    """Count the change, tell the world, and show the promotion as it is now."""
    promotion.version += 1
    await tx.db.flush()
    await clock.tell(tx, promotion)
    return await shown(tx, promotion)


async def shown(tx: Tx, promotion: PromotionRow) -> Promotion:
    """Show one promotion that is at hand."""
    (view,) = await shown_all(tx, [promotion])
    return view


def plan_of(promotion: PromotionRow) -> Plan:
    """Read what is to be checked from the database's row."""
    items = [
        PutItem(
            sku_id=item.sku_id,
            price=item.price,
            stock=item.stock,
            per_person=item.per_person,
            deposit=item.deposit,
            worth=item.worth,
            floor=item.floor,
        )
        for item in promotion.items
    ]
    return Plan(rule_of(promotion), promotion.starts_at, promotion.ends_at, items)


async def _check(tx: Tx, command: PutPromotion) -> None:
    plan = Plan(command.rule, command.starts_at, command.ends_at, command.items)
    refuse(problems(plan, await catalog.skus(tx, plan.skus), tx.now))


async def _clashes(tx: Tx, promotion: PromotionRow, plan: Plan) -> list[Problem]:
    """Find promotions of the kind that have an SKU at the same time and place.

    Only one of a merchant's promotions is scheduled at a time, so two cannot slip past each other.
    """
    if not plan.items:
        return []
    alone = func.pg_advisory_xact_lock(func.hashtextextended(f"promotions:{tx.merchant_id}", 0))
    await tx.db.execute(select(alone))
    others = await tx.db.execute(
        select(PromotionRow, PromotionItemRow.sku_id)
        .join(PromotionItemRow, PromotionItemRow.promotion_id == PromotionRow.id)
        .where(
            PromotionRow.merchant_id == tx.merchant_id,
            PromotionRow.id != promotion.id,
            PromotionRow.kind == promotion.kind,
            PromotionRow.state.in_(ALIVE),
            PromotionItemRow.sku_id.in_([item.sku_id for item in plan.items]),
        )
    )
    places = {item.sku_id: place for place, item in enumerate(plan.items)}
    return [
        Problem(
            f"items.{places[sku_id]}.skuId",
            "overlaps",
            {"promotionId": other.id, "name": other.name},
        )
        for other, sku_id in others
        if overlap((plan.starts_at, plan.ends_at), (other.starts_at, other.ends_at))
        and (NIL in {other.venue_id, promotion.venue_id} or other.venue_id == promotion.venue_id)
    ]


async def _shortages(tx: Tx, plan: Plan) -> list[Problem]:
    wanted = {item.sku_id: item.stock for item in plan.items if item.stock is not None}
    if not wanted:
        return []
    left = await inventory.left(tx, [(sku_id, NIL) for sku_id in wanted])
    return [
        Problem(f"items.{place}.stock", "stock_short", {"left": left[item.sku_id, NIL]})
        for place, item in enumerate(plan.items)
        if item.stock is not None and item.stock > left[item.sku_id, NIL]
    ]


def _fields(command: PutPromotion) -> dict[str, object]:
    return {
        "kind": PromotionKind(kind_of(command.rule)),
        "name": command.name.strip(),
        "venue_id": command.venue_id,
        "starts_at": command.starts_at,
        "ends_at": command.ends_at,
        "rule": msgspec.to_builtins(command.rule),
    }


def _items(tx: Tx, promotion_id: UUID, items: Sequence[PutItem]) -> list[PromotionItemRow]:
    return [
        PromotionItemRow(
            promotion_id=promotion_id,
            sku_id=item.sku_id,
            merchant_id=tx.merchant_id,
            position=position,
            price=item.price,
            stock=item.stock,
            per_person=item.per_person,
            deposit=item.deposit,
            worth=item.worth,
            floor=item.floor,
        )
        for position, item in enumerate(items)
    ]
