"""Show service: private conversations between shoppers and the shop's agents.

Owns `conversation`, `conversation_message`, `conversation_picture`, `duty` and `phrase`: all that
is said in private is here, is seen by its shopper and those who serve, and can be erased
(`erase`). A shopper has at most one open conversation per show, and one outside of shows. What
waits longest stands first, under a clock; of two agents who take the same one has it and the
other is told who. Nothing that was said reaches the event log.
"""

from xinbo.live.conversations._reactions import REACTIONS
from xinbo.live.conversations._rules import (
    FIRST_REPLY,
    NEXT_REPLY,
    ConversationKind,
    ConversationOutcome,
    ConversationState,
    TalkSide,
)
from xinbo.live.conversations._service.beside import NothingToHandOver, beside, hand_over
from xinbo.live.conversations._service.duty import ENOUGH, on_duty, set_duty
from xinbo.live.conversations._service.opening import ShopperNotFound, ask, open  # noqa: A004
from xinbo.live.conversations._service.phrases import phrases, put_phrases
from xinbo.live.conversations._service.pictures import AttachmentNotFound, add_picture, picture
from xinbo.live.conversations._service.reads import (
    ConversationNotFound,
    figures,
    get,
    messages,
    mine,
    queue,
    queue_state,
)
from xinbo.live.conversations._service.talking import (
    AgentNotFound,
    ConversationOver,
    TakenBySomeone,
    close,
    erase,
    say,
    seen,
    take,
    transfer,
)
from xinbo.live.conversations._service.writing import TooMuchSaid
from xinbo.live.conversations._types import (
    AgentOnDuty,
    Beside,
    CloseConversation,
    Conversation,
    ConversationClosed,
    ConversationOpened,
    ConversationPicture,
    DeskLane,
    DutyChanged,
    HandToAftersales,
    OpenConversation,
    PassOn,
    Phrase,
    ProductBeside,
    PutPhrase,
    PutPhrases,
    QueueState,
    SayWords,
    ServiceFigures,
    SetDuty,
    TalkCard,
    TalkCardKind,
    TalkMessage,
    TalkNote,
)

__all__ = [
    "ENOUGH",
    "FIRST_REPLY",
    "NEXT_REPLY",
    "REACTIONS",
    "AgentNotFound",
    "AgentOnDuty",
    "AttachmentNotFound",
    "Beside",
    "CloseConversation",
    "Conversation",
    "ConversationClosed",
    "ConversationKind",
    "ConversationNotFound",
    "ConversationOpened",
    "ConversationOutcome",
    "ConversationOver",
    "ConversationPicture",
    "ConversationState",
    "DeskLane",
    "DutyChanged",
    "HandToAftersales",
    "NothingToHandOver",
    "OpenConversation",
    "PassOn",
    "Phrase",
    "ProductBeside",
    "PutPhrase",
    "PutPhrases",
    "QueueState",
    "SayWords",
    "ServiceFigures",
    "SetDuty",
    "ShopperNotFound",
    "TakenBySomeone",
    "TalkCard",
    "TalkCardKind",
    "TalkMessage",
    "TalkNote",
    "TalkSide",
    "TooMuchSaid",
    "add_picture",
    "ask",
    "beside",
    "close",
    "erase",
    "figures",
    "get",
    "hand_over",
    "messages",
    "mine",
    "on_duty",
    "open",
    "phrases",
    "picture",
    "put_phrases",
    "queue",
    "queue_state",
    "say",
    "seen",
    "set_duty",
    "take",
    "transfer",
]
