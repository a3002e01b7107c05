"""Write a show's plan from a template, and take it back."""

from uuid import UUID

import msgspec
from sqlalchemy import select

from xinbo.commerce import promotions
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, NotFound
from xinbo.kit.ids import new_id
from xinbo.live import contingency, games, shows
from xinbo.live.shows import (
    PutCue,
    PutCues,
    PutLineUp,
    PutLineUpItem,
    PutShow,
    ShowPlan,
    ShowStatus,
)
from xinbo.live.templates._models import PlanChangeRow
from xinbo.live.templates._service import library
from xinbo.live.templates._service.making import (
    Making,
    add_games,
    add_promotions,
    goods_of,
    items_of,
    put_line_up,
)
from xinbo.live.templates._types import ApplyTemplate, PlanApplied, TakeBack, TemplateSource

BEFORE = frozenset({ShowStatus.DRAFT, ShowStatus.SCHEDULED, ShowStatus.REHEARSAL})


class ShowBegun(Conflict):
    """Raised when a whole plan would be replaced on air or after: cues are changed one by one."""


class PlanChangeNotFound(NotFound):
    """Raised when there is no such change of this show, or it was taken back already."""


class Before(msgspec.Struct, frozen=True):
    """What a plan was before a template was applied, ready to be written again."""

    planned_minutes: int
    line_up: list[PutLineUpItem]
    cues: list[PutCue]


async def apply(tx: Tx, show_id: UUID, command: ApplyTemplate) -> PlanApplied:
    """Write cues, line-up roles, draft games, draft discounts and contingency from a template.

    All of it or nothing: a refusal leaves the show as it was. What is applied can be taken back
    until somebody changes the plan again. Raises `TemplateNotFound`, `SlotRefused`, `ShowBegun`,
    `VersionConflict`.
    """
    require(tx, Can.PLAN_SHOWS)
    if command.source is TemplateSource.SHOW:
        template = await library.of_show(tx, command.template_id)
    else:
        template = await library.get(tx, command.template_id, command.language)
    plan = await shows.plan(tx, show_id)
    if plan.show.status not in BEFORE:
        raise ShowBegun(status=plan.show.status)
    before = _before(plan)
    keys = {slot.key for slot in template.slots}
    goods = await goods_of(tx, {k: v for k, v in command.slots.items() if k in keys})
    made = Making(template, goods)
    plan = await put_line_up(tx, plan, made, command.version)
    if command.games:
        await add_games(tx, show_id, made)
    if command.promotions:
        await add_promotions(tx, plan, made)
    plan = await shows.put_cues(tx, show_id, PutCues(cues=made.cues(), version=plan.version))
    if plan.show.planned_minutes < template.minutes:
        plan = await _lengthen(tx, plan, template.minutes)
    if command.contingency:
        await contingency.prepare(tx, show_id)
        plan = await shows.plan(tx, show_id)
    change = PlanChangeRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        show_id=show_id,
        name=template.name,
        version=plan.version,
        before=msgspec.to_builtins(before),
        games=[str(each) for each in made.games.values()],
        promotions=[str(each) for each in made.promotions.values()],
        at=tx.now,
        by=tx.actor.user_id,
    )
    tx.db.add(change)
    await tx.db.flush()
    return PlanApplied(
        id=change.id,
        plan=plan,
        games=len(made.games),
        promotions=len(made.promotions),
        left_out=made.left_out,
    )


async def take_back(tx: Tx, show_id: UUID, change_id: UUID, command: TakeBack) -> ShowPlan:
    """Put the plan back to what it was, and throw away the drafts that came with it.

    Only while nobody has changed the plan since: raises `VersionConflict` otherwise. Risks and
    playbooks that were prepared stay: they do no harm, and somebody may have worked on them.
    """
    require(tx, Can.PLAN_SHOWS)
    await shows.console_get(tx, show_id)
    change = await tx.db.scalar(
        select(PlanChangeRow)
        .where(
            PlanChangeRow.id == change_id,
            PlanChangeRow.show_id == show_id,
            PlanChangeRow.merchant_id == tx.merchant_id,
            PlanChangeRow.taken_back_at.is_(None),
        )
        .with_for_update()
    )
    if change is None:
        raise PlanChangeNotFound(change_id=change_id)
    plan = await shows.plan(tx, show_id)
    if plan.version != change.version or command.version != change.version:
        raise shows.VersionConflict(version=plan.version)
    if plan.show.status not in BEFORE:
        raise ShowBegun(status=plan.show.status)
    before = msgspec.convert(change.before, Before)
    # Cues let go of the drafts first, so that nothing names what is thrown away.
    bare = PutLineUp(items=before.line_up, version=plan.version)
    plan = await shows.put_line_up(tx, show_id, bare)
    plan = await shows.put_cues(tx, show_id, PutCues(cues=before.cues, version=plan.version))
    if plan.show.planned_minutes != before.planned_minutes:
        plan = await _lengthen(tx, plan, before.planned_minutes)
    for game_id in change.games:
        try:
            await games.remove(tx, UUID(game_id))
        except (games.GameNotFound, games.GameRunning):
            continue
    for promotion_id in change.promotions:
        try:
            await promotions.remove(tx, UUID(promotion_id))
        except (promotions.PromotionNotFound, promotions.PromotionLocked):
            continue
    change.taken_back_at = tx.now
    await tx.db.flush()
    return plan


def _before(plan: ShowPlan) -> Before:
    return Before(
        planned_minutes=plan.show.planned_minutes,
        line_up=items_of(plan),
        cues=[
            PutCue(
                id=cue.id,
                kind=cue.kind,
                title=cue.title,
                minutes=cue.minutes,
                product_id=cue.product_id,
                notes=cue.notes,
                starts_minute=cue.starts_minute,
                format=cue.format,
                product_ids=cue.product_ids,
                promotion_id=cue.promotion_id,
                game_id=cue.game_id,
                talking_points=cue.talking_points,
                claims=cue.claims,
                forbidden=cue.forbidden,
                owner=cue.owner,
                target_units=cue.target_units,
            )
            for cue in plan.cues
        ],
    )


async def _lengthen(tx: Tx, plan: ShowPlan, minutes: int) -> ShowPlan:
    show = plan.show
    return await shows.put(
        tx,
        show.id,
        PutShow(
            title=show.title,
            summary=show.summary,
            cover_url=show.cover_url,
            host_name=show.host_name,
            host_avatar_url=show.host_avatar_url,
            starts_at=show.starts_at,
            planned_minutes=minutes,
            version=plan.version,
        ),
    )
