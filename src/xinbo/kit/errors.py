"""The base errors. A room subclasses one of the kinds, next to the code that raises it."""

from typing import ClassVar


class XinboError(Exception):
    """A refusal the caller can act on. The HTTP edge turns it into a problem document.

    Keyword arguments become public fields of that document, so they carry facts
    (`sku_id`, `left`), never prose.
    """

    status: ClassVar[int]

    def __init__(self, **facts: object) -> None:
        super().__init__(", ".join(f"{name}={value}" for name, value in facts.items()))
        self.facts = facts

    @classmethod
    def code(cls) -> str:
        """Return the stable, machine-readable name: the class name itself."""
        return cls.__name__


class NotAllowed(XinboError):
    """Raised when the caller may not do this."""

    status = 403


class NotFound(XinboError):
    """Raised when the thing asked for does not exist, or not for this caller."""

    status = 404


class Conflict(XinboError):
    """Raised when the request is well-formed but the present state refuses it."""

    status = 409


class Invalid(XinboError):
    """Raised when what was sent cannot be meant, in a way that the field types cannot say."""

    status = 422


class TooMany(XinboError):
    """Raised when the caller asks more often than is fair. `retry_after` is in seconds."""

    status = 429


class Unavailable(XinboError):
    """Raised when a part that the request needs is away for the moment; trying again is right."""

    status = 503
