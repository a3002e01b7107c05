"""What the bench and its crowd of buyers say to each other."""

import msgspec


class Plan(msgspec.Struct):
    """Whom to send where."""

    port: int
    path: str
    bodies: list[str]
    """One request body for each buyer."""
    cookies: list[str]
    run: str
    """Makes this run's idempotency keys its own."""


class Result(msgspec.Struct):
    """What came of it."""

    placed: int
    refused: int
    other: int
    """Answers that were neither an order nor a refusal; each was asked for again."""
    seconds: float
    p50: float
    p99: float
    """Milliseconds, of the orders that were placed."""

    @property
    def rate(self) -> float:
        """Orders a second."""
        return self.placed / self.seconds
