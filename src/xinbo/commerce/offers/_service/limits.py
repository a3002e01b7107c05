"""Count what one person takes of an offer that limits it."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import text

from xinbo.engines.tx import Tx
from xinbo.kit.errors import Conflict


class PerPersonLimit(Conflict):
    """Raised when one person wants more pieces of an offer than `most`; `taken` are theirs."""


class Taking(msgspec.Struct, frozen=True):
    """So many pieces of an offer for one shopper, who may have `most` in all."""

    offer_id: UUID
    shopper_id: UUID
    sku_id: UUID
    quantity: int
    most: int


COUNT = text("""
    insert into offer_bought as b (offer_id, shopper_id, merchant_id, quantity)
    select offer_id, shopper_id, :merchant, quantity
    from unnest(cast(:offers as uuid[]), cast(:shoppers as uuid[]), cast(:quantities as bigint[]),
                cast(:mosts as bigint[])) w(offer_id, shopper_id, quantity, most)
    where quantity <= most
    on conflict (offer_id, shopper_id) do update set quantity = b.quantity + excluded.quantity
    where b.quantity + excluded.quantity <= (
      select most from unnest(cast(:offers as uuid[]), cast(:shoppers as uuid[]),
                              cast(:mosts as bigint[])) m(offer_id, shopper_id, most)
      where m.offer_id = b.offer_id and m.shopper_id = b.shopper_id)
    returning offer_id, shopper_id
""")
TAKEN = text("""
    select b.offer_id, b.shopper_id, b.quantity from offer_bought b
    join unnest(cast(:offers as uuid[]), cast(:shoppers as uuid[])) w(offer_id, shopper_id)
      on w.offer_id = b.offer_id and w.shopper_id = b.shopper_id
    where b.merchant_id = :merchant
""")
GIVE_BACK = text("""
    update offer_bought b set quantity = greatest(0, b.quantity - w.quantity)
    from unnest(cast(:offers as uuid[]), cast(:shoppers as uuid[]), cast(:quantities as bigint[]))
      w(offer_id, shopper_id, quantity)
    where b.merchant_id = :merchant and b.offer_id = w.offer_id and b.shopper_id = w.shopper_id
""")


async def take(tx: Tx, takings: Sequence[Taking]) -> list[PerPersonLimit | None]:
    """Count pieces against each offer's limit a person: each whole or not at all, in order."""
    answers: list[PerPersonLimit | None] = [None] * len(takings)
    waiting = list(range(len(takings)))
    while waiting:
        now: dict[tuple[UUID, UUID], int] = {}
        for place in waiting:
            now.setdefault(_pair(takings[place]), place)
        for place, answer in await _take_once(tx, takings, sorted(now.values())):
            answers[place] = answer
        waiting = [place for place in waiting if place not in now.values()]
    return answers


async def _take_once(
    tx: Tx, takings: Sequence[Taking], places: Sequence[int]
) -> list[tuple[int, PerPersonLimit | None]]:
    """Count takings of which no two are of the same person and offer."""
    tried = sorted((takings[place] for place in places), key=_pair)
    names = _named(tx, tried) | {"mosts": [each.most for each in tried]}
    served = {(row.offer_id, row.shopper_id) for row in await tx.db.execute(COUNT, names)}
    refused = [each for each in tried if _pair(each) not in served]
    taken: dict[tuple[UUID, UUID], int] = {}
    if refused:
        rows = await tx.db.execute(TAKEN, _named(tx, refused))
        taken = {(row.offer_id, row.shopper_id): int(row.quantity) for row in rows}
    answers: list[tuple[int, PerPersonLimit | None]] = []
    for place in places:
        each = takings[place]
        limit = PerPersonLimit(sku_id=each.sku_id, most=each.most, taken=taken.get(_pair(each), 0))
        answers.append((place, None if _pair(each) in served else limit))
    return answers


async def give_back(tx: Tx, takings: Iterable[Taking]) -> None:
    """Uncount pieces of orders that ended. The caller sees to it that each ends once."""
    listed = list(takings)
    if listed:
        await tx.db.execute(GIVE_BACK, _named(tx, listed))


def _named(tx: Tx, takings: Sequence[Taking]) -> dict[str, object]:
    return {
        "merchant": tx.merchant_id,
        "offers": [each.offer_id for each in takings],
        "shoppers": [each.shopper_id for each in takings],
        "quantities": [each.quantity for each in takings],
    }


def _pair(taking: Taking) -> tuple[UUID, UUID]:
    return taking.offer_id, taking.shopper_id
