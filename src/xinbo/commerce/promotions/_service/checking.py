"""What is wrong with a promotion, and where: each problem names the field and a stable reason."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from xinbo.commerce.catalog import SkuCard
from xinbo.commerce.promotions._rules.life import BASKET, PromotionKind
from xinbo.commerce.promotions._types import (
    Audience,
    Bargaining,
    Bundle,
    CouponRule,
    FullReduction,
    Gifts,
    MemberPrice,
    Presale,
    Present,
    Problem,
    PutItem,
    Rule,
    Threshold,
    kind_of,
)
from xinbo.kit.errors import Invalid

NEED_END = frozenset(PromotionKind) - {
    PromotionKind.MEMBER_PRICE,
    PromotionKind.FREE_FREIGHT,
    PromotionKind.BUNDLE,
}
"""Kinds that promise something for a time: without an end the hurry would be made up."""
NEED_STOCK = frozenset({PromotionKind.FLASH_SALE})

type Cards = Mapping[UUID, SkuCard]


class PromotionRefused(Invalid):
    """Raised when a promotion cannot be meant. `problems` say what is wrong, and where."""


class Plan(msgspec.Struct, frozen=True):
    """What is to be checked, whether it was just sent or lies in the database."""

    rule: Rule
    starts_at: datetime
    ends_at: datetime | None
    items: Sequence[PutItem]

    @property
    def kind(self) -> PromotionKind:
        """The kind that its rule makes it."""
        return kind_of(self.rule)

    @property
    def skus(self) -> set[UUID]:
        """All SKUs that it names."""
        named = {item.sku_id for item in self.items}
        return named | {part.sku_id for _, part in presents(self.rule)}


def refuse(problems: Iterable[Problem]) -> None:
    """Raise `PromotionRefused` if there is any problem."""
    if found := list(problems):
        raise PromotionRefused(problems=found)


def problems(plan: Plan, cards: Cards, now: datetime) -> Iterator[Problem]:
    """Say all that is wrong with a plan, whatever else there is on the shelf."""
    yield from _window(plan, now)
    yield from _rule(plan, cards)
    if plan.kind in BASKET:
        if plan.items:
            yield Problem("items", "items_unused")
        return
    if not plan.items:
        yield Problem("items", "items_needed")
    seen: set[UUID] = set()
    for place, item in enumerate(plan.items):
        if item.sku_id in seen:
            yield Problem(f"items.{place}.skuId", "twice")
        seen.add(item.sku_id)
        yield from _item(plan, item, f"items.{place}", cards)


def presents(rule: Rule) -> Iterator[tuple[str, Present]]:
    """List the SKUs that a rule gives or puts together, and where they stand in it."""
    match rule:
        case Gifts():
            for n, step in enumerate(rule.steps):
                for m, gift in enumerate(step.gifts):
                    yield f"rule.steps.{n}.gifts.{m}.skuId", gift
        case Bundle():
            for n, part in enumerate(rule.parts):
                yield f"rule.parts.{n}.skuId", part
        case _:
            return


def _window(plan: Plan, now: datetime) -> Iterator[Problem]:
    if plan.ends_at is None:
        if plan.kind in NEED_END:
            yield Problem("endsAt", "end_needed")
    elif plan.ends_at <= plan.starts_at:
        yield Problem("endsAt", "window_upside_down")
    elif plan.ends_at <= now:
        yield Problem("endsAt", "past")


def _item(plan: Plan, item: PutItem, at: str, cards: Cards) -> Iterator[Problem]:
    card = cards.get(item.sku_id)
    if card is None or not card.on_sale:
        yield Problem(f"{at}.skuId", "not_on_sale")
        return
    if item.price > card.price:
        yield Problem(f"{at}.price", "above_list_price", {"listPrice": card.price})
    if item.stock is None and plan.kind in NEED_STOCK:
        yield Problem(f"{at}.stock", "stock_needed")
    match plan.rule:
        case Presale():
            yield from _deposit(item, at)
        case Bargaining():
            yield from _floor(plan.rule, item, at)
        case _:
            return


def _deposit(item: PutItem, at: str) -> Iterator[Problem]:
    if not item.deposit:
        yield Problem(f"{at}.deposit", "deposit_needed")
        return
    worth = item.worth if item.worth is not None else item.deposit
    if worth < item.deposit:
        yield Problem(f"{at}.worth", "worth_below_deposit", {"deposit": item.deposit})
    if worth >= item.price:
        yield Problem(f"{at}.worth", "worth_reaches_price", {"price": item.price})


def _floor(rule: Bargaining, item: PutItem, at: str) -> Iterator[Problem]:
    if item.floor is None:
        yield Problem(f"{at}.floor", "floor_needed")
    elif item.floor >= item.price:
        yield Problem(f"{at}.floor", "floor_not_below_price", {"price": item.price})
    elif item.price - item.floor < rule.helpers:
        yield Problem(f"{at}.floor", "cuts_too_small", {"helpers": rule.helpers})


def _rule(plan: Plan, cards: Cards) -> Iterator[Problem]:
    for at, present in presents(plan.rule):
        card = cards.get(present.sku_id)
        if card is None or not card.on_sale:
            yield Problem(at, "not_on_sale")
    match plan.rule:
        case FullReduction():
            yield from _steps(plan.rule)
        case Gifts():
            amounts = [step.at_least_amount for step in plan.rule.steps]
            yield from _rising(amounts)
        case Bundle():
            yield from _bundle(plan.rule, cards)
        case CouponRule():
            yield from _coupon(plan.rule, plan)
        case MemberPrice():
            return
        case Presale():
            yield from _presale(plan.rule, plan.ends_at)
        case _:
            return


def _steps(rule: FullReduction) -> Iterator[Problem]:
    for n, step in enumerate(rule.steps):
        yield from _step(step, f"rule.steps.{n}")
    for unit in ("at_least_amount", "at_least_pieces"):
        yield from _rising([getattr(step, unit) for step in rule.steps])
    if len({step.at_least_amount is None for step in rule.steps}) > 1:
        yield Problem("rule.steps", "steps_mixed")
    if rule.repeat and (len(rule.steps) > 1 or rule.steps[0].off is None):
        yield Problem("rule.repeat", "repeat_needs_one_amount_off")


def _step(step: Threshold, at: str) -> Iterator[Problem]:
    if step.off is None:
        return
    if step.at_least_amount is None:
        # Pieces can be cheap: money off by their number could reach below nothing.
        yield Problem(f"{at}.off", "pieces_need_a_rate")
    elif step.off >= step.at_least_amount:
        facts: dict[str, object] = {"threshold": step.at_least_amount}
        yield Problem(f"{at}.off", "off_reaches_threshold", facts)
    elif step.off == 0:
        yield Problem(f"{at}.off", "nothing_off")


def _rising(thresholds: Sequence[int | None]) -> Iterator[Problem]:
    known = [each for each in thresholds if each is not None]
    for n in range(1, len(known)):
        if known[n] <= known[n - 1]:
            yield Problem(f"rule.steps.{n}", "steps_not_rising")


def _bundle(rule: Bundle, cards: Cards) -> Iterator[Problem]:
    if sum(part.quantity for part in rule.parts) < 2:  # noqa: PLR2004 # one piece is no bundle
        yield Problem("rule.parts", "one_piece")
    if len({part.sku_id for part in rule.parts}) < len(rule.parts):
        yield Problem("rule.parts", "twice")
    if all(part.sku_id in cards for part in rule.parts):
        whole = sum(cards[part.sku_id].price * part.quantity for part in rule.parts)
        if rule.price >= whole:
            yield Problem("rule.price", "above_list_price", {"listPrice": whole})


def _coupon(rule: CouponRule, plan: Plan) -> Iterator[Problem]:
    if rule.off is not None and rule.off >= rule.threshold:
        facts: dict[str, object] = {"threshold": rule.threshold}
        yield Problem("rule.off", "more_than_threshold", facts)
    if rule.off == 0:
        yield Problem("rule.off", "nothing_off")
    if rule.per_person > rule.total:
        yield Problem("rule.perPerson", "more_than_total", {"total": rule.total})
    if rule.audience is Audience.MEMBERS and rule.level < 1:
        yield Problem("rule.level", "level_needed")
    if rule.use_until is not None:
        if rule.use_until <= (rule.use_from or plan.starts_at):
            yield Problem("rule.useUntil", "window_upside_down")
        elif plan.ends_at is not None and rule.use_until < plan.ends_at:
            yield Problem("rule.useUntil", "ends_before_claims")


def _presale(rule: Presale, ends_at: datetime | None) -> Iterator[Problem]:
    if ends_at is not None and rule.balance_from < ends_at:
        yield Problem("rule.balanceFrom", "before_deposits_end")
    if rule.balance_until <= rule.balance_from:
        yield Problem("rule.balanceUntil", "window_upside_down")
    if rule.ships_by < rule.balance_from:
        yield Problem("rule.shipsBy", "before_balance")
