"""What a browser measured of camera, microphone, line and screen, and what it is worth.

All thresholds stand here. A 720p show goes out at 2 to 3 Mbit/s; the line should carry half as
much again, and its delay should not jump by more than a frame or two.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from xinbo.kit.wire import Command

GOOD_HEIGHT, FAIR_HEIGHT = 720, 480
"""Lines of the picture; the shorter side, so that a phone held upright counts the same."""
GOOD_FPS, FAIR_FPS = 24.0, 15.0
GOOD_LEVEL, FAIR_LEVEL = -30.0, -42.0
"""Loudness of speech in dBFS: below, viewers turn the volume up and hear the room."""
GOOD_GAP, FAIR_GAP = 20.0, 10.0
"""Decibels that speech stands above the noise of the room."""
GOOD_CLIPPED, FAIR_CLIPPED = 0.005, 0.03
"""Share of the time in which the microphone is overdriven."""
GOOD_MBPS, FAIR_MBPS = 4.0, 2.0
GOOD_JITTER, FAIR_JITTER = 30.0, 100.0
"""Milliseconds by which the delay differs from one request to the next, on average."""
GOOD_DELAY, FAIR_DELAY = 150.0, 400.0
"""Milliseconds there and back, in the middle."""
FAIR_LOST = 0.05
"""Share of requests that did not come back; a good line loses none."""
GOOD_WIDTH, FAIR_WIDTH = 1280, 1024
"""Points of the screen across: the console needs them."""

type Share = Annotated[float, Meta(ge=0, le=1)]
type Decibels = Annotated[float, Meta(ge=-200, le=20)]
type Milliseconds = Annotated[float, Meta(ge=0, le=600_000)]
type Points = Annotated[int, Meta(ge=0, le=20_000)]


class KitItem(StrEnum):
    """What is tested."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    UPLOAD = "upload"
    STABILITY = "stability"
    SCREEN = "screen"


class KitGrade(StrEnum):
    """What a part of the kit is worth."""

    GOOD = "good"
    FAIR = "fair"
    BAD = "bad"
    MISSING = "missing"
    """It was not there, or the page was not allowed to use it."""


class Camera(Command, frozen=True):
    """A picture came, so large and so fast."""

    width: Points
    height: Points
    fps: Annotated[float, Meta(ge=0, le=1000)]


class Microphone(Command, frozen=True):
    """Somebody spoke, and was silent."""

    level: Decibels
    """Of speech."""
    noise: Decibels
    """Of the room, while nobody speaks."""
    clipped: Share


class Upload(Command, frozen=True):
    """So many bytes a second reached this server."""

    mbps: Annotated[float, Meta(ge=0, le=100_000)]
    """The middle of several tries."""
    least: Annotated[float, Meta(ge=0, le=100_000)]
    """The slowest of them."""


class Stability(Command, frozen=True):
    """Small requests went to this server and back."""

    delay: Milliseconds
    jitter: Milliseconds
    lost: Share
    tries: Annotated[int, Meta(ge=1, le=1000)]


class Screen(Command, frozen=True):
    """The page has so much room, and the screen stays awake, or does not."""

    width: Points
    height: Points
    awake: bool


class Measured(Command, frozen=True):
    """Everything that was measured; null: not there, or not allowed."""

    camera: Camera | None
    microphone: Microphone | None
    upload: Upload | None
    stability: Stability | None
    screen: Screen | None


ORDER = (KitGrade.GOOD, KitGrade.FAIR, KitGrade.BAD, KitGrade.MISSING)
NEEDED = (KitItem.CAMERA, KitItem.MICROPHONE, KitItem.UPLOAD, KitItem.STABILITY)
"""What nobody can go on air without. A small screen is a nuisance, no more."""


def worst(*verdicts: KitGrade) -> KitGrade:
    """Return the worst of some verdicts."""
    return max(verdicts, key=ORDER.index)


def passed(verdicts: Mapping[KitItem, KitGrade]) -> bool:
    """Say whether a show can be made with this kit."""
    return all(verdicts[each] in (KitGrade.GOOD, KitGrade.FAIR) for each in NEEDED)


def judged(measured: Measured) -> dict[KitItem, KitGrade]:
    """Say what each part of the kit is worth."""
    return {
        KitItem.CAMERA: _camera(measured.camera),
        KitItem.MICROPHONE: _microphone(measured.microphone),
        KitItem.UPLOAD: _upload(measured.upload),
        KitItem.STABILITY: _stability(measured.stability),
        KitItem.SCREEN: _screen(measured.screen),
    }


def _camera(camera: Camera | None) -> KitGrade:
    if camera is None:
        return KitGrade.MISSING
    lines = min(camera.width, camera.height)
    return worst(
        _at_least(lines, GOOD_HEIGHT, FAIR_HEIGHT), _at_least(camera.fps, GOOD_FPS, FAIR_FPS)
    )


def _microphone(heard: Microphone | None) -> KitGrade:
    if heard is None:
        return KitGrade.MISSING
    return worst(
        _at_least(heard.level, GOOD_LEVEL, FAIR_LEVEL),
        _at_least(heard.level - heard.noise, GOOD_GAP, FAIR_GAP),
        _at_most(heard.clipped, GOOD_CLIPPED, FAIR_CLIPPED),
    )


def _upload(upload: Upload | None) -> KitGrade:
    if upload is None:
        return KitGrade.MISSING
    dips = KitGrade.GOOD if upload.least >= FAIR_MBPS else KitGrade.FAIR
    return worst(_at_least(upload.mbps, GOOD_MBPS, FAIR_MBPS), dips)


def _stability(line: Stability | None) -> KitGrade:
    if line is None:
        return KitGrade.MISSING
    return worst(
        _at_most(line.delay, GOOD_DELAY, FAIR_DELAY),
        _at_most(line.jitter, GOOD_JITTER, FAIR_JITTER),
        _at_most(line.lost, 0.0, FAIR_LOST),
    )


def _screen(screen: Screen | None) -> KitGrade:
    if screen is None:
        return KitGrade.MISSING
    awake = KitGrade.GOOD if screen.awake else KitGrade.FAIR
    return worst(_at_least(screen.width, GOOD_WIDTH, FAIR_WIDTH), awake)


def _at_least(value: float, good: float, fair: float) -> KitGrade:
    if value >= good:
        return KitGrade.GOOD
    return KitGrade.FAIR if value >= fair else KitGrade.BAD


def _at_most(value: float, good: float, fair: float) -> KitGrade:
    return _at_least(-value, -good, -fair)
