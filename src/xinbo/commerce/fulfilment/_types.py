"""Structs of the fulfilment room."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from xinbo.commerce.fulfilment._rules.carriers import CarrierCode
from xinbo.commerce.fulfilment._rules.tracking import TrackKind
from xinbo.commerce.orders import Recipient
from xinbo.kit.wire import Command, Event, View

type Number = Annotated[str, Meta(min_length=5, max_length=60, pattern=r"^[^\x00]*$")]
type Words = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]


class Carrier(View, frozen=True):
    """Somebody who carries parcels."""

    code: CarrierCode
    name: str
    english: str
    pattern: str
    """What its tracking numbers look like: others are warned of, not refused."""


class ShipItem(Command, frozen=True):
    """Pieces of one line of an order."""

    order_id: UUID
    position: Annotated[int, Meta(ge=0, le=1000)]
    quantity: Annotated[int, Meta(ge=1, le=999)]


class Ship(Command, frozen=True):
    """Send one parcel: an order, part of one, or several of the same recipient."""

    carrier: CarrierCode
    number: Number
    items: Annotated[list[ShipItem], Meta(min_length=1, max_length=500)]
    warehouse_id: UUID | None = None
    """Where the pieces leave; null: wherever the stock has them."""
    note: Words = ""

    def __post_init__(self) -> None:
        """Refuse what the field constraints cannot say; msgspec turns it into a 400."""
        lines = {(item.order_id, item.position) for item in self.items}
        if len(lines) < len(self.items):
            raise ValueError("a line may stand in a parcel once")


class ChangeNumber(Command, frozen=True):
    """Correct carrier and number of a parcel, and say why."""

    carrier: CarrierCode
    number: Number
    reason: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]


class TrackEvent(View, frozen=True):
    """Something that happened to a parcel."""

    ref: str
    """The provider's own name for it: told twice, it counts once."""
    at: datetime
    kind: TrackKind
    text: str
    place: str


class ShipmentLine(View, frozen=True):
    """Pieces of one line of an order, in a parcel."""

    order_id: UUID
    order_number: str
    position: int
    sku_id: UUID
    title: str
    options: list[str]
    picture_url: str | None
    unit: str
    quantity: int


class Parcel(View, frozen=True):
    """A parcel as the shopper follows it: of the one order that was asked for."""

    id: UUID
    carrier: CarrierCode
    carrier_name: str
    number: str
    tracking_url: str | None
    status: TrackKind
    sandbox: bool
    """Whether no real carrier is asked; the page then says so."""
    shipped_at: datetime
    delivered_at: datetime | None
    lines: list[ShipmentLine]
    events: list[TrackEvent]
    """The latest first."""


class NumberChange(View, frozen=True):
    """A correction of a parcel's number: what stood there before."""

    at: datetime
    staff_id: UUID | None
    carrier: CarrierCode
    number: str
    reason: str


class Shipment(View, frozen=True):
    """A parcel as the staff sees it."""

    id: UUID
    carrier: CarrierCode
    carrier_name: str
    number: str
    number_ok: bool
    """Whether the number looks like one of that carrier's."""
    tracking_url: str | None
    status: TrackKind
    sandbox: bool
    warehouse_id: UUID | None
    note: str
    shipped_at: datetime
    shipped_by: UUID | None
    delivered_at: datetime | None
    editable_until: datetime
    recipient: Recipient
    lines: list[ShipmentLine]
    events: list[TrackEvent]
    """The latest first; in lists none."""
    changes: list[NumberChange]


class ShipmentFilter(Command, frozen=True):
    """Which parcels to list."""

    status: TrackKind | None = None
    order_id: UUID | None = None
    number: str | None = None
    """What its tracking number begins with."""


class PutShelf(Command, frozen=True):
    """Say where in a warehouse an SKU lies; an empty place forgets it."""

    warehouse_id: UUID | None
    sku_id: UUID
    place: Annotated[str, Meta(max_length=40, pattern=r"^[^\x00]*$")]


class PutShelves(Command, frozen=True):
    """Say where many SKUs lie; of one that is named twice the latter counts."""

    shelves: Annotated[list[PutShelf], Meta(min_length=1, max_length=500)]


class Shelf(View, frozen=True):
    """Where in a warehouse an SKU lies."""

    sku_id: UUID
    place: str


class Overdue(View, frozen=True):
    """An order that should have left by now."""

    order_id: UUID
    number: str
    ready_at: datetime
    """Since when nothing stands between it and being sent."""
    promised_at: datetime
    late_hours: int
    recipient: Recipient
    pieces: int
    """That have not left yet."""


class Course(StrEnum):
    """What the sandbox carrier does with a parcel: the ways in which real ones behave."""

    NORMAL = "normal"
    """Collected, carried, out for delivery, delivered."""
    DELAYED = "delayed"
    """Nothing is heard for long, then everything at once."""
    TWICE = "twice"
    """Every push comes twice."""
    SHUFFLED = "shuffled"
    """Pushes come in the wrong order."""
    REFUSED = "refused"
    """The recipient refuses the parcel; it goes back."""
    LOST = "lost"
    LIE = "lie"
    """It is said to be delivered, with a bad signature."""


class ChooseCourse(Command, frozen=True):
    """Choose what the sandbox carrier does with a parcel."""

    course: Course


class BatchState(StrEnum):
    """Where a batch shipping file stands."""

    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"


class BatchError(View, frozen=True):
    """What is wrong in one cell of a batch file."""

    row: int
    """As the spreadsheet numbers it: the header is row 1; 0 for the whole file."""
    column: str
    value: str
    error: str
    """A stable name (`OrderUnknown`, `NothingLeft`, …) that the page puts into words."""


class ShippingBatch(View, frozen=True):
    """A file of parcels: checked first, sent on request."""

    id: UUID
    filename: str
    state: BatchState
    rows: int
    done: int
    """Rows checked, or parcels sent."""
    parcels: int
    """That would be or were sent."""
    errors: list[BatchError]
    """The first 200."""
    error_count: int
    warnings: list[BatchError]
    """Numbers that do not look like the carrier's; they are sent all the same."""
    created_at: datetime


class ApplyBatch(Command, frozen=True):
    """Send the parcels of a checked file."""

    skip_errors: bool = False
    """Leave rows with errors out; otherwise a file that has any is not sent."""


class ShipmentSent(Event, frozen=True):
    """Pieces of an order left in a parcel."""

    name = "shipments.sent"
    about = "order_id"
    shipment_id: UUID
    order_id: UUID
    carrier: str
    number: str
    quantity: int


class ShipmentNumberChanged(Event, frozen=True):
    """The number of a parcel was corrected."""

    name = "shipments.number_changed"
    about = "order_id"
    shipment_id: UUID
    order_id: UUID
    carrier: str
    number: str
    reason: str


class ShipmentDelivered(Event, frozen=True):
    """A parcel of an order arrived."""

    name = "shipments.delivered"
    about = "order_id"
    shipment_id: UUID
    order_id: UUID


class ShipmentTroubled(Event, frozen=True):
    """A parcel of an order was refused, came back, is lost or does not get on."""

    name = "shipments.troubled"
    about = "order_id"
    shipment_id: UUID
    order_id: UUID
    kind: TrackKind
