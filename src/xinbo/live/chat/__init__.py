"""What viewers and staff say during a show: what may be said, what it is, what becomes of it.

Owns `chat_message`, `chat_word`, `chat_rule`, `chat_sanction` and `chat_appeal`. A message goes
from its author through `say` to the bus and from there to every screen; PostgreSQL is never on
this path. What was said is archived from the stream SAID, whatever became of it, and the text is
nowhere else. Nobody is silenced in secret: the author is told what was done, why, and may appeal.
"""

import importlib
from typing import TYPE_CHECKING

from xinbo.live.chat._rules import (
    Listed,
    MessageKind,
    MessageRefused,
    SaidState,
    WordAction,
    Words,
    classify,
    compiled,
    screen,
)
from xinbo.live.chat._speech import Author, message, say, wire
from xinbo.live.chat._types import (
    AppealCase,
    AppealDecided,
    AppealDecision,
    AppealMade,
    AppealView,
    Archived,
    AskMessage,
    AskRules,
    ChatRules,
    ChatRulesSet,
    DecideAppeal,
    Handled,
    Kick,
    MakeAppeal,
    Message,
    MessageRejected,
    MessageReleased,
    MessageRemoved,
    Mute,
    Muted,
    PostMessage,
    PutChatRules,
    PutWord,
    PutWords,
    Remove,
    ReplayMessage,
    RoomRules,
    Rule,
    RulesChanged,
    Said,
    Sanction,
    SanctionKind,
    SanctionLifted,
    ShopperKicked,
    ShopperMuted,
    Speaker,
    Standing,
    Tried,
    TryText,
    Word,
)

if TYPE_CHECKING:
    from xinbo.live.chat._service.appeals import (
        AppealDecidedAlready,
        AppealedAlready,
        appeal,
        appeals,
        decide,
        standing,
    )
    from xinbo.live.chat._service.archive import (
        erase,
        expire,
        export,
        page_of,
        replay,
        store,
        waiting,
    )
    from xinbo.live.chat._service.moderation import (
        kick,
        kicked,
        lift,
        mute,
        reject,
        release,
        remove,
        sanctions,
    )
    from xinbo.live.chat._service.order import (
        TooManyWords,
        WordNotFound,
        WordRefused,
        hold_chat,
        put_words,
        remove_word,
        room_rules,
        rules,
        set_rules,
        try_text,
        words,
    )
    from xinbo.live.chat._service.rows import (
        AppealNotFound,
        MessageNotFound,
        NotThatState,
        SanctionNotFound,
        StaffSpoke,
    )

__all__ = [
    "AppealCase",
    "AppealDecided",
    "AppealDecidedAlready",
    "AppealDecision",
    "AppealMade",
    "AppealNotFound",
    "AppealView",
    "AppealedAlready",
    "Archived",
    "AskMessage",
    "AskRules",
    "Author",
    "ChatRules",
    "ChatRulesSet",
    "DecideAppeal",
    "Handled",
    "Kick",
    "Listed",
    "MakeAppeal",
    "Message",
    "MessageKind",
    "MessageNotFound",
    "MessageRefused",
    "MessageRejected",
    "MessageReleased",
    "MessageRemoved",
    "Mute",
    "Muted",
    "NotThatState",
    "PostMessage",
    "PutChatRules",
    "PutWord",
    "PutWords",
    "Remove",
    "ReplayMessage",
    "RoomRules",
    "Rule",
    "RulesChanged",
    "Said",
    "SaidState",
    "Sanction",
    "SanctionKind",
    "SanctionLifted",
    "SanctionNotFound",
    "ShopperKicked",
    "ShopperMuted",
    "Speaker",
    "StaffSpoke",
    "Standing",
    "TooManyWords",
    "Tried",
    "TryText",
    "Word",
    "WordAction",
    "WordNotFound",
    "WordRefused",
    "Words",
    "appeal",
    "appeals",
    "classify",
    "compiled",
    "decide",
    "erase",
    "expire",
    "export",
    "hold_chat",
    "kick",
    "kicked",
    "lift",
    "message",
    "mute",
    "page_of",
    "put_words",
    "reject",
    "release",
    "remove",
    "remove_word",
    "replay",
    "room_rules",
    "rules",
    "sanctions",
    "say",
    "screen",
    "set_rules",
    "standing",
    "store",
    "try_text",
    "waiting",
    "wire",
    "words",
]

_WITH_TABLES = ("rows", "archive", "order", "moderation", "appeals")


def __getattr__(name: str) -> object:
    """Load what works with the tables when it is asked for.

    The edge process speaks by this room's rules and has no database: it stays small.
    """
    if name in __all__:
        for file in _WITH_TABLES:
            module = importlib.import_module(f"xinbo.live.chat._service.{file}")
            found = getattr(module, name, None)
            if found is not None:
                return found
    raise AttributeError(name)
