"""Make what a template says: goods on the line-up, draft games, draft discounts, cues."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from xinbo.commerce import catalog, promotions
from xinbo.commerce.catalog import Product, ProductStatus
from xinbo.commerce.promotions import PromotionRefused, PutItem, PutPromotion, TimedDiscount
from xinbo.engines.tx import Tx
from xinbo.kit.errors import Invalid
from xinbo.live import games, shows
from xinbo.live.games import GameRefused, PutGame
from xinbo.live.shows import (
    PutCue,
    PutLineUp,
    PutLineUpItem,
    PutLineUpSku,
    Show,
    ShowPlan,
)
from xinbo.live.templates._rules import discounted, filled
from xinbo.live.templates._types import PlanTemplate, TemplateCue

LONGEST_TITLE, LONGEST_POINTS, LONGEST_PRIZE = 80, 4_000, 40
DEAREST = 5_000_000
"""What a prize may be worth at most, in fen (反不正当竞争法 11): dearer goods are named so much."""


class SlotRefused(Invalid):
    """Raised when a slot's product cannot be sold in the show. `slot`, `product_id`, `reason`."""


class Making:
    """A template, the goods for its slots, and what has come of it so far."""

    def __init__(self, template: PlanTemplate, goods: Mapping[str, Product]) -> None:
        self.template = template
        self.goods = goods
        self.names = {slot.key: slot.title for slot in template.slots}
        self.names |= {key: product.title for key, product in goods.items()}
        self.games: dict[str, UUID] = {}
        self.promotions: dict[str, UUID] = {}
        self.left_out: list[str] = []

    def cues(self) -> list[PutCue]:
        """Write the cues, with the games and promotions that were made."""
        return [_cue(cue, self) for cue in self.template.cues]


def items_of(plan: ShowPlan) -> list[PutLineUpItem]:
    """Write a line-up as the command that would write it."""
    return [
        PutLineUpItem(
            product_id=item.product_id,
            talking_points=item.talking_points,
            skus=[
                PutLineUpSku(sku_id=sku.sku_id, price=sku.price, stock=sku.stock)
                for sku in item.skus
            ],
            role=item.role,
        )
        for item in plan.line_up
    ]


async def goods_of(tx: Tx, slots: Mapping[str, UUID]) -> dict[str, Product]:
    """Fetch the goods of the slots. Raises `SlotRefused`: not on sale, or twice."""
    found = {each.id: each for each in await catalog.products(tx, list(slots.values()))}
    goods: dict[str, Product] = {}
    for key, product_id in slots.items():
        product = found.get(product_id)
        if product is None or product.status is not ProductStatus.ACTIVE:
            raise SlotRefused(slot=key, product_id=product_id, reason="product_not_on_sale")
        if product_id in {each.id for each in goods.values()}:
            raise SlotRefused(slot=key, product_id=product_id, reason="product_repeated")
        goods[key] = product
    return goods


async def put_line_up(tx: Tx, plan: ShowPlan, making: Making, version: int) -> ShowPlan:
    """Give the slots' goods their roles; what is not on the line-up comes at its list price."""
    goods = making.goods
    roles = {goods[slot.key].id: slot.role for slot in making.template.slots if slot.key in goods}
    items = [
        msgspec.structs.replace(item, role=roles.get(item.product_id, item.role))
        for item in items_of(plan)
    ]
    there = {item.product_id for item in items}
    items += [
        PutLineUpItem(
            product_id=product.id,
            talking_points="",
            skus=[PutLineUpSku(sku_id=sku.id, price=sku.price, stock=None) for sku in product.skus],
            role=roles[product.id],
        )
        for product in goods.values()
        if product.id not in there
    ]
    return await shows.put_line_up(tx, plan.show.id, PutLineUp(items=items, version=version))


async def add_games(tx: Tx, show_id: UUID, making: Making) -> None:
    """Draft the games; one that cannot be played here (its coupon is gone) is left out."""
    for each in making.template.games:
        game = _game(each.game, making)
        try:
            async with tx.db.begin_nested():
                making.games[each.key] = (await games.add(tx, show_id, game)).id
        except GameRefused:
            making.left_out.append(game.title)


def _game(game: PutGame, making: Making) -> PutGame:
    """Name the prizes; goods without a worth are worth what they cost."""
    prizes = getattr(game.play, "prizes", None)
    if not prizes:
        return game
    worth = {
        f"{{{key}}}": min(sku.price for sku in each.skus) for key, each in making.goods.items()
    }
    named = [
        msgspec.structs.replace(
            prize,
            name=filled(prize.name, making.names, LONGEST_PRIZE) or prize.name,
            value=prize.value or min(worth.get(prize.name, 0), DEAREST),
        )
        for prize in prizes
    ]
    return msgspec.structs.replace(game, play=msgspec.structs.replace(game.play, prizes=named))


async def add_promotions(tx: Tx, plan: ShowPlan, making: Making) -> None:
    """Draft the discounts for the time of the cues that fire them."""
    template, goods = making.template, making.goods
    prices = {item.product_id: item.skus for item in plan.line_up}
    windows = _windows(template.cues, _start(tx, plan.show))
    for each in template.promotions:
        if each.slot not in goods or each.key not in windows:
            making.left_out.append(each.name)
            continue
        starts_at, ends_at = windows[each.key]
        product = goods[each.slot]
        sale = PutPromotion(
            name=each.name,
            venue_id=plan.show.id,
            starts_at=starts_at,
            ends_at=ends_at,
            rule=TimedDiscount(),
            items=[
                PutItem(sku_id=sku.sku_id, price=discounted(sku.price, each.rate))
                for sku in prices[product.id]
            ],
            version=None,
        )
        try:
            async with tx.db.begin_nested():
                making.promotions[each.key] = (await promotions.add(tx, sale)).id
        except PromotionRefused:
            making.left_out.append(each.name)


def _start(tx: Tx, show: Show) -> datetime:
    """Say from when offsets count; a show without a time is planned as if it began tomorrow."""
    if show.starts_at is not None and show.starts_at > tx.now:
        return show.starts_at
    return (tx.now + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)


def _windows(cues: Sequence[TemplateCue], start: datetime) -> dict[str, tuple[datetime, datetime]]:
    placed = shows.place_cues([(cue.starts_minute, cue.minutes) for cue in cues])
    return {
        cue.promotion: (start + timedelta(minutes=begin), start + timedelta(minutes=end))
        for cue, (begin, end) in zip(cues, placed, strict=True)
        if cue.promotion
    }


def _cue(cue: TemplateCue, making: Making) -> PutCue:
    goods, names = making.goods, making.names
    named = [goods[key].id for key in cue.slots if key in goods]
    return PutCue(
        kind=cue.kind,
        title=filled(cue.title, names, LONGEST_TITLE) or cue.kind,
        minutes=cue.minutes,
        product_id=named[0] if named and cue.pin else None,
        notes=cue.notes,
        starts_minute=cue.starts_minute,
        format=cue.format,
        product_ids=named,
        promotion_id=making.promotions.get(cue.promotion),
        game_id=making.games.get(cue.game),
        talking_points=filled(cue.talking_points, names, LONGEST_POINTS),
        claims=cue.claims,
        forbidden=cue.forbidden,
        owner=cue.owner,
        target_units=cue.target_units,
    )
