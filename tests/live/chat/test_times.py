"""Where in a recording something was said, however often the picture broke off."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinbo.engines.media_client import Stretch, stretches
from xinbo.live.chat._rules.times import programme_ms, wall_clock

T0 = datetime(2026, 11, 11, 20, tzinfo=UTC)
PLAYLIST = """#EXTM3U
#EXT-X-VERSION:7
#EXT-X-MAP:URI="a/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-11T20:00:00.000Z
#EXTINF:4.00000,
a/s00000.m4s
#EXTINF:2.50000,
a/s00001.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="b/init.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-11T20:01:00.500Z
#EXTINF:3.00000,
b/s00000.m4s
#EXT-X-ENDLIST
"""


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def test_a_playlist_says_which_moments_it_is_of() -> None:
    assert stretches(PLAYLIST) == [Stretch(0, T0, 6500), Stretch(6500, at(60.5), 3000)]
    assert stretches("#EXTM3U\n") == []


@pytest.mark.parametrize(
    ("moment", "ms"),
    [(-5, 0), (0, 0), (6.4, 6400), (6.5, 6500), (30, 6500), (60.5, 6500), (62, 8000), (99, 9500)],
)
def test_what_was_said_in_a_gap_stands_at_the_seam(moment: float, ms: int) -> None:
    assert programme_ms(stretches(PLAYLIST), at(moment)) == ms


@pytest.mark.parametrize(("ms", "moment"), [(0, 0), (6499, 6.499), (6500, 60.5), (8000, 62)])
def test_a_place_in_the_recording_is_of_one_moment(ms: int, moment: float) -> None:
    assert wall_clock(stretches(PLAYLIST), ms) == at(moment)


def test_nothing_recorded_is_of_no_moment() -> None:
    assert wall_clock([], 5) is None
    assert programme_ms([], T0) == 0


@given(
    st.lists(st.tuples(st.integers(0, 60_000), st.integers(1, 60_000)), min_size=1, max_size=6),
    st.data(),
)
def test_there_and_back_again_is_where_it_began(
    parts: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Chat replays in sync with the recording, whatever gaps it has (#14)."""
    found: list[Stretch] = []
    clock, programme = 0, 0
    for gap, length in parts:
        clock += gap
        found.append(Stretch(programme, T0 + timedelta(milliseconds=clock), length))
        clock, programme = clock + length, programme + length
    ms = data.draw(st.integers(0, programme - 1))
    moment = wall_clock(found, ms)
    assert moment is not None
    assert programme_ms(found, moment) == ms
