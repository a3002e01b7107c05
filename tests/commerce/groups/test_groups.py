"""Groups open, fill, succeed and fail; each seat is somebody's who paid."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from tests.commerce.groups.conftest import LATER, NOON, Room
from xinbo.commerce import groups
from xinbo.commerce.groups import (
    AlreadyInGroup,
    GroupFull,
    GroupNotFound,
    GroupOver,
    GroupState,
    SeatState,
)
from xinbo.engines.tx import Actor, Role, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import NIL, new_id

pytestmark = pytest.mark.anyio


async def test_a_group_succeeds_when_its_last_seat_is_paid(room: Room) -> None:
    first, group_id = await room.opened()
    others = [room.booking(await room.shopper(), group_id) for _ in range(2)]
    assert await room.take(*others) == [None, None]

    assert await room.pay(others[0]) is False
    assert await room.pay(others[1]) is True
    assert await room.pay(others[1]) is True

    shown = await room.show(group_id)
    assert (shown.state, shown.paid, shown.seats_left) == (GroupState.SUCCEEDED, 3, 0)
    (fact,) = await room.facts("groups.succeeded")
    orders = [first.order_id, *(each.order_id for each in others)]
    assert fact["orderIds"] == [str(each) for each in orders]


async def test_time_runs_from_the_first_paid_seat(room: Room) -> None:
    first = room.booking(await room.shopper(), hours=24)
    await room.take(first)
    group_id = await room.group_of(first)
    assert (await room.show(group_id, first.shopper_id)).ends_at is None

    paid_at = NOON + timedelta(minutes=9)
    await room.pay(first, paid_at)

    shown = await room.show(group_id)
    assert (shown.started_at, shown.ends_at) == (paid_at, paid_at + timedelta(hours=24))


async def test_of_twenty_at_once_one_gets_the_last_seat(room: Room) -> None:
    _, group_id = await room.opened(size=2)
    wishes = [room.booking(await room.shopper(), group_id) for _ in range(20)]

    answers = await asyncio.gather(*(room.take(each) for each in wishes))

    seated = [each for (each,) in answers if each is None]
    assert len(seated) == 1
    assert all(isinstance(each, GroupFull) for (each,) in answers if each is not None)
    shown = await room.show(group_id)
    assert (shown.seats_left, shown.paid) == (0, 1)


async def test_a_batch_is_served_in_the_order_of_arrival(room: Room) -> None:
    _, group_id = await room.opened(size=3)
    wishes = [room.booking(await room.shopper(), group_id) for _ in range(4)]
    opening = room.booking(wishes[3].shopper_id)

    answers = await room.take(*wishes, opening)

    assert answers[:2] == [None, None]
    assert [type(each) for each in answers[2:4]] == [GroupFull, GroupFull]
    assert answers[4] is None
    assert await room.group_of(opening) != group_id


async def test_nobody_joins_a_group_twice(room: Room) -> None:
    first, group_id = await room.opened()
    again = room.booking(first.shopper_id, group_id)
    twin = await room.shopper()

    (own,) = await room.take(again)
    both = await room.take(room.booking(twin, group_id), room.booking(twin, group_id))

    assert isinstance(own, AlreadyInGroup)
    assert both[0] is None
    assert isinstance(both[1], AlreadyInGroup)


async def test_two_tabs_of_one_shopper_take_one_seat(room: Room) -> None:
    _, group_id = await room.opened(size=5)
    who = await room.shopper()

    answers = await asyncio.gather(*(room.take(room.booking(who, group_id)) for _ in range(6)))

    assert sum(each is None for (each,) in answers) == 1


async def test_an_initiator_who_does_not_pay_leaves_no_group_behind(room: Room) -> None:
    first = room.booking(await room.shopper())
    await room.take(first)
    group_id = await room.group_of(first)

    await room.leave(first)
    await room.leave(first)

    with pytest.raises(GroupNotFound):
        await room.show(group_id, first.shopper_id)
    (answer,) = await room.take(room.booking(await room.shopper(), group_id))
    assert isinstance(answer, GroupNotFound)


async def test_a_seat_that_is_not_paid_is_free_again(room: Room) -> None:
    _, group_id = await room.opened(size=2)
    slow, quick = [room.booking(await room.shopper(), group_id) for _ in range(2)]
    assert await room.take(slow) == [None]
    assert isinstance((await room.take(quick))[0], GroupFull)

    await room.leave(slow)

    assert await room.take(quick) == [None]
    assert await room.pay(quick) is True


async def test_only_paid_seats_are_shown_and_names_are_masked(room: Room) -> None:
    _, group_id = await room.opened()
    unpaid = room.booking(await room.shopper(), group_id)
    await room.take(unpaid)

    public = await room.show(group_id)
    own = await room.show(group_id, unpaid.shopper_id)

    assert [member.initiator for member in public.members] == [True]
    assert all(member.name.endswith("**") for member in public.members)
    assert (public.my_order_id, public.seats_left) == (None, 1)
    assert (own.my_order_id, own.my_state) == (unpaid.order_id, SeatState.HELD)
    assert public.now == NOON


async def test_a_group_without_a_paid_seat_is_nobodys_to_see(room: Room) -> None:
    first = room.booking(await room.shopper())
    await room.take(first)
    group_id = await room.group_of(first)

    with pytest.raises(GroupNotFound):
        await room.show(group_id)
    with pytest.raises(GroupNotFound):
        await room.show(group_id, await room.shopper())
    async with room.database.begin(room.system, NOON) as tx:
        assert await groups.joinable(tx, room.offer_id) == []


async def test_a_failed_group_shows_as_failed_to_every_member(room: Room) -> None:
    """#6: an expired group was treated as a success, and refunded members still showed in it."""
    first, group_id = await room.opened()
    second = room.booking(await room.shopper(), group_id)
    await room.take(second)
    await room.pay(second)

    assert await room.fail(group_id, LATER - timedelta(seconds=1)) == []
    assert await room.fail(group_id, LATER) == [first.order_id, second.order_id]

    for member in (first, second):
        shown = await room.show(group_id, member.shopper_id, LATER)
        assert (shown.state, shown.my_state) == (GroupState.FAILED, SeatState.REFUNDING)
    async with room.database.begin(room.system, LATER) as tx:
        await groups.refunded(tx, first.order_id)
    shown = await room.show(group_id, first.shopper_id, LATER)
    assert [member.state for member in shown.members] == [
        SeatState.REFUNDED,
        SeatState.REFUNDING,
    ]
    await room.leave(first)
    assert len((await room.show(group_id, None, LATER)).members) == 2


