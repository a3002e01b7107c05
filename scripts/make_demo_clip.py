"""Make the demo clip: a calm tea-and-skincare studio, six chapters of ten seconds, looping.

Run `python scripts/make_demo_clip.py` (about five minutes on one core), or with `--stills DIR`
to write a few frames as PNG. Layers come from `scripts/demo/plates/` (see
`make_demo_pictures.py`); sound is made here, by `demo.music`. The clock in the corner is the
frame's own time, so a viewer can read latency and seams off the picture.

The room's chrome covers the top 150 px and the lower 45 % of a 390 x 844 phone, and a 9:16 picture
loses 9 % on either side there: face, product and clock stay inside what is left.
"""

import argparse
import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from demo.music import RATE, loop
from PIL import Image, ImageDraw, ImageFilter, ImageFont

ROOT = Path(__file__).resolve().parent.parent
PLATES = Path(__file__).resolve().parent / "demo/plates"
TARGET = ROOT / "src/xinbo/demo/assets/show.mp4"
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"

WIDTH, HEIGHT, FPS, SECONDS, CHAPTER = 720, 1280, 30, 60, 10
GOODS = ("serum", "cream", "cleanser", "sunscreen", "tea", "cup-sky")
GRIP = {"serum": 50, "cream": 81, "cleanser": 36, "sunscreen": 41, "tea": 79, "cup-sky": 56}
ROW = (86, 190, 297, 386, 496, 616)
ROW_Y = 1184

type Point = tuple[float, float]


def ease(t: float) -> float:
    """Return 0…1 for t in 0…1, leaving and arriving without a jerk."""
    t = min(1.0, max(0.0, t))
    return t * t * t * (t * (6 * t - 15) + 10)


def wave(t: float, cycles: int, phase: float = 0.0) -> float:
    """Return -1…1: `cycles` whole swings in the loop, so the end meets the beginning."""
    return math.sin(2 * math.pi * (cycles * t / SECONDS + phase))


def window(t: float, start: float, end: float, ramp: float = 0.6) -> float:
    """Return 1 between start and end, easing to 0 on either side within `ramp` seconds."""
    return ease((t - start) / ramp) * (1 - ease((t - end) / ramp))


def plate(name: str) -> Image.Image:
    """Load one layer."""
    return Image.open(PLATES / f"{name}.webp").convert("RGBA")


def lay(  # noqa: PLR0913 - an affine placement has these parts
    frame: Image.Image,
    layer: Image.Image,
    pivot: Point,
    at: Point,
    *,
    angle: float = 0.0,
    scale: Point = (1.0, 1.0),
) -> None:
    """Draw `layer` with its `pivot` on `at`, scaled, then turned by `angle` degrees clockwise."""
    box = layer.getbbox()
    if box is None:
        return
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    a, b, d, e = cos * scale[0], -sin * scale[1], sin * scale[0], cos * scale[1]
    corners = [
        (a * (x - pivot[0]) + b * (y - pivot[1]), d * (x - pivot[0]) + e * (y - pivot[1]))
        for x in (box[0], box[2])
        for y in (box[1], box[3])
    ]
    left = max(0, math.floor(at[0] + min(c[0] for c in corners)) - 1)
    top = max(0, math.floor(at[1] + min(c[1] for c in corners)) - 1)
    right = min(WIDTH, math.ceil(at[0] + max(c[0] for c in corners)) + 1)
    bottom = min(HEIGHT, math.ceil(at[1] + max(c[1] for c in corners)) + 1)
    if right <= left or bottom <= top:
        return
    det = a * e - b * d
    ia, ib, id_, ie = e / det, -b / det, -d / det, a / det
    ox, oy = left - at[0], top - at[1]
    matrix = (ia, ib, ia * ox + ib * oy + pivot[0], id_, ie, id_ * ox + ie * oy + pivot[1])
    moved = layer.transform(
        (right - left, bottom - top),
        Image.Transform.AFFINE,
        matrix,
        resample=Image.Resampling.BICUBIC,
    )
    frame.alpha_composite(moved, (left, top))


