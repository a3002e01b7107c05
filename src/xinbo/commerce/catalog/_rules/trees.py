"""Where a category stands in the tree, and what it has from those above: pure."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

DEEPEST = 4
FIRST_RULE = "seven_days"


class Node(NamedTuple):
    """A category, as the tree needs to know it."""

    parent_id: UUID | None
    return_rule: str | None


class Place(NamedTuple):
    """Where a category stands."""

    path: list[UUID]
    """Itself, its parent and so on up to the root."""
    rule: str


def places(nodes: Mapping[UUID, Node]) -> dict[UUID, Place] | None:
    """Place every category, or return None: one is below itself, or deeper than `DEEPEST`."""
    found: dict[UUID, Place] = {}
    for node_id in nodes:
        path: list[UUID] = []
        at: UUID | None = node_id
        while at is not None:
            path.append(at)
            if len(path) > DEEPEST:
                return None
            at = nodes[at].parent_id
        rules = (nodes[each].return_rule for each in path)
        found[node_id] = Place(path, next(filter(None, rules), FIRST_RULE))
    return found


def below(nodes: Mapping[UUID, UUID | None], root: UUID) -> list[UUID]:
    """List a category and all that is below it."""
    found = [root]
    for each in found:
        found += [child for child, parent in nodes.items() if parent == each]
    return found
