"""The merchant's rule of points, and its levels."""

from msgspec import convert
from sqlalchemy import func, select

from xinbo.commerce.members._models import ClubRow
from xinbo.commerce.members._rules import DEFAULT_FLOORS
from xinbo.commerce.members._types import Club, Level, PointsRule, PutClub
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict

DEFAULT = Club(
    points=PointsRule(earn_per_yuan=1, fen_per_100=100, most_per_10_000=5_000),
    levels=[
        Level(name=f"V{n}", from_points=floor) for n, floor in enumerate(DEFAULT_FLOORS, start=1)
    ],
    version=0,
)
"""What holds until a merchant says otherwise: a yuan earns a point, 100 points are a yuan."""


class ClubVersionConflict(Conflict):
    """Raised when someone else changed the rule meanwhile. `version` is the one that stands."""


async def club(tx: Tx) -> Club:
    """Show the rule of points and the levels."""
    row = await tx.db.scalar(
        select(ClubRow)
        .where(ClubRow.merchant_id == tx.merchant_id)
        .execution_options(populate_existing=True)
    )
    if row is None:
        return DEFAULT
    return Club(
        points=PointsRule(
            earn_per_yuan=row.earn_per_yuan,
            fen_per_100=row.fen_per_100,
            most_per_10_000=row.most_per_10_000,
        ),
        levels=convert(row.levels, list[Level]),
        version=row.version,
    )


async def rule(tx: Tx) -> PointsRule:
    """Return what money earns and what points are worth now."""
    return (await club(tx)).points


async def put_club(tx: Tx, command: PutClub) -> Club:
    """Change the rule and the levels. Raises `ClubVersionConflict`."""
    require(tx, Can.RUN_PROMOTIONS)
    await tx.db.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"club:{tx.merchant_id}", 0)))
    )
    now = await club(tx)
    if now.version != command.version:
        raise ClubVersionConflict(version=now.version)
    await tx.db.merge(
        ClubRow(
            merchant_id=tx.merchant_id,
            earn_per_yuan=command.earn_per_yuan,
            fen_per_100=command.fen_per_100,
            most_per_10_000=command.most_per_10_000,
            levels=[
                {"name": level.name.strip(), "fromPoints": level.from_points}
                for level in command.levels
            ],
            version=now.version + 1,
        )
    )
    await tx.db.flush()
    return await club(tx)
