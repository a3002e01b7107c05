"""What is kept amounts to what was counted: real engine, any order, any repetition."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.analytics.support import (
    LIFE,
    MOMENTS,
    VIEWERS,
    arrivals,
    at,
    deed,
    fact,
)
from xinbo.analytics.collect import Kind, Observed
from xinbo.analytics.metrics._service import _kept
from xinbo.analytics.metrics._service._tally import Tally
from xinbo.engines.events import Fact
from xinbo.engines.olap import Message, Store
from xinbo.kit.ids import NIL, new_id

pytestmark = pytest.mark.anyio
ANN, *_ = VIEWERS


async def keep(store: Store, key: _kept.Key, events: list[Observed | Fact]) -> None:
    deeds = [(key, event) for event in events if isinstance(event, Observed)]
    facts = [(key, event) for event in events if isinstance(event, Fact)]
    if deeds:
        await _kept.keep_deeds(store, deeds)
    if facts:
        await _kept.keep_facts(store, facts)


def counted(events: list[Observed | Fact]) -> Tally:
    tally = Tally()
    for event in events:
        if isinstance(event, Observed):
            tally.observe(event)
        else:
            tally.learn(event)
    return tally


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=arrivals(), middle=st.integers(0, 40), moment=MOMENTS)
async def test_a_count_from_the_store_equals_the_count_as_it_went(
    store: Store, events: list[Observed | Fact], middle: int, moment: int
) -> None:
    key = new_id(), new_id()
    await keep(store, key, events[:middle])
    await keep(store, key, events[middle:])
    anew, went = await _kept.recount(store, key), counted(events)
    if went.stale:
        went = counted(sorted(events, key=lambda each: each.at))
    for ms in (0, 30_000, moment, 150_000):
        assert anew.numbers(NIL, at(ms)) == went.numbers(NIL, at(ms))
        assert anew.watched(at(ms)) == went.watched(at(ms))
        assert anew.chart(at(ms)) == went.chart(at(ms))
    assert anew.products() == went.products()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=arrivals(), more=arrivals())
async def test_a_recount_goes_on_counting_as_if_it_had_always_been_there(
    store: Store, events: list[Observed | Fact], more: list[Observed | Fact]
) -> None:
    key = new_id(), new_id()
    await keep(store, key, events)
    resumed = await _kept.recount(store, key)
    for event in more:
        if isinstance(event, Observed):
            resumed.observe(event)
        else:
            resumed.learn(event)
    if not resumed.stale:
        whole = counted(sorted([*events, *more], key=lambda each: each.at))
        assert resumed.numbers(NIL, at(150_000)) == whole.numbers(NIL, at(150_000))
        assert resumed.watched(at(60_000)) == whole.watched(at(60_000))


async def test_rows_that_the_engine_has_merged_count_as_before(store: Store) -> None:
    key = new_id(), new_id()
    events: list[Observed | Fact] = [
        deed(Kind.ROOM_ENTERED, 0, ANN),
        deed(Kind.CHAT_LIKED, 5, ANN, value=3),
        fact("shows.started", 0, 1),
    ]
    for _ in range(3):
        await keep(store, key, events)
    before = (await _kept.recount(store, key)).numbers(NIL, at(LIFE))
    await store.run("optimize table behaviour final")
    await store.run("optimize table fact final")
    after = (await _kept.recount(store, key)).numbers(NIL, at(LIFE))
    assert before == after
    assert (after.views, after.likes) == (1, 3)
    rows = await store.rows("select count() from behaviour where show_id={s:UUID}", s=key[1])
    assert rows == [(2,)]


async def test_a_merchants_events_do_not_count_for_anothers_show(store: Store) -> None:
    show_id = new_id()
    mine, other = (new_id(), show_id), (new_id(), show_id)
    await keep(store, other, [deed(Kind.ROOM_ENTERED, 0, ANN), fact("shows.started", 0, 1)])
    assert (await _kept.recount(store, mine)).numbers(NIL, at(1)).viewers == 0
    assert (await _kept.recount(store, other)).numbers(NIL, at(1)).viewers == 1


def test_what_cannot_be_read_or_believed_is_left_out_alone() -> None:
    good = deed(Kind.CHAT_LIKED, 0, ANN, value=2)
    sane = msgspec.to_builtins(good)
    batch = [
        sane,
        sane | {"type": "room.exploded"},
        sane | {"id": 7},
        sane | {"at": "2026-11-11T12:00:00"},
        sane | {"at": "1970-01-01T00:00:00Z"},
        sane | {"at": "9999-01-01T00:00:00Z"},
        sane | {"value": -5},
        sane | {"value": 1e300},
        sane | {"at": "2026-11-11T20:00:00.123987+08:00", "showId": None},
        "junk",
    ]
    message = Message(f"behaviour.{NIL}", msgspec.json.encode(batch))
    read = list(_kept.deeds(message))
    assert [event.value for _, event in read] == [2, 0, 1e6, 2]
    assert read[-1][1].at == datetime(2026, 11, 11, 12, 0, 0, 123_000, tzinfo=UTC)
    assert read[-1][0] == (NIL, NIL)
    assert list(_kept.deeds(Message(f"behaviour.{NIL}", b"\xff junk"))) == []


def test_facts_that_only_repeat_others_for_screens_are_not_kept() -> None:
    staged = fact("stage.changed", 0, 1, showId=str(NIL), stage={"items": []})
    message = Message("facts.x", msgspec.json.encode(staged))
    assert list(_kept.facts(message)) == []
