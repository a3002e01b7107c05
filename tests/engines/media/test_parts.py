"""The parts that need no network: what they read comes from strangers."""

import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import av
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xinbo.engines.media import _amf as amf
from xinbo.engines.media import _h264 as h264
from xinbo.engines.media._flv import take_audio, take_video
from xinbo.engines.media._fmp4 import AudioConfig
from xinbo.engines.media._playlists import Entry, live, replay
from xinbo.engines.media._recorder import Recorder, Segment, StreamRefused
from xinbo.engines.media._rtmp_wire import COMMAND, VIDEO, Message, Wire, WireRefused
from xinbo.engines.media._store import Playback

HELLO = b"\x03" + bytes(1536)
NOW = 1_800_000_000_000
unhurried = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def greeted() -> Wire:
    wire = Wire()
    assert not list(wire.feed(HELLO + bytes(1536)))
    return wire


def sent(kind: int, body: bytes) -> bytes:
    peer = Wire()
    peer.send(kind, body)
    return peer.outgoing()


@unhurried
@given(st.binary(max_size=4000), st.integers(1, 700))
def test_no_bytes_break_the_wire(junk: bytes, step: int) -> None:
    wire = greeted()
    try:
        for at in range(0, len(junk), step):
            list(wire.feed(junk[at : at + step]))
    except WireRefused:
        pass


@unhurried
@given(st.binary(max_size=300))
def test_no_bytes_break_the_readers(junk: bytes) -> None:
    for read in (amf.decode, h264.read_avcc, h264.picture_size, AudioConfig.read, h264.split):
        with suppress(ValueError):
            read(junk)
    recorder = Recorder(print, lambda: NOW)
    for take in (take_video, take_audio):
        with suppress(ValueError):
            take(recorder, 1, junk)


@unhurried
@given(st.integers(1, 5000), st.integers(1, 999))
def test_messages_arrive_whole_however_they_are_cut(size: int, step: int) -> None:
    body = bytes(index % 251 for index in range(size))
    data = sent(1, (4096).to_bytes(4)) + sent(COMMAND, body) + sent(VIDEO, body)
    wire, came = greeted(), list[Message]()
    for at in range(0, len(data), step):
        came += wire.feed(data[at : at + step])
    assert [(one.kind, one.body) for one in came] == [(COMMAND, body), (VIDEO, body)]


def test_a_stranger_may_not_send_much_and_a_publisher_may() -> None:
    long = sent(COMMAND, bytes(100_000))
    wire = greeted()
    with pytest.raises(WireRefused):
        list(wire.feed(long))
    wire = greeted()
    wire.limit = 1 << 20
    list(wire.feed(sent(1, (4096).to_bytes(4))))
    assert len(list(wire.feed(long))) == 1


@unhurried
@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=20) | st.floats(allow_nan=False),
        lambda inner: st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=3),
        max_leaves=6,
    )
)
def test_commands_are_read_as_they_were_written(value: Any) -> None:
    assert amf.decode(amf.encode("x", value)) == ["x", value]


@pytest.mark.parametrize(
    ("size", "profile"),
    [("1920x1080", "high"), ("320x180", "baseline"), ("854x480", "main"), ("426x240", "high444")],
)
def test_the_picture_size_is_read_from_the_stream(size: str, profile: str, tmp_path: Path) -> None:
    path = tmp_path / "one.h264"
    picture = f"testsrc=size={size}:rate=1:duration=1"
    pixels = "yuv444p" if profile == "high444" else "yuv420p"
    command = f"ffmpeg -v error -f lavfi -i {picture} -c:v libx264 -profile:v {profile}"
    subprocess.run(f"{command} -pix_fmt {pixels} {path}".split(), check=True)  # noqa: S603
    nals = {h264.kind(nal): nal for nal in h264.split(path.read_bytes())}
    config = h264.config_of(nals[h264.SPS], nals[h264.PPS])
    assert f"{config.width}x{config.height}" == size
    assert h264.read_avcc(config.avcc) == config


class Tape:
    """Records pictures made by hand."""

    def __init__(self, clip: Path) -> None:
        self.segments: list[Segment] = []
        self.recorder = Recorder(self.segments.append, lambda: NOW)
        with av.open(clip, "r") as container:
            avcc = container.streams.video[0].codec_context.extradata or b""
        self.config = h264.read_avcc(avcc)
        self.recorder.set_video(self.config)

    def seconds(self, begin: float, count: float, *, keys: float = 1, rate: int = 30) -> None:
        """Feed pictures of one byte."""
        for index in range(round(count * rate)):
            sync = index % round(keys * rate) == 0
            time = round((begin + index / rate) * 90_000)
            self.recorder.video(time, b"x", shift=0, sync=sync)


def test_a_segment_is_a_second_even_if_keyframes_come_faster(clip: Path) -> None:
    tape = Tape(clip)
    tape.seconds(5, 4, keys=0.2)
    tape.recorder.finish()
    assert [round(one.seconds, 2) for one in tape.segments] == [1, 1, 1, 1]
    assert [one.init_data is None for one in tape.segments] == [False, True, True, True]


