"""What the web process asks of the worker, which alone holds the numbers."""

from uuid import UUID

import msgspec

from xinbo.analytics.metrics._types import Chart, LiveNumbers, ProductNumbers, Question
from xinbo.engines.bus import Bus
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.live import shows

PATIENCE = 5.0
"""Seconds: a long show that nobody looked at for a while is counted anew from its events."""


async def numbers(tx: Tx, bus: Bus, show_id: UUID) -> LiveNumbers:
    """Return a show's numbers as they stand. Refuses: `NotPermitted`, `ShowNotFound`, `BusAway`."""
    return await _ask(tx, bus, show_id, "analytics.numbers", LiveNumbers)


async def chart(tx: Tx, bus: Bus, show_id: UUID) -> Chart:
    """Return the last hour of a show, or of what it was. Refuses as `numbers` does."""
    return await _ask(tx, bus, show_id, "analytics.chart", Chart)


async def products(tx: Tx, bus: Bus, show_id: UUID) -> list[ProductNumbers]:
    """Return each product's numbers, best seller first. Refuses as `numbers` does."""
    return await _ask(tx, bus, show_id, "analytics.products", list[ProductNumbers])


async def _ask[Answer](
    tx: Tx, bus: Bus, show_id: UUID, subject: str, answer: type[Answer]
) -> Answer:
    require(tx, Can.SEE_NUMBERS)
    show = await shows.console_get(tx, show_id)
    question = Question(merchant_id=tx.merchant_id, show_id=show.id)
    reply = await bus.ask(subject, msgspec.json.encode(question), patience=PATIENCE)
    return msgspec.json.decode(reply, type=answer)
