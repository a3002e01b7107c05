"""How much one person, one browser or one door may hold without paying."""

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

import msgspec
from sqlalchemy import text

from xinbo.commerce.orders._types import Recipient
from xinbo.engines.tx import Tx
from xinbo.kit.errors import TooMany


class HeldTooMuch(TooMany):
    """Raised when `most` orders of one `by` (person, device, place) await payment already.

    Pay one of them or let it go; stock that nobody pays for belongs to those who do.
    """


class Holds(msgspec.Struct, frozen=True):
    """How many orders may await payment at once; 0: any number."""

    person: int = 5
    device: int = 8
    place: int = 20


class Holder(msgspec.Struct, frozen=True):
    """Who would hold one more."""

    person: str
    device: str
    place: str


COUNT = text("""
    select 'person' as by, cast(shopper_id as text) as who, count(*) as held from "order"
    where status = 'awaiting_payment' and shopper_id = any(cast(:persons as uuid[])) group by 2
    union all
    select 'device', device, count(*) from "order"
    where status = 'awaiting_payment' and device = any(cast(:devices as text[])) group by 2
    union all
    select 'place', place, count(*) from "order"
    where status = 'awaiting_payment' and place = any(cast(:places as text[]))
      and merchant_id = :merchant group by 2
""")


def place_of(recipient: Recipient) -> str:
    """Name a door by a hash: the region, and its street without what people write differently."""
    street = "".join(char for char in recipient.street.lower() if char.isalnum())
    return sha256("|".join((*recipient.region, street)).encode()).hexdigest()[:32]


async def judge(tx: Tx, holders: Sequence[Holder | None], most: Holds) -> list[HeldTooMuch | None]:
    """Say who holds too much already; None in `holders` is let through.

    Counted with those of the same call. Two processes that count at the same moment may each
    let one more batch through: the limit is fair, not exact; stock itself is exact.
    """
    asked = [each for each in holders if each is not None]
    if not asked:
        return [None] * len(holders)
    found = await tx.db.execute(
        COUNT,
        {
            "merchant": tx.merchant_id,
            "persons": sorted({each.person for each in asked}),
            "devices": sorted({each.device for each in asked if each.device}),
            "places": sorted({each.place for each in asked}),
        },
    )
    held = Counter({(row.by, row.who): int(row.held) for row in found})
    answers: list[HeldTooMuch | None] = []
    for each in holders:
        if each is None:
            answers.append(None)
            continue
        counted = [
            ("person", each.person, most.person),
            ("device", each.device, most.device),
            ("place", each.place, most.place),
        ]
        over = next(
            ((by, limit) for by, who, limit in counted if limit and who and held[by, who] >= limit),
            None,
        )
        if over is None:
            held.update((by, who) for by, who, _ in counted if who)
            answers.append(None)
        else:
            answers.append(HeldTooMuch(by=over[0], most=over[1], retry_after=60))
    return answers
