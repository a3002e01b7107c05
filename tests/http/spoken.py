"""What a shopper said in the chat, what was done about it, and what they say against that."""

from uuid import UUID

from xinbo.engines.tx import Tx
from xinbo.kit.ids import new_id
from xinbo.live import chat
from xinbo.live.chat import (
    MakeAppeal,
    MessageKind,
    Mute,
    PutWord,
    Rule,
    Said,
    SaidState,
    Speaker,
    WordAction,
)


async def spoken(tx: Tx, as_buyer: Tx, show_id: UUID, words: str) -> dict[str, UUID]:
    """Say something, be muted for it, and appeal; return the ids by their parameters' names."""
    assert as_buyer.actor.user_id
    said = Said(
        id=new_id(),
        show_id=show_id,
        viewer_id=as_buyer.actor.user_id,
        by="0a1b2c",
        name="李雷",
        role=Speaker.SHOPPER,
        text=words,
        kind=MessageKind.CHAT,
        state=SaidState.HELD,
        why="word",
        level=None,
        buyer=False,
        at=tx.now,
        simulated=False,
    )
    await chat.store(tx, show_id, [said])
    (word,) = await chat.put_words(tx, [PutWord(text=words, action=WordAction.HOLD)])
    sanction = await chat.mute(tx, show_id, Mute(message_id=said.id, minutes=5, rule=Rule.SPAM))
    appeal = await chat.appeal(as_buyer, show_id, MakeAppeal(about_id=sanction.id, text=words))
    return {
        "message_id": said.id,
        "word_id": word.id,
        "sanction_id": sanction.id,
        "appeal_id": appeal.id,
    }