async def test_racing_sweepers_fail_a_group_once(room: Room) -> None:
    """#6: a group's expiry refunds exactly once."""
    first, group_id = await room.opened()

    answers = await asyncio.gather(*(room.fail(group_id, LATER) for _ in range(8)))

    assert sorted(answers) == [[]] * 7 + [[first.order_id]]
    assert len(await room.facts("groups.failed")) == 1


async def test_money_that_comes_when_the_time_is_up_completes_nothing(room: Room) -> None:
    """#6: an expired group was treated as a success."""
    _, group_id = await room.opened(size=2)
    late = room.booking(await room.shopper(), group_id)
    await room.take(late)

    assert await room.pay(late, LATER) is False
    assert late.order_id in await room.fail(group_id, LATER)
    assert (await room.show(group_id, None, LATER)).state is GroupState.FAILED
    assert await room.facts("groups.succeeded") == []


async def test_money_that_comes_after_the_failure_is_on_its_way_back(room: Room) -> None:
    _, group_id = await room.opened(size=2)
    late = room.booking(await room.shopper(), group_id)
    await room.take(late)
    await room.fail(group_id, LATER)

    assert await room.pay(late, LATER) is False

    shown = await room.show(group_id, late.shopper_id, LATER)
    assert (shown.state, shown.my_state) == (GroupState.FAILED, SeatState.REFUNDING)


async def test_the_last_payment_and_the_sweep_do_not_both_win(room: Room) -> None:
    _, group_id = await room.opened(size=2)
    last = room.booking(await room.shopper(), group_id)
    await room.take(last)

    whole, failed = await asyncio.gather(
        room.pay(last, LATER - timedelta(seconds=1)), room.fail(group_id, LATER)
    )

    assert whole is not bool(failed)
    state = (await room.show(group_id, None, LATER)).state
    assert state is (GroupState.SUCCEEDED if whole else GroupState.FAILED)


async def test_nobody_joins_what_is_over(room: Room) -> None:
    _, group_id = await room.opened(size=2)
    last = room.booking(await room.shopper(), group_id)

    (late,) = await room.take(room.booking(await room.shopper(), group_id), at=LATER)
    await room.take(last)
    await room.pay(last)
    (full,) = await room.take(room.booking(await room.shopper(), group_id))

    assert isinstance(late, GroupOver)
    assert isinstance(full, GroupOver)


async def test_a_group_is_joined_through_its_own_offer_only(
    room: Room, other_merchant_id: UUID
) -> None:
    _, group_id = await room.opened()
    stranger = Room(room.database, other_merchant_id, room.sku_id)
    stranger.offer_id = room.offer_id
    elsewhere = Room(room.database, room.merchant_id, room.sku_id)

    for place in (stranger, elsewhere):
        (answer,) = await place.take(place.booking(await place.shopper(), group_id))
        assert isinstance(answer, GroupNotFound)
    with pytest.raises(GroupNotFound):
        await stranger.show(group_id)
    assert await stranger.fail(group_id, LATER) == []


async def test_what_can_be_joined_is_listed_the_soonest_end_first(room: Room) -> None:
    ids: list[UUID] = []
    for hour in (3, 1, 2):
        first = room.booking(await room.shopper(), hours=48)
        await room.take(first)
        await room.pay(first, NOON + timedelta(hours=hour))
        ids.append(await room.group_of(first))

    async with room.database.begin(room.system, NOON) as tx:
        found = await groups.joinable(tx, room.offer_id)
        due = await groups.due(tx, 1000)
    async with room.database.begin(system(NIL), NOON + timedelta(hours=49)) as tx:
        later = await groups.due(tx, 1000)

    assert [group.id for group in found] == [ids[1], ids[2], ids[0]]
    assert not {group_id for _, group_id in due} & set(ids)
    assert (room.merchant_id, ids[1]) in later


async def test_ones_own_groups_and_the_staffs_list_are_paged(room: Room) -> None:
    who = await room.shopper()
    ids: list[UUID] = []
    for _ in range(3):
        each = room.booking(who)
        await room.take(each)
        ids.append(await room.group_of(each))

    async with room.database.begin(Actor(room.merchant_id, Role.SHOPPER, who), NOON) as tx:
        first = await groups.mine(tx, who, None, 2)
        rest = await groups.mine(tx, who, first.next, 2)
        with pytest.raises(NotPermitted):
            await groups.console_page(tx, None, None, 2)
    async with room.database.begin(Actor(room.merchant_id, Role.SERVICE, new_id()), NOON) as tx:
        staff = await groups.console_page(tx, GroupState.OPEN, None, 20)
        failed = await groups.console_page(tx, GroupState.FAILED, None, 20)

    assert [each.id for each in [*first.items, *rest.items]] == ids[::-1]
    assert {each.id for each in staff.items} == set(ids)
    assert failed.items == []
