"""Bargaining: friends cut a price step by step, by cuts that were fixed before anybody helped.

Owns `bargain` and `bargain_help`. The cuts come from a seed whose hash is shown at the start and
which is shown itself at the end, so anybody can check that nobody tilted them. The last helper
reaches the floor exactly. Everyone helps a bargain once; nobody who helps is made up.
"""

from xinbo.commerce.bargains._rules import commitment, split
from xinbo.commerce.bargains._service.life import (
    HELPS_A_DAY,
    BargainClosed,
    HelpsUsedUp,
    OwnBargain,
    help_along,
    price_of,
    release,
    start,
    use,
)
from xinbo.commerce.bargains._service.reads import BargainNotFound, get, page_of
from xinbo.commerce.bargains._types import (
    Bargain,
    Bargained,
    BargainHelped,
    BargainStarted,
    BargainState,
    Helped,
    StartBargain,
)

__all__ = [
    "HELPS_A_DAY",
    "Bargain",
    "BargainClosed",
    "BargainHelped",
    "BargainNotFound",
    "BargainStarted",
    "BargainState",
    "Bargained",
    "Helped",
    "HelpsUsedUp",
    "OwnBargain",
    "StartBargain",
    "commitment",
    "get",
    "help_along",
    "page_of",
    "price_of",
    "release",
    "split",
    "start",
    "use",
]
