"""Give prizes: once each, to whom the draw named; and keep what still waits for its winner."""

from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select

from xinbo.commerce import members, promotions
from xinbo.commerce.promotions import CouponState
from xinbo.engines.sheets import csv_file
from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.identity.access import Can, allowed, require
from xinbo.kit.errors import Conflict, NotFound
from xinbo.kit.ids import new_id
from xinbo.kit.paging import after, page
from xinbo.kit.wire import Page
from xinbo.live import shows, signals
from xinbo.live.games._models import EntryRow, PrizeRow, RunRow
from xinbo.live.games._rules.kinds import PrizeKind, PrizeState, RunState
from xinbo.live.games._rules.names import masked
from xinbo.live.games._service.rows import JoinClubFirst, play_of, prizes_of
from xinbo.live.games._types import ClaimPrize, Play, Prize, Rain, SendPrize, WonBy, WonPrize

HEAD = ["won_at", "game", "winner", "prize", "value", "state", "recipient", "tracking"]
MOST_LINES = 20_000
MOST_NAMED = 50
"""Winners whose masked names stand on the stage; the list of entries has all."""


class PrizeNotFound(NotFound):
    """Raised when there is no such prize, or it is somebody else's: the two look alike."""


class PrizeAddressMissing(Conflict):
    """Raised when goods are claimed without saying where they go."""


class PrizeNotToSend(Conflict):
    """Raised when a prize is not one that is sent, or nobody said yet where (`state`)."""


def coupons_of(play: Play) -> dict[UUID, int]:
    """Count the coupons of each template that a play promises."""
    if isinstance(play, Rain):
        return {play.template_id: play.packets} if play.template_id else {}
    counted: Counter[UUID] = Counter()
    for prize in prizes_of(play):
        if prize.template_id is not None:
            counted[prize.template_id] += prize.count
    return dict(counted)


async def award(tx: Tx, row: RunRow, entries: Sequence[str]) -> list[dict[str, object]]:
    """Give the prizes of a play to these entries, the first prize first; return what is shown.

    A rehearsal names winners and gives nothing. Coupons that nobody won can be claimed again.
    """
    play = play_of(row)
    if row.state is not RunState.REVEALED:
        raise PrizeNotFound(run_id=row.id)
    found = await tx.db.scalars(
        select(EntryRow).where(EntryRow.run_id == row.id, EntryRow.entry.in_(entries))
    )
    people = {each.entry: each for each in found}
    names = await accounts.nicknames(tx, [each.shopper_id for each in people.values()])
    pairs = list(zip(entries, _each(prizes_of(play)), strict=False))
    if not row.rehearsal:
        for place, (entry, prize) in enumerate(pairs, 1):
            await _give(tx, row, place, people[entry], prize)
        await _put_back(tx, row, play, [prize for _, prize in pairs])
    return [
        {
            "name": masked(names.get(people[entry].shopper_id) or people[entry].name),
            "prize": prize.name,
            "entry": entry,
        }
        for entry, prize in pairs[:MOST_NAMED]
    ]


async def mine(tx: Tx, shopper_id: UUID, cursor: str | None, limit: int) -> Page[WonPrize]:
    """List what a shopper won, the last first."""
    query = (
        select(PrizeRow)
        .where(PrizeRow.merchant_id == tx.merchant_id, PrizeRow.shopper_id == shopper_id)
        .order_by(PrizeRow.id.desc())
        .limit(limit + 1)
        .execution_options(populate_existing=True)
    )
    if (last := after(cursor)) is not None:
        query = query.where(PrizeRow.id < last)
    rows = (await tx.db.scalars(query)).all()
    return page(rows, limit, won_view, lambda each: each.id)


async def won_in(tx: Tx, run_id: UUID, shopper_id: UUID) -> list[WonPrize]:
    """List what a shopper won in one play."""
    rows = await tx.db.scalars(
        select(PrizeRow)
        .where(
            PrizeRow.merchant_id == tx.merchant_id,
            PrizeRow.run_id == run_id,
            PrizeRow.shopper_id == shopper_id,
        )
        .order_by(PrizeRow.id)
        .execution_options(populate_existing=True)
    )
    return [won_view(each) for each in rows]


async def claim(tx: Tx, shopper_id: UUID, prize_id: UUID, command: ClaimPrize) -> WonPrize:
    """Take a prize that waits: goods by an address, points by joining the club.

    Harmless to repeat; an address can be changed until the goods are sent. Raises
    `PrizeNotFound`, `PrizeAddressMissing`, `AddressNotFound`, `JoinClubFirst`.
    """
    row = await _locked(tx, prize_id)
    if row.shopper_id != shopper_id:
        raise PrizeNotFound(prize_id=prize_id)
    if row.kind is PrizeKind.POINTS and row.state is PrizeState.WAITING:
        if not await _earn(tx, row):
            raise JoinClubFirst(points=row.points)
        row.state, row.settled_at = PrizeState.GRANTED, tx.now
    elif row.kind is PrizeKind.GOODS and row.state is not PrizeState.SENT:
        if command.address_id is None:
            raise PrizeAddressMissing(prize_id=prize_id)
        address = await accounts.address(tx, shopper_id, command.address_id)
        row.recipient = " ".join([address.name, address.phone, *address.region, address.street])
        row.state, row.settled_at = PrizeState.CLAIMED, tx.now
    await tx.db.flush()
    return won_view(row)


