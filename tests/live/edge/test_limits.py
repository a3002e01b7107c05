"""Who gets in, and how much each may ask of the edge."""

import asyncio
import json
import socket
import time
from uuid import uuid4

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.live.edge.support import PATIENCE, House, Viewer
from xinbo.live.edge import RoomRole
from xinbo.live.edge._rules import sign

pytestmark = pytest.mark.anyio


async def turned_away(url: str, origin: str | None = None) -> str:
    with pytest.raises(InvalidStatus) as refusal:
        async with connect(url, origin=origin):  # pyright: ignore[reportArgumentType] a plain str
            pass
    answer = refusal.value.response
    assert answer.status_code == 403
    return answer.body.decode().strip() if answer.body else ""


async def test_a_page_of_another_site_is_turned_away(house: House) -> None:
    url = house.url(house.edges[0], sign(house.claims(), house.key))
    assert await turned_away(url, "http://evil.example") == "OriginRefused"
    async with house.viewer(origin="http://127.0.0.1:8000"):
        pass


async def test_forged_expired_and_absent_tickets_are_turned_away(house: House) -> None:
    edge = house.edges[0]
    forged = sign(house.claims(), b"x" * 32)
    assert "forged" in await turned_away(house.url(edge, forged))
    old = sign(house.claims(issued=int(time.time()) - 61), house.key)
    assert "expired" in await turned_away(house.url(edge, old))
    assert "forged" in await turned_away(house.url(edge, ""))


async def test_a_ticket_for_another_room_does_not_renew_this_one(house: House) -> None:
    async with house.viewer() as viewer:
        other = sign(house.claims(show_id=uuid4()), house.key)
        await viewer.say(t="ticket", ticket=other)
        refused = await viewer.until("refused")
        assert (refused["of"], refused["type"], refused["reason"]) == (
            "ticket",
            "TicketRefused",
            "otherRoom",
        )


async def test_a_guest_who_signs_in_goes_on_as_a_shopper(house: House) -> None:
    async with house.viewer(house.claims("游客 1", "guest")) as viewer:
        member = house.claims("小雨")
        await viewer.say(t="ticket", ticket=sign(member, house.key))
        await viewer.until("hello", lambda m: m["viewerId"] == str(member.viewer_id))
        await viewer.say(t="chat", id=uuid4(), text="我来了")
        assert (await viewer.until("chat"))["name"] == "小雨"
        assert (await viewer.until("viewers"))["n"] == 1


async def test_too_long_a_frame_closes_the_socket(house: House) -> None:
    async with house.viewer() as viewer, house.viewer() as other:
        await viewer.socket.send(json.dumps({"t": "chat", "id": str(uuid4()), "text": "长" * 800}))
        assert await viewer.end() == 1009
        await house.publish("msg", {"t": "stock", "items": {}, "seq": 1})
        await other.until("stock")
        assert not other.all("chat")


@pytest.mark.parametrize(
    "nonsense", ["", "{", "[]", '{"t":"nothing"}', '{"t":"like"}', '{"t":"chat","id":1,"text":2}']
)
async def test_nonsense_is_refused_and_then_the_socket_closed(house: House, nonsense: str) -> None:
    async with house.viewer() as viewer:
        for _ in range(3):
            await viewer.socket.send(nonsense)
        assert (await viewer.until("bye"))["reason"] == "limit"
        assert await viewer.end() == 1008
        assert [m["type"] for m in viewer.all("refused")] == ["Malformed"] * 3


async def test_a_flood_is_ignored_and_then_the_socket_closed(house: House) -> None:
    async with house.viewer() as viewer:
        for _ in range(600):
            await viewer.socket.send('{"t":"like","n":1}')
        assert (await viewer.until("bye"))["reason"] == "limit"
        assert await viewer.end() == 1008
    async with house.viewer() as later:
        await asyncio.sleep(0.5)
        assert (await later.until("hello"))["likes"] <= 10


async def test_a_sixth_tab_is_one_too_many(house: House) -> None:
    claims = house.claims()
    url = house.url(house.edges[0], sign(claims, house.key))
    sockets = [await connect(url) for _ in range(6)]
    sixth = Viewer(sockets[5])
    assert (await sixth.until("bye"))["reason"] == "limit"
    first = Viewer(sockets[0])
    await first.until("hello")
    for each in sockets[:5]:
        await each.close()
    await first.end()
    async with house.viewer(claims):
        pass


async def test_a_slow_reader_is_dropped_and_the_others_hear_everything(house: House) -> None:
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    raw.connect(("127.0.0.1", house.edges[0].port))
    url = house.url(house.edges[0], sign(house.claims(), house.key))
    async with connect(url, sock=raw, max_queue=1, max_size=None) as slow, house.viewer() as quick:
        text = "x" * 50_000
        for seq in range(60):
            await house.publish("msg", {"t": "stock", "items": {text: 1}, "seq": seq})
            await asyncio.sleep(0.02)
        await quick.until("stock", lambda m: m["seq"] == 59)
        assert [m["seq"] for m in quick.all("stock")] == list(range(60))
        heard: list[dict[str, object]] = []
        async with asyncio.timeout(PATIENCE):
            try:
                async for frame in slow:
                    heard += json.loads(frame)["m"]
            except ConnectionClosed:
                pass
        assert heard[-1] == {"t": "bye", "reason": "slow"}
        assert len([m for m in heard if m["t"] == "stock"]) < 60


async def test_staff_may_post_addresses_and_speaks_as_the_shop(house: House) -> None:
    async with house.viewer(house.claims("信播小店", RoomRole.STAFF)) as staff:
        await staff.say(t="chat", id=uuid4(), text="看 shop.example.com")
        said = await staff.until("chat")
        assert (said["name"], said["role"]) == ("信播小店", "staff")
