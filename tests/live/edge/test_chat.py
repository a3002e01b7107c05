"""Rules, fair shares and load in a room: what is told to whom, by a clock that is told."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.live.edge.support import House
from tests.live.edge.test_time import Story, Wire
from xinbo.live.chat import (
    Listed,
    MessageKind,
    Muted,
    RoomRules,
    RulesChanged,
    Said,
    SaidState,
    WordAction,
)
from xinbo.live.edge._server._desk import Desk, Seat
from xinbo.live.edge._server._visit import Visit

pytestmark = pytest.mark.anyio


def speak(visit: Visit, text: str) -> UUID:
    message_id = uuid4()
    visit.heard(json.dumps({"t": "chat", "id": str(message_id), "text": text}).encode())
    return message_id


def said(story: Story) -> list[Said]:
    """All that goes to the archive."""
    batches = story.outbox._said._open.values()  # noqa: SLF001
    packed = story.outbox._said._packed  # noqa: SLF001
    assert not packed or len(packed) > 0
    return [each for batch in batches for each in batch if isinstance(each, Said)]


def shown(story: Story) -> list[dict[str, Any]]:
    """All that waits for the next frame of everyone."""
    lane = story.room.frames._public.listed  # noqa: SLF001
    return [found for each in lane if (found := json.loads(each))["t"] == "chat"]


def told(wire: Wire, t: str) -> list[dict[str, Any]]:
    return [each for each in wire.told if each["t"] == t]


async def test_a_listed_word_is_refused_or_held_and_its_author_is_told() -> None:
    story = Story()
    story.room.talk.obey(
        RoomRules(words=[Listed("赌博网站", WordAction.REFUSE), Listed("返利", WordAction.HOLD)])
    )
    visit, wire = story.come()
    refused, held = speak(visit, "堵 博 网 站"), speak(visit, "返-利吗")
    assert (
        told(wire, "refused")[0] | {"id": str(refused), "reason": "word"}
        == told(wire, "refused")[0]
    )
    assert told(wire, "fate") == [{"t": "fate", "id": str(held), "state": "held", "why": "word"}]
    assert shown(story) == []
    assert [each.state for each in said(story)] == [SaidState.REFUSED, SaidState.HELD]
    speak(visit, "好看")
    assert [each["text"] for each in shown(story)] == ["好看"]


async def test_slow_mode_says_how_long_and_holds_after_coming_back() -> None:
    story = Story()
    story.room.talk.slow_seconds = 30
    viewer_id = uuid4()
    visit, wire = story.come(viewer_id)
    speak(visit, "一")
    story.now += 10
    speak(visit, "二")
    assert told(wire, "refused")[0]["type"] == "SlowMode"
    assert (told(wire, "refused")[0]["retryAfter"], told(wire, "refused")[0]["seconds"]) == (20, 30)
    visit.closed()
    visit, wire = story.come(viewer_id)
    speak(visit, "三")
    assert told(wire, "refused")[0]["retryAfter"] == 20
    story.now += 20
    speak(visit, "四")
    assert [each["text"] for each in shown(story)] == ["一", "四"]


async def test_slow_mode_counts_what_was_said_on_another_edge() -> None:
    story = Story()
    story.room.talk.slow_seconds = 30
    visit, wire = story.come()
    by = told(wire, "hello")[0]["by"]
    other = {"t": "chat", "id": str(uuid4()), "by": by, "text": "那边说的"}
    story.room.hear(json.dumps(other).encode())
    speak(visit, "这边再说")
    assert told(wire, "refused")[0]["type"] == "SlowMode"


async def test_who_is_muted_is_told_until_when_and_who_is_sent_out_goes() -> None:
    story = Story()
    visit, wire = story.come()
    until = datetime.now(UTC) + timedelta(minutes=5)
    muted = Muted(visit.claims.viewer_id, until)
    story.room.talk.obey(RoomRules(muted=[muted]))
    speak(visit, "听得见吗")
    refusal = told(wire, "refused")[0]
    assert (refusal["type"], datetime.fromisoformat(refusal["until"])) == ("Muted", until)
    story.room.talk.obey(RoomRules())
    speak(visit, "现在呢")
    assert [each["text"] for each in shown(story)] == ["现在呢"]
    story.room.talk.obey(RoomRules(kicked=[visit.claims.viewer_id]))
    assert told(wire, "bye") == [{"t": "bye", "reason": "kicked"}]
    _, again = story.come(visit.claims.viewer_id)
    assert told(again, "bye") == [{"t": "bye", "reason": "kicked"}]
    assert told(again, "hello") == []


async def test_under_load_no_question_no_buyer_and_no_complaint_is_left_out() -> None:
    """Thousands speak in one second; what must be seen is, and the queue never lags."""
    story = Story()
    visits = [story.come() for _ in range(1200)]
    buyers = {visit.claims.viewer_id for visit, _ in visits[::50]}
    for buyer in buyers:
        story.room.paid(buyer, [], simulated=False)
    texts = {"question": "这个多少钱？", "complaint": "收到是坏的，要退款", "chat": "好看好看"}
    wanted: set[str] = set()
    sent = 0
    for number, (visit, _) in enumerate(visits):
        for kind in ("chat", "question") if number % 3 else ("chat", "complaint"):
            message_id = str(speak(visit, texts[kind]))
            sent += 1
            if kind != "chat" or visit.claims.viewer_id in buyers:
                wanted.add(message_id)
    for _ in range(10):
        story.now += 0.2
        story.room.talk.tick(story.now)
    seen = {each["id"] for each in shown(story)}
    assert wanted <= seen
    assert story.room.talk._candidates == []  # noqa: SLF001
    load = story.room.talk.each_second(story.now, 1)
    assert load[0] == len(seen)
    assert sum(load) == sent
    fates = [fate["id"] for _, wire in visits for fate in told(wire, "fate")]
    assert len(fates) == len(set(fates)) == load[1]
    assert not set(fates) & seen


async def test_the_places_go_round_among_those_who_only_chat() -> None:
    story = Story()
    loud = [story.come() for _ in range(40)]
    counts = dict.fromkeys((visit.claims.viewer_id for visit, _ in loud), 0)
    for _ in range(12):
        for visit, _ in loud:
            speak(visit, "好看")
        for _ in range(5):
            story.now += 0.4
            story.room.talk.tick(story.now)
    by = {told(wire, "hello")[0]["by"]: visit.claims.viewer_id for visit, wire in loud}
    for message in shown(story):
        counts[by[message["by"]]] += 1
    assert min(counts.values()) > 0
    assert max(counts.values()) - min(counts.values()) <= 4


async def test_everything_is_on_record_whatever_became_of_it() -> None:
    story = Story()
    visits = [story.come() for _ in range(150)]
    for visit, _ in visits:
        speak(visit, "好看")
    story.now += 0.2
    story.room.talk.tick(story.now)
    kept = said(story)
    assert len(kept) == 150
    states = {state: sum(each.state is state for each in kept) for state in SaidState}
    assert states[SaidState.SHOWN] + states[SaidState.SAMPLED] == 150
    assert states[SaidState.SAMPLED] > 100
    assert {each.why for each in kept if each.state is SaidState.SAMPLED} == {"load"}
    assert all(each.kind is MessageKind.CHAT for each in kept)


async def test_the_staff_hear_of_load_and_seats_over_all_edges_and_of_the_end_of_both() -> None:
    here, there = Desk(1), Desk(2)
    seat = Seat(name="周周", role="service", page="live", user_id="u")
    told_there = there.due((10, 90), [seat], 0.0)
    assert told_there is not None
    here.due((20, 0), [], 0.0)
    here.hear(told_there, 0.0)
    news = dict(here.news(0.0))
    assert json.loads(news["load"]) == {"t": "load", "shown": 30, "sampled": 90}
    assert json.loads(news["seats"])["seats"][0]["name"] == "周周"
    assert here.news(1.0) == []
    gone = dict(here.news(60.0))
    assert json.loads(gone["seats"])["seats"] == []
    assert json.loads(gone["load"])["sampled"] == 0


async def test_a_quiet_edge_without_staff_tells_the_others_nothing() -> None:
    desk = Desk(1)
    assert desk.due((3, 0), [], 0.0) is None
    assert desk.due((3, 1), [], 1.0) is not None
    assert desk.due((3, 0), [], 2.0) is not None
    assert desk.due((3, 0), [], 3.0) is None


async def test_a_removed_message_goes_everywhere_and_newcomers_never_see_it(house: House) -> None:
    one, two = house.edges
    async with house.viewer(edge=one) as a, house.viewer(edge=two) as b:
        message_id = uuid4()
        await a.say(t="chat", id=message_id, text="要删的")
        await b.until("chat")
        await house.fact("chat.removed", messageId=str(message_id))
        for viewer in (a, b):
            assert (await viewer.until("removed"))["id"] == str(message_id)
        async with house.viewer(edge=two) as late:
            assert (await late.until("hello"))["chat"] == []


async def test_rules_come_by_request_and_again_when_they_change(house: House) -> None:
    """A worker stands in for itself: it answers edges by the rules of the moment."""
    rules = RoomRules(words=[Listed("返利", WordAction.HOLD)])
    held: dict[str, bytes] = {}

    async def answer(_: bytes) -> bytes:
        return json.dumps(
            {
                "words": [list(word) for word in ((w.text, w.action) for w in rules.words)],
                "kicked": [str(each) for each in rules.kicked],
            }
        ).encode()

    async def message(question: bytes) -> bytes:
        return held[json.loads(question)["message_id"]]

    stops = [
        await house.bus.answer("chat.rules", answer),
        await house.bus.answer("chat.message", message),
    ]
    try:
        claims = house.claims("小雨")
        async with house.viewer(claims) as author, house.viewer(edge=house.edges[1]) as other:
            message_id = uuid4()
            await author.say(t="chat", id=message_id, text="返 利 吗")
            assert (await author.until("fate"))["state"] == "held"
            wire = {"t": "chat", "id": str(message_id), "by": "x", "text": "返 利 吗"}
            held[str(message_id)] = json.dumps(wire).encode()
            assert not other.all("chat")
            await house.fact("chat.released", messageId=str(message_id))
            for viewer in (author, other):
                assert (await viewer.until("chat"))["id"] == str(message_id)
            rules = RoomRules(kicked=[claims.viewer_id])
            await house.fact(RulesChanged.name)
            assert (await author.until("bye"))["reason"] == "kicked"
            assert await author.end() == 1008
    finally:
        for stop in stops:
            await stop()
