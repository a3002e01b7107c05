"""Refuse a rule that cannot be meant, before it is ever applied."""

from collections.abc import Sequence

from xinbo.commerce.pricing._types import WHOLE, Rule, RuleKind, Tier
from xinbo.kit.errors import Invalid

MOST_TIERS = 10
MOST_GIFTS = 20
MOST_SCOPED = 1_000


class RuleRefused(Invalid):
    """Raised when a rule cannot be meant: `field` says where, `why` which sense it lacks."""


def check(rule: Rule) -> None:
    """Refuse with `RuleRefused` what the engine would apply and nobody can have meant."""
    if not 1 <= len(rule.tiers) <= (1 if rule.kind is RuleKind.BUNDLE else MOST_TIERS):
        raise RuleRefused(field="tiers", why="count", most=MOST_TIERS)
    scope = rule.scope
    if max(len(scope.products), len(scope.categories), len(scope.skus)) > MOST_SCOPED:
        raise RuleRefused(field="scope", why="count", most=MOST_SCOPED)
    for n, tier in enumerate(rule.tiers):
        _makes_sense(rule.kind, tier, f"tiers.{n}")
    if rule.repeat and not all(t.at_least_amount or t.at_least_pieces for t in rule.tiers):
        raise RuleRefused(field="repeat", why="no_threshold")


def _makes_sense(kind: RuleKind, tier: Tier, at: str) -> None:
    match kind:
        case RuleKind.GIFT:
            _counts(tier.gifts, f"{at}.gifts")
        case RuleKind.BUNDLE:
            _counts(tier.parts, f"{at}.parts")
            if tier.price is None:
                _takes_off(tier, at)
        case RuleKind.FULL_REDUCTION | RuleKind.COUPON:
            _takes_off(tier, at)
        case RuleKind.FREE_FREIGHT:
            pass


def _counts(listed: Sequence[object], at: str) -> None:
    if not 1 <= len(listed) <= MOST_GIFTS:
        raise RuleRefused(field=at, why="count", most=MOST_GIFTS)


def _takes_off(tier: Tier, at: str) -> None:
    """Want one of `off` and `rate`, and never more off than it takes to reach the tier."""
    if bool(tier.off) == (tier.rate < WHOLE):
        raise RuleRefused(field=f"{at}.off", why="one_of_off_and_rate")
    if tier.at_least_amount and tier.off > tier.at_least_amount:
        raise RuleRefused(field=f"{at}.off", why="above_threshold", most=tier.at_least_amount)
