"""Any number of random operations on carts, promotions, orders and refunds, in any order.

`python -m tests.commerce.pricing.million` does a million and says what happened. The engine's own
functions decide every amount; a double entry in memory, the wallets and the orders are kept beside
them and compared after each operation.
"""

import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from random import Random

from tests.commerce.pricing.baskets import category, line, product, rule, sku
from xinbo.commerce import pricing
from xinbo.commerce.pricing import (
    Basket,
    Bill,
    Gift,
    Part,
    PointsOffer,
    Rule,
    RuleKind,
    Scope,
    Tier,
)

SKUS = 12
RULES = 16
TEMPLATES = 8
MOST_ORDERS = 60


@dataclass
class Order:
    """An order that was paid, and how much of it has come back."""

    bill: Bill
    coupon: int | None
    back: list[int]
    """Pieces of each line that came back."""
    money: int = 0
    """Fen that came back."""
    points: int = 0
    freight: bool = False
    """Freight came back."""
    restored: bool = False
    """The coupon came back."""

    @property
    def whole(self) -> bool:
        """Say whether every piece came back."""
        return all(b == each.quantity for b, each in zip(self.back, self.bill.lines, strict=True))


@dataclass
class Shop:
    """A shop with one shopper, and its books."""

    chance: Random
    cart: dict[int, int] = field(default_factory=dict[int, int])
    running: set[int] = field(default_factory=set[int])
    wallet: Counter[int] = field(default_factory=Counter[int])
    points: int = 0
    chosen: int | None = None
    """The coupon the shopper means to use."""
    wanted: int = 0
    """The points the shopper means to spend."""
    freight: int = 0
    orders: list[Order] = field(default_factory=list[Order])
    books: defaultdict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    counts: Counter[str] = field(default_factory=Counter[str])

    def __post_init__(self) -> None:
        chance = self.chance
        self.prices = [chance.randint(1, 50_000) for _ in range(SKUS)]
        self.rules = [self.rule_of(n) for n in range(1, RULES + 1)]
        kinds = (RuleKind.COUPON, RuleKind.COUPON, RuleKind.COUPON, RuleKind.FREE_FREIGHT)
        self.templates = [
            self.rule_of(n, chance.choice(kinds)) for n in range(900, 900 + TEMPLATES)
        ]

    def rule_of(self, n: int, kind: RuleKind | None = None) -> Rule:
        """Make a rule by chance."""
        chance = self.chance
        kind = kind or chance.choice([each for each in RuleKind if each is not RuleKind.COUPON])
        scope = chance.choice(
            [
                Scope(),
                Scope(skus=[sku(k) for k in chance.sample(range(SKUS), 3)]),
                Scope(products=[product(k) for k in chance.sample(range(SKUS // 2), 2)]),
                Scope(categories=[category(chance.randrange(3))]),
            ]
        )
        tiers = [
            Tier(
                at_least_amount=chance.choice([0, chance.randint(1, 200_000)]),
                at_least_pieces=chance.choice([0, 0, chance.randint(1, 6)]),
                off=chance.choice([0, chance.randint(1, 60_000)]),
                rate=chance.randint(0, 10_000),
                gifts=[Gift(sku_id=sku(99))],
                parts=[Part(sku_id=sku(k)) for k in chance.sample(range(SKUS), 2)],
                price=chance.choice([None, chance.randint(0, 60_000)]),
            )
            for _ in range(1 if kind is RuleKind.BUNDLE else chance.randint(1, 3))
        ]
        return rule(
            n,
            kind,
            *tiers,
            scope=scope,
            repeat=chance.random() < 0.3,
            most=chance.choice([None, chance.randint(0, 50_000)]),
            stacks=chance.random() < 0.7,
        )

    def basket(self) -> Basket:
        """Say what the shopper is about to buy."""
        return Basket(
            lines=[
                line(n, self.prices[n], quantity, locked=n == 0, list_price=self.prices[n] + n)
                for n, quantity in self.cart.items()
            ],
            rules=[self.rules[n] for n in self.running],
            coupon=None if self.chosen is None else self.templates[self.chosen],
            points=PointsOffer(
                points=min(self.wanted, self.points), fen_per_100=37, most_per_10_000=5_000
            ),
            freight=self.freight,
        )

    def step(self) -> None:
        """Do one thing by chance, and compare everything."""
        what = self.chance.choices(
            (
                self.put,
                self.toggle,
                self.choose,
                self.offer_points,
                self.get_points,
                self.get_coupon,
                self.place,
                self.refund,
                self.refund_all,
            ),
            (30, 8, 8, 8, 5, 5, 10, 25, 1),
        )[0]
        self.counts[what.__name__] += 1
        what()
        self.compare()

    def put(self) -> None:
        """Change the cart."""
        n, quantity = self.chance.randrange(SKUS), self.chance.randint(0, 5)
        self.cart.pop(n, None)
        if quantity:
            self.cart[n] = quantity
        self.preview()

    def toggle(self) -> None:
        """Start or stop a promotion."""
        self.running ^= {self.chance.randrange(RULES)}
        self.preview()

    def choose(self) -> None:
        """Choose a coupon of the wallet, or none."""
        self.chosen = self.chance.choice([None, *(n for n, held in self.wallet.items() if held)])
        self.freight = self.chance.choice([0, 600, 1_200])
        self.preview()

    def offer_points(self) -> None:
        """Mean to spend some points, perhaps more than there are."""
        self.wanted = self.chance.randint(0, 20_000)
        self.preview()

    def get_points(self) -> None:
        """Earn points."""
        earned = self.chance.randint(1, 5_000)
        self.points += earned
        self.post("points", {"points_issued": earned, "points": -earned})

    def get_coupon(self) -> None:
        """Claim a coupon."""
        self.wallet[self.chance.randrange(TEMPLATES)] += 1
        self.post("coupons", {"coupons_issued": 1, "coupons": -1})

    def preview(self) -> Bill:
        """Price the cart, and hold the bill against itself."""
        bill = pricing.price(self.basket())
        payable = sum([each.payable for each in bill.lines])
        assert bill.total >= 0
        assert bill.total == payable + bill.freight - bill.freight_off
        assert bill.goods - payable == bill.off + bill.points_off
        assert bill.points <= self.points
        for each in bill.lines:
            assert 0 <= each.payable <= each.list_price * each.quantity
        return bill

    def place(self) -> None:
        """Order the cart and pay for it."""
        if not self.cart or len(self.orders) == MOST_ORDERS:
            return
        bill = self.preview()
        coupon = self.chosen if bill.coupon_id is not None else None
        self.points -= bill.points
        if bill.points:
            self.post("points", {"points": bill.points, "points_spent": -bill.points})
        if coupon is not None:
            self.wallet[coupon] -= 1
            self.post("coupons", {"coupons": 1, "coupons_used": -1})
        freight = bill.freight - bill.freight_off
        self.post("CNY", {"clearing": bill.total, "advances": -bill.total})
        self.post(
            "CNY",
            {
                "advances": bill.total,
                "discounts": bill.off,
                "points_discount": bill.points_off,
                "sales": -bill.goods,
                "freight": -freight,
            },
        )
        self.orders.append(Order(bill, coupon, [0] * len(bill.lines)))
        self.cart, self.chosen = {}, None

    def refund(self) -> None:
        """Give some pieces of some order back."""
        if not self.orders:
            return
        order = self.chance.choice(self.orders)
        n = self.chance.randrange(len(order.bill.lines))
        left = order.bill.lines[n].quantity - order.back[n]
        if left:
            self.give_back(order, n, self.chance.randint(1, left))

    def refund_all(self) -> None:
        """Give back all that has not come back yet of an order."""
        if self.orders:
            order = self.chance.choice(self.orders)
            for n in self.chance.sample(range(len(order.back)), len(order.back)):
                if left := order.bill.lines[n].quantity - order.back[n]:
                    self.give_back(order, n, left)

    def give_back(self, order: Order, n: int, pieces: int) -> None:
        """Give pieces of a line back: money and points by their share, freight with the last."""
        bought, before = order.bill.lines[n], order.back[n]
        money = pricing.refund_share(bought.payable, bought.quantity, before, pieces)
        points = pricing.refund_share(bought.points, bought.quantity, before, pieces)
        order.back[n] += pieces
        order.points += points
        self.points += points
        legs = {"sales": money, "refunds_payable": -money}
        if order.whole:
            freight = order.bill.freight - order.bill.freight_off
            legs = {"sales": money, "freight": freight, "refunds_payable": -money - freight}
            money += freight
            order.freight = True
            if order.coupon is not None:
                self.wallet[order.coupon] += 1
                order.restored = True
                self.post("coupons", {"coupons_used": 1, "coupons": -1})
        order.money += money
        self.post("CNY", legs)
        self.post("CNY", {"refunds_payable": money, "clearing": -money})
        if points:
            self.post("points", {"points_spent": points, "points": -points})
        assert order.money <= order.bill.total
        assert order.points <= order.bill.points
        if order.whole:
            self.closed(order)

    def closed(self, order: Order) -> None:
        """Hold an order that came back whole against what was given for it, and forget it."""
        assert order.money == order.bill.total
        assert order.points == order.bill.points
        assert order.restored == (order.coupon is not None)
        self.orders.remove(order)
        self.counts["came back whole"] += 1

    def post(self, unit: str, legs: dict[str, int]) -> None:
        """Post an entry that must balance."""
        assert sum(legs.values()) == 0, legs
        for account, amount in legs.items():
            self.books[account, unit] += amount

    def compare(self) -> None:
        """Hold books, wallets and orders against one another."""
        books = self.books
        totals: Counter[str] = Counter()
        for (_, unit), amount in books.items():
            totals[unit] += amount
        assert not any(totals.values()), totals
        paid = sum([order.bill.total - order.money for order in self.orders])
        assert books["clearing", "CNY"] == paid >= 0
        assert books["advances", "CNY"] == books["refunds_payable", "CNY"] == 0
        assert self.points == -books["points", "points"] >= 0
        out = sum([order.bill.points - order.points for order in self.orders])
        assert -books["points_spent", "points"] == out >= 0
        assert sum(self.wallet.values()) == -books["coupons", "coupons"]
        assert min(self.wallet.values(), default=0) >= 0


def run(operations: int, seed: int) -> Counter[str]:
    """Do so many operations, in a new shop every ten thousand; return how many of each."""
    counts: Counter[str] = Counter()
    for shop_seed in range(seed, seed + max(1, operations // 10_000)):
        shop = Shop(Random(shop_seed))  # noqa: S311 # must be the same again, not secret
        for _ in range(min(operations, 10_000)):
            shop.step()
        counts += shop.counts
    return counts


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    began = time.monotonic()
    sys.stdout.write(f"{dict(run(asked, 117))} in {time.monotonic() - began:.0f} s\n")
