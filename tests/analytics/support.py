"""Shows that never were: events at random, and what they amount to by definition alone."""

import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from xinbo.analytics.collect import Kind, Observed
from xinbo.engines.events import Fact
from xinbo.kit.ids import NIL, new_id

BEGIN = datetime(2026, 11, 11, 12, tzinfo=UTC)
LIFE = 15_000
MS = timedelta(milliseconds=1)


def at(ms: int) -> datetime:
    """Return a moment of the show."""
    return BEGIN + ms * MS


def deed(
    kind: Kind, ms: int, viewer: UUID, *, value: float | None = None, **props: object
) -> Observed:
    """Make a behaviour event with an id of its own."""
    return Observed(
        id=new_id(),
        type=kind,
        at=at(ms),
        show_id=NIL,
        viewer_id=viewer,
        value=value,
        props={"simulated": False} | props,
    )


def fact(kind: str, ms: int, seq: int = 0, **payload: Any) -> Fact:
    """Make a fact with an id of its own."""
    return Fact(
        id=new_id(),
        seq=seq,
        type=kind,
        merchant_id=NIL,
        actor_id=None,
        at=at(ms),
        payload=payload,
    )


def order(kind: str, ms: int, shopper: UUID, products: list[UUID], total: int, **more: Any) -> Fact:
    """Make an order's fact."""
    return fact(
        f"orders.{kind}",
        ms,
        orderId=str(new_id()),
        shopperId=str(shopper),
        showId=str(NIL),
        productIds=[str(product) for product in products],
        skuIds=[],
        quantity=len(products),
        total=total,
        simulated=False,
        **more,
    )


VIEWERS = [UUID(int=n) for n in range(1, 5)]
PRODUCTS = [UUID(int=n) for n in range(11, 14)]
MOMENTS = st.one_of(
    st.integers(0, 120_000),
    st.sampled_from([0, 10_000, 15_000, 20_000, 25_000, 30_000, 40_000, 55_000]),
)


@st.composite
def deeds(draw: st.DrawFn) -> Observed:
    """Draw something that one of few viewers did on one of few sockets."""
    kind = draw(
        st.sampled_from(
            [
                *(Kind.ROOM_ENTERED, Kind.ROOM_HEARTBEAT, Kind.ROOM_HEARTBEAT, Kind.ROOM_LEFT),
                *(Kind.CHAT_SENT, Kind.CHAT_LIKED, Kind.PRODUCT_CLICKED, Kind.PRODUCT_EXPOSED),
            ]
        )
    )
    return deed(
        kind,
        draw(MOMENTS),
        draw(st.sampled_from(VIEWERS)),
        value=draw(st.integers(0, 20)),
        session=draw(st.sampled_from(["", "a", "b"])),
        productId=str(draw(st.sampled_from(PRODUCTS))),
    )


@st.composite
def orders(draw: st.DrawFn) -> Fact:
    """Draw an order that was placed or paid."""
    return order(
        draw(st.sampled_from(["placed", "paid"])),
        draw(MOMENTS),
        draw(st.sampled_from(VIEWERS)),
        draw(st.lists(st.sampled_from(PRODUCTS), min_size=1, max_size=3)),
        draw(st.integers(0, 100_000)),
    )


EVENTS = st.lists(st.one_of(deeds(), deeds(), deeds(), orders()), max_size=40)


@st.composite
def arrivals(draw: st.DrawFn) -> list[Observed | Fact]:
    """Draw a show's events as they arrive: out of order, some of them more than once."""
    events = draw(EVENTS)
    again = draw(st.lists(st.sampled_from(events), max_size=10)) if events else []
    return draw(st.permutations(events + again))


class Brute:
    """A show by the definitions, with no regard for cost."""

    def __init__(self, events: Sequence[Observed | Fact], now: int) -> None:
        self.deeds = list({e.id: e for e in events if isinstance(e, Observed)}.values())
        self.facts = list({e.id: e for e in events if isinstance(e, Fact)}.values())
        self.now = now
        self.spans = self._spans()

    def _spans(self) -> dict[UUID, list[tuple[int, int]]]:
        spans: dict[UUID, list[tuple[int, int]]] = {}
        for sign in self.deeds:
            if sign.type not in {Kind.ROOM_ENTERED, Kind.ROOM_HEARTBEAT}:
                continue
            start = (sign.at - BEGIN) // MS
            ends = [
                (left.at - BEGIN) // MS
                for left in self.deeds
                if left.type is Kind.ROOM_LEFT
                and left.viewer_id == sign.viewer_id
                and left.props["session"] == sign.props["session"]
                and left.at >= sign.at
            ]
            end = min([start + LIFE, *ends])
            spans.setdefault(sign.viewer_id, []).append((start, end))
        return spans

    def present(self, ms: int) -> int:
        """C(t)."""
        return sum(any(s <= ms < e for s, e in spans) for spans in self.spans.values())

    def _moments(self) -> list[int]:
        edges = {
            0,
            self.now,
            *(ms for spans in self.spans.values() for span in spans for ms in span),
        }
        return sorted(ms for ms in edges if ms <= self.now)

    def peak(self) -> int:
        """The most viewers at one instant: C changes at edges only."""
        return max(self.present(ms) for ms in self._moments())

    def integral(self) -> int:
        """ACU times D: C between edges, times how long."""
        edges = self._moments()
        return sum(self.present(one) * (other - one) for one, other in itertools.pairwise(edges))

    def watched(self) -> int:
        """W: each viewer's time in the room, by counting the pieces that some span covers."""
        edges = self._moments()
        return sum(
            other - one
            for spans in self.spans.values()
            for one, other in itertools.pairwise(edges)
            if any(s <= one and other <= e for s, e in spans)
        )

    def count(self, kind: Kind) -> int:
        """Count deeds of a kind."""
        return sum(each.type is kind for each in self.deeds)

    def totals(self, kind: str) -> list[int]:
        """List the totals of orders placed or paid."""
        return [each.payload["total"] for each in self.facts if each.type == f"orders.{kind}"]
