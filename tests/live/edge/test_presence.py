"""Edges agree on who is there, and on the likes, whatever happens to their messages."""

from hypothesis import given, settings
from hypothesis import strategies as st

from xinbo.live.edge._server import _presence
from xinbo.live.edge._server._likes import AGAIN_EVERY, Likes
from xinbo.live.edge._server._presence import FULL_EVERY, SILENT_AFTER, Presence

unhurried = settings(deadline=None)
marks = st.integers(0, 30)


def exchange(edges: list[Presence], now: float) -> None:
    for edge in edges:
        for roll in edge.due(now):
            for other in edges:
                other.hear(roll, now)


def test_edges_count_each_viewer_once() -> None:
    one, two = Presence(1), Presence(2)
    one.arrive(10)
    one.arrive(12)
    two.arrive(12)
    two.arrive(15)
    exchange([one, two], 0)
    exchange([one, two], 1)
    assert one.count(1) == two.count(1) == (3, 1)
    two.depart(12)
    one.depart(10)
    exchange([one, two], 2)
    assert one.count(2) == two.count(2) == (2, 1)


def test_an_edge_that_starts_learns_of_the_others_at_once() -> None:
    one = Presence(1)
    one.arrive(10)
    exchange([one], 0)
    late = Presence(2)
    for roll in late.due(1):
        one.hear(roll, 1)
    for roll in one.due(1.1):
        late.hear(roll, 1.1)
    assert late.count(2) == (1, 0)


def test_an_edge_that_falls_silent_no_longer_counts_and_one_that_stops_neither() -> None:
    one, two, three = Presence(1), Presence(2), Presence(3)
    for mark, edge in enumerate((one, two, three)):
        edge.arrive(mark * 2)
    exchange([one, two, three], 0)
    assert one.count(0) == (3, 0)
    one.hear(three.gone(), 1)
    assert one.count(1) == (2, 0)
    assert one.count(SILENT_AFTER + 1) == (1, 0)


def test_a_lost_change_is_noticed_at_the_next_one() -> None:
    one, two = Presence(1), Presence(2)
    exchange([one, two], 0)
    one.arrive(10)
    assert one.due(1)  # and nobody hears it
    one.arrive(12)
    exchange([one, two], 2)
    exchange([one, two], 4)
    exchange([one, two], 4.1)
    assert two.count(5) == (2, 0)


def test_a_crowd_too_large_for_one_message_comes_in_parts() -> None:
    one, two = Presence(1), Presence(2)
    for mark in range(0, 500_000, 2):
        one.arrive(mark)
    exchange([one, two], 0)
    assert two.count(0) == (250_000, 0)
    assert all(len(roll) < 1_000_000 for roll in one.due(FULL_EVERY))
    assert _presence.MOST_A_MESSAGE == 100_000


@unhurried
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.booleans(), marks, st.lists(st.booleans(), max_size=9)),
        max_size=60,
    )
)
def test_edges_agree_in_the_end_whatever_was_lost(
    story: list[tuple[int, bool, int, list[bool]]],
) -> None:
    edges = [Presence(n) for n in range(3)]
    now = 0.0
    for at, comes, mark, delivered in story:
        now += 0.7
        (edges[at].arrive if comes else edges[at].depart)(mark)
        arrives = iter(delivered)
        for edge in edges:
            for roll in edge.due(now):
                for other in edges:
                    if next(arrives, True):
                        other.hear(roll, now)
    now += FULL_EVERY + 1
    exchange(edges, now)
    true = len(set[int]().union(*(edge.own for edge in edges)))
    assert {edge.count(now)[0] for edge in edges} == {true}


class Bus:
    """Keeps the last thing told, and may fail to deliver it to all but the teller."""

    def __init__(self) -> None:
        self.kept = b"{}"

    def carry(self, teller: Likes, everyone: list[Likes], now: float, *, well: bool) -> None:
        if told := teller.due(now):
            self.kept = told
            for edge in everyone:
                if well or edge is teller:
                    edge.hear(told)


@unhurried
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 20), st.booleans(), st.booleans())))
def test_likes_never_run_backwards_and_all_edges_come_to_agree(
    story: list[tuple[int, int, bool, bool]],
) -> None:
    bus, edges, seen, now = Bus(), [Likes(f"{n}") for n in range(3)], 0, 100.0
    for at, n, dies, well in story:
        now += 3
        edges[at].add(n)
        bus.carry(edges[at], edges, now, well=well)
        seen = max(seen, edges[at].shown)
        if dies:
            edges[at] = Likes(f"{now}")
            edges[at].hear(bus.kept)
    for _ in range(3):
        now += AGAIN_EVERY
        for edge in edges:
            bus.carry(edge, edges, now, well=True)
    totals = {edge.shown for edge in edges}
    assert len(totals) == 1
    assert seen <= totals.pop() <= sum(n for _, n, _, _ in story)


def test_likes_begin_where_analytics_had_counted_to_and_show_without_a_bus() -> None:
    likes = Likes("a")
    likes.start_at(100)
    assert likes.shown == 100
    likes.add(5)
    assert likes.due(10)
    assert not likes.overdue(11)
    assert likes.overdue(13)
    assert likes.shown == 105
