"""The real application in a process of its own, with one more route: the way by the ORM.

Run as `python -m bench.flashsale._server PORT DATABASE_URL`.
"""

import sys
import tempfile
from pathlib import Path
from uuid import UUID

import msgspec
import uvicorn
import uvloop
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from sqlalchemy import select

from xinbo.app import create_app
from xinbo.commerce import offers
from xinbo.commerce.inventory import OutOfStock
from xinbo.commerce.inventory._models import ReservationRow, StockRow
from xinbo.commerce.orders import Order, PlaceOrder, Recipient, Status
from xinbo.commerce.orders._models import OrderLineRow, OrderRow
from xinbo.commerce.orders._rules import PAYMENT_WINDOW
from xinbo.engines.db import EventRow
from xinbo.engines.http import Http, shopper
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.settings import Settings
from xinbo.engines.tx import Database, Tx
from xinbo.identity import accounts
from xinbo.kit.ids import new_id


@post("/bench/orders")
async def orm_order(tx: NamedDependency[Tx], data: JSONBody[PlaceOrder], request: Http) -> Order:
    """Place an order as most would write it: lock the row, look, change it, add the rows."""
    shopper_id, (line,) = shopper(tx), data.lines
    quote = (await offers.quote(tx, [line.sku_id], data.show_id))[line.sku_id]
    address = await accounts.address(tx, shopper_id, data.address_id)
    stock = (
        await tx.db.scalars(
            select(StockRow)
            .where(
                StockRow.merchant_id == tx.merchant_id,
                StockRow.sku_id == line.sku_id,
                StockRow.pool_id == quote.pool_id,
            )
            .with_for_update()
        )
    ).one()
    if stock.left < line.quantity:
        raise OutOfStock(sku_id=line.sku_id, wanted=line.quantity, left=stock.left)
    stock.reserved += line.quantity
    order = _order(tx, shopper_id, data, request.headers["idempotency-key"], quote)
    order.recipient = msgspec.to_builtins(Recipient.of(address))
    held = ReservationRow(
        holder_id=order.id,
        sku_id=line.sku_id,
        pool_id=quote.pool_id,
        quantity=line.quantity,
        merchant_id=tx.merchant_id,
    )
    event = EventRow(
        id=new_id(),
        type="orders.placed",
        merchant_id=tx.merchant_id,
        actor_id=shopper_id,
        at=tx.now,
        payload={"orderId": str(order.id), "shopperId": str(shopper_id), "total": order.total},
    )
    tx.db.add_all([order, held, event])
    await tx.db.flush()
    return Order.of(order)


def _order(tx: Tx, shopper_id: UUID, data: PlaceOrder, key: str, quote: offers.Quote) -> OrderRow:
    (line,) = data.lines
    return OrderRow(
        id=new_id(),
        merchant_id=tx.merchant_id,
        shopper_id=shopper_id,
        show_id=data.show_id,
        status=Status.AWAITING_PAYMENT,
        total=quote.price * line.quantity,
        currency=quote.currency,
        note=data.note,
        placed_at=tx.now,
        pay_by=tx.now + PAYMENT_WINDOW,
        simulated=False,
        idempotency_key=key,
        fingerprint="",
        lines=[
            OrderLineRow(
                merchant_id=tx.merchant_id,
                sku_id=line.sku_id,
                position=0,
                product_id=quote.product_id,
                title=quote.title,
                options=quote.options,
                picture_url=quote.picture_url,
                unit=quote.unit,
                quantity=line.quantity,
                price=quote.price,
                list_price=quote.list_price,
            )
        ],
    )


async def serve(port: int, url: str) -> None:
    """Serve until killed."""
    database = Database(url, RecordedJobs())
    settings = msgspec.structs.replace(
        Settings.load(), data=Path(tempfile.gettempdir()), web_port=port
    )
    app = create_app(database, settings)
    app.register(orm_order)
    config = uvicorn.Config(
        app,
        port=port,
        log_level="warning",
        access_log=False,
        lifespan="on",
        backlog=2048,
        proxy_headers=True,
        server_header=False,
    )
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), sys.argv[2]))
