"""Who is on which seat, and how a show goes from one host to the next."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.live.cast.support import CALLING, hire, pictures, said, show_of
from tests.support import NOW
from xinbo.engines.db import EventRow
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id
from xinbo.live import broadcasts, cast, shows
from xinbo.live.broadcasts import SourceName, SourceSilent
from xinbo.live.cast import (
    AssignSeat,
    Cast,
    CastLayout,
    CastMoved,
    HandShow,
    NoHostSeat,
    SeatKind,
    SeatNotFound,
    StaffNotHere,
)
from xinbo.live.cast._reactions import on_show_changed
from xinbo.live.shows import ShowChanged, ShowNotFound

pytestmark = pytest.mark.anyio


async def seat(tx: Tx, show_id: UUID, user_id: UUID, kind: SeatKind = SeatKind.HOST) -> Cast:
    return await cast.assign(tx, show_id, AssignSeat(user_id=user_id, kind=kind), CALLING)


async def hosts(tx: Tx, show_id: UUID) -> tuple[UUID, UUID]:
    """Seat a host and a back-up host."""
    first, second = await hire(tx, "周舟"), await hire(tx, "林夏")
    await seat(tx, show_id, first)
    await seat(tx, show_id, second, SeatKind.BACKUP_HOST)
    return first, second


def over_to(user_id: UUID, source: SourceName | None = None, seen: int | None = None) -> HandShow:
    return HandShow(to_user=user_id, source=source, seen=seen)


async def test_the_first_host_holds_the_show_under_its_announced_name(tx: Tx) -> None:
    show_id = await show_of(tx)
    first, second = await hosts(tx, show_id)
    found = await cast.get(tx, show_id, CALLING)
    assert (found.host_user_id, found.host_name) == (first, "苏木")
    named = {each.user_id: (each.name, each.stage_name) for each in found.seats}
    assert named == {first: ("周舟", "苏木"), second: ("林夏", "林夏")}


async def test_a_show_is_handed_over_with_its_name_and_its_pictures(
    tx: Tx, jobs: RecordedJobs
) -> None:
    show_id = await show_of(tx)
    first, second = await hosts(tx, show_id)
    await pictures(tx, show_id)
    found = await cast.hand_over(tx, show_id, over_to(second, SourceName.BACKUP), CALLING)
    assert (found.host_user_id, found.host_name) == (second, "林夏")
    assert (await shows.get(tx, show_id)).host_name == "林夏"
    assert any(key.startswith(f"switch-{show_id}-backup") for key in jobs.started)
    (changed,) = await said(tx, "cast.host_changed")
    assert (changed["hostName"], changed["was"], changed["source"]) == ("林夏", "苏木", "backup")
    back = await cast.hand_over(tx, show_id, over_to(first), CALLING)
    assert back.host_name == "苏木", "who comes back has the name that was announced"


async def test_nothing_changes_when_the_new_hosts_pictures_do_not_come(
    database: Database, owner: Actor
) -> None:
    async with database.begin(owner, NOW) as tx:
        show_id = await show_of(tx)
        _, second = await hosts(tx, show_id)
    async with database.begin(owner, NOW) as tx:
        with pytest.raises(SourceSilent):
            await cast.hand_over(tx, show_id, over_to(second, SourceName.BACKUP), CALLING)
    async with database.begin(owner, NOW) as tx:
        assert (await shows.get(tx, show_id)).host_name == "苏木"
        assert await said(tx, "cast.host_changed") == []


async def test_a_show_goes_only_to_someone_with_a_hosts_seat(tx: Tx) -> None:
    show_id = await show_of(tx)
    await hosts(tx, show_id)
    moderator = await hire(tx, "小周", Role.SERVICE)
    await seat(tx, show_id, moderator, SeatKind.MODERATOR)
    with pytest.raises(NoHostSeat):
        await cast.hand_over(tx, show_id, over_to(moderator), CALLING)


async def test_a_hand_over_in_a_rehearsal_leaves_the_announced_host(tx: Tx) -> None:
    show_id = await show_of(tx, live=False)
    first, second = await hosts(tx, show_id)
    await shows.rehearse(tx, show_id)
    found = await cast.hand_over(tx, show_id, over_to(second), CALLING)
    assert (found.host_user_id, found.host_name) == (second, "林夏")
    assert (await shows.get(tx, show_id)).host_name == "苏木"
    assert [one["rehearsal"] for one in await said(tx, "cast.host_changed")] == [True]
    await shows.MOVES["end-rehearsal"](tx, show_id)
    status = (await shows.get(tx, show_id)).status
    own = tx.acting(system(tx.merchant_id))
    await on_show_changed(own, ShowChanged(show_id=show_id, status=status))
    after = await cast.get(tx, show_id, CALLING)
    assert (after.host_user_id, after.host_name) == (first, "苏木")


async def test_of_two_operators_one_hands_over_and_the_other_is_told(
    database: Database, owner: Actor
) -> None:
    async with database.begin(owner, NOW) as tx:
        show_id = await show_of(tx)
        first, second = await hosts(tx, show_id)
        operators = [await hire(tx, name, Role.OPERATOR) for name in ("阿宁", "小周")]
        seen = (await cast.get(tx, show_id, CALLING)).version

    async def go(user: UUID, to: UUID) -> str:
        async with database.begin(Actor(owner.merchant_id, Role.OPERATOR, user), NOW) as tx:
            try:
                await cast.hand_over(tx, show_id, over_to(to, seen=seen), CALLING)
            except CastMoved as moved:
                return "{by} {what} {at}".format(**moved.facts)
            return ""

    told = await asyncio.gather(go(operators[0], second), go(operators[1], first))
    assert [bool(one) for one in told] in ([True, False], [False, True])
    assert set(told) - {""} <= {f"{name} host {NOW}" for name in ("阿宁", "小周")}


async def test_who_is_there_is_known_for_fifteen_seconds(database: Database, owner: Actor) -> None:
    async with database.begin(owner, NOW) as tx:
        show_id = await show_of(tx)
        first, second = await hosts(tx, show_id)
        helper = await hire(tx, "小周", Role.SERVICE)
    for user, role in ((second, Role.HOST), (helper, Role.SERVICE)):
        async with database.begin(Actor(owner.merchant_id, role, user), NOW) as tx:
            await cast.here(tx, show_id, SourceName.BACKUP, CALLING)
    for later, there in ((10, True), (16, False)):
        async with database.begin(owner, NOW + timedelta(seconds=later)) as tx:
            found = await cast.get(tx, show_id, CALLING)
            seats = {each.user_id: (each.present, each.source) for each in found.seats}
            assert seats[first] == (False, None)
            assert seats[second] == ((True, SourceName.BACKUP) if there else (False, None))
            assert [each.name for each in found.others] == (["小周"] if there else [])
            names = {each.name for each in await cast.present(tx, show_id)}
            assert names == ({"林夏", "小周"} if there else set())


async def test_a_seat_is_taken_away(tx: Tx) -> None:
    show_id = await show_of(tx)
    first, second = await hosts(tx, show_id)
    found = await cast.free(tx, show_id, SeatKind.BACKUP_HOST, second, CALLING)
    assert [each.user_id for each in found.seats] == [first]
    with pytest.raises(SeatNotFound):
        await cast.free(tx, show_id, SeatKind.BACKUP_HOST, second, CALLING)


async def test_a_seat_is_given_only_to_colleagues(
    database: Database, owner: Actor, other_merchant_id: UUID
) -> None:
    async with database.begin(Actor(other_merchant_id, Role.OWNER, new_id()), NOW) as tx:
        stranger = await hire(tx, "外人")
    async with database.begin(owner, NOW) as tx:
        show_id = await show_of(tx)
        with pytest.raises(StaffNotHere):
            await seat(tx, show_id, stranger)
    async with database.begin(Actor(other_merchant_id, Role.OWNER, new_id()), NOW) as tx:
        with pytest.raises(ShowNotFound):
            await cast.get(tx, show_id, CALLING)


@pytest.mark.parametrize("role", [Role.SERVICE, Role.ANALYST])
async def test_who_does_not_run_shows_looks_on(
    role: Role, database: Database, owner: Actor
) -> None:
    async with database.begin(owner, NOW) as tx:
        show_id = await show_of(tx)
        first, _ = await hosts(tx, show_id)
    async with database.begin(Actor(owner.merchant_id, role, new_id()), NOW) as tx:
        assert len((await cast.get(tx, show_id, CALLING)).seats) == 2
        for refused in (
            seat(tx, show_id, first),
            cast.hand_over(tx, show_id, over_to(first), CALLING),
            cast.arrange(tx, show_id, CastLayout.GUEST_ONLY, CALLING),
        ):
            with pytest.raises(NotPermitted):
                await refused


async def test_staff_pages_are_told_to_look_again(tx: Tx) -> None:
    show_id = await show_of(tx)
    await cast.arrange(tx, show_id, CastLayout.PICTURE_IN_PICTURE, CALLING)
    (told,) = [
        row.payload
        for row in await tx.db.scalars(
            select(EventRow).where(
                EventRow.merchant_id == tx.merchant_id, EventRow.type == "rooms.told"
            )
        )
        if "cast" in str(row.payload["message"])
    ]
    assert told["to"] == "staff"
    assert (await cast.get(tx, show_id, CALLING)).layout is CastLayout.PICTURE_IN_PICTURE
    assert (await broadcasts.sources(tx, show_id)).version == 0
