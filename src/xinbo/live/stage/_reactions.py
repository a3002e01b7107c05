"""What changes a stage from below: plans, prices, goods, and every piece sold."""

import asyncio
from uuid import UUID

import msgspec

from xinbo.commerce.catalog import ProductChanged
from xinbo.commerce.inventory import StockChanged
from xinbo.commerce.offers import OffersChanged
from xinbo.commerce.orders import OrderCancelled, OrderPlaced
from xinbo.commerce.promotions import PromotionChanged, PromotionKind
from xinbo.engines.bus import Bus
from xinbo.engines.events import Fact, Reaction
from xinbo.engines.tx import Database, Tx, system
from xinbo.kit.ids import NIL
from xinbo.live import shows
from xinbo.live.games import GamesChanged
from xinbo.live.shows import ShowChanged, ShowNotFound, ShowStatus
from xinbo.live.stage._service.reading import left, publish, row

EVERY = 0.3
"""Seconds between two looks at which stock changed: many orders make one message."""


async def on_show_changed(tx: Tx, event: ShowChanged) -> None:
    """Send the stage again when its show's plan or status changed.

    A plan that is written on air opens all its prices: what was said to be sold out stays so.
    """
    stage = await row(tx, event.show_id)
    if stage.sold_out and event.status is ShowStatus.LIVE:
        await shows.offer(tx, event.show_id, without=stage.sold_out)
    await publish(tx, event.show_id)


async def on_product_changed(tx: Tx, event: ProductChanged) -> None:
    """Send the stages of shows on air that have the product on their line-up."""
    for show_id in await _on_air(tx):
        items = await shows.line_up(tx, show_id)
        if event.product_id in {item.product_id for item in items}:
            await publish(tx, show_id)


async def on_promotion_changed(tx: Tx, event: PromotionChanged) -> None:
    """Send the stage again when a coupon for its room began, ran out or ended."""
    if event.kind is PromotionKind.COUPON and event.venue_id in await _on_air(tx):
        await publish(tx, event.venue_id)


async def on_offers_changed(tx: Tx, event: OffersChanged) -> None:
    """Send the stages again whose goods cost something else now."""
    changed = set(event.sku_ids)
    for show_id in await _on_air(tx):
        if event.venue_id not in {NIL, show_id}:
            continue
        items = await shows.line_up(tx, show_id)
        if changed & {sku.sku_id for item in items for sku in item.skus}:
            await publish(tx, show_id)


async def on_games_changed(tx: Tx, event: GamesChanged) -> None:
    """Send the stage again when a game began, filled up, closed or was revealed."""
    if event.show_id in await _on_air(tx):
        await publish(tx, event.show_id)


async def _on_air(tx: Tx) -> list[UUID]:
    return [show for merchant, show in await shows.on_air(tx) if merchant == tx.merchant_id]


REACTIONS = (
    Reaction("stage.show_changed", ShowChanged, on_show_changed),
    Reaction("stage.product_changed", ProductChanged, on_product_changed),
    Reaction("stage.offers_changed", OffersChanged, on_offers_changed),
    Reaction("stage.games_changed", GamesChanged, on_games_changed),
    Reaction("stage.promotion_changed", PromotionChanged, on_promotion_changed),
)


async def tell_stock(database: Database, bus: Bus) -> None:
    """Tell rooms on air how many are left, for ever, soon after anything changed it."""
    dirty: set[UUID] = set()
    changed = asyncio.Event()

    async def heard(_: str, message: bytes) -> None:
        dirty.add(msgspec.json.decode(message, type=Fact).merchant_id)
        changed.set()

    for event in (OrderPlaced, OrderCancelled, StockChanged):
        await bus.subscribe(f"facts.*.{event.name}", heard)
    while True:
        await changed.wait()
        await asyncio.sleep(EVERY)
        changed.clear()
        merchants = dirty.copy()
        dirty.clear()
        async with database.begin(system(NIL)) as tx:
            rooms = [pair for pair in await shows.on_air(tx) if pair[0] in merchants]
        for merchant_id, show_id in rooms:
            await _tell(database, bus, merchant_id, show_id)


async def _tell(database: Database, bus: Bus, merchant_id: UUID, show_id: UUID) -> None:
    try:
        async with database.begin(system(merchant_id)) as tx:
            items = await left(tx, show_id)
    except ShowNotFound:
        return
    message = {"t": "stock", "items": {str(sku): count for sku, count in items.items()}}
    await bus.publish(f"room.{show_id}.msg", msgspec.json.encode(message))
