"""Give back what an order set aside: the one list of it."""

from collections.abc import Sequence
from uuid import UUID

from xinbo.commerce import bargains, groups, inventory, offers, promotions
from xinbo.commerce.offers import Taking
from xinbo.engines.tx import Tx


async def give_up(tx: Tx, order_id: UUID, takings: Sequence[Taking]) -> None:
    """Give back everything an order set aside. The caller sees to it that this happens once."""
    await groups.leave(tx, order_id)
    await bargains.release(tx, order_id)
    await inventory.release(tx, order_id)
    await offers.give_back(tx, takings)
    await promotions.restore(tx, order_id)
