"""What fulfilment does when an order can be sent, and when it never will be."""

from typing import Any

from xinbo.commerce.fulfilment._service import batches, promises, sandbox
from xinbo.commerce.orders import OrderCancelled, OrderReady
from xinbo.engines.events import Reaction
from xinbo.engines.jobs import Job
from xinbo.engines.tx import Tx


async def promise(tx: Tx, event: OrderReady) -> None:
    """Note by when the order must leave."""
    await promises.promise(tx, event.order_id)


async def forget(tx: Tx, event: OrderCancelled) -> None:
    """Nothing is to be sent any more."""
    await promises.kept(tx, event.order_id)


JOBS: tuple[Job, ...] = (batches.check, batches.write, sandbox.push)

REACTIONS: list[Reaction[Any]] = [
    Reaction("fulfilment.promise", OrderReady, promise),
    Reaction("fulfilment.forget", OrderCancelled, forget),
]
