"""WebRTC's sound on the pictures' clock."""

import av
import pytest

from xinbo.engines.media._fmp4 import AudioConfig
from xinbo.engines.media._whip_sound import FRAME, RATE, VIDEO_RATE, Clock, Sound

NTP = 1 << 32
STEP = FRAME * VIDEO_RATE // RATE


class Studio:
    """A microphone and a camera that can be told what to do."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.times: list[int] = []
        self.sound = Sound(self.clock, lambda _, at: self.times.append(at))

    def picture(self, seconds: float) -> None:
        time = 7_000_000 + round(seconds * VIDEO_RATE)
        self.clock.arrive("video", seconds, time)
        self.sound.keep_up(time)

    def speak(self, seconds: float) -> None:
        time = 300_000 + round(seconds * RATE)
        self.clock.arrive("audio", seconds + 0.05, time)
        frame = av.AudioFrame("s16", "stereo", 960)
        frame.sample_rate = RATE
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        self.sound.take(frame, time)

    @property
    def heard(self) -> float:
        """Seconds of sound so far, from the first picture on."""
        return (self.times[-1] + STEP - 7_000_000) / VIDEO_RATE

    @property
    def whole(self) -> bool:
        """Whether there is no hole."""
        return all(b - a == STEP for a, b in zip(self.times, self.times[1:], strict=False))


def test_the_senders_own_clock_decides_once_it_is_known() -> None:
    clock = Clock()
    assert clock.to_video(500) is None
    clock.arrive("video", 10.0, 1_000)
    clock.arrive("audio", 10.25, 500)
    guessed = clock.to_video(500 + RATE)
    assert guessed == 1_000 + round(1.2 * VIDEO_RATE)
    clock.report("video", 77 * NTP, 1_000)
    clock.report("audio", 77 * NTP + NTP // 2, 500)
    assert clock.to_video(500 + RATE) == 1_000 + round(1.5 * VIDEO_RATE)


def test_the_clock_outlives_the_wrap_of_rtp_times() -> None:
    clock = Clock()
    clock.arrive("video", 0, (1 << 32) - 900)
    clock.arrive("audio", 0, 0)
    clock.arrive("video", 0, (1 << 32) + 89_100)
    clock.report("video", NTP, 89_100)
    clock.report("audio", NTP, RATE)
    assert clock.to_video(RATE) == (1 << 32) + 89_100


def test_steady_sound_passes_whole() -> None:
    studio = Studio()
    for index in range(150):
        studio.picture(index / 50)
        studio.speak(index / 50)
    assert studio.heard == pytest.approx(3, abs=0.1)
    assert studio.whole
    assert AudioConfig.read(studio.sound.config).rate == RATE


def test_lost_sound_is_filled_with_silence() -> None:
    studio = Studio()
    for index in range(250):
        studio.picture(index / 50)
        if not 50 < index < 180:
            studio.speak(index / 50)
    assert studio.heard == pytest.approx(5, abs=0.1)
    assert studio.whole


def test_a_microphone_that_says_nothing_holds_nobody_up() -> None:
    studio = Studio()
    for index in range(150):
        studio.picture(index / 50)
    assert studio.heard > 2.4
    assert studio.whole
