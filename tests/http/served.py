"""What a shopper told the shop in private."""

from uuid import UUID

from xinbo.engines.tx import Tx
from xinbo.kit.ids import new_id
from xinbo.live import conversations
from xinbo.live.conversations import ConversationKind, SayWords


async def served(as_buyer: Tx, show_id: UUID, words: str, picture: bytes) -> dict[str, UUID]:
    """Ask something in private and show a picture; return the ids by their parameters' names."""
    talk = await conversations.ask(
        as_buyer, show_id, ConversationKind.OTHER, None, None, words, new_id()
    )
    shown = await conversations.add_picture(as_buyer, picture)
    await conversations.say(
        as_buyer, talk.id, SayWords(id=new_id(), text=words, picture_ids=[shown.id])
    )
    return {"conversation_id": talk.id, "attachment_id": shown.id}
