"""How much a message asks and how much it complains, by its letters and signs."""

from collections.abc import Iterator
from pathlib import Path

from xinbo.kit.linear import Linear, grams, reading
from xinbo.live.chat._rules.sense.signs import signs

WEIGHTS = Path(__file__).with_name("weights.tsv")
MODEL = Linear(WEIGHTS, 2)


def features(text: str) -> Iterator[str]:
    """List what the model looks at: letters, and signs."""
    said = reading(text)
    yield from grams(said)
    for sign in signs(said):
        yield f"§{sign}"


def scores(text: str) -> tuple[float, float]:
    """Return how much a message asks and how much it complains; chat is at nought."""
    asks, complains = MODEL.scores(features(text))
    return asks, complains
