"""Who gets pieces when many ask at once: pure, so that it can be tried on every case."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID


class Shelf(NamedTuple):
    """One SKU in one pool. Sorts in the order in which shelves are locked."""

    sku_id: UUID
    pool_id: UUID


class Short(NamedTuple):
    """Why a request gets nothing: this shelf had fewer `left` than `wanted`."""

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
