"""The worker process: relay, reactions, jobs, sweeps and analytics, in explicit lists."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from xinbo.analytics.metrics import serve_analytics
from xinbo.commerce import imports, orders, payments
from xinbo.commerce.aftersales import _reactions as aftersales_reactions
from xinbo.commerce.catalog import _reactions as catalog_reactions
from xinbo.commerce.complaints import _reactions as complaint_reactions
from xinbo.commerce.fulfilment import _reactions as fulfilment_reactions
from xinbo.commerce.inventory import _reactions as inventory_reactions
from xinbo.commerce.orders import _reactions as order_reactions
from xinbo.commerce.payments import _reactions as payment_reactions
from xinbo.commerce.promotions import _reactions as promotion_reactions
from xinbo.engines import jobs
from xinbo.engines.events import reactions, relay
from xinbo.engines.process import connected
from xinbo.engines.settings import Settings
from xinbo.engines.supervisor import say_ready
from xinbo.live.broadcasts import _reactions as broadcast_reactions
from xinbo.live.cast import _reactions as cast_reactions
from xinbo.live.chat import _reactions as chat_reactions
from xinbo.live.contingency import _reactions as contingency_reactions
from xinbo.live.conversations import _reactions as conversation_reactions
from xinbo.live.games import _reactions as game_reactions
from xinbo.live.questions import _reactions as question_reactions
from xinbo.live.rehearsals import _reactions as rehearsal_reactions
from xinbo.live.stage import _reactions as stage_reactions

JOBS: tuple[jobs.Job, ...] = (
    *imports.JOBS,
    *payments.JOBS,
    *orders.JOBS,
    *fulfilment_reactions.JOBS,
    *broadcast_reactions.JOBS,
    *contingency_reactions.JOBS,
)
REACTIONS = (
    *order_reactions.REACTIONS,
    *fulfilment_reactions.REACTIONS,
    *aftersales_reactions.REACTIONS,
    *broadcast_reactions.REACTIONS,
    *cast_reactions.REACTIONS,
    *game_reactions.REACTIONS,
    *stage_reactions.REACTIONS,
    *conversation_reactions.REACTIONS,
    *question_reactions.REACTIONS,
    *contingency_reactions.REACTIONS,
    *rehearsal_reactions.REACTIONS,
)
log = logging.getLogger("xinbo.worker")


async def serve(settings: Settings) -> None:
    """Work until cancelled."""
    payments.offer(settings)
    async with AsyncExitStack() as stack:
        database, bus = await stack.enter_async_context(connected(settings, "worker", pool=10))
        await bus.open_streams()
        await stack.enter_async_context(jobs.serve(database, settings.database_url, JOBS))
        await stack.enter_async_context(reactions(database, bus, REACTIONS))
        await stack.enter_async_context(serve_analytics(settings, database, bus))
        say_ready()
        async with asyncio.TaskGroup() as group:
            group.create_task(_keep("relay", lambda: relay(database, bus)))
            group.create_task(_keep("stock", lambda: stage_reactions.tell_stock(database, bus)))
            group.create_task(
                _keep("heroes", lambda: contingency_reactions.watch_heroes(database, bus))
            )
            group.create_task(_keep("questions", lambda: question_reactions.listen(database, bus)))
            group.create_task(_keep("chat", lambda: chat_reactions.keep(database, bus)))
            group.create_task(_keep("chat rules", lambda: chat_reactions.answer(database, bus)))
            group.create_task(_keep("old chat", lambda: chat_reactions.keep_time(database)))
            group.create_task(_keep("index", lambda: catalog_reactions.keep_index(database)))
            group.create_task(_keep("watch", lambda: inventory_reactions.watch(database)))
            group.create_task(_keep("payments", lambda: payment_reactions.watch(database)))
            group.create_task(_keep("nightly", lambda: payment_reactions.nightly(database)))
            group.create_task(_keep("expiry", lambda: order_reactions.expire(database)))
            group.create_task(_keep("games", lambda: game_reactions.keep_time(database)))
            group.create_task(_keep("promotions", lambda: promotion_reactions.keep_time(database)))
            group.create_task(
                _keep("after-sales", lambda: aftersales_reactions.keep_time(database))
            )
            group.create_task(
                _keep("rehearsals", lambda: rehearsal_reactions.play(settings, database, bus))
            )
            group.create_task(_keep("complaints", lambda: complaint_reactions.keep_time(database)))


async def _keep(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run endless work, and begin it again after a fault: a restart of its engine, mostly."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("%s begins again", name)
        await asyncio.sleep(0.5)
