"""Who gets pieces when many ask at once: pure, so that it can be tried on every case."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID


class Shelf(NamedTuple):
    """One SKU in one pool. Sorts in the order in which shelves are locked."""

    sku_id: UUID
    pool_id: UUID


class Short(NamedTuple):
    """MoveReason a request gets nothing: this shelf had fewer `left` than `wanted`."""

    shelf: Shelf
    wanted: int
    left: int


def grant(left: Mapping[Shelf, int], requests: Sequence[Mapping[Shelf, int]]) -> list[Short | None]:
    """Serve requests in the order of arrival, each whole or not at all.

    Returns, for each request, None where it is served. One that is refused leaves its pieces to
    those behind it, so nobody goes away while what they asked for lies there.
    """
    remaining = dict(left)
    answers: list[Short | None] = []
    for request in requests:
        short = next(
            (
                Short(shelf, wanted, remaining.get(shelf, 0))
                for shelf, wanted in request.items()
                if wanted > remaining.get(shelf, 0)
            ),
            None,
        )
        answers.append(short)
        if short is None:
            for shelf, wanted in request.items():
                remaining[shelf] -= wanted
    return answers


class Lacking(NamedTuple):
    """MoveReason pieces cannot be taken: there were `left` of the `wanted`."""

    sku_id: UUID
    wanted: int
    left: int


def spread(
    held: Mapping[tuple[UUID, UUID], int],
    changes: Mapping[UUID, int],
    warehouses: Sequence[UUID],
) -> dict[tuple[UUID, UUID], int] | Lacking:
    """Say by how much each (SKU, warehouse) changes, so that each SKU changes as wanted.

    What comes in goes to the first warehouse. What goes out is taken from the first, and what it
    lacks from those after it. Returns `Lacking` where all of them have too few.
    """
    moves: dict[tuple[UUID, UUID], int] = {}
    for sku_id, change in changes.items():
        if change > 0:
            moves[sku_id, warehouses[0]] = change
        missing = -change
        for warehouse_id in warehouses:
            taken = min(missing, held.get((sku_id, warehouse_id), 0))
            if taken > 0:
                moves[sku_id, warehouse_id] = -taken
                missing -= taken
        if missing > 0:
            return Lacking(sku_id, -change, -change - missing)
    return moves
