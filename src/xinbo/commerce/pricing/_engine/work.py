"""What is on the table while a basket is priced: what each line still costs, and who took what."""

from collections.abc import Sequence
from typing import Literal, NamedTuple
from uuid import UUID

from xinbo.commerce.pricing._rules import share
from xinbo.commerce.pricing._types import (
    MOST_LINES,
    MOST_PIECES,
    WHOLE,
    Adjustment,
    Basket,
    BasketLine,
    Rule,
    RuleKind,
    Step,
    StepKind,
    Tier,
    Why,
    WhyCode,
)
from xinbo.kit.errors import Invalid

MOST_FEN = 10_000_000_000


class BasketTooLarge(Invalid):
    """Raised when a basket has more lines, pieces or money than one order can mean."""


class Worth(NamedTuple):
    """What a rule would take off, by which tier, and how many times."""

    off: int
    tier: Tier | None
    times: int


NOTHING = Worth(0, None, 0)


class Work:
    """The lines in an order of their own, so that the basket's order decides nothing.

    Everything is indexed by the place of a line in that order: by SKU id, then by content.
    """

    def __init__(self, basket: Basket) -> None:
        self.basket = basket
        self.lines = sorted(basket.lines, key=_place)
        if len(self.lines) > MOST_LINES:
            raise BasketTooLarge(lines=len(self.lines), most=MOST_LINES)
        for line in self.lines:
            if not (0 < line.quantity <= MOST_PIECES and 0 <= line.list_price <= MOST_FEN):
                raise BasketTooLarge(position=line.position, most=MOST_PIECES)
        self.prices = [max(0, min(line.price, line.list_price)) for line in self.lines]
        """Of one piece. An offer above the list price is no offer."""
        self.pieces = [line.quantity for line in self.lines]
        self.left = [price * pieces for price, pieces in zip(self.prices, self.pieces, strict=True)]
        """What each line still costs."""
        self.before_points = self.left
        """What each line cost before points, once step 5 is over."""
        self.points = [0] * len(self.lines)
        """How many points were spent on each line."""
        self.open = [n for n, line in enumerate(self.lines) if not line.locked]
        self.taken: list[list[Adjustment]] = [[] for _ in self.lines]
        self.held: list[list[Rule]] = [[] for _ in self.lines]
        """The rules that acted on each line so far."""
        self.steps: list[Step] = []
        self._keys = [
            (line.sku_id.int, line.product_id.int, [each.int for each in line.category_ids])
            for line in self.lines
        ]

    def covered(self, rule: Rule, among: Sequence[int]) -> list[int]:
        """List the lines of these that are in the rule's scope."""
        scope = rule.scope
        if not (scope.products or scope.categories or scope.skus):
            return list(among)
        skus = {each.int for each in scope.skus}
        products = {each.int for each in scope.products}
        categories = {each.int for each in scope.categories}
        found: list[int] = []
        for n in among:
            sku, product, above = self._keys[n]
            if sku in skus or product in products or not categories.isdisjoint(above):
                found.append(n)
        return found

    def sum_left(self, among: Sequence[int]) -> int:
        """Add up what these lines still cost."""
        left = self.left
        return sum([left[n] for n in among])

    def sum_pieces(self, among: Sequence[int]) -> int:
        """Count the pieces of these lines."""
        pieces = self.pieces
        return sum([pieces[n] for n in among])

    def take(
        self,
        rule: Rule | None,
        amount: int,
        among: Sequence[int],
        weights: Sequence[int] | None = None,
    ) -> list[int]:
        """Take an amount off these lines and return the parts; without a rule, points take it.

        Split in proportion to the weights, or else to what the lines still cost. The amount is
        never above the weights' sum, and no weight above what its line still costs.
        """
        parts = share(amount, weights or [self.left[n] for n in among])
        rule_id, kind, name = _signed(rule)
        for n, part in zip(among, parts, strict=True):
            if part:
                self.left[n] -= part
                self.taken[n].append(Adjustment(rule_id=rule_id, kind=kind, name=name, amount=part))
        return parts

    def hold(self, rule: Rule, among: Sequence[int]) -> None:
        """Note that a rule acts on these lines."""
        for n in among:
            self.held[n].append(rule)

    def tell(self, by: Rule | StepKind, amount: int, reason: Why, among: Sequence[int]) -> None:
        """Write down a step of a rule, or one that needs none."""
        rule_id, kind, name = (None, by, "") if isinstance(by, StepKind) else _signed(by)
        positions = sorted([self.lines[n].position for n in among])
        self.steps.append(
            Step(kind=kind, name=name, rule_id=rule_id, amount=amount, why=reason, lines=positions)
        )


