"""Viewers who ask, and a show on air to ask in."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from tests.support import NOW, planned_show, product_on_sale
from xinbo.commerce.catalog import Product
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity import accounts
from xinbo.live import questions, shows
from xinbo.live.chat import MessageKind, Said, SaidState, Speaker
from xinbo.live.questions import Queue


def said(  # noqa: PLR0913 # what can be said of a message
    show_id: UUID,
    text: str,
    *,
    by: UUID | None = None,
    kind: MessageKind = MessageKind.QUESTION,
    role: Speaker = Speaker.SHOPPER,
    state: SaidState = SaidState.SHOWN,
    at: datetime = NOW,
    simulated: bool = False,
    message_id: UUID | None = None,
) -> Said:
    return Said(
        id=message_id or uuid4(),
        show_id=show_id,
        viewer_id=by or uuid4(),
        by="mark",
        name="小满",
        role=role,
        text=text,
        kind=kind,
        state=state,
        why=None,
        level=None,
        buyer=False,
        at=at,
        simulated=simulated,
    )


async def on_air(tx: Tx, *products: Product) -> UUID:
    """Begin a show of these products, or of a new one."""
    show_id = await planned_show(tx, products or [await product_on_sale(tx)])
    await shows.start(tx, show_id)
    return show_id


async def heard(tx: Tx, show_id: UUID, *texts: str, after: int = 0) -> Queue:
    """Let different people say these, `after` seconds from now, and show the queue."""
    at = NOW + timedelta(seconds=after)
    await questions.hear(as_system(tx), show_id, [said(show_id, text, at=at) for text in texts])
    return await questions.queue(tx, show_id)


def as_system(tx: Tx) -> Tx:
    return tx.acting(system(tx.merchant_id))


def as_shopper(tx: Tx, shopper_id: UUID) -> Tx:
    return tx.acting(Actor(tx.merchant_id, Role.SHOPPER, shopper_id, shopper_id))


async def colleague(tx: Tx, name: str, role: Role = Role.OPERATOR) -> Tx:
    """Go on as another member of the staff, whose name is on record."""
    member = await accounts.add_staff(
        tx,
        accounts.AddStaff(
            name=name, email=f"{uuid4()}@example.com", password="correct horse", role=role
        ),
    )
    return tx.acting(Actor(tx.merchant_id, role, member.id))


async def live_show(database: Database, owner: Actor) -> UUID:
    """Begin a show that really is there."""
    async with database.begin(owner) as tx:
        return await on_air(tx)
