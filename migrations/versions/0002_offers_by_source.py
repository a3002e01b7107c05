"""Offers by whoever publishes them; order lines by their position; who did what to an order.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give what is there the new keys, losing nothing."""
    op.add_column("offer", sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()")))
    op.add_column("offer", sa.Column("source_id", sa.Uuid()))
    op.add_column("offer", sa.Column("kind", sa.String(40), server_default="retail"))
    op.add_column("offer", sa.Column("starts_at", sa.DateTime(timezone=True)))
    op.add_column("offer", sa.Column("ends_at", sa.DateTime(timezone=True)))
    op.add_column("offer", sa.Column("per_person", sa.BigInteger()))
    op.add_column("offer", sa.Column("level", sa.BigInteger(), server_default="0"))
    op.add_column("offer", sa.Column("terms", postgresql.JSONB()))
    op.execute("update offer set source_id = venue_id")
    op.execute("alter table offer drop constraint offer_pkey")
    for column in ("id", "source_id", "kind", "level"):
        op.alter_column("offer", column, nullable=False, server_default=None)
    op.create_primary_key("offer_pkey", "offer", ["id"])
    op.create_unique_constraint("offer_once", "offer", ["merchant_id", "source_id", "sku_id"])
    op.create_index(
        "offer_of_sku", "offer", ["merchant_id", "sku_id"], postgresql_where=sa.text("active")
    )
    op.execute("alter table order_line drop constraint order_line_pkey")
    op.create_primary_key("order_line_pkey", "order_line", ["order_id", "position"])
    op.execute("alter table reservation drop constraint reservation_pkey")
    op.create_primary_key("reservation_pkey", "reservation", ["holder_id", "sku_id", "pool_id"])
    op.add_column("event_log", sa.Column("role", sa.Text()))
    op.add_column("event_log", sa.Column("about_id", sa.Uuid()))
    op.create_index(
        "event_log_about",
        "event_log",
        ["about_id", "seq"],
        postgresql_where=sa.text("about_id is not null"),
    )
