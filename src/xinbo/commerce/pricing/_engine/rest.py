"""Steps 4 to 7: gifts, the coupon, points, and freight."""

from collections.abc import Sequence

from xinbo.commerce.pricing._engine.work import (
    NOTHING,
    Work,
    Worth,
    times_of,
    why,
    why_reached,
    why_short,
    worth,
)
from xinbo.commerce.pricing._rules import share
from xinbo.commerce.pricing._types import (
    MOST_PIECES,
    WHOLE,
    GiftLine,
    Rule,
    StepKind,
    WhyCode,
)


def gifts(work: Work, rules: Sequence[Rule]) -> list[GiftLine]:
    """Step 4: give what the highest tier that is reached gives, by what is left after step 3."""
    given: list[GiftLine] = []
    for rule in rules:
        among = work.covered(rule, work.open)
        if not among or not rule.tiers:
            continue
        amount, pieces = work.sum_left(among), work.sum_pieces(among)
        found = _highest(rule, amount, pieces)
        if found.tier is None:
            reason = why_short(rule, amount, pieces)
            work.tell(rule, 0, reason, among)
            continue
        counts: dict[int, GiftLine] = {}
        for gift in found.tier.gifts:
            before = counts.get(gift.sku_id.int)
            counts[gift.sku_id.int] = GiftLine(
                sku_id=gift.sku_id,
                quantity=min(
                    MOST_PIECES, gift.quantity * found.times + (before.quantity if before else 0)
                ),
                rule_id=rule.id,
                name=rule.name,
            )
        given += counts.values()
        work.hold(rule, among)
        reason = why_reached(rule, found, amount, pieces)
        work.tell(rule, 0, reason, among)
    given.sort(key=lambda gift: (gift.sku_id.int, gift.rule_id.int))
    return given


def coupon(work: Work, rule: Rule) -> None:
    """Step 5: the one coupon, on the lines in its scope that no rule keeps from it."""
    scope = work.covered(rule, work.open)
    among: list[int] = []
    blocked: list[int] = []
    by: dict[int, Rule] = {}
    for n in scope:
        holders = work.held[n] if not rule.stacks else [r for r in work.held[n] if not r.stacks]
        (blocked if holders else among).append(n)
        by |= {holder.id.int: holder for holder in holders}
    names = [by[each].name for each in sorted(by)]
    amount, pieces = work.sum_left(among), work.sum_pieces(among)
    found = worth(rule, amount, pieces)
    if found.off:
        work.take(rule, found.off, among)
        reason = why_reached(rule, found, amount, pieces, names)
        work.tell(rule, found.off, reason, among)
    elif blocked:
        reason = why(WhyCode.BLOCKED, has=amount, blocked_by=names)
        work.tell(rule, 0, reason, blocked)
    elif amount and rule.tiers and not _highest(rule, amount, pieces).tier:
        work.tell(rule, 0, why_short(rule, amount, pieces), among)
    else:
        work.tell(rule, 0, why(WhyCode.NOTHING), among)


def points(work: Work) -> None:
    """Step 6: cover a part of what is payable for goods.

    Whole fen only, and no more points than those fen need. A locked line may be paid with points
    too, unless it says otherwise.
    """
    work.before_points = list(work.left)
    offer = work.basket.points
    if offer is None or not offer.points:
        return
    among = [n for n, line in enumerate(work.lines) if line.points and work.left[n]]
    most = work.sum_left(among) * offer.most_per_10_000 // WHOLE
    fen = spent = 0
    if most and offer.fen_per_100:
        affordable = min(offer.points, most * 100 // offer.fen_per_100)
        fen = affordable * offer.fen_per_100 // 100
        spent = -(-fen * 100 // offer.fen_per_100)
    if fen:
        parts = share(spent, work.take(None, fen, among))
        for n, part in zip(among, parts, strict=True):
            work.points[n] = part
    reason = why(WhyCode.SPENT if fen else WhyCode.NOTHING, has=offer.points, times=spent)
    work.tell(StepKind.POINTS, fen, reason, among)


def freight(work: Work, rules: Sequence[Rule], ticket: Rule | None) -> int:
    """Step 7: charge freight, and let the rule that frees most of it do so; return what is off.

    Thresholds are on what goods cost before points, locked lines included: they travel too. The
    shopper's own coupon (`ticket`) is used only where no rule frees as much.
    """
    charge = work.basket.freight
    everything = range(len(work.lines))
    if charge:
        work.tell(StepKind.FREIGHT, -charge, why(WhyCode.CHARGED, has=charge), everything)
    best: tuple[int, Rule] | None = None
    told: dict[int, tuple[list[int], int, int, Worth]] = {}
    offered = [*rules, *([ticket] if ticket else [])]
    for rule in offered:
        among = work.covered(rule, everything)
        amount, pieces = sum([work.before_points[n] for n in among]), work.sum_pieces(among)
        found = _highest(rule, amount, pieces)
        told[rule.id.int] = among, amount, pieces, found
        if among and found.tier is not None:
            off = charge if rule.most is None else min(charge, rule.most)
            if off and (best is None or off > best[0]):
                best = off, rule
    for rule in offered:
        among, amount, pieces, found = told[rule.id.int]
        if best and rule is best[1]:
            reason = why_reached(rule, found, amount, pieces)
            work.tell(rule, best[0], reason, among)
        elif found.tier is None and among and rule.tiers and charge:
            reason = why_short(rule, amount, pieces)
            work.tell(rule, 0, reason, among)
        elif rule is ticket:
            reason = why(WhyCode.NOTHING)
            work.tell(rule, 0, reason, among)
    return best[0] if best else 0


def _highest(rule: Rule, amount: int, pieces: int) -> Worth:
    """Return the highest tier that is reached."""
    best = NOTHING
    best_at = (-1, -1)
    for tier in rule.tiers:
        times = times_of(rule, tier, amount, pieces)
        at = tier.at_least_amount, tier.at_least_pieces
        if times and at > best_at:
            best, best_at = Worth(0, tier, times), at
    return best
