"""The shelf of templates: ours, the merchant's, and any show read as one."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, false, select

from xinbo.commerce import catalog, promotions
from xinbo.commerce.promotions import TimedDiscount
from xinbo.engines.tx import Actor, Tx
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.errors import NotFound
from xinbo.kit.ids import new_id
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page
from xinbo.live import games, shows
from xinbo.live.games import Game
from xinbo.live.shows import Cue, LineUpItem, LineUpRole, ShowPlan
from xinbo.live.templates._models import PlanTemplateRow
from xinbo.live.templates._rules import emptied, rate_of
from xinbo.live.templates._service.builtin import builtins
from xinbo.live.templates._types import (
    PlanLanguage,
    PlanSlot,
    PlanTemplate,
    SaveTemplate,
    TemplateCard,
    TemplateCue,
    TemplateGame,
    TemplatePromotion,
    TemplateSource,
)

MOST_GAMES = 100
"""Games of a show that a template of it takes along."""


class TemplateNotFound(NotFound):
    """Raised when there is no such template, or the actor may not see it: the two look alike."""


class Body(msgspec.Struct, frozen=True):
    """What of a saved template lies in one column."""

    slots: list[PlanSlot]
    cues: list[TemplateCue]
    games: list[TemplateGame]
    promotions: list[TemplatePromotion]


async def page_of(
    tx: Tx, language: PlanLanguage, cursor: str | None, limit: int
) -> Page[TemplateCard]:
    """List templates for the staff: ours on the first page, then the merchant's, newest first."""
    require(tx, Can.SEE_CONSOLE)
    query = select(PlanTemplateRow).where(_visible(tx.actor))
    if (last := after(cursor)) is not None:
        query = query.where(PlanTemplateRow.id < last)
    query = query.order_by(PlanTemplateRow.id.desc()).limit(limit + 1)
    rows = (await tx.db.scalars(query)).all()
    listed = page(rows, limit, lambda each: _card(_template(each)), lambda each: each.id)
    if cursor is not None:
        return listed
    ours = [_card(each) for each in builtins(language).values()]
    return Page(items=[*ours, *listed.items], next=listed.next)


async def get(
    tx: Tx, template_id: UUID, language: PlanLanguage = PlanLanguage.SIMPLIFIED
) -> PlanTemplate:
    """Show a template to the staff. Raises `TemplateNotFound`."""
    require(tx, Can.SEE_CONSOLE)
    if (ours := builtins(language).get(template_id)) is not None:
        return ours
    return _template(await _row(tx, template_id))


async def save(tx: Tx, command: SaveTemplate) -> PlanTemplate:
    """Keep a show's run-of-show, its games and its timed discounts as a template."""
    require(tx, Can.PLAN_SHOWS)
    made = await of_show(tx, command.show_id)
    row = PlanTemplateRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        name=command.name.strip(),
        summary=command.summary.strip(),
        minutes=made.minutes,
        body=msgspec.to_builtins(Body(made.slots, made.cues, made.games, made.promotions)),
        made_at=tx.now,
        made_by=tx.actor.user_id,
    )
    tx.db.add(row)
    await tx.db.flush()
    return _template(row)


async def remove(tx: Tx, template_id: UUID) -> None:
    """Throw a saved template away; the shows that were made from it keep what they have."""
    require(tx, Can.PLAN_SHOWS)
    row = await _row(tx, template_id)
    await tx.db.delete(row)
    await tx.db.flush()


async def of_show(tx: Tx, show_id: UUID) -> PlanTemplate:
    """Read a show's plan as a template: its goods become slots that remember them."""
    plan = await shows.plan(tx, show_id)
    named = {each for cue in plan.cues for each in cue.product_ids}
    items = [item for item in plan.line_up if item.product_id in named or item.role is not None]
    titles = {
        product.id: product.title
        for product in await catalog.products(tx, [item.product_id for item in items])
    }
    keys = {item.product_id: f"p{at}" for at, item in enumerate(items, 1)}
    names = {key: titles.get(product_id, "") for product_id, key in keys.items()}
    played = await _games(tx, plan)
    sales = await _sales(tx, plan, items, keys)
    return PlanTemplate(
        id=show_id,
        source=TemplateSource.SHOW,
        name=plan.show.title,
        summary="",
        minutes=plan.show.planned_minutes,
        builtin=False,
        made_at=plan.show.ended_at,
        slots=[
            PlanSlot(
                key=keys[item.product_id],
                title=titles.get(item.product_id, ""),
                role=item.role,
                product_id=item.product_id,
            )
            for item in items
        ],
        cues=[
            _cue(cue, keys, names, sales, {game.id: f"g{at}" for at, game in enumerate(played, 1)})
            for cue in plan.cues
        ],
        games=[
            TemplateGame(
                key=f"g{at}",
                game=games.PutGame(title=game.title, seconds=game.seconds, play=game.play),
            )
            for at, game in enumerate(played, 1)
        ],
        promotions=list(sales.values()),
    )


