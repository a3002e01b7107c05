"""What the bench and its crowd of shoppers say to each other."""

import msgspec


class Goods(msgspec.Struct):
    """An SKU that can be bought."""

    sku_id: str
    price: int


class Person(msgspec.Struct):
    """A shopper with a session and an address."""

    cookie: str
    address_id: str


class Medusa(msgspec.Struct):
    """Ids of a seeded Medusa shop."""

    key: str
    region: str
    option: str
    variants: list[str]


class Plan(msgspec.Struct):
    """Who buys what, where, and for how long."""

    port: int
    goods: list[Goods]
    people: list[Person]
    seconds: float
    """How long at least."""
    run: str
    """Makes this run's idempotency keys its own."""
    medusa: Medusa | None = None
    """What its shoppers need, where the shop is the peer."""


class Result(msgspec.Struct):
    """What came of it, after everybody had been through once."""

    done: int
    """Checkouts: from the empty cart to the open payment."""
    all: int
    """With those that were made before the clock ran, and after."""
    faults: list[str]
    seconds: float
    """How long that took."""
    waits: dict[str, list[float]]
    """Milliseconds of each request, and of the whole (`checkout`), sorted."""

    work: float = 0.0
    """Processor time of the shop's process for each of `all`, in milliseconds."""

    @property
    def rate(self) -> float:
        """Checkouts a second."""
        return self.done / self.seconds

    def p99(self, step: str) -> float:
        """Return what all but a hundredth of the waits stay below."""
        waits = self.waits.get(step) or [0.0]
        return waits[min(len(waits) - 1, len(waits) * 99 // 100)]
