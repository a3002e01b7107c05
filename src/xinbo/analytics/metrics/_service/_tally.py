"""One show, counted: takes events in any order, any number of times."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from xinbo.analytics.collect import Kind, Observed
from xinbo.analytics.metrics._rules import STEP, Socket, Span, Timeline, union
from xinbo.analytics.metrics._types import (
    Chart,
    ChartMark,
    ChartPoint,
    LiveNumbers,
    ProductNumbers,
)
from xinbo.engines.events import Fact
from xinbo.kit.ids import NIL

HOUR = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
SIGNS = frozenset({Kind.ROOM_ENTERED, Kind.ROOM_HEARTBEAT})
PRESENCE_ONLY = frozenset({Kind.ROOM_HEARTBEAT, Kind.ROOM_LEFT})
ON_AIR = frozenset({"rehearsal", "live"})


class Viewer:
    """Where one viewer was when."""

    __slots__ = ("sockets", "spans")

    def __init__(self) -> None:
        self.sockets: dict[str, Socket] = {}
        self.spans: list[Span] = []


class Product(msgspec.Struct):
    """Counts of one product."""

    exposures: int = 0
    clicks: int = 0
    orders: int = 0
    paid_orders: int = 0
    paid_pieces: int = 0
    gmv_paid: int = 0


class Ten(msgspec.Struct):
    """Counts of ten seconds."""

    orders: int = 0
    gmv_paid: int = 0
    messages: int = 0


class Tally:
    """Every count of one show. Memory grows with viewers and deeds, not with time watched."""

    def __init__(self) -> None:
        self.stale = False
        """Something came so late that only a count from the kept events is exact."""
        self.on_air = False
        self.simulated = False
        self._seen: set[int] = set()
        self._viewers: dict[UUID, Viewer] = {}
        self._came: set[UUID] = set()
        self._timeline = Timeline()
        self._views = self._likes = self._messages = self._clicks = 0
        self._engaged: set[UUID] = set()
        self._orders = self._paid = self._gmv = 0
        self._buyers: set[UUID] = set()
        self._products: dict[UUID, Product] = defaultdict(Product)
        self._tens: dict[int, Ten] = defaultdict(Ten)
        self._marks: list[ChartMark] = []
        self._phase = -1
        self._ended_at: datetime | None = None

    def observe(self, event: Observed) -> None:
        """Note where a viewer was, and count what they did."""
        if event.type in SIGNS or event.type is Kind.ROOM_LEFT:
            self._be(event.viewer_id, str(event.props.get("session", "")), event)
        self.count(event)

    def count(self, event: Observed) -> None:
        """Count what a viewer did."""
        self.simulated |= event.props.get("simulated") is True
        if event.type not in PRESENCE_ONLY and self._new(event.id):
            self._count(event)

    def restore(
        self, viewer_id: UUID, session: str, runs: Iterable[Span], lefts: Iterable[int]
    ) -> None:
        """Take over what is known of a socket, signs already put together into runs."""
        viewer = self._viewer(viewer_id)
        viewer.sockets[session] = socket = Socket(runs, lefts)
        if socket.spans():
            self._came.add(viewer_id)
        self._moved(viewer)

    def learn(self, fact: Fact) -> None:
        """Count what happened to the show or in it."""
        if not self._new(fact.id):
            return
        payload = fact.payload
        match fact.type:
            case "orders.placed" | "orders.paid":
                self._order(fact)
            case "shows.product_pinned":
                self._mark(fact, "pin", payload.get("productId"))
            case "shows.cue_started":
                self._mark(fact, "cue", payload.get("cueId"))
            case "broadcasts.video_changed":
                self._mark(fact, "video", payload.get("state"))
            case "shows.started":
                self._mark(fact, "start", None)
                self._turn(fact, on_air=True)
            case "shows.ended":
                self._mark(fact, "end", None)
                self._turn(fact, on_air=False)
            case "shows.changed":
                self._turn(fact, on_air=payload.get("status") in ON_AIR)
            case _:
                pass

    def numbers(self, show_id: UUID, now: datetime) -> LiveNumbers:
        """Return the show's numbers as of `now`."""
        at, viewers = _ms(now), len(self._came)
        return LiveNumbers(
            show_id=show_id,
            at=now,
            online=self._timeline.online(at),
            peak=self._timeline.peak(at),
            views=self._views,
            viewers=viewers,
            average_watch=_share(self._timeline.watched(at) / 1000, viewers),
            likes=self._likes,
            messages=self._messages,
            interaction_rate=_share(len(self._engaged & self._came), viewers),
            product_clicks=self._clicks,
            orders=self._orders,
            paid_orders=self._paid,
            buyers=len(self._buyers),
            gmv_paid=self._gmv,
            conversion=_share(len(self._buyers), viewers),
            simulated=self.simulated,
        )

    @property
    def likes(self) -> int:
        """Hearts given."""
        return self._likes

    @property
    def turned(self) -> bool:
        """Whether any fact said if the show is on air."""
        return self._phase >= 0

    def watched(self, now: datetime) -> int:
        """Return W, the viewers' time in the room until `now`, in milliseconds."""
        return self._timeline.watched(_ms(now))

    def chart(self, now: datetime) -> Chart:
        """Return the hour until `now`, or until the show ended."""
        until = now
        if self._ended_at and not self.on_air:
            until = min(now, self._ended_at)
        last = _ms(until) // STEP
        # What was pinned and cued before the show began was only rehearsed.
        began = min((mark.at for mark in self._marks if mark.kind == "start"), default=None)
        all_marks = [mark for mark in self._marks if began is None or mark.at >= began]
        firsts = [
            *([first] if (first := self._timeline.first()) is not None else []),
            *([min(self._tens)] if self._tens else []),
            *(_ms(mark.at) // STEP for mark in all_marks),
        ]
        first = max(last - _ms(EPOCH + HOUR) // STEP + 1, min(firsts, default=last))
        online = self._timeline.points(first, last, _ms(now))
        empty = Ten()
        points = [
            ChartPoint(
                at=_when(number * STEP),
                online=online[number - first],
                orders=(ten := self._tens.get(number, empty)).orders,
                gmv_paid=ten.gmv_paid,
                messages=ten.messages,
            )
            for number in range(first, last + 1)
        ]
        marks = [mark for mark in all_marks if first <= _ms(mark.at) // STEP <= last]
        marks.sort(key=lambda mark: (mark.at, mark.kind, mark.label))
        return Chart(points=points, marks=marks, step_seconds=STEP // 1000)

    def products(self) -> list[ProductNumbers]:
        """Return each product's numbers, best seller first."""
        numbers = [
            ProductNumbers(product_id=product_id, **msgspec.structs.asdict(product))
            for product_id, product in self._products.items()
            if product_id != NIL
        ]
        return sorted(numbers, key=lambda each: (-each.gmv_paid, -each.clicks, each.product_id))

    def _new(self, event_id: UUID) -> bool:
        if event_id.int in self._seen:
            return False
        self._seen.add(event_id.int)
        return True

    def _viewer(self, viewer_id: UUID) -> Viewer:
        viewer = self._viewers.get(viewer_id)
        if viewer is None:
            viewer = self._viewers[viewer_id] = Viewer()
        return viewer

    def _be(self, viewer_id: UUID, session: str, event: Observed) -> None:
        viewer = self._viewer(viewer_id)
        socket = viewer.sockets.get(session)
        if socket is None:
            socket = viewer.sockets[session] = Socket()
        if event.type is not Kind.ROOM_LEFT:
            socket.sign(_ms(event.at))
            self._came.add(viewer_id)
        elif not socket.left(_ms(event.at)):
            self.stale = True
        self._moved(viewer)

    def _moved(self, viewer: Viewer) -> None:
        sockets = viewer.sockets.values()
        spans = union(span for socket in sockets for span in socket.spans())
        if spans != viewer.spans:
            self._timeline.replace(viewer.spans, spans)
            viewer.spans = spans

    def _count(self, event: Observed) -> None:
        match event.type:
            case Kind.ROOM_ENTERED:
                self._views += 1
            case Kind.CHAT_SENT:
                self._messages += 1
                self._tens[_ms(event.at) // STEP].messages += 1
                self._engaged.add(event.viewer_id)
            case Kind.CHAT_LIKED:
                self._likes += max(0, round(event.value or 0))
                self._engaged.add(event.viewer_id)
            case Kind.PRODUCT_CLICKED:
                self._clicks += 1
                self._products[event.product_id].clicks += 1
            case Kind.PRODUCT_EXPOSED:
                self._products[event.product_id].exposures += 1
            case _:
                pass

    def _order(self, fact: Fact) -> None:
        order = msgspec.convert(fact.payload, OrderFact)
        self.simulated |= order.simulated
        ten = self._tens[_ms(fact.at) // STEP]
        paid = fact.type == "orders.paid"
        if paid:
            self._paid += 1
            self._gmv += order.total
            self._buyers.add(order.shopper_id)
            ten.gmv_paid += order.total
        else:
            self._orders += 1
            ten.orders += 1
        for product_id, pieces, amount in order.shares():
            product = self._products[product_id]
            if paid:
                product.paid_orders += 1
                product.paid_pieces += pieces
                product.gmv_paid += amount
            else:
                product.orders += 1

    def _turn(self, fact: Fact, *, on_air: bool) -> None:
        """Follow the show's life by the order in which it was lived, not heard of."""
        if fact.type == "shows.ended":
            self._ended_at = max(self._ended_at or fact.at, fact.at)
        if fact.seq > self._phase:
            self._phase, self.on_air = fact.seq, on_air

    def _mark(self, fact: Fact, kind: str, label: object) -> None:
        self._marks.append(ChartMark(at=fact.at, kind=kind, label=str(label or "")))


class OrderFact(msgspec.Struct, rename="camel"):
    """What `orders.placed` and `orders.paid` say."""

    shopper_id: UUID
    product_ids: list[UUID]
    quantity: int
    total: int
    simulated: bool = False
    lines: list[dict[str, Any]] = []

    def shares(self) -> list[tuple[UUID, int, int]]:
        """Return each product's pieces and money, whose sums are the order's.

        Without `lines` (productId, quantity, amount) an order of several products is shared out
        evenly: nothing more is known of it.
        """
        shares: dict[UUID, list[int]] = {}
        for line in self.lines:
            share = shares.setdefault(_uuid(line.get("productId")), [0, 0])
            share[0] += int(line.get("quantity", 0))
            share[1] += int(line.get("amount", 0))
        if not shares:
            products = list(dict.fromkeys(self.product_ids))
            for place, product_id in enumerate(products):
                shares[product_id] = [
                    (amount + place) // len(products) for amount in (self.quantity, self.total)
                ]
        return [(product_id, pieces, amount) for product_id, (pieces, amount) in shares.items()]


def _uuid(text: object) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        return NIL


def _ms(at: datetime) -> int:
    return (at - EPOCH) // MILLISECOND


def _when(ms: int) -> datetime:
    return EPOCH + ms * MILLISECOND


def _share(part: float, whole: int) -> float:
    return part / whole if whole else 0.0
