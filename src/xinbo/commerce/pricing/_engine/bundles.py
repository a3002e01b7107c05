"""Step 2: sets of SKUs that cost less together."""

from collections.abc import Sequence
from typing import NamedTuple

from xinbo.commerce.pricing._engine.work import Work
from xinbo.commerce.pricing._types import WHOLE, Rule, Tier, Why, WhyCode


class _Set(NamedTuple):
    rule: Rule
    tier: Tier
    needs: dict[int, int]
    """Pieces of each SKU that one set takes."""
    lines: dict[int, list[int]]
    """The lines that have pieces of each SKU, the dearest first."""


def bundles(work: Work, rules: Sequence[Rule]) -> None:
    """Count every bundle as often as the basket holds it.

    The one that saves most a set goes first, ties by rule id; a piece is in one bundle at most.
    """
    if not rules:
        return
    free = list(work.pieces)
    sets = [each for rule in rules for each in _set(work, rule)]
    sets.sort(key=lambda each: -_saving(work, each, 1, _pick(each, free, 1)))
    for each in sets:
        _count(work, each, free)


def _set(work: Work, rule: Rule) -> list[_Set]:
    tier = rule.tiers[0] if rule.tiers else None
    if tier is None or not tier.parts:
        return []
    needs: dict[int, int] = {}
    for part in tier.parts:
        needs[part.sku_id.int] = needs.get(part.sku_id.int, 0) + part.quantity
    lines: dict[int, list[int]] = {sku: [] for sku in needs}
    for n in work.covered(rule, work.open):
        sku = work.lines[n].sku_id.int
        if sku in lines:
            lines[sku].append(n)
    for found in lines.values():
        found.sort(key=lambda n: (-work.prices[n], n))
    return [_Set(rule, tier, needs, lines)]


def _count(work: Work, each: _Set, free: list[int]) -> None:
    rule = each.rule
    has = {sku: sum(free[n] for n in lines) for sku, lines in each.lines.items()}
    times = min(has[sku] // need for sku, need in each.needs.items())
    picked = _pick(each, free, times)
    saving = _saving(work, each, times, picked) if times else 0
    if saving <= 0:
        touched = [n for lines in each.lines.values() for n in lines]
        if touched and not times:
            held = sum(min(has[sku], need) for sku, need in each.needs.items())
            work.tell(rule, 0, _why(each, held, 0), touched)
        return
    among = sorted(picked)
    weights = [picked[n] * work.prices[n] for n in among]
    for n in among:
        free[n] -= picked[n]
    work.take(rule, saving, among, weights)
    work.hold(rule, among)
    why = _why(each, sum(picked.values()), times)
    work.tell(rule, saving, why, among)


def _pick(each: _Set, free: Sequence[int], times: int) -> dict[int, int]:
    """Choose the pieces of so many sets: of each SKU the dearest first."""
    picked: dict[int, int] = {}
    for sku, need in each.needs.items():
        want = need * times
        for n in each.lines[sku]:
            if want and free[n]:
                picked[n] = min(want, free[n])
                want -= picked[n]
    return picked


def _saving(work: Work, each: _Set, times: int, picked: dict[int, int]) -> int:
    amount = sum(pieces * work.prices[n] for n, pieces in picked.items())
    tier = each.tier
    if tier.price is not None:
        saving = amount - tier.price * times
    elif tier.off:
        saving = tier.off * times
    else:
        saving = amount - amount * tier.rate // WHOLE
    most = amount if each.rule.most is None else min(amount, each.rule.most)
    return min(saving, most)


def _why(each: _Set, has: int, times: int) -> Why:
    return Why(
        code=WhyCode.HELD if times else WhyCode.SHORT,
        measure="pieces",
        at_least=sum(each.needs.values()),
        has=has,
        times=times,
        off=each.tier.off,
        rate=each.tier.rate,
        most=each.rule.most,
        blocked_by=[],
    )
