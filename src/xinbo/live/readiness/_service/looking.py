"""Read a show as it stands, and say whether it may go on air."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from xinbo.commerce import catalog, inventory, promotions
from xinbo.commerce.catalog import ProductStatus
from xinbo.commerce.promotions import PromotionNotFound
from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, require
from xinbo.kit.ids import NIL
from xinbo.live import broadcasts, cast, contingency, conversations, shows
from xinbo.live.broadcasts import VideoState
from xinbo.live.cast import SeatKind
from xinbo.live.readiness._models import WaiverRow
from xinbo.live.readiness._rules import (
    Finding,
    PlannedCue,
    PlannedItem,
    PlannedSku,
    Snapshot,
    Window,
    findings,
    ready,
)
from xinbo.live.readiness._service.kits import FRESH, hosts, tested
from xinbo.live.readiness._service.lists import Kept, kept
from xinbo.live.readiness._types import Check, Readiness, Waiver
from xinbo.live.shows import Cue, LineUpItem, LineUpRole, ShowPlan


async def check(tx: Tx, show_id: UUID) -> Readiness:
    """Say whether a show may go on air now, and why not."""
    require(tx, Can.SEE_CONSOLE)
    plan = await shows.plan(tx, show_id)
    found = findings(await snapshot(tx, plan))
    waived = await waivers(tx, show_id)
    return Readiness(
        show_id=show_id,
        ready=ready(found, waived),
        guarded=bool(plan.cues),
        checks=[_check(each, waived.get(each.key)) for each in found],
        checked_at=tx.now,
    )


async def snapshot(tx: Tx, plan: ShowPlan) -> Snapshot:
    """Read all that is looked at."""
    show = plan.show
    seated = await hosts(tx, show.id)
    items = await kept(tx, show.id)
    agents = await conversations.on_duty(tx, show.id)
    return Snapshot(
        now=tx.now,
        starts_at=show.starts_at,
        planned_minutes=show.planned_minutes,
        items=await _items(tx, show.id, plan.line_up),
        cues=[_cue(cue) for cue in plan.cues],
        windows=await _windows(tx, show.id, plan.cues),
        prepared=await contingency.prepared(tx, show.id),
        risks=len(await contingency.risks(tx, show.id)),
        host_checked=_ticked(tx, items, seated) or await tested(tx, show.id, seated),
        backup_host=bool((await cast.seated(tx, show.id)).get(SeatKind.BACKUP_HOST)),
        agents=sum(not agent.away for agent in agents),
        open_items=sum(item.done_at is None for item in items),
        all_items=len(items),
        pictures=(await broadcasts.video(tx, show.id)).state is VideoState.LIVE,
    )


async def waivers(tx: Tx, show_id: UUID) -> dict[str, Waiver]:
    """List what an owner has waived of a show, by key."""
    rows = (
        await tx.db.scalars(
            select(WaiverRow).where(
                WaiverRow.show_id == show_id, WaiverRow.merchant_id == tx.merchant_id
            )
        )
    ).all()
    names = await accounts.staff_names(tx, [row.by for row in rows if row.by is not None])
    return {
        row.key: Waiver(by=names.get(row.by, "") if row.by else "", at=row.at, reason=row.reason)
        for row in rows
    }


def _check(found: Finding, waiver: Waiver | None) -> Check:
    return Check(
        key=found.key,
        kind=found.kind,
        severity=found.severity,
        facts=dict(found.facts),
        link=found.link,
        about=found.about,
        waivable=found.waivable,
        waived=waiver if found.waivable else None,
    )


async def _items(tx: Tx, show_id: UUID, line_up: Sequence[LineUpItem]) -> list[PlannedItem]:
    known = {
        product.id: product
        for product in await catalog.products(tx, [item.product_id for item in line_up])
    }
    ids = [sku.sku_id for item in line_up for sku in item.skus]
    left = await inventory.left(tx, [(each, pool) for each in ids for pool in (NIL, show_id)])
    planned: list[PlannedItem] = []
    for item in line_up:
        product = known.get(item.product_id)
        names = (
            {sku.id: " ".join(sku.options) or sku.code for sku in product.skus} if product else {}
        )
        planned.append(
            PlannedItem(
                product_id=item.product_id,
                title=product.title if product else "",
                hero=item.role is LineUpRole.HERO,
                on_sale=product is not None and product.status is ProductStatus.ACTIVE,
                skus=[
                    PlannedSku(
                        sku_id=sku.sku_id,
                        name=names.get(sku.sku_id, ""),
                        set_aside=sku.stock,
                        spare=left[sku.sku_id, NIL] + left[sku.sku_id, show_id],
                    )
                    for sku in item.skus
                ],
            )
        )
    return planned


def _cue(cue: Cue) -> PlannedCue:
    claims = [(claim.text, claim.evidence) for claim in cue.claims]
    spoken = [cue.title, cue.notes, cue.talking_points, *(text for text, _ in claims)]
    return PlannedCue(
        id=cue.id,
        title=cue.title,
        begins=cue.begins_minute,
        minutes=cue.minutes,
        product_id=cue.product_id,
        promotion_id=cue.promotion_id,
        target=cue.target_units,
        claims=claims,
        forbidden=cue.forbidden,
        spoken="\n".join(spoken),
    )


async def _windows(tx: Tx, show_id: UUID, cues: Sequence[Cue]) -> dict[UUID, Window]:
    windows: dict[UUID, Window] = {}
    for promotion_id in {cue.promotion_id for cue in cues if cue.promotion_id is not None}:
        try:
            promotion = await promotions.get(tx, promotion_id)
        except PromotionNotFound:
            continue
        windows[promotion_id] = Window(
            name=promotion.name,
            state=promotion.state,
            here=promotion.venue_id in (NIL, show_id),
            starts_at=promotion.starts_at,
            ends_at=promotion.ends_at,
        )
    return windows


def _ticked(tx: Tx, items: Sequence[Kept], seated: set[UUID]) -> bool:
    """Say whether a host has looked at all that is the host's, within a day."""
    own = [item for item in items if item.for_host]
    return bool(own) and all(
        item.done_at is not None
        and item.done_at >= tx.now - FRESH
        and (not seated or item.done_by in seated)
        for item in own
    )
