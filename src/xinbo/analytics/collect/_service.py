"""Take what pages report and put it on the bus."""

from datetime import datetime
from uuid import UUID

import msgspec

from xinbo.analytics.collect._rules import believed
from xinbo.analytics.collect._types import FROM_PAGES, Behaviour, Collect, Observed
from xinbo.engines.bus import Bus
from xinbo.engines.tx import Actor
from xinbo.kit.errors import Invalid


class KindRefused(Invalid):
    """Raised when a page reports something that only the edge can know."""


async def take(bus: Bus, actor: Actor, data: Collect, *, now: datetime) -> None:
    """Publish what the viewer did, in one message, under the actor's merchant.

    Refuses with `KindRefused` before anything is published. What nobody in particular did (no
    viewer cookie yet) is dropped: it could be counted, but not once.
    """
    for event in data.events:
        if event.type not in FROM_PAGES:
            raise KindRefused(kind=event.type)
    if actor.viewer_id is None:
        return
    batch = [_observed(event, actor.viewer_id, now) for event in data.events]
    await bus.publish(f"behaviour.{actor.merchant_id}", msgspec.json.encode(batch))


def _observed(event: Behaviour, viewer_id: UUID, now: datetime) -> Observed:
    return Observed(
        id=event.id,
        type=event.type,
        at=believed(event.at, now),
        show_id=event.show_id,
        viewer_id=viewer_id,
        props={"productId": str(event.product_id)} if event.product_id else {},
    )
