"""Alembic's way in: every room's tables, on the connection that it is given."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.engine import Connection

from xinbo.engines.db import Xid8

EXTENSIONS = "create extension if not exists pg_trgm"


def render(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write our own column type by its place in the code."""
    return "Xid8()" if kind == "type" and isinstance(item, Xid8) else False


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=context.config.attributes.get("metadata"),
    compare_type=False,
    render_item=render,
    include_name=lambda name, kind, _: kind != "schema" or name is None,
)
connection.exec_driver_sql(EXTENSIONS)
with context.begin_transaction():
    context.run_migrations()
