"""what was sold before there were discounts, receipts and a price log.

Orders of the first version were paid whole, by one payment, at their lines' prices: that is
written down in today's terms, so that they can be sent, refunded and compared with.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NIL = "'00000000-0000-0000-0000-000000000000'"

LINES = """
update order_line l set payable = l.price * l.quantity, pool_id = coalesce(
  (select r.pool_id from reservation r
   where r.holder_id = l.order_id and r.sku_id = l.sku_id limit 1), {nil})
where l.pool_id is null
"""
ORDERS = """update "order" set goods = total where goods = 0 and bill is null"""
RECEIPTS = """
insert into order_receipt (payment_id, merchant_id, order_id, purpose, amount, refunded, at)
select o.payment_id, o.merchant_id, o.id, 'whole', o.total, 0, o.paid_at
from "order" o where o.payment_id is not null and o.paid_at is not null
on conflict do nothing
"""
LIST_PRICES = """
insert into price_shown
  (id, merchant_id, venue_id, sku_id, source_id, kind, price, from_at, until_at)
select uuidv7(), s.merchant_id, {nil}, s.id, {nil}, 'retail', s.price, now(), null
from sku s where s.retired_at is null
  and not exists (select from price_shown p where p.sku_id = s.id and p.source_id = {nil})
"""
DEALS = """
insert into price_deal (merchant_id, order_id, sku_id, venue_id, price, at)
select o.merchant_id, o.id, l.sku_id, coalesce(o.show_id, {nil}), l.price, o.paid_at
from "order" o join order_line l on l.order_id = o.id
where o.paid_at is not null and not o.simulated
on conflict do nothing
"""
RETURNS_FROM = """
update "order" set due_at = shipped_at + interval '10 days'
where status = 'shipped' and due_at is null and shipped_at is not null
"""


def upgrade() -> None:
    """Say of the old rows what the new columns ask."""
    for statement in (LINES, ORDERS, RECEIPTS, LIST_PRICES, DEALS, RETURNS_FROM):
        op.execute(statement.replace("{nil}", NIL))
