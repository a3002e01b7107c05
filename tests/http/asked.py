"""What a shopper asked the host, not for everyone to read."""

from uuid import UUID

from xinbo.engines.tx import Tx
from xinbo.kit.ids import new_id
from xinbo.live import questions
from xinbo.live.questions import Ask


async def asked(as_buyer: Tx, show_id: UUID, shopper_id: UUID, words: str) -> dict[str, UUID]:
    """Ask something in a show on air; return the id by its parameter's name."""
    ask = Ask(id=new_id(), text=words)
    mine = await questions.ask(as_buyer, show_id, shopper_id, "李雷", ask)
    return {"question_id": mine.question_id}
