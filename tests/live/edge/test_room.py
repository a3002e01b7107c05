"""What happens in a room, over two edges and a real bus."""

import asyncio
import json
from uuid import uuid4

import pytest

from tests.live.edge.support import MERCHANT, House, Message
from xinbo.live.edge._rules import author_mark

pytestmark = pytest.mark.anyio


def stage(house: House, seq: int, pinned: str | None = None) -> Message:
    return {"showId": str(house.show), "seq": seq, "pinnedProductId": pinned, "items": []}


async def test_a_newcomer_is_greeted_with_what_counts(house: House) -> None:
    claims = house.claims()
    async with house.viewer(claims) as viewer:
        hello = await viewer.until("hello")
        assert viewer.heard[0] is hello
        assert hello["viewerId"] == str(claims.viewer_id)
        assert hello["by"] == author_mark(house.show, claims.viewer_id)
        assert (hello["online"], hello["likes"], hello["chat"]) == (1, 0, [])
        assert abs(hello["serverMs"] - viewer.frames[0]["at"]) < 1000


async def test_a_pin_is_heard_by_all_and_an_older_stage_by_nobody(house: House) -> None:
    one, two = house.edges
    async with house.viewer(edge=one) as a, house.viewer(edge=two) as b:
        await house.fact("stage.changed", stage=stage(house, 7, "tea"))
        for viewer in (a, b):
            heard = await viewer.until("stage")
            assert (heard["seq"], heard["pinnedProductId"]) == (7, "tea")
        await house.fact("stage.changed", stage=stage(house, 6, "cup"))
        await house.fact("stage.changed", stage=stage(house, 8))
        for viewer in (a, b):
            await viewer.until("stage", lambda m: m["seq"] == 8)
            assert [m["seq"] for m in viewer.all("stage")] == [7, 8]


async def test_news_reaches_all_or_the_staff_or_every_page_of_one_viewer(house: House) -> None:
    one, two = house.edges
    meant = house.claims("小雨")
    async with (
        house.viewer(meant, one) as a,
        house.viewer(meant, two) as tab,
        house.viewer(edge=one) as other,
        house.viewer(house.claims("店", "staff"), two) as staff,
    ):
        for to, about in ((str(meant.viewer_id), "held"), ("staff", "incident"), ("all", "game")):
            await house.fact("rooms.told", to=to, message={"t": "told", "about": about, "id": "7"})
        for viewer in (a, tab, other, staff):
            await viewer.until("told", lambda m: m["about"] == "game")
        heard = [[m["about"] for m in viewer.all("told")] for viewer in (a, tab, other, staff)]
        assert heard[0] == heard[1] == ["held", "game"]
        assert heard[2] == ["game"]
        assert sorted(heard[3]) == ["game", "incident"]


async def test_chat_reaches_both_edges_once(house: House) -> None:
    one, two = house.edges
    sender = house.claims("小雨")
    async with house.viewer(sender, one) as a, house.viewer(edge=two) as b:
        message_id = uuid4()
        for _ in range(2):
            await a.say(t="chat", id=message_id, text=" 好看\u200b！ ")
        for viewer in (a, b):
            heard = await viewer.until("chat")
            assert heard["text"] == "好看！"
            assert heard["id"] == str(message_id)
            assert (heard["name"], heard["role"]) == ("小雨", "shopper")
            assert heard["by"] == author_mark(house.show, sender.viewer_id)
        await a.say(t="chat", id=uuid4(), text="第二条")
        for viewer in (a, b):
            await viewer.until("chat", lambda m: m["text"] == "第二条")
            assert len(viewer.all("chat")) == 2


async def test_whoever_comes_back_gets_the_last_chat_on_any_edge(house: House) -> None:
    one, two = house.edges
    async with house.viewer(house.claims("店", "staff"), one) as staff:
        for n in range(4):
            await staff.say(t="chat", id=uuid4(), text=f"第 {n} 条")
        await staff.until("chat", lambda m: m["text"] == "第 3 条")
        async with house.viewer(edge=one) as viewer:
            hello = await viewer.until("hello")
            assert [m["text"] for m in hello["chat"]] == [f"第 {n} 条" for n in range(4)]
        await asyncio.sleep(2.5)  # what is kept is written each two seconds
        async with house.viewer(edge=two) as viewer:
            assert len((await viewer.until("hello"))["chat"]) == 4


async def test_guests_do_not_chat_and_only_they_are_told(house: House) -> None:
    async with (
        house.viewer(house.claims("游客 1", "guest")) as guest,
        house.viewer() as other,
    ):
        await guest.say(t="chat", id=uuid4(), text="你好")
        refused = await guest.until("refused")
        assert (refused["of"], refused["type"]) == ("chat", "SignInRequired")
        await house.publish("msg", {"t": "stock", "items": {}, "seq": 1})
        await other.until("stock")
        assert not other.all("chat")
        assert not other.all("refused")


async def test_a_message_that_breaks_the_rules_is_refused_to_its_author(house: House) -> None:
    async with house.viewer() as viewer:
        await viewer.say(t="chat", id=uuid4(), text="加我 www.evil.com 更便宜")
        refused = await viewer.until("refused")
        assert (refused["type"], refused["reason"]) == ("MessageRefused", "link")


async def test_chatting_too_fast_is_refused_with_the_time_to_wait(house: House) -> None:
    async with house.viewer() as viewer:
        for n in range(5):
            await viewer.say(t="chat", id=uuid4(), text=f"{n}")
        refused = await viewer.until("refused", lambda m: m["type"] == "TooFast")
        assert refused["retryAfter"] in {1, 2}
        await viewer.until("chat", lambda m: m["text"] == "2")
        assert [m["text"] for m in viewer.all("chat")] == ["0", "1", "2"]


