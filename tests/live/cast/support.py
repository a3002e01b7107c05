"""A show with staff, pictures, and the words of its event log."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from tests.live.broadcasts.test_sources import Engine
from tests.support import planned_show, product_on_sale
from xinbo.engines.db import EventRow
from xinbo.engines.tx import Role, Tx
from xinbo.identity import accounts
from xinbo.identity.accounts import AddStaff
from xinbo.kit.ids import new_id
from xinbo.live import shows
from xinbo.live.cast import Calling

CALLING = Calling(key=b"g" * 32, ice_servers=["stun:stun.example:3478"])
SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n"


async def show_of(tx: Tx, *, live: bool = True) -> UUID:
    """Plan a show, and put it on air."""
    show_id = await planned_show(tx, [await product_on_sale(tx)])
    if live:
        await shows.start(tx, show_id)
    return show_id


async def hire(tx: Tx, name: str, role: Role = Role.HOST) -> UUID:
    """Let somebody work here."""
    email = f"{new_id()}@x.example"
    command = AddStaff(email=email, name=name, role=role, password="a long password")
    return (await accounts.add_staff(tx, command)).id


async def pictures(tx: Tx, show_id: UUID) -> Engine:
    """Have main on air, and the backup ready."""
    engine = Engine(tx, show_id)
    await engine.both()
    return engine


async def said(tx: Tx, name: str) -> list[dict[str, Any]]:
    """Read the facts of one kind that were recorded for this merchant."""
    rows = await tx.db.scalars(
        select(EventRow)
        .where(EventRow.merchant_id == tx.merchant_id, EventRow.type == name)
        .order_by(EventRow.seq)
    )
    return [row.payload for row in rows]