_STEPS = {kind: StepKind(kind.value) for kind in RuleKind}


def _signed(rule: Rule | None) -> tuple[UUID | None, StepKind, str]:
    if rule is None:
        return None, StepKind.POINTS, ""
    return rule.id, _STEPS[rule.kind], rule.name


def _place(line: BasketLine) -> tuple[int, ...]:
    return (
        line.sku_id.int,
        line.price,
        line.list_price,
        line.quantity,
        line.locked,
        line.points,
        line.position,
    )


def times_of(rule: Rule, tier: Tier, amount: int, pieces: int) -> int:
    """Say how often a tier counts: 0 = not reached, 1, or more where the rule repeats."""
    if amount < tier.at_least_amount or pieces < tier.at_least_pieces:
        return 0
    if not rule.repeat:
        return 1
    held = [
        has // at_least
        for has, at_least in ((amount, tier.at_least_amount), (pieces, tier.at_least_pieces))
        if at_least
    ]
    return min(held, default=1)


def worth(rule: Rule, amount: int, pieces: int) -> Worth:
    """Say what a rule would take off: by the tier that takes most, the first of equals.

    What is kept by a rate is rounded down to the fen, in the shopper's favour.
    """
    best = NOTHING
    most = amount if rule.most is None else min(amount, rule.most)
    for tier in rule.tiers:
        times = times_of(rule, tier, amount, pieces)
        if times:
            off = tier.off * times if tier.off else amount - amount * tier.rate // WHOLE
            off = min(off, most)
            if off > best.off:
                best = Worth(off, tier, times)
    return best


def why_reached(
    rule: Rule, found: Worth, amount: int, pieces: int, blocked_by: Sequence[str] = ()
) -> Why:
    """Say that a tier counts, and on what numbers."""
    tier = found.tier or Tier()
    measure, at_least, has = _measured(tier, amount, pieces)
    return Why(
        code=WhyCode.REACHED,
        measure=measure,
        at_least=at_least,
        has=has,
        times=found.times,
        off=tier.off,
        rate=tier.rate,
        most=rule.most,
        blocked_by=list(blocked_by),
    )


def why_short(rule: Rule, amount: int, pieces: int, blocked_by: Sequence[str] = ()) -> Why:
    """Say how far it is to the nearest tier."""
    tier = min(rule.tiers, key=lambda each: (each.at_least_amount, each.at_least_pieces))
    if amount < tier.at_least_amount:
        measure, at_least, has = "amount", tier.at_least_amount, amount
    else:
        measure, at_least, has = "pieces", tier.at_least_pieces, pieces
    return Why(
        code=WhyCode.SHORT,
        measure=measure,
        at_least=at_least,
        has=has,
        times=0,
        off=tier.off,
        rate=tier.rate,
        most=rule.most,
        blocked_by=list(blocked_by),
    )


def why(code: WhyCode, *, has: int = 0, times: int = 0, blocked_by: Sequence[str] = ()) -> Why:
    """Say a reason that needs few numbers."""
    return Why(
        code=code,
        measure="amount",
        at_least=0,
        has=has,
        times=times,
        off=0,
        rate=WHOLE,
        most=None,
        blocked_by=list(blocked_by),
    )


def _measured(tier: Tier, amount: int, pieces: int) -> tuple[Literal["amount", "pieces"], int, int]:
    if tier.at_least_pieces and not tier.at_least_amount:
        return "pieces", tier.at_least_pieces, pieces
    return "amount", tier.at_least_amount, amount