async def _games(tx: Tx, plan: ShowPlan) -> list[Game]:
    """List the games that the cues start."""
    wanted = {cue.game_id for cue in plan.cues}
    found = (await games.page_of(tx, plan.show.id, None, MOST_GAMES)).items
    return [game for game in found if game.id in wanted]


async def _sales(
    tx: Tx, plan: ShowPlan, items: Sequence[LineUpItem], keys: dict[UUID, str]
) -> dict[UUID, TemplatePromotion]:
    """Read the timed discounts that the cues fire, by their ids; other kinds stay behind."""
    prices = {sku.sku_id: sku.price for item in items for sku in item.skus}
    made: dict[UUID, TemplatePromotion] = {}
    for promotion_id in dict.fromkeys(cue.promotion_id for cue in plan.cues):
        if promotion_id is None:
            continue
        sale = await promotions.get(tx, promotion_id)
        first = next((each for each in sale.items if each.product_id in keys), None)
        if not isinstance(sale.rule, TimedDiscount) or first is None:
            continue
        made[promotion_id] = TemplatePromotion(
            key=f"s{len(made) + 1}",
            name=sale.name,
            slot=keys[first.product_id],
            rate=rate_of(prices.get(first.sku_id, first.list_price), first.price),
        )
    return made


def _cue(
    cue: Cue,
    keys: dict[UUID, str],
    names: dict[str, str],
    sales: dict[UUID, TemplatePromotion],
    played: dict[UUID, str],
) -> TemplateCue:
    goods = [keys[each] for each in cue.product_ids if each in keys]
    sale = sales.get(cue.promotion_id) if cue.promotion_id else None
    return TemplateCue(
        kind=cue.kind,
        title=emptied(cue.title, names),
        minutes=cue.minutes,
        starts_minute=cue.starts_minute,
        format=cue.format,
        slots=goods,
        pin=cue.product_id is not None,
        promotion=sale.key if sale else "",
        game=played.get(cue.game_id, "") if cue.game_id else "",
        talking_points=cue.talking_points,
        claims=cue.claims,
        forbidden=cue.forbidden,
        owner=cue.owner,
        target_units=cue.target_units,
        notes=cue.notes,
    )


def _template(row: PlanTemplateRow) -> PlanTemplate:
    body = msgspec.convert(row.body, Body)
    return PlanTemplate(
        id=row.id,
        source=TemplateSource.TEMPLATE,
        name=row.name,
        summary=row.summary,
        minutes=row.minutes,
        builtin=False,
        made_at=row.made_at,
        slots=body.slots,
        cues=body.cues,
        games=body.games,
        promotions=body.promotions,
    )


def _card(template: PlanTemplate) -> TemplateCard:
    return TemplateCard(
        id=template.id,
        name=template.name,
        summary=template.summary,
        minutes=template.minutes,
        builtin=template.builtin,
        made_at=template.made_at,
        cues=len(template.cues),
        heroes=_heroes(template.slots),
        games=len(template.games),
        promotions=len(template.promotions),
    )


def _heroes(slots: Sequence[PlanSlot]) -> int:
    return sum(slot.role is LineUpRole.HERO for slot in slots)


async def _row(tx: Tx, template_id: UUID) -> PlanTemplateRow:
    found = await tx.db.scalar(
        select(PlanTemplateRow).where(PlanTemplateRow.id == template_id, _visible(tx.actor))
    )
    if found is None:
        raise TemplateNotFound(template_id=template_id)
    return found


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show the staff the merchant's own."""
    own = PlanTemplateRow.merchant_id == actor.merchant_id
    return and_(own) if Can.SEE_CONSOLE in allowed(actor.role) else false()
