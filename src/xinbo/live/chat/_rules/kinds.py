"""What a message may be, and what may become of it: words that all files of the room share."""

from enum import StrEnum


class MessageKind(StrEnum):
    """What a message is. Questions and complaints are never left out under load."""

    CHAT = "chat"
    QUESTION = "question"
    COMPLAINT = "complaint"


class SaidState(StrEnum):
    """What became of a message."""

    SHOWN = "shown"
    HELD = "held"
    """It waits until the staff shows or refuses it; its author knows."""
    REFUSED = "refused"
    SAMPLED = "sampled"
    """Left out of busy screens, and kept: the console says how many."""
    REMOVED = "removed"
    """It was shown, and the staff took it away."""


class WordAction(StrEnum):
    """What a listed word does to a message that has it."""

    REFUSE = "refuse"
    HOLD = "hold"
    ALLOW = "allow"
    """An ordinary word in which a listed one is hidden: there it does not count."""
