"""Ids sort in the order in which they were made, and are valid UUIDs of version 7."""

import time
from itertools import pairwise

from xinbo.kit.ids import new_id


def test_a_later_id_is_greater_even_within_a_millisecond() -> None:
    ids = [new_id() for _ in range(20_000)]
    assert all(one < next_one for one, next_one in pairwise(ids))


def test_an_id_tells_when_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = new_id().int >> 80
    assert before <= made <= time.time_ns() // 1_000_000 + 1


def test_ids_are_version_7_of_the_rfc_variant() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {(each.version, each.variant) for each in ids} == {
        (7, "specified in RFC 4122"),
    }
