"""A show on air, people who speak in it, and what the archive gets of it."""

from datetime import datetime
from uuid import UUID

from tests.support import NOW, planned_show, product_on_sale
from xinbo.engines.tx import Actor, Role, Tx
from xinbo.kit.ids import new_id
from xinbo.live import shows
from xinbo.live.chat import MessageKind, Said, SaidState, Speaker


async def on_air(tx: Tx) -> UUID:
    """Put a show on air."""
    show_id = await planned_show(tx, [await product_on_sale(tx)])
    await shows.start(tx, show_id)
    return show_id


def speaker(tx: Tx) -> Tx:
    """Act as a shopper of the same merchant, in the same transaction."""
    return tx.acting(Actor(tx.merchant_id, Role.SHOPPER, viewer_id := new_id(), viewer_id))


def said(  # noqa: PLR0913 # each may be left out
    show_id: UUID,
    text: str = "好看",
    *,
    viewer_id: UUID | None = None,
    state: SaidState = SaidState.SHOWN,
    role: Speaker = Speaker.SHOPPER,
    at: datetime = NOW,
) -> Said:
    """Say something."""
    return Said(
        id=new_id(),
        show_id=show_id,
        viewer_id=viewer_id or new_id(),
        by="0a1b2c",
        name="小雨",
        role=role,
        text=text,
        kind=MessageKind.CHAT,
        state=state,
        why=None if state is SaidState.SHOWN else "word",
        level=None,
        buyer=False,
        at=at,
        simulated=False,
    )
