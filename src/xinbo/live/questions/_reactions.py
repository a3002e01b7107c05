"""What reaches the questions room from below: what was said, what is pinned, that a show ended."""

import logging
from uuid import UUID

import msgspec
from sqlalchemy.exc import InterfaceError, OperationalError

from xinbo.engines.bus import Bus
from xinbo.engines.events import Reaction
from xinbo.engines.tx import Database, Tx, system
from xinbo.kit.errors import Unavailable, XinboError
from xinbo.live.chat import Said
from xinbo.live.questions._service.after import settle
from xinbo.live.questions._service.hearing import hear, pinned
from xinbo.live.shows import ShowEnded
from xinbo.live.stage import ProductPinned

STREAM, SUBJECT, NAME = "SAID", "said.>", "questions"

log = logging.getLogger("xinbo.questions")
said_of = msgspec.json.Decoder(list[Said])


async def on_pinned(tx: Tx, event: ProductPinned) -> None:
    """Take note of what the next questions are about."""
    await pinned(tx, event.show_id, event.product_id)


async def on_ended(tx: Tx, event: ShowEnded) -> None:
    """Hand what is open over to the follow-up."""
    await settle(tx, event.show_id)


REACTIONS = (
    Reaction("questions.pinned", ProductPinned, on_pinned),
    Reaction("questions.ended", ShowEnded, on_ended),
)


async def listen(database: Database, bus: Bus) -> None:
    """Hear for ever what is said in all rooms, each message once, whoever hears it."""

    async def take(subject: str, data: bytes) -> bool:
        return await settled(database, subject, data)

    await bus.consume(STREAM, SUBJECT, NAME, take)


async def settled(database: Database, subject: str, data: bytes) -> bool:
    """Hear one batch in a transaction of its own; say whether it need not come again."""
    try:
        _, merchant_id, show_id = subject.split(".")
        said = said_of.decode(data)
        async with database.begin(system(UUID(merchant_id))) as tx:
            await hear(tx, UUID(show_id), said)
    except Unavailable as away:
        log.warning("%s waits: %r", NAME, away)
        return False
    except (InterfaceError, OperationalError, OSError) as away:
        log.warning("%s waits: %s", NAME, type(away).__name__)
        return False
    except (XinboError, msgspec.MsgspecError, ValueError) as refusal:
        log.warning("%s refused %s: %r", NAME, subject, refusal)
    return True
