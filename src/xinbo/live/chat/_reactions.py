"""What the worker does for chat: keep what is said, and answer the edges' questions."""

import asyncio
import logging
from uuid import UUID

import msgspec
from sqlalchemy.exc import DBAPIError

from xinbo.engines.bus import Bus
from xinbo.engines.tx import Database, system
from xinbo.kit.errors import Unavailable, XinboError
from xinbo.kit.ids import NIL
from xinbo.live.chat._service import archive, order
from xinbo.live.chat._speech import wire
from xinbo.live.chat._types import AskMessage, AskRules, RoomRules, Said

EVERY = 3600.0
"""Seconds between two looks at what need not be kept any longer."""

said_of = msgspec.json.Decoder(list[Said])
rules_question = msgspec.json.Decoder(AskRules)
message_question = msgspec.json.Decoder(AskMessage)
log = logging.getLogger("xinbo.chat")


async def keep(database: Database, bus: Bus) -> None:
    """Put on record what is said, for ever, from where it was left."""

    async def take(subject: str, data: bytes) -> bool:
        return await stored(database, subject, data)

    await bus.consume("SAID", "said.>", "chat_archive", take)


async def stored(database: Database, subject: str, data: bytes) -> bool:
    """Store one batch; say whether it is settled. What can never be stored is settled, too."""
    _, merchant_id, show_id = subject.split(".")
    try:
        batch = said_of.decode(data)
        async with database.begin(system(UUID(merchant_id))) as tx:
            await archive.store(tx, UUID(show_id), batch)
    except (Unavailable, DBAPIError, OSError) as away:
        log.warning("the archive waits: %r", away)
        return False
    except (XinboError, msgspec.MsgspecError) as refusal:
        log.warning("not archived, %s: %r", subject, refusal)
    except Exception:
        log.exception("not archived: %s", subject)
    return True


async def answer(database: Database, bus: Bus) -> None:
    """Answer edges: which rules a room has, and what a message that is released says."""

    async def rules_of(question: bytes) -> bytes:
        ask = rules_question.decode(question)
        try:
            async with database.begin(system(ask.merchant_id)) as tx:
                found = await order.room_rules(tx, ask.show_id)
        except XinboError:
            found = RoomRules()  # no such show: nobody is in it either
        return msgspec.json.encode(found)

    async def message_of(question: bytes) -> bytes:
        ask = message_question.decode(question)
        async with database.begin(system(ask.merchant_id)) as tx:
            row = await archive.said(tx, ask.show_id, ask.message_id)
            return b"" if row is None else wire(row)

    await bus.answer("chat.rules", rules_of)
    await bus.answer("chat.message", message_of)
    await asyncio.Event().wait()


async def keep_time(database: Database) -> None:
    """Remove what is older than must be kept, for ever."""
    while True:
        async with database.begin(system(NIL)) as tx:
            await archive.expire(tx)
        await asyncio.sleep(EVERY)
