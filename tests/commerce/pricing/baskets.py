"""Baskets and rules for tests: made by hand, by Hypothesis, or by a seed."""

from typing import Any
from uuid import UUID

import msgspec
from hypothesis import strategies as st

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


def sku(n: int) -> UUID:
    return UUID(int=1_000 + n)


def product(n: int) -> UUID:
    return UUID(int=2_000 + n)


def category(n: int) -> UUID:
    return UUID(int=3_000 + n)


def line(n: int, price: int, quantity: int = 1, **changes: Any) -> BasketLine:
    """A line of SKU `n`, which is of product `n // 2` in category `n % 3`."""
    made = BasketLine(
        position=n,
        sku_id=sku(n),
        product_id=product(n // 2),
        category_ids=[category(n % 3), category(9)],
        quantity=quantity,
        price=price,
        list_price=price,
    )
    return msgspec.structs.replace(made, **changes)


def rule(n: int, kind: RuleKind, *tiers: Tier, **changes: Any) -> Rule:
    made = Rule(id=UUID(int=n), kind=kind, name=f"{kind} {n}", tiers=list(tiers))
    return msgspec.structs.replace(made, **changes)


SCOPES = st.one_of(
    st.just(Scope()),
    st.builds(Scope, skus=st.lists(st.integers(0, 7).map(sku), min_size=1, max_size=4)),
    st.builds(Scope, products=st.lists(st.integers(0, 3).map(product), min_size=1, max_size=2)),
    st.builds(Scope, categories=st.lists(st.integers(0, 2).map(category), min_size=1, max_size=2)),
)
AMOUNTS = st.one_of(st.just(0), st.integers(1, 60_000))
TIERS = st.builds(
    Tier,
    at_least_amount=AMOUNTS,
    at_least_pieces=st.integers(0, 5),
    off=st.one_of(st.just(0), st.integers(1, 90_000)),
    rate=st.integers(0, 10_000),
    gifts=st.lists(
        st.builds(Gift, sku_id=st.integers(90, 93).map(sku), quantity=st.integers(1, 3)), max_size=2
    ),
    parts=st.lists(
        st.builds(Part, sku_id=st.integers(0, 7).map(sku), quantity=st.integers(1, 2)),
        min_size=1,
        max_size=3,
    ),
    price=st.one_of(st.none(), st.integers(0, 50_000)),
)


@st.composite
def rules(draw: st.DrawFn, kinds: tuple[RuleKind, ...] = tuple(RuleKind), most: int = 6) -> Any:
    """Rules with ids of their own, sensible or not."""
    ids = draw(st.lists(st.integers(1, 99), unique=True, max_size=most))
    return [
        rule(
            n,
            draw(st.sampled_from(kinds)),
            *draw(st.lists(TIERS, min_size=1, max_size=3)),
            scope=draw(SCOPES),
            repeat=draw(st.booleans()),
            most=draw(st.one_of(st.none(), st.integers(0, 20_000))),
            stacks=draw(st.booleans()),
        )
        for n in ids
    ]


@st.composite
def lines(draw: st.DrawFn, most: int = 8) -> list[BasketLine]:
    """Lines of at most eight SKUs; one may come twice at different prices."""
    found: list[BasketLine] = []
    for position in range(draw(st.integers(0, most))):
        n = draw(st.integers(0, 7))
        listed = draw(st.integers(0, 40_000))
        found.append(
            line(
                n,
                draw(st.one_of(st.just(listed), st.integers(0, 45_000))),
                draw(st.integers(1, 6)),
                position=position,
                list_price=listed,
                locked=draw(st.booleans()),
                points=draw(st.booleans()),
            )
        )
    return found


COUPONS = rules((RuleKind.COUPON, RuleKind.FREE_FREIGHT), 1).map(
    lambda found: msgspec.structs.replace(found[0], id=UUID(int=500)) if found else None
)
OFFERED = st.one_of(
    st.none(),
    st.builds(
        PointsOffer,
        points=st.integers(0, 100_000),
        fen_per_100=st.integers(0, 1_000),
        most_per_10_000=st.integers(0, 10_000),
    ),
)
BASKETS = st.builds(
    Basket,
    lines=lines(),
    rules=rules(),
    coupon=COUPONS,
    points=OFFERED,
    freight=st.integers(0, 3_000),
)
