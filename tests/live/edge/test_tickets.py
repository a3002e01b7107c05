"""Who is let in, and as whom."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.support import NOW
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity import accounts
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import new_id
from xinbo.live import edge, shows
from xinbo.live.edge import RoomClosed, RoomRole, Ticket, Visitor
from xinbo.live.edge._rules import Claims, read
from xinbo.live.shows import PutShow, ShowNotFound

pytestmark = pytest.mark.anyio

KEY = b"k" * 32
HERE = edge.Places(edge="ws://127.0.0.1:8100/room", media="http://media.test")


def claims_of(ticket: Ticket) -> Claims:
    return read(ticket.ticket, KEY, NOW.timestamp())


@pytest.fixture
async def planned(database: Database, owner: Actor) -> UUID:
    """A draft of a show."""
    async with database.begin(owner, NOW) as tx:
        put = PutShow(
            title="早春新茶",
            summary="",
            cover_url=None,
            host_name="小满",
            host_avatar_url=None,
            starts_at=NOW + timedelta(hours=1),
            planned_minutes=60,
            version=None,
        )
        return (await shows.add(tx, put)).show.id


@pytest.fixture
async def announced(database: Database, owner: Actor, planned: UUID) -> UUID:
    """A show that shoppers may see."""
    async with database.begin(owner, NOW) as tx:
        await shows.schedule(tx, planned)
    return planned


async def test_a_guest_gets_an_id_and_a_neutral_name_and_may_not_chat(
    database: Database, merchant_id: UUID, announced: UUID
) -> None:
    async with database.begin(Actor(merchant_id, Role.GUEST), NOW) as tx:
        ticket = await edge.ticket(tx, announced, HERE, KEY)
    claims = claims_of(ticket)
    assert (claims.role, claims.show_id, claims.merchant_id, claims.viewer_id) == (
        RoomRole.GUEST,
        announced,
        merchant_id,
        ticket.viewer_id,
    )
    assert ticket.nickname.startswith("游客")
    assert not ticket.can_chat
    assert (ticket.edge_url, ticket.media_url) == (HERE.edge, HERE.media)
    assert ticket.expires_at == NOW + timedelta(minutes=15)


async def test_a_guest_who_comes_back_is_the_same_viewer(
    database: Database, merchant_id: UUID, announced: UUID
) -> None:
    viewer_id = new_id()
    async with database.begin(Actor(merchant_id, Role.GUEST, viewer_id=viewer_id), NOW) as tx:
        assert (await edge.ticket(tx, announced, HERE, KEY)).viewer_id == viewer_id


async def test_a_shopper_comes_in_under_the_nickname(
    database: Database, merchant_id: UUID, announced: UUID
) -> None:
    async with database.begin(system(merchant_id), NOW) as tx:
        shopper_id = await accounts.join(tx, "+8613800000000", "小雨")
    async with database.begin(Actor(merchant_id, Role.SHOPPER, shopper_id), NOW) as tx:
        ticket = await edge.ticket(tx, announced, HERE, KEY)
    assert (ticket.viewer_id, ticket.nickname, ticket.can_chat) == (shopper_id, "小雨", True)
    assert claims_of(ticket).role is RoomRole.SHOPPER
    assert not claims_of(ticket).simulated


async def test_staff_comes_in_under_the_shops_name_and_the_host_under_the_shows(
    database: Database, merchant_id: UUID, planned: UUID
) -> None:
    names: dict[Role, tuple[str, RoomRole]] = {}
    for role in (Role.OWNER, Role.HOST):
        async with database.begin(Actor(merchant_id, role, new_id()), NOW) as tx:
            ticket = await edge.staff_ticket(tx, planned, HERE, KEY)
        names[role] = ticket.nickname, claims_of(ticket).role
    assert names == {
        Role.OWNER: ("青禾生活", RoomRole.STAFF),
        Role.HOST: ("小满", RoomRole.HOST),
    }


async def test_strangers_and_other_merchants_find_no_room(
    database: Database, merchant_id: UUID, other_merchant_id: UUID, planned: UUID, announced: UUID
) -> None:
    for merchant in (merchant_id, other_merchant_id):
        async with database.begin(Actor(merchant, Role.SHOPPER, new_id()), NOW) as tx:
            with pytest.raises(NotPermitted):
                await edge.staff_ticket(tx, announced, HERE, KEY)
    async with database.begin(Actor(other_merchant_id, Role.GUEST), NOW) as tx:
        with pytest.raises(ShowNotFound):
            await edge.ticket(tx, announced, HERE, KEY)
    async with database.begin(Actor(other_merchant_id, Role.OWNER, new_id()), NOW) as tx:
        with pytest.raises(ShowNotFound):
            await edge.staff_ticket(tx, announced, HERE, KEY)


async def test_a_draft_has_no_room_for_shoppers(
    database: Database, merchant_id: UUID, planned: UUID
) -> None:
    async with database.begin(Actor(merchant_id, Role.GUEST), NOW) as tx:
        with pytest.raises((ShowNotFound, RoomClosed)):
            await edge.ticket(tx, planned, HERE, KEY)


async def test_the_audience_of_the_demo_is_marked_and_nobody_else_may_make_one(
    tx: Tx, database: Database, merchant_id: UUID
) -> None:
    visitor = Visitor(viewer_id=new_id(), name="演示观众", role=RoomRole.SHOPPER)
    assert claims_of(edge.simulated_ticket(tx, new_id(), visitor, HERE, KEY)).simulated
    async with database.begin(Actor(merchant_id, Role.SHOPPER, new_id()), NOW) as other:
        with pytest.raises(NotPermitted):
            edge.simulated_ticket(other, new_id(), visitor, HERE, KEY)
