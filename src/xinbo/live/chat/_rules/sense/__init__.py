"""Tell questions and complaints from chat: signs by hand, weighed by a small linear model.

The weights are trained by `python -m bench.questions.train` on sentences of our own; how well it
does on others is measured by `make bench B=questions`.
"""

from xinbo.kit.linear import reading
from xinbo.live.chat._rules.kinds import MessageKind
from xinbo.live.chat._rules.sense.model import scores
from xinbo.live.chat._rules.sense.signs import signs

ASKS, COMPLAINS = -1.5, 0.0
"""Least scores of a question and of a complaint. The first is the lowest of those tried at which 85
of 100 taken for questions are questions, among sentences that trained nothing."""

_ASKING = frozenset(
    {"mark", "ma", "ne", "bu", "mei", "a-not-a", "how", "what", "which", "many", "when", "wh"}
)


def classify(text: str) -> MessageKind:
    """Say what a message is, in some tens of microseconds. Never raises."""
    asks, complains = scores(text)
    if complains >= COMPLAINS and complains - COMPLAINS > asks - ASKS:
        return MessageKind.COMPLAINT
    return MessageKind.QUESTION if asks >= ASKS else MessageKind.CHAT


def by_rules(text: str) -> MessageKind:
    """Say what the signs alone say: what the model is measured against."""
    found = set(signs(reading(text)))
    if "wrong" in found and "not wrong" not in found and "mark" not in found:
        return MessageKind.COMPLAINT
    if "exclaims" in found and "mark" not in found:
        return MessageKind.CHAT
    return MessageKind.QUESTION if found & _ASKING else MessageKind.CHAT
