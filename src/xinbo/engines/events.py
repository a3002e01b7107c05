"""Facts on their way out: event log → relay → JetStream → reactions.

The relay reads in commit order and never past a transaction that is still open: identity
values are handed out before commit, so a row with a smaller number may appear late.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import nats.errors
from nats.js.api import ConsumerConfig, DeliverPolicy
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from xinbo.engines.bus import Bus
from xinbo.engines.db import ReactionRow
from xinbo.engines.tx import Database, Tx, system
from xinbo.kit.errors import Unavailable, XinboError

log = logging.getLogger("xinbo.events")

BATCH = 500
IDLE = 0.05
"""Seconds between two looks at a quiet event log."""

ACK_WAIT = 10
"""Seconds after which facts that a killed worker had taken come back."""

AT_ONCE = 20
"""Facts taken at once: far fewer than a reaction manages in `ACK_WAIT`."""

PATIENCE = 60
"""Seconds between two tries of a reaction that goes on failing: 1, 2, 4, … up to this."""

READ = text("""
    select e.seq, e.id, e.xid::text::bigint as xid, e.type, e.merchant_id, e.actor_id, e.at,
           e.payload
    from event_log e
    where (e.xid, e.seq) > (cast(cast(:xid as text) as xid8), :seq)
      and e.xid < pg_snapshot_xmin(pg_current_snapshot())
    order by e.xid, e.seq limit :batch
""")
WAITING = text("""
    select exists (
        select from event_log e, relay_cursor c
        where c.name = :name and (e.xid, e.seq) > (cast(cast(c.xid as text) as xid8), c.seq)
          and e.xid < pg_snapshot_xmin(pg_current_snapshot())
    ) or not exists (select from relay_cursor where name = :name)
""")
CURSOR = text("select xid, seq from relay_cursor where name = :name for update")
START = text("insert into relay_cursor values (:name, 0, 0) on conflict do nothing")
MOVE = text("update relay_cursor set xid = :xid, seq = :seq where name = :name")


class Fact(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One row of the event log as it travels."""

    id: UUID
    seq: int
    type: str
    merchant_id: UUID
    actor_id: UUID | None
    at: datetime
    payload: dict[str, Any]


class Reaction[E](msgspec.Struct, frozen=True):
    """What a room does when a fact reaches it: `react(tx, event)`, once per event."""

    name: str
    event: type[E]
    react: Callable[[Tx, E], Awaitable[None]]


async def relay(database: Database, bus: Bus, *, name: str = "jetstream") -> None:
    """Publish facts for ever, in commit order, each at least once and deduplicated by id."""
    while True:
        try:
            sent = await relay_once(database, bus, name=name)
        except (DBAPIError, OSError, nats.errors.Error) as away:
            log.warning("relay waits: %s", type(away).__name__)
            sent = 0
            await asyncio.sleep(0.5)
        if sent < BATCH:
            await asyncio.sleep(IDLE)


async def relay_once(database: Database, bus: Bus, *, name: str = "jetstream") -> int:
    """Publish the next batch and move the cursor; return how many facts went out.

    The cursor row is locked meanwhile, so a second relay waits instead of repeating. A quiet log
    is looked at without the lock: a lock is a write, and would be one to disk 20 times a second.
    """
    async with database.engine.begin() as connection:
        if not await connection.scalar(WAITING, {"name": name}):
            return 0
        cursor = (await connection.execute(CURSOR, {"name": name})).one_or_none()
        if cursor is None:
            await connection.execute(START, {"name": name})
            cursor = (await connection.execute(CURSOR, {"name": name})).one()
        rows = (
            await connection.execute(
                READ, {"xid": str(cursor.xid), "seq": cursor.seq, "batch": BATCH}
            )
        ).all()
        if not rows:
            return 0
        facts = [msgspec.convert(row, Fact, from_attributes=True) for row in rows]
        await asyncio.gather(*(_publish(bus, fact) for fact in facts))
        await connection.execute(MOVE, {"name": name, "xid": rows[-1].xid, "seq": rows[-1].seq})
    return len(rows)


async def _publish(bus: Bus, fact: Fact) -> None:
    try:
        await bus.streams.publish(
            f"facts.{fact.merchant_id}.{fact.type}",
            msgspec.json.encode(fact),
            headers={"Nats-Msg-Id": str(fact.id)},
        )
    except nats.errors.MaxPayloadError:  # waiting would hold up every fact after it, for ever
        log.error("%s %s is too large for the bus: it stays in the log", fact.type, fact.id)  # noqa: TRY400


@asynccontextmanager
async def reactions(
    database: Database, bus: Bus, all_of_them: Sequence[Reaction[Any]]
) -> AsyncGenerator[None]:
    """Run each reaction on the facts it is for, from where it left off, until left."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_react(database, bus, each)) for each in all_of_them]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()


async def _react(database: Database, bus: Bus, reaction: Reaction[Any]) -> None:
    subject = f"facts.*.{reaction.event.name}"
    config = ConsumerConfig(
        durable_name=reaction.name.replace(".", "_"),
        filter_subject=subject,
        deliver_policy=DeliverPolicy.ALL,
        ack_wait=ACK_WAIT,
        max_ack_pending=200,
    )
    while True:
        with contextlib.suppress(nats.errors.Error, OSError):
            consumer = await bus.streams.pull_subscribe(
                subject, durable=config.durable_name, stream="FACTS", config=config
            )
            try:
                await _take(database, reaction, consumer)
            finally:
                with contextlib.suppress(nats.errors.Error):
                    await consumer.unsubscribe()  # else hanging up waits 30 s for it
        await asyncio.sleep(0.5)


async def _take(database: Database, reaction: Reaction[Any], consumer: Any) -> None:
    while True:
        try:
            messages = await consumer.fetch(AT_ONCE, timeout=5)
        except TimeoutError:  # nats.errors.TimeoutError among them
            continue
        for message in messages:
            if await handle(database, reaction, message.data):
                await message.ack()
            else:
                await message.nak(delay=min(2 ** (message.metadata.num_delivered - 1), PATIENCE))


async def handle(database: Database, reaction: Reaction[Any], data: bytes) -> bool:
    """React to one fact in a transaction of its own, once per event id; say if it is settled.

    A refusal (`XinboError`) settles it: repeating would be refused again. Anything else does
    not, `Unavailable` included, and the fact comes back.
    """
    fact: Fact | None = None
    try:
        fact = msgspec.json.decode(data, type=Fact)
        event = msgspec.convert(fact.payload, reaction.event)
        async with database.begin(system(fact.merchant_id)) as tx:
            first = await tx.db.scalar(
                insert(ReactionRow)
                .values(reaction=reaction.name, event_id=fact.id)
                .on_conflict_do_nothing()
                .returning(ReactionRow.event_id)
            )
            if first is not None:
                await reaction.react(tx, event)
    except Unavailable as away:
        log.warning("%s waits: %r", reaction.name, away)
        return False
    except XinboError as refusal:
        log.warning("%s refused %s: %r", reaction.name, fact and fact.id, refusal)
        return True
    except (InterfaceError, OperationalError, OSError) as away:
        log.warning("%s waits: %s", reaction.name, type(away).__name__)
        return False
    except Exception:
        log.exception("%s failed on %s", reaction.name, fact and fact.id)
        return False
    return True
