"""What a merchant sends: a parcel, a file of parcels, a freight template, an invoice, a group."""

from uuid import UUID

from xinbo.commerce import freight, fulfilment, groups, invoices, orders
from xinbo.commerce.freight import ChargedBy, PutTemplate, Zone
from xinbo.commerce.fulfilment import CarrierCode, Ship, ShipItem
from xinbo.commerce.groups import Booking
from xinbo.commerce.invoices import InvoiceKind, RequestInvoice, TitleKind
from xinbo.commerce.orders import OrderDesk, PlaceOrder
from xinbo.engines.tx import Tx, system
from xinbo.kit.ids import new_id


async def sent(as_buyer: Tx, shopper_id: UUID, basket: PlaceOrder, title: str) -> dict[str, UUID]:
    """Sell a basket of two pieces, send one, issue the invoice; return ids by parameter."""
    desk = OrderDesk(as_buyer.database, batched=False)
    order = await desk.place(as_buyer, shopper_id, basket, str(new_id()))
    payment = await orders.open_payment(as_buyer, order.id, "sandbox", str(new_id()))
    tx = as_buyer.acting(system(as_buyer.merchant_id))
    await orders.mark_paid(tx, order.id, payment.id, payment.amount)
    parcel = await fulfilment.ship(
        tx,
        Ship(
            carrier=CarrierCode.SF,
            number="SF1234567890123",
            items=[ShipItem(order_id=order.id, position=0, quantity=1)],
        ),
        str(new_id()),
    )
    batch = await fulfilment.upload_batch(tx, f"{title}.csv", b"a,b\n")
    asked = await invoices.request(
        as_buyer,
        shopper_id,
        order.id,
        RequestInvoice(kind=InvoiceKind.NORMAL, title_kind=TitleKind.PERSON, title=title),
    )
    await invoices.issue(tx, asked.id, "25332000000001", b"%PDF-1.7\n%%EOF")
    everywhere = Zone(
        places=[], deliver=True, first=1, first_fee=0, further=1, further_fee=0, free_amount=None
    )
    template = await freight.add(
        tx,
        PutTemplate(
            name=title[:40], charged_by=ChargedBy.PIECE, zones=[everywhere], is_default=False
        ),
    )
    return {
        "sent_id": order.id,
        "shipment_id": parcel.id,
        "batch_id": batch.id,
        "invoice_id": asked.id,
        "freight_template_id": template.id,
    }


async def grouped(tx: Tx, shopper_id: UUID, sku_id: UUID) -> dict[str, UUID]:
    """Open a group and pay for its first seat: anybody with its link may see it."""
    seat = Booking(
        order_id=new_id(),
        shopper_id=shopper_id,
        offer_id=new_id(),
        sku_id=sku_id,
        group_id=None,
        size=3,
        hours=24,
    )
    await groups.take_seats(tx, [seat])
    await groups.paid(tx, seat.order_id)
    found = await groups.of_orders(tx, [seat.order_id])
    return {"group_id": found[seat.order_id], "offer_id": seat.offer_id}
