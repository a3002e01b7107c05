"""Carts priced a second on one core, with the reasons for every fen: no I/O, no cache.

Every cart differs. The five promotions are a bundle, two full reductions that want the same lines
(one repeated, one a rate), a gift and a coupon; points and free freight come on top. Beside it the
same carts are priced by the same engine with no promotion at all: what is left is the price of the
lines themselves. Seconds are of this process's own processor time, the best of `RUNS`.
"""

import time
from collections.abc import Sequence
from random import Random
from uuid import UUID

import msgspec

from bench.report import report
from xinbo.commerce import pricing
from xinbo.commerce.pricing import (
    Basket,
    BasketLine,
    Gift,
    Part,
    PointsOffer,
    Rule,
    RuleKind,
    Scope,
    Tier,
)

RUNS = 5
CARTS = 1_000
AIM = 2_000.0
SKUS = 200


def main() -> None:
    """Print a line for the usual cart, its slowest hundredth, and a large one."""
    usual = [cart(Random(n), 20, promotions()) for n in range(CARTS)]  # noqa: S311 # not a secret
    plain = [bare(basket) for basket in usual]
    large = [cart(Random(n), 100, promotions(4)) for n in range(50)]  # noqa: S311 # not a secret
    peer = "the same carts without promotions"
    report(
        "pricing",
        "20 lines, 5 promotions",
        rate(usual),
        "carts/s",
        against=peer,
        against_figure=rate(plain),
        least=AIM,
    )
    report(
        "pricing",
        "20 lines, 5 promotions, p99",
        slowest(usual),
        "ms",
        against=peer,
        against_figure=slowest(plain),
    )
    report(
        "pricing",
        "100 lines, 20 promotions",
        rate(large),
        "carts/s",
        against=peer,
        against_figure=rate([bare(basket) for basket in large]),
    )


def rate(baskets: Sequence[Basket]) -> float:
    """Return carts a second, the best of some runs."""
    best = 0.0
    for _ in range(RUNS):
        began = time.process_time()
        for basket in baskets:
            pricing.price(basket)
        best = max(best, len(baskets) / (time.process_time() - began))
    return best


def slowest(baskets: Sequence[Basket]) -> float:
    """Return the milliseconds that all but a hundredth of the carts stay below."""
    best: list[float] = []
    for basket in baskets:
        took: list[float] = []
        for _ in range(RUNS):
            began = time.perf_counter()
            pricing.price(basket)
            took.append(time.perf_counter() - began)
        best.append(min(took))
    return sorted(best)[len(best) * 99 // 100] * 1000


def cart(chance: Random, lines: int, rules: list[Rule]) -> Basket:
    """Fill a cart with pieces of different SKUs, most of them below their list price."""
    return Basket(
        lines=[
            BasketLine(
                position=position,
                sku_id=sku(n),
                product_id=UUID(int=10_000 + n // 2),
                category_ids=[category(n % 6), category(9)],
                quantity=chance.randint(1, 4),
                price=chance.randint(900, 19_900),
                list_price=19_900,
            )
            for position, n in enumerate(chance.sample(range(SKUS), lines))
        ],
        rules=rules,
        coupon=Rule(
            id=UUID(int=99), kind=RuleKind.COUPON, name="新人券", tiers=[threshold(29_900, 3_000)]
        ),
        points=PointsOffer(points=5_000, fen_per_100=100, most_per_10_000=5_000),
        freight=1_200,
    )


def bare(basket: Basket) -> Basket:
    """Take every promotion away."""
    return msgspec.structs.replace(basket, rules=[], coupon=None, points=None)


def promotions(times: int = 1) -> list[Rule]:
    """Return a bundle, two full reductions, a gift and free freight; the coupon is the fifth."""
    found: list[Rule] = []
    for n in range(times):
        told = [
            (
                RuleKind.BUNDLE,
                Tier(parts=[Part(sku_id=sku(k)) for k in (2 * n, 2 * n + 1)], rate=8_000),
                Scope(),
            ),
            (RuleKind.FULL_REDUCTION, threshold(30_000 + n, 4_000), Scope()),
            (
                RuleKind.FULL_REDUCTION,
                Tier(at_least_pieces=2, rate=8_500),
                Scope(categories=[category(n), category(n + 1)]),
            ),
            (
                RuleKind.GIFT,
                Tier(at_least_amount=50_000, gifts=[Gift(sku_id=sku(900))]),
                Scope(),
            ),
            (RuleKind.FREE_FREIGHT, Tier(at_least_amount=9_900), Scope()),
        ]
        found += [
            Rule(
                id=UUID(int=10 * n + place + 1),
                kind=kind,
                name=f"{kind} {n}",
                scope=scope,
                tiers=[tier],
                repeat=kind is RuleKind.FULL_REDUCTION and bool(tier.off),
            )
            for place, (kind, tier, scope) in enumerate(told)
        ]
    return found


def threshold(at_least: int, off: int) -> Tier:
    """So much off from so much on."""
    return Tier(at_least_amount=at_least, off=off)


def sku(n: int) -> UUID:
    """Name an SKU."""
    return UUID(int=1_000 + n)


def category(n: int) -> UUID:
    """Name a category."""
    return UUID(int=30_000 + n)
