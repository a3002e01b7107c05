"""How a bargain's price falls: decided once, at the start, and checkable by anybody."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from uuid import UUID

BEIJING = timezone(timedelta(hours=8))
SPREAD = 1_000
"""The luckiest helper's part is at most twice the unluckiest one's, before rounding."""


def split(seed: str, total: int, helpers: int) -> list[int]:
    """Split an amount into one cut for each helper: the same for the same seed.

    Every cut is at least 1 where there is 1 for each; together they are exactly `total`. Helper
    n has the weight 1000 + (SHA-256 of "<seed>:<n>" modulo 1000); parts are rounded down, and
    what is left over goes to the first helpers, one each.
    """
    least = 1 if total >= helpers else 0
    weights = [SPREAD + _drawn(seed, n) % SPREAD for n in range(helpers)]
    rest = total - least * helpers
    cuts = [least + rest * weight // sum(weights) for weight in weights]
    for n in range(total - sum(cuts)):
        cuts[n] += 1
    return cuts


def commitment(seed: str, bargain_id: UUID, cuts: Sequence[int]) -> str:
    """Return what is shown at the start: SHA-256 of the seed, the bargain and its cuts.

    Once the seed is shown too, anybody can compute it again and see that nobody tilted a cut.
    """
    told = json.dumps(
        {"seed": seed, "bargainId": str(bargain_id), "cuts": list(cuts)}, separators=(",", ":")
    )
    return hashlib.sha256(told.encode()).hexdigest()


def price_after(start: int, cuts: Sequence[int], helped: int) -> int:
    """Return the price once so many have helped."""
    return start - sum(cuts[:helped])


def _drawn(seed: str, n: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}:{n}".encode()).digest()[:8])


def masked(name: str) -> str:
    """Show the first character of a name, and that there is more."""
    return f"{name[:1]}**"


def day_began(now: datetime) -> datetime:
    """Return the moment at which the day began in China."""
    here = now.astimezone(BEIJING)
    return here.replace(hour=0, minute=0, second=0, microsecond=0)