async def winners(
    tx: Tx, show_id: UUID, run_id: UUID | None, cursor: str | None, limit: int
) -> Page[WonBy]:
    """List who won what in a show, or in one play of it, for the staff."""
    await shows.console_get(tx, show_id)
    query = (
        select(PrizeRow)
        .where(PrizeRow.merchant_id == tx.merchant_id, PrizeRow.show_id == show_id)
        .order_by(PrizeRow.id)
        .limit(limit + 1)
        .execution_options(populate_existing=True)
    )
    if run_id is not None:
        query = query.where(PrizeRow.run_id == run_id)
    if (last := after(cursor)) is not None:
        query = query.where(PrizeRow.id > last)
    rows = (await tx.db.scalars(query)).all()
    names = await accounts.nicknames(tx, [each.shopper_id for each in rows])
    private = Can.SEE_ORDERS in allowed(tx.actor.role)
    return page(
        rows,
        limit,
        lambda each: _won_by(each, names.get(each.shopper_id, ""), private=private),
        lambda each: each.id,
    )


async def winners_csv(tx: Tx, show_id: UUID, run_id: UUID | None) -> bytes:
    """Write who won what as a sheet, for those who send it. At most 20,000 lines."""
    require(tx, Can.SEE_ORDERS)
    lines: list[list[str]] = []
    cursor: str | None = None
    while len(lines) < MOST_LINES:
        some = await winners(tx, show_id, run_id, cursor, 100)
        lines += [
            [
                each.won_at.isoformat(),
                each.title,
                each.nickname,
                each.name,
                f"{each.value // 100}.{each.value % 100:02}",
                each.state,
                each.recipient,
                each.tracking,
            ]
            for each in some.items
        ]
        cursor = some.next
        if cursor is None:
            break
    return csv_file(HEAD, lines)


async def send(tx: Tx, prize_id: UUID, command: SendPrize) -> WonBy:
    """Note that goods were sent. Raises `PrizeNotToSend` where nobody said where to."""
    require(tx, Can.SERVE_ORDERS)
    row = await _locked(tx, prize_id)
    if row.state not in {PrizeState.CLAIMED, PrizeState.SENT}:
        raise PrizeNotToSend(state=row.state)
    row.state, row.tracking, row.settled_at = PrizeState.SENT, command.tracking.strip(), tx.now
    await tx.db.flush()
    names = await accounts.nicknames(tx, [row.shopper_id])
    return _won_by(row, names.get(row.shopper_id, ""), private=True)


async def _give(tx: Tx, row: RunRow, place: int, who: EntryRow, prize: Prize) -> None:
    won = PrizeRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        run_id=row.id,
        show_id=row.show_id,
        place=place,
        shopper_id=who.shopper_id,
        title=row.title,
        kind=prize.kind,
        name=prize.name,
        value=prize.value,
        points=prize.points,
        template_id=prize.template_id,
        state=PrizeState.WAITING,
        won_at=tx.now,
        recipient="",
        tracking="",
    )
    tx.db.add(won)
    await tx.db.flush()
    if prize.template_id is not None:
        coupon = await promotions.give(tx, who.shopper_id, prize.template_id, f"game:{won.id}")
        granted = coupon.state is not CouponState.EXPIRED
    else:
        granted = prize.kind is PrizeKind.POINTS and await _earn(tx, won)
    if granted:
        won.state, won.settled_at = PrizeState.GRANTED, tx.now
    await signals.tell(tx, row.show_id, "prize", to=who.shopper_id, id=str(won.id))


async def _earn(tx: Tx, won: PrizeRow) -> bool:
    """Add the points of a prize; say if there is an account of points to put them in."""
    if (await members.levels(tx, [won.shopper_id]))[won.shopper_id] == 0:
        return False
    await members.earn(
        tx, won.shopper_id, won.points, f"game:{won.id}", str(won.run_id), ref_id=won.id
    )
    return True


async def _put_back(tx: Tx, row: RunRow, play: Play, given: Sequence[Prize]) -> None:
    """Let coupons that nobody won be claimed again."""
    left = Counter(coupons_of(play))
    if isinstance(play, Rain) and play.template_id:
        left[play.template_id] -= row.taken
    left.subtract(each.template_id for each in given if each.template_id is not None)
    for template_id, count in left.items():
        if count > 0:
            await promotions.put_back(tx, template_id, count)


def _each(prizes: Sequence[Prize]) -> Iterator[Prize]:
    """Give each prize as often as there are of it."""
    for prize in prizes:
        for _ in range(prize.count):
            yield prize


async def _locked(tx: Tx, prize_id: UUID) -> PrizeRow:
    found = await tx.db.scalar(
        select(PrizeRow)
        .where(PrizeRow.id == prize_id, PrizeRow.merchant_id == tx.merchant_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise PrizeNotFound(prize_id=prize_id)
    return found


def won_view(row: PrizeRow) -> WonPrize:
    """Show a prize to who won it."""
    return WonPrize.of(row)


def _won_by(row: PrizeRow, nickname: str, *, private: bool) -> WonBy:
    """Show a prize to the staff; where it goes only to those who may see orders."""
    return WonBy(
        id=row.id,
        run_id=row.run_id,
        title=row.title,
        shopper_id=row.shopper_id,
        nickname=nickname,
        kind=row.kind,
        name=row.name,
        value=row.value,
        state=row.state,
        won_at=row.won_at,
        recipient=row.recipient if private else "",
        tracking=row.tracking,
    )
