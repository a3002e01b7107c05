"""A show counted as it goes, against its definitions."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics.support import (
    PRODUCTS,
    VIEWERS,
    Brute,
    arrivals,
    at,
    deed,
    fact,
    order,
)
from xinbo.analytics.collect import Kind, Observed
from xinbo.analytics.metrics._service._tally import Tally
from xinbo.engines.events import Fact
from xinbo.kit.ids import NIL

ENTERED, BEAT, LEFT = Kind.ROOM_ENTERED, Kind.ROOM_HEARTBEAT, Kind.ROOM_LEFT
ANN, BOB, *_ = VIEWERS


def counted(*events: Observed | Fact) -> Tally:
    tally = Tally()
    for event in events:
        if isinstance(event, Observed):
            tally.observe(event)
        else:
            tally.learn(event)
    return tally


def exact(events: list[Observed | Fact]) -> Tally:
    """Count as the worker does: as they arrive, and anew, in order, if that was not enough."""
    tally = counted(*events)
    return counted(*sorted(events, key=lambda each: each.at)) if tally.stale else tally


@settings(max_examples=400, deadline=None)
@given(events=arrivals(), now=st.integers(0, 150_000))
def test_late_doubled_and_disordered_events_give_the_numbers_of_the_definitions(
    events: list[Observed | Fact], now: int
) -> None:
    tally, brute = exact(events), Brute(events, now)
    numbers = tally.numbers(NIL, at(now))

    assert numbers.online == brute.present(now)
    assert numbers.peak == brute.peak()
    assert numbers.views == brute.count(ENTERED)
    assert numbers.viewers == len(brute.spans)
    assert numbers.messages == brute.count(Kind.CHAT_SENT)
    assert numbers.product_clicks == brute.count(Kind.PRODUCT_CLICKED)
    assert numbers.likes == sum(
        int(each.value or 0) for each in brute.deeds if each.type is Kind.CHAT_LIKED
    )
    assert numbers.orders == len(brute.totals("placed"))
    assert numbers.paid_orders == len(brute.totals("paid"))
    assert numbers.gmv_paid == sum(brute.totals("paid"))


@settings(max_examples=400, deadline=None)
@given(events=arrivals(), now=st.integers(0, 150_000))
def test_average_concurrency_times_length_is_time_watched_to_the_millisecond(
    events: list[Observed | Fact], now: int
) -> None:
    brute = Brute(events, now)
    assert exact(events).watched(at(now)) == brute.watched() == brute.integral()


@settings(max_examples=200, deadline=None)
@given(events=arrivals())
def test_the_parts_add_up_to_the_whole(events: list[Observed | Fact]) -> None:
    tally = exact(events)
    now = at(150_000)
    numbers, chart, products = tally.numbers(NIL, now), tally.chart(now), tally.products()
    assert sum(point.gmv_paid for point in chart.points) == numbers.gmv_paid
    assert sum(point.orders for point in chart.points) == numbers.orders
    assert sum(point.messages for point in chart.points) == numbers.messages
    assert max(point.online for point in chart.points) == numbers.peak
    assert sum(product.gmv_paid for product in products) == numbers.gmv_paid
    assert sum(product.clicks for product in products) == numbers.product_clicks
    assert numbers.conversion == (numbers.buyers / numbers.viewers if numbers.viewers else 0)
    assert 0 <= numbers.interaction_rate <= 1


@settings(max_examples=200, deadline=None)
@given(events=arrivals(), data=st.data())
def test_any_other_order_of_arrival_gives_the_same(
    events: list[Observed | Fact], data: st.DataObject
) -> None:
    other = data.draw(st.permutations(events))
    now = at(150_000)
    assert exact(events).numbers(NIL, now) == exact(other).numbers(NIL, now)
    assert exact(events).chart(now) == exact(other).chart(now)
    assert exact(events).products() == exact(other).products()


def test_two_sockets_of_one_viewer_are_one_viewer_until_both_are_closed() -> None:
    tally = counted(
        deed(ENTERED, 0, ANN, session="phone"),
        deed(ENTERED, 1_000, ANN, session="laptop"),
        deed(LEFT, 5_000, ANN, session="phone"),
        deed(LEFT, 9_000, ANN, session="laptop"),
    )
    assert tally.numbers(NIL, at(4_000)).online == 1
    assert tally.numbers(NIL, at(6_000)).online == 1
    assert tally.numbers(NIL, at(9_000)).online == 0
    numbers = tally.numbers(NIL, at(20_000))
    assert (numbers.peak, numbers.views, numbers.viewers) == (1, 2, 1)
    assert numbers.average_watch == 9.0


def test_who_never_says_goodbye_is_gone_fifteen_seconds_after_the_last_heartbeat() -> None:
    tally = counted(deed(ENTERED, 0, ANN), deed(BEAT, 10_000, ANN))
    assert tally.numbers(NIL, at(24_999)).online == 1
    assert tally.numbers(NIL, at(25_000)).online == 0
    assert tally.numbers(NIL, at(60_000)).average_watch == 25.0


def test_one_who_leaves_as_another_comes_makes_no_peak_of_two() -> None:
    tally = counted(deed(ENTERED, 0, ANN), deed(LEFT, 5_000, ANN), deed(ENTERED, 5_000, BOB))
    assert tally.numbers(NIL, at(9_000)).peak == 1


def test_what_has_yet_to_happen_is_not_counted_as_present() -> None:
    tally = counted(deed(ENTERED, 0, ANN), deed(ENTERED, 8_000, BOB))
    numbers = tally.numbers(NIL, at(5_000))
    assert (numbers.online, numbers.peak, numbers.average_watch) == (1, 1, 2.5)


def test_a_goodbye_that_falls_into_a_run_asks_for_a_new_count() -> None:
    late = deed(LEFT, 5_000, ANN)
    tally = counted(deed(ENTERED, 0, ANN), deed(BEAT, 10_000, ANN), late)
    assert tally.stale


def test_buyers_are_counted_once_and_shared_over_viewers() -> None:
    tally = counted(
        deed(ENTERED, 0, ANN),
        deed(ENTERED, 0, BOB),
        order("placed", 1_000, ANN, [PRODUCTS[0]], 9_900),
        order("paid", 2_000, ANN, [PRODUCTS[0]], 9_900),
        order("paid", 3_000, ANN, [PRODUCTS[1]], 100),
    )
    numbers = tally.numbers(NIL, at(4_000))
    assert (numbers.orders, numbers.paid_orders, numbers.buyers) == (1, 2, 1)
    assert (numbers.gmv_paid, numbers.conversion) == (10_000, 0.5)


def test_an_order_of_several_products_is_shared_out_to_the_last_fen() -> None:
    one, two, three = PRODUCTS
    tally = counted(order("paid", 0, ANN, [one, two, three], 100))
    assert sorted(product.gmv_paid for product in tally.products()) == [33, 33, 34]
    lines = [
        {"productId": str(one), "quantity": 2, "amount": 90},
        {"productId": str(two), "quantity": 1, "amount": 10},
    ]
    tally = counted(order("paid", 0, ANN, [one, two], 100, lines=lines))
    assert [(each.product_id, each.paid_pieces, each.gmv_paid) for each in tally.products()] == [
        (one, 2, 90),
        (two, 1, 10),
    ]


def test_simulated_viewers_and_simulated_buyers_mark_the_numbers() -> None:
    assert not counted(deed(ENTERED, 0, ANN)).numbers(NIL, at(0)).simulated
    for event in (
        deed(ENTERED, 0, ANN, simulated=True),
        deed(BEAT, 0, ANN, simulated=True),
        fact("orders.paid", 0, **(order("paid", 0, ANN, [], 1).payload | {"simulated": True})),
    ):
        assert counted(event).numbers(NIL, at(0)).simulated


def test_the_chart_shows_the_last_hour_with_what_happened_on_its_line() -> None:
    hour = 3_600_000
    tally = counted(
        fact("shows.started", 0, 1),
        deed(ENTERED, 0, ANN),
        fact("shows.product_pinned", hour + 5_000, 2, productId=str(PRODUCTS[0])),
        fact("shows.product_pinned", hour + 6_000, 3, productId=None),
        fact("shows.cue_started", hour + 7_000, 4, cueId=str(PRODUCTS[1])),
        fact("broadcasts.video_changed", hour + 8_000, 5, state="live"),
    )
    early = tally.chart(at(25_000))
    assert [point.online for point in early.points] == [1, 1, 0]
    assert [(mark.kind, mark.label) for mark in early.marks] == [("start", "")]

    chart = tally.chart(at(hour + 9_000))
    assert len(chart.points) == 360
    assert chart.points[-1].at == at(hour)
    assert [(mark.kind, mark.label) for mark in chart.marks] == [
        ("pin", str(PRODUCTS[0])),
        ("pin", ""),
        ("cue", str(PRODUCTS[1])),
        ("video", "live"),
    ]


def test_the_chart_of_a_show_that_is_over_ends_where_it_ended() -> None:
    tally = counted(fact("shows.started", 0, 1), fact("shows.ended", 65_000, 2))
    chart = tally.chart(at(0) + timedelta(days=3))
    assert [point.at for point in chart.points] == [at(10_000 * n) for n in range(7)]
    assert [mark.kind for mark in chart.marks] == ["start", "end"]


def test_a_show_is_on_air_as_the_last_fact_says_whatever_arrives_last() -> None:
    rehearsed = fact("shows.changed", 0, 1, status="rehearsal")
    ended = fact("shows.ended", 10, 3)
    assert counted(rehearsed).on_air
    assert counted(fact("shows.started", 5, 2), rehearsed).on_air
    assert not counted(ended, fact("shows.started", 5, 2)).on_air
    assert not counted(rehearsed, fact("shows.changed", 4, 2, status="scheduled")).on_air


def test_staff_who_chat_without_entering_raise_no_rate() -> None:
    tally = counted(deed(ENTERED, 0, ANN), deed(Kind.CHAT_SENT, 1, UUID(int=99)))
    numbers = tally.numbers(NIL, at(10))
    assert (numbers.messages, numbers.interaction_rate) == (1, 0.0)


def test_what_was_only_rehearsed_is_no_mark_of_the_show() -> None:
    def fact(seq: int, name: str, ms: int) -> Fact:
        product = {"productId": str(UUID(int=9))} if name == "shows.product_pinned" else {}
        return Fact(
            id=UUID(int=seq),
            seq=seq,
            type=name,
            merchant_id=NIL,
            actor_id=None,
            at=at(ms),
            payload={"showId": str(NIL), **product},
        )

    rehearsed = fact(1, "shows.product_pinned", 1_000)
    assert [mark.kind for mark in counted(rehearsed).chart(at(60_000)).marks] == ["pin"]
    tally = counted(
        rehearsed, fact(2, "shows.started", 30_000), fact(3, "shows.product_pinned", 40_000)
    )
    assert [mark.kind for mark in tally.chart(at(60_000)).marks] == ["start", "pin"]
