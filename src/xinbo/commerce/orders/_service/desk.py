"""The desk where orders are placed: buyers who come together are served together."""

from collections.abc import Sequence
from uuid import UUID

from xinbo.commerce.orders._service.drafts import Ask, ask
from xinbo.commerce.orders._service.holds import Holds
from xinbo.commerce.orders._service.placing import place_all
from xinbo.commerce.orders._types import Order, PlaceOrder
from xinbo.engines.batch import Batcher, again
from xinbo.engines.tx import Database, Tx, system
from xinbo.kit.errors import XinboError


class OrderDesk:
    """Takes orders. Those of one line go into the merchant's next batch.

    A batch is one transaction for everybody in it; larger orders are placed in the caller's own.
    `batched=False` sends every order the second way.
    """

    def __init__(
        self, database: Database, *, batched: bool = True, holds: Holds | None = None
    ) -> None:
        self._database = database
        self._holds = holds or Holds()
        self._batched = batched
        self._batchers: dict[UUID, Batcher[Ask, Order]] = {}

    async def place(
        self,
        tx: Tx,
        shopper_id: UUID,
        command: PlaceOrder,
        key: str,
        *,
        simulated: bool = False,
    ) -> Order:
        """Hold the stock and open an order that awaits payment.

        The same key with the same command leads to the same order, however often and through
        however many processes it comes. Raises `OutOfStock`, `PriceChanged`, `NotOnSale`,
        `AddressNotFound`, or `IdempotencyKeyReused` for a key that came with something else.
        """
        wish = ask(shopper_id, command, key, simulated=simulated, device=tx.actor.device)
        if self._batched and _plain(command):
            return await self._batcher(tx.merchant_id).ask(wish)
        return await _place(tx, wish, self._holds)

    def _batcher(self, merchant_id: UUID) -> Batcher[Ask, Order]:
        if merchant_id not in self._batchers:

            async def work(wishes: Sequence[Ask]) -> Sequence[Order | XinboError]:
                async with self._database.begin(system(merchant_id)) as tx:
                    return await place_all(tx, wishes, self._holds)

            self._batchers[merchant_id] = Batcher(lambda wishes: again(lambda: work(wishes)))
        return self._batchers[merchant_id]


def _plain(command: PlaceOrder) -> bool:
    """Say whether the order can share a batch: one line, and nothing that is its shopper's own."""
    own = command.coupon_id is not None or command.points > 0
    bargain = command.chosen is not None and command.chosen.bargain_id is not None
    return len(command.lines) == 1 and not own and not bargain


async def _place(tx: Tx, wish: Ask, holds: Holds) -> Order:
    """Place one order in the caller's transaction."""

    async def work() -> Order | XinboError:
        async with tx.db.begin_nested():
            (answer,) = await place_all(tx, [wish], holds)
        return answer

    answer = await again(work)
    if isinstance(answer, XinboError):
        raise answer
    return answer
