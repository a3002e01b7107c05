"""Structs of the pricing room. All amounts are fen; all rates are parts of 10,000 kept."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from xinbo.kit.money import Fen
from xinbo.kit.wire import Command, View

MOST_LINES = 500
MOST_PIECES = 99_999
WHOLE = 10_000
"""The rate that keeps everything."""

type Quantity = Annotated[int, Meta(ge=1, le=MOST_PIECES)]
type Pieces = Annotated[int, Meta(ge=0, le=MOST_PIECES)]
type Rate = Annotated[int, Meta(ge=0, le=WHOLE)]
"""Parts of 10,000 that are still to be paid: 8500 is 8.5折, 15 % off."""


class RuleKind(StrEnum):
    """What a rule does to a basket."""

    BUNDLE = "bundle"
    FULL_REDUCTION = "full_reduction"
    GIFT = "gift"
    COUPON = "coupon"
    FREE_FREIGHT = "free_freight"


class StepKind(StrEnum):
    """A step of pricing, in the order of `docs/decisions/0009`."""

    UNIT_PRICE = "unit_price"
    BUNDLE = "bundle"
    FULL_REDUCTION = "full_reduction"
    GIFT = "gift"
    COUPON = "coupon"
    POINTS = "points"
    FREIGHT = "freight"
    FREE_FREIGHT = "free_freight"


class WhyCode(StrEnum):
    """Why a step took off what it did, or nothing."""

    OFFER = "offer"
    """A price below the list price applies here and now."""
    HELD = "held"
    """The basket holds the bundle, `times` times."""
    REACHED = "reached"
    """`has` is at least `at_least`, so the tier counts, `times` times."""
    SHORT = "short"
    """`at_least - has` more and the tier would count."""
    BETTER = "better"
    """The lines save more in another full reduction."""
    BLOCKED = "blocked"
    """Rules that do not stack (`blocked_by`) hold the lines."""
    NOTHING = "nothing"
    """No line of the basket is in the scope, or nothing is left to take off."""
    SPENT = "spent"
    """`has` points were offered, `times` were spent."""
    CHARGED = "charged"
    """Freight as quoted."""


class Scope(Command, frozen=True):
    """Which lines a rule is about: those that any of the lists names; all empty = everything."""

    products: list[UUID] = []
    categories: list[UUID] = []
    skus: list[UUID] = []


class Gift(Command, frozen=True):
    """Pieces that are given."""

    sku_id: UUID
    quantity: Quantity = 1


class Part(Command, frozen=True):
    """Pieces that a bundle holds."""

    sku_id: UUID
    quantity: Quantity = 1


class Tier(Command, frozen=True):
    """A threshold and what it brings. Both thresholds must be reached; 0 is no threshold.

    Full reduction and coupon: `off`, or `rate`. Gift: `gifts`. Bundle: `parts`, at `price`, or
    at `rate`, or with `off`. Free freight: the threshold alone.
    """

    at_least_amount: Fen = 0
    at_least_pieces: Pieces = 0
    off: Fen = 0
    rate: Rate = WHOLE
    gifts: list[Gift] = []
    parts: list[Part] = []
    price: Fen | None = None


class Rule(Command, frozen=True):
    """One promotion, as the engine sees it. Who may use it and when is its owner's to decide."""

    id: UUID
    kind: RuleKind
    name: str
    scope: Scope = Scope()
    tiers: list[Tier] = []
    """Of those that are reached, the one that brings most counts. A bundle has exactly one."""
    repeat: bool = False
    """每满: what a tier brings comes again for each time that its threshold is held."""
    most: Fen | None = None
    """The most that it takes off one basket; None = no cap."""
    stacks: bool = True
    """False: no coupon on the lines that it acts on; of a coupon: not on lines of any rule."""


class PointsOffer(Command, frozen=True):
    """The points that a shopper means to spend, and the terms."""

    points: Annotated[int, Meta(ge=0, le=10_000_000_000)]
    fen_per_100: Annotated[int, Meta(ge=0, le=1_000_000)]
    """What a hundred points are worth."""
    most_per_10_000: Rate
    """The part of what is payable for goods that points may cover."""


class BasketLine(Command, frozen=True):
    """Pieces of one SKU at one price."""

    position: int
    sku_id: UUID
    product_id: UUID
    category_ids: list[UUID]
    """The product's category and all above it."""
    quantity: Quantity
    price: Fen
    """Of one piece: the lowest offer that applies, as `offers` decides."""
    list_price: Fen
    locked: bool = False
    """No basket promotion: group-buy, pre-sale, bargain, flash sale."""
    points: bool = True
    """May be paid with points."""


class Basket(Command, frozen=True):
    """Everything that decides a price, and nothing else."""

    lines: list[BasketLine]
    rules: list[Rule] = []
    coupon: Rule | None = None
    """One, of kind `coupon` or `free_freight`."""
    points: PointsOffer | None = None
    freight: Fen = 0


class Adjustment(View, frozen=True):
    """What one rule took off one line."""

    rule_id: UUID | None
    """None where points did."""
    kind: StepKind
    name: str
    amount: int


class BillLine(View, frozen=True):
    """One line, and how it came to its price."""

    position: int
    sku_id: UUID
    quantity: int
    list_price: int
    """Of one piece."""
    price: int
    """Of one piece, before the basket's promotions."""
    adjustments: list[Adjustment]
    points: int
    """How many of the points were spent on this line."""
    payable: int
    """`price * quantity` less the adjustments: the money that is paid for the whole line."""


class GiftLine(View, frozen=True):
    """Pieces that come along at 0."""

    sku_id: UUID
    quantity: int
    rule_id: UUID
    name: str
    """Of the rule that gives them."""


class Why(View, frozen=True):
    """The numbers behind a step, for the page to say in the reader's language."""

    code: WhyCode
    measure: Literal["amount", "pieces"]
    """What `at_least` and `has` count: fen, or pieces."""
    at_least: int
    has: int
    times: int
    off: int
    """Fen a time; 0 where a rate counts."""
    rate: int
    """Parts of 10,000 that are kept."""
    most: int | None
    """The cap, where there is one."""
    blocked_by: list[str]
    """Names of the rules that do not stack."""


class Step(View, frozen=True):
    """One step of the way from the list price to the total."""

    kind: StepKind
    name: str
    rule_id: UUID | None
    amount: int
    """Fen taken off: 0 where the step changes nothing or only adds gifts, below 0 for freight."""
    why: Why
    lines: list[int]
    """Positions of the lines that it is about."""


class Bill(View, frozen=True):
    """What a basket costs, line by line, and why.

    `total = goods - off - points_off + freight - freight_off`, the lines' `payable` sum to
    `goods - off - points_off`, and the steps' amounts to the list prices less the total.
    """

    lines: list[BillLine]
    gifts: list[GiftLine]
    freight: int
    freight_off: int
    points: int
    """How many are spent."""
    points_off: int
    goods: int
    """Unit prices times pieces, before the basket's promotions."""
    off: int
    """What bundles, full reductions and the coupon take off."""
    coupon_id: UUID | None
    """The coupon, where it took something off; None leaves it in the wallet."""
    total: int
    steps: list[Step]
