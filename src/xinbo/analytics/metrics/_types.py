"""Structs of the metrics room. Definitions are those of the field, denominator in the name."""

from datetime import datetime
from uuid import UUID

from xinbo.kit.wire import Command, View


class LiveNumbers(View, frozen=True):
    """A show's numbers as of a moment. Money in minor units, times in seconds."""

    show_id: UUID
    at: datetime
    online: int
    """Distinct viewers in the room now."""
    peak: int
    """PCU: the most distinct viewers at one instant, exact over all entries and exits."""
    views: int
    """场观 PV: entries, re-entries included."""
    viewers: int
    """UV: distinct viewers."""
    average_watch: float
    """Watched seconds over viewers (W/UV)."""
    likes: int
    messages: int
    interaction_rate: float
    """Viewers with at least one message, like or share, over viewers."""
    product_clicks: int
    orders: int
    """Orders placed, paid or not."""
    paid_orders: int
    buyers: int
    """Distinct shoppers with a paid order."""
    gmv_paid: int
    conversion: float
    """Buyers over viewers (看播转化)."""
    simulated: bool
    """Whether a simulated audience is among them."""


class ChartPoint(View, frozen=True):
    """Ten seconds of a show."""

    at: datetime
    online: int
    orders: int
    gmv_paid: int
    messages: int


class ChartMark(View, frozen=True):
    """Something that happened, to stand on the time line."""

    at: datetime
    kind: str
    """`pin`, `cue`, `video`, `start`, `end`."""
    label: str


class Chart(View, frozen=True):
    """An hour of a show."""

    points: list[ChartPoint]
    marks: list[ChartMark]
    step_seconds: int


class ProductNumbers(View, frozen=True):
    """How one product of a show does."""

    product_id: UUID
    exposures: int
    clicks: int
    orders: int
    paid_orders: int
    paid_pieces: int
    gmv_paid: int


class Question(Command, frozen=True):
    """Which show is asked about. `merchant_id` keeps one merchant's events from another's show."""

    merchant_id: UUID
    show_id: UUID


class Likes(View, frozen=True):
    """A room's hearts so far, for an edge that takes it up."""

    likes: int