def test_missing_pictures_are_counted(clip: Path) -> None:
    tape = Tape(clip)
    tape.seconds(0, 1)
    assert tape.recorder.dropped == 0
    tape.seconds(1.1, 1)
    assert tape.recorder.dropped == 3


def test_a_clock_that_jumps_begins_a_new_chapter(clip: Path) -> None:
    tape = Tape(clip)
    tape.seconds(100, 2)
    tape.seconds(3, 2)
    tape.recorder.finish()
    assert [one.init for one in tape.segments] == [0, 0, 1, 1]
    assert [round(one.seconds, 2) for one in tape.segments] == [1, 1, 1, 1]


def test_sound_that_comes_late_begins_a_new_chapter(clip: Path) -> None:
    tape = Tape(clip)
    tape.seconds(0, 1)
    tape.recorder.set_audio(AudioConfig.read(bytes.fromhex("1190")))
    tape.seconds(1, 2)
    tape.recorder.finish()
    assert [one.init for one in tape.segments] == [0, 1, 1]
    assert b"mp4a" in (tape.segments[1].init_data or b"")


def test_a_session_ends_where_its_first_track_ends(clip: Path) -> None:
    for seconds, expected in ((1.0, 0.8), (0.1, 0.05)):
        tape = Tape(clip)
        tape.recorder.set_audio(AudioConfig.read(bytes.fromhex("1190")))
        tape.seconds(0, seconds)
        for index in range(round((seconds - 0.2) * 48_000 / 1024)):
            tape.recorder.audio(index * 1920, b"y")
        tape.recorder.audio(0, b"y")
        tape.recorder.finish()
        assert tape.segments[-1].seconds == pytest.approx(expected, abs=0.03)


def test_a_stream_without_keyframes_is_refused(clip: Path) -> None:
    tape = Tape(clip)
    with pytest.raises(StreamRefused):
        tape.seconds(0, 30, keys=60)
    tape = Tape(clip)
    for index in range(20):
        tape.recorder.video(index * 90_000, b"x", shift=0, sync=False)
    with pytest.raises(StreamRefused):
        tape.recorder.video(21 * 90_000, b"x", shift=0, sync=False)
    assert not tape.segments


def test_what_another_codec_sends_is_refused(clip: Path) -> None:
    recorder = Recorder(print, lambda: NOW)
    with pytest.raises(h264.VideoRefused):
        take_video(recorder, 0, b"\x1c\x01\0\0\0data")
    with pytest.raises(h264.VideoRefused):
        take_video(recorder, 0, b"\x90hvc1data")
    with pytest.raises(ValueError, match="AAC"):
        take_audio(recorder, 0, b"\x2fdata")


def entries(count: int, *, session: str = "a", epoch: int = 0, at: int = NOW) -> list[Entry]:
    return [
        Entry(session, 0, number, 1.0, at + number * 1000, epoch) for number in range(1, count + 1)
    ]


def test_the_live_window_slides_over_sessions() -> None:
    both = entries(5) + entries(6, session="b", epoch=1, at=NOW + 6000)
    text = live(both, NOW + 12_000)
    assert text
    assert "#EXT-X-MEDIA-SEQUENCE:3\n#EXT-X-DISCONTINUITY-SEQUENCE:0\n" in text
    assert text.count("#EXT-X-DISCONTINUITY\n") == 1
    assert text.count("#EXT-X-MAP") == 2
    later = live([*both, *entries(2, session="b", epoch=1, at=NOW + 12_000)], NOW + 15_000)
    assert later
    assert "#EXT-X-MEDIA-SEQUENCE:5\n#EXT-X-DISCONTINUITY-SEQUENCE:1\n" in later
    assert "#EXT-X-DISCONTINUITY\n" not in later


def test_yesterdays_rehearsal_is_not_live() -> None:
    assert live([], NOW) is None
    assert live(entries(5), NOW + 86_400_000) is None
    today = entries(5) + entries(1, session="b", epoch=1, at=NOW + 86_400_000)
    text = live(today, NOW + 86_402_000)
    assert text
    assert "a/s0" not in text
    assert "#EXT-X-MEDIA-SEQUENCE:5\n" in text


def test_a_replay_grows_while_the_show_is_live() -> None:
    growing, done = replay(entries(3), ended=False), replay(entries(3), ended=True)
    assert growing
    assert done
    assert "PLAYLIST-TYPE:EVENT" in growing
    assert "#EXT-X-ENDLIST" not in growing
    assert done.endswith("#EXT-X-ENDLIST\n")
    assert replay([], ended=True) is None


def test_a_torn_index_line_costs_only_itself(tmp_path: Path) -> None:
    session = tmp_path / "playback" / "session"
    session.mkdir(parents=True)
    line = b'{"n":1,"i":0,"d":1.0,"at":1}\n'
    (session / "index").write_bytes(line + line.replace(b'"n":1', b'"n":2') + line[:9])
    playback = Playback(session.parent)
    playback.load()
    assert [entry.number for entry in playback.entries] == [1, 2]
