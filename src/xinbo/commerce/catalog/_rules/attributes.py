"""Whether what is said of a product is what its category asks for: pure."""

from collections.abc import Iterable, Mapping
from typing import Protocol

type AttributeValue = str | int | float | bool

LONGEST = 200


class Definition(Protocol):
    """An attribute, as a category defines it."""

    @property
    def key(self) -> str:
        """Its name in data."""
        ...

    @property
    def kind(self) -> str:
        """`text`, `number`, `choice` or `bool`."""
        ...

    @property
    def options(self) -> list[str]:
        """What may be chosen."""
        ...

    @property
    def required(self) -> bool:
        """Whether it must be said."""
        ...


def fault(
    definitions: Iterable[Definition], values: Mapping[str, AttributeValue]
) -> tuple[str, str] | None:
    """Return the first attribute that is wrong and why, None where all are right.

    Reasons: `unknown`, `required`, `not_text`, `not_a_number`, `not_an_option`, `not_a_bool`.
    """
    known = {each.key: each for each in definitions}
    for key in values:
        if key not in known:
            return key, "unknown"
    for key, definition in known.items():
        if key not in values:
            if definition.required:
                return key, "required"
        elif reason := _wrong(definition, values[key]):
            return key, reason
    return None


def _wrong(definition: Definition, value: AttributeValue) -> str | None:
    match definition.kind:
        case "number":
            good = not isinstance(value, (bool, str)) and abs(value) <= 1e12  # noqa: PLR2004
            return None if good else "not_a_number"
        case "bool":
            return None if isinstance(value, bool) else "not_a_bool"
        case "choice":
            return None if value in definition.options else "not_an_option"
        case _:
            good = isinstance(value, str) and value.strip() and len(value) <= LONGEST
            return None if good else "not_text"
