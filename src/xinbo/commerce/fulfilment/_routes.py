"""HTTP face of the fulfilment room."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get, post, put
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta

from xinbo.commerce import fulfilment
from xinbo.commerce.fulfilment import (
    ApplyBatch,
    BatchNotFound,
    BatchNotReady,
    Carrier,
    ChangeNumber,
    ChooseCourse,
    DifferentRecipients,
    NothingToPrint,
    NumberFixed,
    NumberRefused,
    Overdue,
    Parcel,
    PushRefused,
    PutShelves,
    Shelf,
    Ship,
    Shipment,
    ShipmentFilter,
    ShipmentNotFound,
    ShippingBatch,
    TooManyOrders,
    TrackerUnknown,
    TrackKind,
)
from xinbo.commerce.imports import FileRefused
from xinbo.commerce.orders import IllegalTransition, NotThatMany, OrderNotFound
from xinbo.commerce.payments import IdempotencyKeyReused
from xinbo.engines.http import (
    Http,
    IdempotencyKeyRequired,
    SignInRequired,
    idempotency_key,
    refuses,
    shopper,
)
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, NotPermitted, require
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page

# Not a `type` statement: Litestar would not see the list behind the name, and refuse it.
# Of lists in a query Litestar heeds no other bounds than these.
Ids = Annotated[list[UUID], QueryParameter(min_items=1, max_items=100)]

LARGEST = 5_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"


class ShopShipments(Controller):
    path = "/api/v1/orders"
    tags = ("orders",)

    @get(
        "/{order_id:uuid}/shipments",
        summary="List the parcels of an order, and where each is",
        responses=refuses(SignInRequired, OrderNotFound),
    )
    async def list_order_shipments(
        self, tx: NamedDependency[Tx], order_id: FromPath[UUID]
    ) -> list[Parcel]:
        shopper(tx)
        return await fulfilment.of_order(tx, order_id)


class ConsoleShipments(Controller):
    path = "/api/v1/console/shipments"
    tags = ("orders",)

    @get(
        "/carriers",
        summary="List the carriers",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def list_carriers(self, tx: NamedDependency[Tx]) -> list[Carrier]:
        require(tx, Can.SEE_ORDERS)
        return fulfilment.carriers()

    @get(
        "/overdue",
        summary="List orders that should have been sent by now",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def list_overdue_orders(
        self,
        tx: NamedDependency[Tx],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Overdue]:
        return await fulfilment.overdue(tx, cursor, limit)

    @get(summary="List parcels", responses=refuses(SignInRequired, NotPermitted))
    async def list_shipments(  # noqa: PLR0913 # each a filter
        self,
        tx: NamedDependency[Tx],
        *,
        status: FromQuery[TrackKind | None] = None,
        order: FromQuery[UUID | None] = None,
        number: FromQuery[Annotated[str, Meta(max_length=60)] | None] = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Shipment]:
        which = ShipmentFilter(status=status, order_id=order, number=number)
        return await fulfilment.console_page(tx, which, cursor, limit)

    @post(
        summary="Send a parcel: an order, part of one, or several (header `Idempotency-Key`)",
        responses=refuses(
            SignInRequired,
            NotPermitted,
            IdempotencyKeyRequired,
            IdempotencyKeyReused,
            OrderNotFound,
            IllegalTransition,
            NotThatMany,
            NumberRefused,
            DifferentRecipients,
            TooManyOrders,
        ),
    )
    async def ship_parcel(
        self, tx: NamedDependency[Tx], data: JSONBody[Ship], request: Http
    ) -> Shipment:
        return await fulfilment.ship(tx, data, idempotency_key(request))

    @get(
        "/{shipment_id:uuid}",
        summary="Show a parcel and all that happened to it",
        responses=refuses(SignInRequired, NotPermitted, ShipmentNotFound),
    )
    async def get_shipment(self, tx: NamedDependency[Tx], shipment_id: FromPath[UUID]) -> Shipment:
        return await fulfilment.get(tx, shipment_id)

    @put(
        "/{shipment_id:uuid}/number",
        summary="Correct carrier and number, within 24 hours of sending",
        responses=refuses(
            SignInRequired, NotPermitted, ShipmentNotFound, NumberFixed, NumberRefused
        ),
    )
    async def change_shipment_number(
        self,
        tx: NamedDependency[Tx],
        shipment_id: FromPath[UUID],
        data: JSONBody[ChangeNumber],
    ) -> Shipment:
        return await fulfilment.change_number(tx, shipment_id, data)

    @post(
        "/{shipment_id:uuid}/refresh",
        status_code=200,
        summary="Ask the carrier where a parcel is",
        responses=refuses(SignInRequired, NotPermitted, ShipmentNotFound),
    )
    async def refresh_shipment(
        self, tx: NamedDependency[Tx], shipment_id: FromPath[UUID]
    ) -> Shipment:
        return await fulfilment.refresh(tx, shipment_id)

    @post(
        "/{shipment_id:uuid}/sandbox",
        status_code=200,
        summary="Choose what the sandbox carrier does with a parcel",
        responses=refuses(SignInRequired, NotPermitted, ShipmentNotFound, TrackerUnknown),
    )
    async def choose_course(
        self,
        tx: NamedDependency[Tx],
        shipment_id: FromPath[UUID],
        data: JSONBody[ChooseCourse],
    ) -> Shipment:
        return await fulfilment.choose_course(tx, shipment_id, data.course)


class ShippingBatches(Controller):
    path = "/api/v1/console/shipping-batches"
    tags = ("orders",)

    @get(
        "/template.xlsx",
        summary="Fetch a batch shipping file to fill in, with what waits on request",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def shipping_template_xlsx(
        self, tx: NamedDependency[Tx], *, filled: FromQuery[bool] = False
    ) -> Response[bytes]:
        content = await fulfilment.batch_template(tx, filled=filled, as_csv=False)
        return _file(content, "shipping.xlsx", XLSX)

    @get(
        "/template.csv",
        summary="Fetch the same as CSV",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def shipping_template_csv(
        self, tx: NamedDependency[Tx], *, filled: FromQuery[bool] = False
    ) -> Response[bytes]:
        content = await fulfilment.batch_template(tx, filled=filled, as_csv=True)
        return _file(content, "shipping.csv", "text/csv")

    @post(
        summary="Upload a batch shipping file (at most 5 MB, 5,000 rows) and check it: a dry run",
        status_code=202,
        request_max_body_size=LARGEST + 100_000,
        responses=refuses(SignInRequired, NotPermitted, FileRefused),
    )
    async def upload_shipping_batch(
        self,
        tx: NamedDependency[Tx],
        data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
    ) -> ShippingBatch:
        return await fulfilment.upload_batch(tx, data.filename, await data.read())

    @get(summary="List batch shipping files", responses=refuses(SignInRequired, NotPermitted))
    async def list_shipping_batches(
        self,
        tx: NamedDependency[Tx],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[ShippingBatch]:
        return await fulfilment.batches(tx, cursor, limit)

    @get(
        "/{batch_id:uuid}",
        summary="Show how far a batch shipping file is",
        responses=refuses(SignInRequired, NotPermitted, BatchNotFound),
    )
    async def get_shipping_batch(
        self, tx: NamedDependency[Tx], batch_id: FromPath[UUID]
    ) -> ShippingBatch:
        return await fulfilment.batch(tx, batch_id)

    @post(
        "/{batch_id:uuid}/apply",
        summary="Send the parcels of a checked file",
        status_code=202,
        responses=refuses(SignInRequired, NotPermitted, BatchNotFound, BatchNotReady),
    )
    async def apply_shipping_batch(
        self, tx: NamedDependency[Tx], batch_id: FromPath[UUID], data: JSONBody[ApplyBatch]
    ) -> ShippingBatch:
        return await fulfilment.apply_batch(tx, batch_id, data)


class Prints(Controller):
    path = "/api/v1/console/prints"
    tags = ("orders",)

    @get(
        "/packing-slips.pdf",
        summary="Print packing slips, one order a page",
        responses=refuses(SignInRequired, NotPermitted, OrderNotFound),
    )
    async def print_packing_slips(self, tx: NamedDependency[Tx], order: Ids) -> Response[bytes]:
        return _shown(await fulfilment.packing_slips(tx, order), "packing-slips.pdf")

    @get(
        "/picking-list.pdf",
        summary="Print a picking list for many orders",
        responses=refuses(SignInRequired, NotPermitted, OrderNotFound, NothingToPrint),
    )
    async def print_picking_list(
        self,
        tx: NamedDependency[Tx],
        order: Ids,
        warehouse: FromQuery[UUID | None] = None,
    ) -> Response[bytes]:
        return _shown(await fulfilment.picking_list(tx, order, warehouse), "picking-list.pdf")

    @get(
        "/labels.pdf",
        summary="Print labels of 100 x 150 mm, one a parcel",
        responses=refuses(SignInRequired, NotPermitted, ShipmentNotFound),
    )
    async def print_labels(self, tx: NamedDependency[Tx], shipment: Ids) -> Response[bytes]:
        return _shown(await fulfilment.labels(tx, shipment), "labels.pdf")

    @get(
        "/shelves",
        summary="Say where in a warehouse SKUs lie",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def list_shelves(
        self,
        tx: NamedDependency[Tx],
        sku: Ids,
        warehouse: FromQuery[UUID | None] = None,
    ) -> list[Shelf]:
        found = await fulfilment.shelves(tx, warehouse, sku)
        return [Shelf(sku_id=sku_id, place=place) for sku_id, place in found.items()]

    @put(
        "/shelves",
        status_code=204,
        summary="Write where in a warehouse SKUs lie",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def put_shelves(self, tx: NamedDependency[Tx], data: JSONBody[PutShelves]) -> None:
        await fulfilment.put_shelves(tx, data.shelves)


class TrackingHooks(Controller):
    path = "/api/v1/hooks/tracking"
    tags = ("hooks",)

    @post(
        "/{provider:str}",
        status_code=200,
        summary="Hear from a tracking provider (signature over the raw body)",
        responses=refuses(PushRefused, TrackerUnknown),
    )
    async def tracking_push(
        self, tx: NamedDependency[Tx], provider: FromPath[str], request: Http
    ) -> dict[str, str]:
        await fulfilment.hear(tx, provider, dict(request.headers), await request.body())
        return {"result": "ok"}


def _file(content: bytes, name: str, media_type: str) -> Response[bytes]:
    disposition = f'attachment; filename="{name}"'
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})


def _shown(content: bytes, name: str) -> Response[bytes]:
    """Open it in the browser, which prints it; it is somebody's address, so it is not kept."""
    headers = {
        "Content-Disposition": f'inline; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=PDF, headers=headers)
