"""A merchant decides what points are worth and which levels there are."""

import msgspec
import pytest

from xinbo.commerce import members
from xinbo.commerce.members import (
    Club,
    ClubVersionConflict,
    Level,
    NotAMember,
    PutClub,
)
from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


def change(now: Club, *floors: int) -> PutClub:
    levels = [Level(name=f"银卡 {floor}", from_points=floor) for floor in floors]
    return PutClub(
        earn_per_yuan=2,
        fen_per_100=50,
        most_per_10_000=3_000,
        levels=levels,
        version=now.version,
    )


async def test_levels_follow_from_what_was_earned(tx: Tx) -> None:
    await members.put_club(tx, change(await members.club(tx), 0, 10, 100))
    shopper_id = new_id()
    assert (await members.join(tx, shopper_id)).level == 1

    await members.earn(tx, shopper_id, 50, "order-1", "order")

    now = await members.get(tx, shopper_id)
    assert (now.level, now.level_name) == (2, "银卡 10")
    assert now.next_level == Level(name="银卡 100", from_points=100)
    stranger = new_id()
    assert await members.levels(tx, [shopper_id, stranger]) == {shopper_id: 2, stranger: 0}


async def test_who_leaves_has_no_level_and_finds_the_points_again(tx: Tx) -> None:
    shopper_id = new_id()
    await members.join(tx, shopper_id)
    await members.earn(tx, shopper_id, 50, "order-1", "order")

    left = await members.leave(tx, shopper_id)
    back = await members.join(tx, shopper_id)

    assert (left.level, left.joined_at) == (0, None)
    assert (back.level, back.balance) == (1, 50)


async def test_two_who_change_the_rule_at_once_notice_each_other(tx: Tx) -> None:
    seen = await members.club(tx)
    await members.put_club(tx, change(seen, 0))

    with pytest.raises(ClubVersionConflict) as refusal:
        await members.put_club(tx, change(seen, 0))

    assert refusal.value.facts == {"version": 1}
    assert (await members.rule(tx)).fen_per_100 == 50


async def test_a_host_does_not_change_what_points_are_worth(tx: Tx) -> None:
    as_host = tx.acting(Actor(tx.merchant_id, Role.HOST, new_id()))

    with pytest.raises(NotPermitted):
        await members.put_club(as_host, change(await members.club(tx), 0))


@pytest.mark.parametrize("floors", [(5, 10), (0, 10, 10), (0, 10, 5)])
def test_levels_begin_at_nothing_and_rise(floors: tuple[int, ...]) -> None:
    levels = [{"name": "V", "fromPoints": floor} for floor in floors]
    body = {
        "earnPerYuan": 1,
        "fenPer100": 100,
        "mostPer10000": 1,
        "levels": levels,
        "version": 0,
    }
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(body, PutClub)


async def test_the_staff_look_a_member_up_and_a_shopper_sees_nobody_else(tx: Tx) -> None:
    shopper_id = new_id()
    await members.join(tx, shopper_id)
    await members.earn(tx, shopper_id, 5, "order-1", "order")
    other = tx.acting(Actor(tx.merchant_id, Role.SHOPPER, new_id()))

    assert (await members.console_get(tx, shopper_id)).balance == 5
    assert len((await members.console_history(tx, shopper_id, None, 5)).items) == 1
    assert (await members.history(other, shopper_id, None, 5)).items == []
    with pytest.raises(NotAMember):
        await members.console_get(tx, new_id())
