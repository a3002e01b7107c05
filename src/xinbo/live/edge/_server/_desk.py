"""What the staff of a room see of it over all edges: who of them is there, and what load it has.

Each edge tells each second what is so with it, whole; an edge that falls silent is forgotten.
"""

import msgspec

from xinbo.live.edge._server._wire import message

SILENT_AFTER = 5.0
"""Seconds after which an edge that told nothing no longer counts."""


class Seat(msgspec.Struct, frozen=True, rename="camel", order=True):
    """A member of the staff with an open page."""

    name: str
    role: str
    page: str
    user_id: str


class Report(msgspec.Struct, frozen=True, array_like=True):
    """What one edge tells the others of a room."""

    edge: int
    shown: int = 0
    sampled: int = 0
    seats: list[Seat] = []


report_of = msgspec.json.Decoder(Report)


class Desk:
    """The reports of all edges on one room, added up for its staff."""

    def __init__(self, edge: int) -> None:
        self._edge = edge
        self._reports: dict[int, tuple[float, Report]] = {}
        self._seats: list[Seat] = []
        self._load: tuple[int, int] = (0, 0)
        self._own = Report(edge)

    def due(self, load: tuple[int, int], seats: list[Seat], now: float) -> bytes | None:
        """Return what to tell the other edges; None while there is nothing, and was nothing."""
        shown, sampled = load
        own = Report(self._edge, shown, sampled, seats)
        before, self._own = self._own, own
        self._reports[self._edge] = now, own
        empty = Report(self._edge, shown)
        if own in (empty, before) and before == Report(self._edge, before.shown):
            return None
        return msgspec.json.encode(own)

    def hear(self, data: bytes, now: float) -> None:
        """Take in what an edge told, this one included."""
        report = report_of.decode(data)
        if report.edge != self._edge:
            self._reports[report.edge] = now, report

    def news(self, now: float) -> list[tuple[str, bytes]]:
        """Return what the staff here must be told: seats and load, where they changed."""
        self._reports = {
            edge: (at, report)
            for edge, (at, report) in self._reports.items()
            if now - at <= SILENT_AFTER
        }
        reports = [report for _, report in self._reports.values()]
        found: list[tuple[str, bytes]] = []
        seats = sorted({seat for report in reports for seat in report.seats}, key=_order)
        if seats != self._seats:
            self._seats = seats
            found.append(("seats", self.seats()))
        sampled = sum(report.sampled for report in reports)
        load = (sum(report.shown for report in reports), sampled) if sampled else (0, 0)
        if load != self._load:
            self._load = load
            found.append(("load", self.load()))
        return found

    def seats(self) -> bytes:
        """Say who of the staff is there."""
        return message("seats", seats=self._seats)

    def load(self) -> bytes:
        """Say how much of the chat of the last seconds was shown, and how much left out."""
        shown, sampled = self._load
        return message("load", shown=shown, sampled=sampled)


def _order(seat: Seat) -> tuple[str, str, str]:
    return seat.name, seat.page, seat.user_id