async def test_two_tabs_are_one_viewer_on_one_edge_and_on_two(house: House) -> None:
    one, two = house.edges
    both = house.claims()
    async with (
        house.viewer(both, one),
        house.viewer(both, one),
        house.viewer(both, two),
        house.viewer(edge=two) as other,
    ):
        await other.until("viewers", lambda m: m["n"] == 2)
        await asyncio.sleep(2.5)
        assert max(m["n"] for m in other.all("viewers")) == 2


async def test_staff_is_not_counted_and_simulated_viewers_are_told_apart(house: House) -> None:
    one, two = house.edges
    async with (
        house.viewer(house.claims("店", "host"), one),
        house.viewer(house.claims("演示", simulated=True), two),
        house.viewer(edge=one) as viewer,
    ):
        counted = await viewer.until("viewers", lambda m: m["n"] == 2)
        assert counted["simulated"] == 1


async def test_leaving_is_seen_on_the_other_edge(house: House) -> None:
    one, two = house.edges
    async with house.viewer(edge=two) as stays:
        async with house.viewer(edge=one):
            await stays.until("viewers", lambda m: m["n"] == 2)
            both = len(stays.heard)
        await stays.until("viewers", lambda m: m["n"] == 1, since=both)


async def test_messages_for_the_staff_never_reach_viewers(house: House) -> None:
    async with (
        house.viewer(house.claims("店", "staff")) as staff,
        house.viewer() as viewer,
    ):
        await house.publish("staff", {"t": "numbers", "online": 5})
        await house.publish("staff", [{"t": "ingest", "fps": 30}])
        await house.publish("msg", [{"t": "stock", "items": {"a": 3}, "seq": 1}])
        assert (await staff.until("numbers"))["online"] == 5
        assert (await staff.until("ingest"))["fps"] == 30
        assert (await staff.until("stock"))["items"] == {"a": 3}
        await viewer.until("stock")
        await asyncio.sleep(0.3)
        assert {m["t"] for m in viewer.heard} <= {"hello", "stock", "viewers", "joins"}


async def test_likes_are_one_number_everywhere(house: House) -> None:
    one, two = house.edges
    async with house.viewer(edge=one) as a, house.viewer(edge=two) as b:
        await a.say(t="like", n=3)
        await b.say(t="like", n=500)  # counts as the 20 that one message can carry
        for viewer in (a, b):
            await viewer.until("likes", lambda m: m["n"] == 23)
        async with house.viewer(edge=two) as late:
            assert (await late.until("hello"))["likes"] == 23


async def test_paid_orders_are_announced_together_and_nobody_is_named_in_full(
    house: House,
) -> None:
    buyer, product = house.claims("王小明"), uuid4()
    async with house.viewer(buyer) as viewer:
        order = {"productIds": [product], "simulated": False}
        await house.fact("orders.paid", shopperId=buyer.viewer_id, **order)
        await house.fact("orders.paid", shopperId=uuid4(), **order)
        toast = await viewer.until("toast")
        assert (toast["kind"], toast["productId"]) == ("ordered", str(product))
        assert (toast["name"], toast["n"]) == ("王**", 2)
        assert "simulated" not in toast
        await house.fact("orders.paid", shopperId=uuid4(), **order | {"simulated": True})
        assert (await viewer.until("toast", lambda m: m is not toast))["simulated"] is True


async def test_video_that_comes_and_goes_is_told(house: House) -> None:
    async with house.viewer() as viewer:
        await house.fact("broadcasts.video_changed", state="live", playbackPath="/hls/x/live.m3u8")
        video = await viewer.until("video")
        assert (video["state"], video["playbackPath"]) == ("live", "/hls/x/live.m3u8")


async def test_an_ended_show_says_so_and_then_closes_its_room(house: House) -> None:
    async with house.viewer() as viewer:
        await house.fact("shows.ended")
        assert (await viewer.until("show"))["status"] == "ended"
        assert (await viewer.until("bye"))["reason"] == "ended"
        assert await viewer.end() == 1000


async def test_what_viewers_do_reaches_analytics(house: House) -> None:
    stream = await house.bus.streams.pull_subscribe(f"behaviour.{MERCHANT}", stream="BEHAVIOUR")
    claims, product = house.claims(), uuid4()
    async with house.viewer(claims) as viewer:
        await viewer.say(t="chat", id=uuid4(), text="想要")
        await viewer.say(t="like", n=2)
        await viewer.say(t="like", n=3)
        await viewer.say(t="ev", type="product.clicked", productId=product)
        await viewer.say(t="beat", watching=True, playing=True, positionMs=1200.5)
    kinds = {
        "room.entered", "chat.sent", "chat.liked", "product.clicked", "room.heartbeat", "room.left"
    }  # fmt: skip
    found: dict[str, Message] = {}
    async with asyncio.timeout(20):
        while kinds - set(found):
            for message in await stream.fetch(1, timeout=10):
                for event in json.loads(message.data):
                    if event["viewerId"] == str(claims.viewer_id):
                        found[event["type"]] = event
                await message.ack()
    assert found["chat.liked"]["value"] == 5
    assert found["product.clicked"]["props"] == {"productId": str(product)}
    session = found["room.entered"]["props"]["session"]
    assert found["room.heartbeat"]["props"] == {"playing": True, "session": session}
    assert found["room.left"]["props"] == {"session": session}
    assert found["room.left"]["value"] == found["room.heartbeat"]["value"] >= 0
    assert found["room.entered"]["showId"] == str(house.show)
