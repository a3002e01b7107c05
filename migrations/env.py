"""Alembic's way in: every room's tables, on the connection that it is given."""

from alembic import context
from sqlalchemy.engine import Connection

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata"),
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