def disc(radius: int, colour: tuple[int, int, int], alpha: int) -> Image.Image:
    """Return one soft out-of-focus light with a slightly brighter rim, as lenses draw them."""
    size = radius * 2 + 24
    big = Image.new("RGBA", (size * 2, size * 2), (*colour, 0))
    draw = ImageDraw.Draw(big)
    inner = (24, 24, size * 2 - 24, size * 2 - 24)
    draw.ellipse(inner, fill=(*colour, alpha), outline=(*colour, min(255, alpha * 2)), width=4)
    return big.resize((size, size)).filter(ImageFilter.GaussianBlur(max(1.5, radius / 14)))


class Studio:
    """Everything that stays the same from frame to frame, and the drawing of one frame."""

    def __init__(self) -> None:
        noise = np.random.default_rng(5).normal(0, 1.0, (HEIGHT, WIDTH, 1))
        self.walls: list[Image.Image] = []
        for chapter in range(len(GOODS)):
            pixels = np.asarray(plate(f"wall-{chapter}").convert("RGB"), dtype=np.float32) + noise
            wall = np.clip(pixels, 0, 255).round().astype(np.uint8)
            self.walls.append(Image.fromarray(wall).convert("RGBA"))
        names = (
            *("hairback", "torso", "face-open", "face-look", "face-closed", "restarm", "upperarm"),
            *("forearm", "palm", "thumb", "fingers", "table", "foreground", "sway"),
        )
        self.layers = {name: plate(name) for name in names}
        self.held = {name: plate(f"held-{name}") for name in GOODS}
        self.table = self.layers["table"]
        for name, x in zip(GOODS, ROW, strict=True):
            stand = plate(f"stand-{name}")
            left = x - 120
            crop = stand.crop((max(0, -left), 0, min(260, WIDTH - left), 240))
            self.table.alpha_composite(crop, (max(0, left), ROW_Y - 200))
        lights = np.random.default_rng(19)
        self.lights = [
            (
                disc(int(lights.integers(10, 34)), (255, 250, 226), int(lights.integers(22, 52))),
                float(lights.uniform(20, 700)),
                float(lights.uniform(130, 820)),
                int(lights.integers(1, 4)),
                float(lights.uniform(0, 1)),
            )
            for _ in range(16)
        ]
        self.pool = Image.new("RGBA", (220, 90), (255, 252, 236, 0))
        ImageDraw.Draw(self.pool).ellipse((36, 22, 184, 68), fill=(255, 252, 236, 190))
        self.pool = self.pool.filter(ImageFilter.GaussianBlur(14))
        self.small = ImageFont.truetype(FONT, 17, index=2)
        self.large = ImageFont.truetype(FONT, 25, index=2)
        self.label = self._label()

    def _label(self) -> Image.Image:
        scale, width, height = 3, 196, 72
        big = Image.new("RGBA", (width * scale, height * scale), (16, 32, 27, 0))
        draw = ImageDraw.Draw(big)
        draw.rounded_rectangle(
            (0, 0, width * scale - 1, height * scale - 1), 16 * scale, fill=(16, 32, 27, 104)
        )
        font = ImageFont.truetype(FONT, 17 * scale, index=2)
        middle = (width * scale / 2, 22 * scale)
        draw.text(middle, "示例画面 · Demo clip", (255, 255, 255, 235), font, anchor="mm")
        return big.resize((width, height), Image.Resampling.LANCZOS)

    def background(self, t: float) -> Image.Image:
        """Return the room at t seconds: chapters melt into each other within 1.6 s."""
        chapter, into = divmod(t, CHAPTER)
        here = self.walls[int(chapter)]
        if into > CHAPTER - 0.8:
            after = self.walls[(int(chapter) + 1) % len(self.walls)]
            frame = Image.blend(here, after, ease((into - CHAPTER + 0.8) / 1.6))
        elif into < 0.8:
            before = self.walls[int(chapter) - 1]
            frame = Image.blend(before, here, ease((into + 0.8) / 1.6))
        else:
            frame = here.copy()
        lay(frame, self.layers["sway"], (40, 0), (300, -60), angle=2.2 * wave(t, 6))
        for light, x, y, cycles, phase in self.lights:
            dx, dy = 14 * wave(t, cycles, phase), 22 * wave(t, cycles, phase + 0.25)
            half = light.width / 2
            glow = 0.86 + 0.14 * wave(t, cycles * 3, phase)
            lay(frame, light, (half, half), (x + dx, y + dy), scale=(glow, glow))
        return frame

    def head(self, frame: Image.Image, t: float, breath: float, look: float) -> None:
        """Draw hair, torso and face: breathing, a slow tilt, glances at the goods, blinks."""
        into = t % CHAPTER
        tilt = 1.3 * wave(t, 7) + 0.7 * wave(t, 11, 0.3) + 2.6 * look
        at = (331 + 2.0 * wave(t, 5, 0.1) + 3 * look, 530 - 2.6 * breath + look)
        lay(frame, self.layers["hairback"], (331, 530), at, angle=tilt)
        swell = (1 + 0.003 * breath, 1 + 0.0075 * breath)
        lay(frame, self.layers["torso"], (331, 905), (331 + wave(t, 5, 0.1), 905), scale=swell)
        blinks = (0.35, 1.45, 3.1, 4.95, 6.65, 8.3, 9.55)
        shut = any(0 <= into - blink < 0.13 for blink in blinks)
        looking = 1.5 <= into < 3.16 or 5.0 <= into < 6.7
        face = "face-closed" if shut else "face-look" if looking else "face-open"
        lay(frame, self.layers[face], (331, 530), at, angle=tilt)

    def arm(self, frame: Image.Image, t: float, breath: float) -> None:
        """Draw the arm that lifts a product from under the table, shows it and puts it back."""
        chapter, into = divmod(t, CHAPTER)
        name = GOODS[int(chapter)]
        up = ease((into - 0.25) / 1.35) * (1 - ease((into - 8.5) / 1.25))
        near = window(into, 4.6, 6.2, 0.9)
        side = 526 + max(0, GRIP[name] - 50) * 0.75
        drift = wave(t, 13), wave(t, 9, 0.2)
        wrist = (
            562 + (side - 562) * up + (4 * drift[0] - 12 * near) * up + 16 * math.sin(up * math.pi),
            1195 + (664 - 1195) * up + (4 * drift[1] + 6 * near - 2 * breath) * up,
        )
        elbow = (542 + (532 - 542) * up + 3 * drift[0] * up, 1130 + (870 - 1130) * up)
        shoulder = (452.0, 622 - 3 * breath)
        turn = (1 - up) * 22 + (2.4 * drift[0] - 3 * near) * up
        self._bone(frame, "upperarm", ((108, 50), (108, 330)), (shoulder, elbow))
        self._bone(frame, "forearm", ((100, 300), (100, 82)), (elbow, wrist))
        size = 1 + 0.13 * near
        wide = 1 + (GRIP[name] - 40) / 120
        hand = (0.87 * size * wide, 0.87 * size)
        grip = (
            wrist[0] + 46 * size * math.sin(math.radians(turn)),
            wrist[1] - 46 * size * math.cos(math.radians(turn)),
        )
        lay(frame, self.layers["palm"], (150, 206), grip, angle=turn, scale=hand)
        foot = {"tea": (160, 258), "cup-sky": (168, 270)}.get(name, (180, 289))
        lay(frame, self.held[name], foot, grip, angle=turn, scale=(size, size))
        lay(frame, self.layers["thumb"], (150, 206), grip, angle=turn, scale=hand)
        lay(frame, self.layers["fingers"], (139, 206), grip, angle=turn, scale=hand)

    def _bone(
        self, frame: Image.Image, name: str, own: tuple[Point, Point], ends: tuple[Point, Point]
    ) -> None:
        """Draw one limb between two joints, stretched along its length."""
        (ax, ay), (bx, by) = own
        (px, py), (qx, qy) = ends
        length = math.hypot(bx - ax, by - ay)
        angle = math.degrees(math.atan2(qy - py, qx - px) - math.atan2(by - ay, bx - ax))
        stretch = math.hypot(qx - px, qy - py) / length
        lay(frame, self.layers[name], own[0], ends[0], angle=angle, scale=(1.0, stretch))

    def clock(self, frame: Image.Image, t: float) -> None:
        """Burn in the label and the frame's time as mm:ss.mmm, each digit in its own cell."""
        frame.alpha_composite(self.label, (444, 270))
        draw = ImageDraw.Draw(frame)
        millis = round(t * 1000)
        text = f"{millis // 60000:02}:{millis // 1000 % 60:02}.{millis % 1000:03}"
        widths = [9 if mark in ":." else 15 for mark in text]
        x = 444 + (196 - sum(widths)) / 2
        for mark, width in zip(text, widths, strict=True):
            draw.text((x + width / 2, 320), mark, (255, 255, 255, 255), self.large, anchor="mm")
            x += width

    def frame(self, t: float) -> Image.Image:
        """Return the picture at t seconds."""
        into = t % CHAPTER
        breath = wave(t, 14)
        look = window(into, 1.5, 3.0) + window(into, 5.0, 6.5)
        frame = self.background(t)
        self.head(frame, t, breath, look)
        self.arm(frame, t, breath)
        frame.alpha_composite(self.table)
        here, following = ROW[int(t / CHAPTER)], ROW[(int(t / CHAPTER) + 1) % len(ROW)]
        glide = ease((into - 9.1) / 0.9)
        lay(frame, self.pool, (110, 45), (here + (following - here) * glide, ROW_Y + 14))
        lay(frame, self.layers["restarm"], (200, 960), (200, 960), scale=(1, 1 + 0.004 * breath))
        lay(frame, self.layers["foreground"], (0, 1280), (0, 1280), angle=1.6 * wave(t, 8, 0.4))
        self.clock(frame, t)
        return frame.convert("RGB")


