"""Bargaining: friends cut a price step by step, by cuts that were fixed before anybody helped.

Owns `bargain` and `bargain_help`. The cuts come from a seed whose hash is shown at the start and
which is shown itself at the end, so anybody can check that nobody tilted them. The last helper
reaches the floor exactly. Everyone helps a bargain once; nobody who helps is made up.
"""

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
    "Bargain",
    "BargainHelped",
    "BargainStarted",
    "BargainState",
    "Bargained",
    "Helped",
    "StartBargain",
]
