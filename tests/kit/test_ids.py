"""Ids sort by the moment they were made, and are valid UUIDs of version 7."""

import time

from xinbo.kit.ids import new_id


def test_a_later_id_is_greater() -> None:
    first = new_id()
    time.sleep(0.002)
    assert new_id() > first


def test_ids_are_version_7_of_the_rfc_variant() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {(each.version, each.variant) for each in ids} == {
        (7, "specified in RFC 4122"),
    }