def sound() -> Iterator[av.AudioFrame]:
    """Yield the loop's sound as stereo float frames of 1024 samples."""
    samples = loop(SECONDS)
    for start in range(0, samples.shape[1], 1024):
        part = np.ascontiguousarray(samples[:, start : start + 1024])
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        yield frame


def encode(studio: Studio, target: Path) -> None:
    """Write the MP4: H.264 main, no B-frames, a keyframe each second, AAC beside it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(target), "w", options={"movflags": "+faststart"}) as box:
        video = box.add_stream("libx264", rate=FPS)
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.codec_context.gop_size = FPS
        video.codec_context.max_b_frames = 0
        video.options = {
            "profile": "main",
            "preset": "slow",
            "crf": "26",
            "maxrate": "900k",
            "bufsize": "1200k",
            "x264-params": f"keyint={FPS}:min-keyint={FPS}:scenecut=0:bframes=0:open-gop=0"
            ":aq-mode=3:colorprim=bt709:transfer=bt709:colormatrix=bt709:psy-rd=0.5,0",
        }
        audio = box.add_stream("aac", rate=RATE, layout="stereo")
        audio.bit_rate = 64_000
        voices = sound()
        heard = 0
        for number in range(FPS * SECONDS):
            image = studio.frame(number / FPS)
            drawn = cast("av.VideoFrame", av.VideoFrame.from_image(image))
            picture = drawn.reformat(format="yuv420p", dst_colorspace="ITU709")
            picture.pts, picture.time_base = number, Fraction(1, FPS)
            box.mux(video.encode(picture))
            while heard * 1024 * FPS < (number + 1) * RATE and (voice := next(voices, None)):
                box.mux(audio.encode(voice))
                heard += 1
        box.mux(video.encode(None))
        box.mux(audio.encode(None))


def main() -> None:
    """Make the clip, or stills of it."""
    parser = argparse.ArgumentParser(description="Make the demo clip.")
    parser.add_argument("--stills", type=Path, help="write sample frames here instead")
    parser.add_argument("--times", default="0.9,2.5,5.6,12.5,25.4,34,45.5,55.5")
    options = parser.parse_args()
    studio = Studio()
    if options.stills:
        for at in (float(part) for part in options.times.split(",")):
            studio.frame(at).save(options.stills / f"still-{at:05.2f}.png")
        return
    encode(studio, TARGET)
    print(f"{TARGET.name} {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
