"""A shopper follows a merchant, and the number shown is the number who do."""

import asyncio
from uuid import UUID

import pytest

from xinbo.engines.tx import Actor, Database, Role, Tx
from xinbo.identity import accounts, follows
from xinbo.identity.follows import Following
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


async def shopper(tx: Tx) -> Tx:
    who = await accounts.join(tx, f"+8613{new_id().int % 10**9:09}")
    return tx.acting(Actor(tx.merchant_id, Role.SHOPPER, who))


async def test_following_can_be_taken_back(tx: Tx) -> None:
    """#20: the number cannot be set, only followed up and down."""
    one, two = await shopper(tx), await shopper(tx)
    assert one.actor.user_id
    assert two.actor.user_id
    assert await follows.follow(one, one.actor.user_id) == Following(following=True, followers=1)
    assert await follows.follow(one, one.actor.user_id) == Following(following=True, followers=1)
    assert await follows.mine(two) == Following(following=False, followers=1)
    assert await follows.unfollow(one, one.actor.user_id) == Following(following=False, followers=0)
    assert not await follows.follows(tx, one.actor.user_id)


async def test_a_guest_follows_nobody_and_other_merchants_are_apart(
    tx: Tx, other_merchant_id: UUID
) -> None:
    one = await shopper(tx)
    assert one.actor.user_id
    await follows.follow(one, one.actor.user_id)
    guest = tx.acting(Actor(tx.merchant_id, Role.GUEST))
    elsewhere = tx.acting(Actor(other_merchant_id, Role.SHOPPER, one.actor.user_id))
    assert await follows.mine(guest) == Following(following=False, followers=1)
    assert await follows.mine(elsewhere) == Following(following=False, followers=0)


async def test_the_same_shopper_pressing_twice_at_once_follows_once(
    database: Database, merchant_id: UUID
) -> None:
    who = new_id()

    async def press() -> None:
        async with database.begin(Actor(merchant_id, Role.SHOPPER, who)) as tx:
            await follows.follow(tx, who)

    await asyncio.gather(*(press() for _ in range(6)))
    async with database.begin(Actor(merchant_id, Role.SHOPPER, who)) as tx:
        assert await follows.mine(tx) == Following(following=True, followers=1)
