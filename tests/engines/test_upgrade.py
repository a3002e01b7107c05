"""A shop of the first version goes on selling: nothing it had is lost by the migrations."""

from collections.abc import Iterator
from pathlib import Path

import alembic.command
import alembic.config
import pytest
from sqlalchemy import Engine, create_engine, text

from xinbo.engines.db import MIGRATIONS
from xinbo.engines.embedded import Postgres
from xinbo.kit.ids import NIL, new_id

FIRST = "0001"
MERCHANT, SHOPPER, SKU, PRODUCT, SHOW, ORDER, PAYMENT = (new_id() for _ in range(7))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    tmp_path.chmod(0o755)
    with Postgres(tmp_path / "postgres") as server:
        engine = create_engine(server.url.replace("postgresql://", "postgresql+psycopg://", 1))
        yield engine
        engine.dispose()


def migrate(engine: Engine, to: str) -> None:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, to)


OLD = (
    """insert into product (id, merchant_id, handle, title, subtitle, description, unit, status,
         option_names, created_at, updated_at)
       values (:product, :merchant, 'serum', '精华', '', '', '瓶', 'active', '[]', now(), now())""",
    """insert into sku (id, merchant_id, product_id, position, code, options, price, currency,
         barcode) values (:sku, :merchant, :product, 0, 'S-1', '[]', 9900, 'CNY', '')""",
    """insert into offer (merchant_id, venue_id, sku_id, price, pool_id, active)
       values (:merchant, :show, :sku, 8000, :show, true)""",
    """insert into stock (merchant_id, sku_id, pool_id, on_hand, reserved)
       values (:merchant, :sku, :show, 10, 2)""",
    """insert into reservation (holder_id, sku_id, pool_id, quantity, merchant_id)
       values (:order, :sku, :show, 2, :merchant)""",
    """insert into "order" (id, merchant_id, shopper_id, show_id, status, total, currency,
         recipient, note, placed_at, pay_by, paid_at, payment_id, simulated, idempotency_key,
         fingerprint)
       values (:order, :merchant, :shopper, :show, 'awaiting_shipment', 16000, 'CNY', '{}', '',
         now(), now(), now(), :payment, false, 'key-1', 'print')""",
    """insert into order_line (merchant_id, order_id, sku_id, position, product_id, title, options,
         unit, quantity, price, list_price)
       values (:merchant, :order, :sku, 0, :product, '精华', '[]', '瓶', 2, 8000, 9900)""",
)
NEW = {
    "select source_id, kind, level from offer": (SHOW, "retail", 0),
    "select payable, pool_id, returned from order_line": (16_000, SHOW, 0),
    'select goods, off, freight, deposit, refunded from "order"': (16_000, 0, 0, 0, 0),
    "select payment_id, order_id, amount, refunded from order_receipt": (PAYMENT, ORDER, 16_000, 0),
    "select venue_id, price, until_at from price_shown": (NIL, 9900, None),
    "select venue_id, price from price_deal": (SHOW, 8000),
}


def test_what_was_sold_before_can_still_be_sent_and_refunded(engine: Engine) -> None:
    migrate(engine, FIRST)
    names = {
        "merchant": MERCHANT,
        "shopper": SHOPPER,
        "sku": SKU,
        "product": PRODUCT,
        "show": SHOW,
        "order": ORDER,
        "payment": PAYMENT,
    }
    with engine.begin() as connection:
        for statement in OLD:
            connection.execute(text(statement), names)

    migrate(engine, "head")

    with engine.begin() as connection:
        for question, answer in NEW.items():
            assert tuple(connection.execute(text(question)).one()) == answer, question
