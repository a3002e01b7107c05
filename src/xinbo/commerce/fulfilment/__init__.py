"""How goods reach people: parcels, tracking numbers, where each parcel is, and what is printed.

Owns `shipment`, `shipment_line`, `shipment_number_change`, `track_event`, `shipping_batch`,
`ship_promise`, `shelf` and `sandbox_parcel`. A parcel holds an order, part of one, or several of
the same recipient; sending it takes the pieces out of stock and moves the orders on, once per
key. News of a parcel is believed only under its provider's signature, kept in the order in
which things happened, and harmless to repeat. A provider stands behind the port `Tracker`.
"""

from xinbo.commerce.fulfilment._reactions import JOBS, REACTIONS
from xinbo.commerce.fulfilment._rules.carriers import CarrierCode
from xinbo.commerce.fulfilment._rules.tracking import TrackKind
from xinbo.commerce.fulfilment._service.batches import BatchNotFound, BatchNotReady
from xinbo.commerce.fulfilment._service.batches import apply as apply_batch
from xinbo.commerce.fulfilment._service.batches import check as check_batch
from xinbo.commerce.fulfilment._service.batches import get as batch
from xinbo.commerce.fulfilment._service.batches import recent as batches
from xinbo.commerce.fulfilment._service.batches import template as batch_template
from xinbo.commerce.fulfilment._service.batches import upload as upload_batch
from xinbo.commerce.fulfilment._service.batches import write as write_batch
from xinbo.commerce.fulfilment._service.prints import (
    NothingToPrint,
    labels,
    packing_slips,
    picking_list,
    put_shelves,
    shelves,
)
from xinbo.commerce.fulfilment._service.promises import PROMISE, kept, overdue, promise
from xinbo.commerce.fulfilment._service.reads import (
    EDITABLE,
    ShipmentNotFound,
    carriers,
    console_page,
    get,
    of_order,
)
from xinbo.commerce.fulfilment._service.sandbox import Sandbox, choose_course, push
from xinbo.commerce.fulfilment._service.shipping import (
    DifferentRecipients,
    NumberFixed,
    NumberRefused,
    TooManyOrders,
    change_number,
    ship,
)
from xinbo.commerce.fulfilment._service.trackers import (
    PushRefused,
    Tracked,
    Tracker,
    TrackerUnknown,
    TrackNews,
    use,
)
from xinbo.commerce.fulfilment._service.tracking import hear, refresh, take_in
from xinbo.commerce.fulfilment._types import (
    ApplyBatch,
    BatchError,
    BatchState,
    Carrier,
    ChangeNumber,
    ChooseCourse,
    Course,
    NumberChange,
    Overdue,
    Parcel,
    PutShelf,
    PutShelves,
    Shelf,
    Ship,
    ShipItem,
    Shipment,
    ShipmentDelivered,
    ShipmentFilter,
    ShipmentLine,
    ShipmentNumberChanged,
    ShipmentSent,
    ShipmentTroubled,
    ShippingBatch,
    TrackEvent,
)

__all__ = [
    "EDITABLE",
    "JOBS",
    "PROMISE",
    "REACTIONS",
    "ApplyBatch",
    "BatchError",
    "BatchNotFound",
    "BatchNotReady",
    "BatchState",
    "Carrier",
    "CarrierCode",
    "ChangeNumber",
    "ChooseCourse",
    "Course",
    "DifferentRecipients",
    "NothingToPrint",
    "NumberChange",
    "NumberFixed",
    "NumberRefused",
    "Overdue",
    "Parcel",
    "PushRefused",
    "PutShelf",
    "PutShelves",
    "Sandbox",
    "Shelf",
    "Ship",
    "ShipItem",
    "Shipment",
    "ShipmentDelivered",
    "ShipmentFilter",
    "ShipmentLine",
    "ShipmentNotFound",
    "ShipmentNumberChanged",
    "ShipmentSent",
    "ShipmentTroubled",
    "ShippingBatch",
    "TooManyOrders",
    "TrackEvent",
    "TrackKind",
    "TrackNews",
    "Tracked",
    "Tracker",
    "TrackerUnknown",
    "apply_batch",
    "batch",
    "batch_template",
    "batches",
    "carriers",
    "change_number",
    "check_batch",
    "choose_course",
    "console_page",
    "get",
    "hear",
    "kept",
    "labels",
    "of_order",
    "overdue",
    "packing_slips",
    "picking_list",
    "promise",
    "push",
    "put_shelves",
    "refresh",
    "shelves",
    "ship",
    "take_in",
    "upload_batch",
    "use",
    "write_batch",
]
