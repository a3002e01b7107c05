"""A show to rehearse, and ways to let a rehearsal's time pass."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from tests.support import planned_show, product_on_sale
from xinbo.commerce.catalog import Product
from xinbo.engines.tx import Tx, system
from xinbo.live import rehearsals, shows
from xinbo.live.rehearsals import Begin, PutCrowd, PutDrill, Rehearsal
from xinbo.live.rehearsals._service import playing
from xinbo.live.shows import CueKind, LineUpRole, PutCue, PutCues, PutLineUp, PutLineUpItem
from xinbo.live.shows import PutLineUpSku as Terms


async def hero_show(tx: Tx, *, stock: int | None = 10) -> tuple[UUID, list[Product]]:
    """Plan a show of two products, the first its hero, with four cues of ten minutes."""
    products = [await product_on_sale(tx), await product_on_sale(tx)]
    show_id = await planned_show(tx, products, stock=stock)
    plan = await shows.plan(tx, show_id)
    items = [
        PutLineUpItem(
            product_id=item.product_id,
            talking_points="",
            skus=[Terms(sku_id=sku.sku_id, price=sku.price, stock=sku.stock) for sku in item.skus],
            role=LineUpRole.HERO if item.product_id == products[0].id else None,
        )
        for item in plan.line_up
    ]
    plan = await shows.put_line_up(tx, show_id, PutLineUp(items=items, version=plan.version))
    cues = [
        PutCue(kind=CueKind.STORY, title="开场", minutes=10, product_id=None, notes=""),
        *(
            PutCue(kind=CueKind.PRODUCT, title="讲解", minutes=10, product_id=each.id, notes="")
            for each in products
        ),
        PutCue(kind=CueKind.STORY, title="收尾", minutes=10, product_id=None, notes=""),
    ]
    await shows.put_cues(tx, show_id, PutCues(cues=cues, version=plan.version))
    return show_id, products


async def rehearse(
    tx: Tx,
    show_id: UUID,
    drills: Sequence[PutDrill] = (),
    *,
    size: int = 0,
    autopilot: bool = True,
) -> Rehearsal:
    """Begin a rehearsal at sixty times the pace: 40 minutes in 40 seconds."""
    command = Begin(
        speed=60,
        autopilot=autopilot,
        audience=PutCrowd(size=size, seed=7),
        drills=list(drills),
    )
    return await rehearsals.begin(tx, show_id, command)


def later(tx: Tx, at: datetime) -> Tx:
    """Go on in the same transaction as the system, at another moment."""
    own = tx.acting(system(tx.merchant_id))
    own.now = at
    return own


async def step(tx: Tx, rehearsal: Rehearsal, second: float) -> bool:
    """Let the worker look once, so many seconds after the beginning; say if that ended it."""
    own = later(tx, rehearsal.began_at + timedelta(seconds=second))
    if await playing.end_where_due(own, rehearsal.id):
        return True
    await playing.fly(own, rehearsal.id)
    await playing.watch(own, rehearsal.id)
    return False
