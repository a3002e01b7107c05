"""Draw the demo shop's pictures: goods, covers, avatars, app icons and the clip's layers.

Run `python scripts/make_demo_pictures.py [name …]`. The drawings are the SVG files in
`scripts/demo/`; headless Chromium renders them at twice the stage size, Pillow shrinks them.
Needs /usr/bin/chromium and the Noto CJK fonts; the results are committed, so only a person who
changes a drawing runs this.
"""

import io
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from demo import covers, room
from demo.goods import drawing, good, placed
from demo.props import props
from demo.scenes import FILTERS, TINTS, backdrop
from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
DRAWINGS = Path(__file__).resolve().parent / "demo"
ASSETS = ROOT / "src/xinbo/demo/assets"
PLATES = DRAWINGS / "plates"
HORIZON = 850
LIMIT = 90_000

# Where the foot of each product stands on its 1200 x 1200 stage, and how large: x, y, scale.
STANDS: dict[str, tuple[float, float, float]] = {
    "serum": (572, 1000, 1.14),
    "cream": (572, 960, 1.12),
    "cleanser": (580, 1000, 1.12),
    "sunscreen": (580, 1000, 1.14),
    "tea": (600, 975, 1.04),
}

type Shoot = Callable[[str, int, int], Image.Image]


@contextmanager
def studio() -> Generator[Shoot]:
    """Open Chromium; yield a function (body, width, height) -> RGBA picture at 2x."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
        )
        page: Page = browser.new_page(device_scale_factor=2)

        def shoot(body: str, width: int, height: int) -> Image.Image:
            page.set_viewport_size({"width": width, "height": height})
            page.set_content(
                "<meta charset=utf-8><style>*{margin:0}html{background:transparent}"
                f"svg{{display:block}}</style><svg lang='zh-CN' width='{width}' height='{height}' "
                f"viewBox='0 0 {width} {height}' xmlns='http://www.w3.org/2000/svg'>{body}</svg>"
            )
            raw = page.screenshot(omit_background=True, type="png")
            return Image.open(io.BytesIO(raw)).convert("RGBA")

        yield shoot
        browser.close()


def grained(picture: Image.Image, strength: float = 1.6) -> Image.Image:
    """Return the picture in RGB with a little even film grain, which also hides banding."""
    pixels = np.asarray(picture.convert("RGB"), dtype=np.float32)
    noise = np.random.default_rng(88).normal(0, strength, pixels.shape[:2])
    out = np.clip(pixels + noise[:, :, None], 0, 255).round().astype(np.uint8)
    return Image.fromarray(out)


def save(picture: Image.Image, name: str, size: tuple[int, int], limit: int = LIMIT) -> None:
    """Shrink to `size` and write WebP at the best quality that stays under `limit` bytes."""
    small = grained(picture.convert("RGB").resize(size, Image.Resampling.LANCZOS))
    for quality in (92, 90, 88, 86, 84, 80, 76, 70):
        buffer = io.BytesIO()
        small.save(buffer, "WEBP", quality=quality, method=6)
        if buffer.tell() <= limit:
            break
    (ASSETS / name).write_bytes(buffer.getvalue())
    print(f"{name:22} {size[0]}x{size[1]} {buffer.tell():>7} bytes")


def goods(shoot: Shoot, wanted: set[str]) -> None:
    """Draw the seven product pictures."""
    for name, tint in TINTS.items():
        if wanted and name not in wanted:
            continue
        x, ground, scale = STANDS.get(name, (580, 940, 1.2))
        body = (
            f"<defs>{FILTERS}</defs>{backdrop(tint, 1200, 1200, HORIZON)}"
            f"{placed(name, x, ground, scale)}{props(name)}"
        )
        save(shoot(body, 1200, 1200), f"{name}.webp", (800, 800))


HOST_PARTS = (
    *("hairback", "torso", "head", "open", "look", "lids", "closed", "hairfront", "restarm"),
    *("upperarm", "forearm", "palm", "thumb", "fingers"),
)

# One layer of the clip is one or more parts of the host, drawn on their own canvas.
LAYERS: dict[str, tuple[tuple[str, ...], int, int]] = {
    "hairback": (("hairback",), 720, 1280),
    "torso": (("torso",), 720, 1280),
    "face-open": (("head", "open", "lids", "hairfront"), 720, 1280),
    "face-look": (("head", "look", "lids", "hairfront"), 720, 1280),
    "face-closed": (("head", "closed", "hairfront"), 720, 1280),
    "restarm": (("restarm",), 720, 1280),
    "upperarm": (("upperarm",), 220, 380),
    "forearm": (("forearm",), 200, 360),
    "palm": (("palm",), 300, 300),
    "thumb": (("thumb",), 300, 300),
    "fingers": (("fingers",), 300, 300),
}

HELD: dict[str, float] = {"tea": 0.27, "cup-sky": 0.28}
TABLE_ORDER = ("serum", "cream", "cleanser", "sunscreen", "tea", "cup-sky")


def host(*parts: str) -> str:
    """Return the host drawing with only `parts` shown."""
    hidden = ",".join(f"#{part}" for part in HOST_PARTS if part not in parts)
    return f"{drawing('host.svg')}<style>{hidden}{{display:none}}</style>"


def plates(shoot: Shoot) -> None:
    """Draw the layers of the demo clip: rooms, table, host, goods in the hand and on the table."""

    def keep(name: str, body: str, width: int, height: int) -> None:
        picture = shoot(body, width, height).reduce(2)  # a box: no ringing round the edges
        opaque = picture.getchannel("A").getextrema()[0] == 255
        picture = picture.convert("RGB") if opaque else picture
        picture.save(PLATES / f"{name}.webp", quality=93, method=6, exact=not opaque)

    for chapter in range(len(room.CHAPTERS)):
        keep(f"wall-{chapter}", room.wall(chapter), room.WIDTH, room.HEIGHT)
    keep("table", room.table(), room.WIDTH, room.HEIGHT)
    keep("foreground", room.foreground(), room.WIDTH, room.HEIGHT)
    keep("sway", room.sway(), 620, 640)
    for name, (parts, width, height) in LAYERS.items():
        keep(name, host(*parts), width, height)
    for name in TABLE_ORDER:
        scale = HELD.get(name, 0.3)
        bare = "<style>.sachets{display:none}</style>"
        keep(f"held-{name}", f'<g transform="scale({scale})">{good(name)}</g>{bare}', 360, 360)
        stand = placed(name, 120, 200, 0.165 if name != "tea" else 0.155)
        keep(f"stand-{name}", f"<defs>{FILTERS}</defs>{stand}", 260, 240)


def faces(shoot: Shoot) -> None:
    """Draw the show's covers and the two avatars."""
    save(shoot(covers.portrait(), 900, 1200), "cover-portrait.webp", (900, 1200), 150_000)
    save(shoot(covers.wide(), 1280, 720), "cover-wide.webp", (1280, 720), 150_000)
    save(shoot(covers.merchant(), 512, 512), "merchant.webp", (384, 384), 30_000)
    figure = host("hairback", "torso", "head", "open", "lids", "hairfront")
    save(shoot(covers.host(figure), 512, 512), "host.webp", (384, 384), 40_000)


def icons(shoot: Shoot) -> None:
    """Draw the app's icons; one mark, rounded for browsers, full-bleed for maskable."""
    shop = ROOT / "web/apps/shop/public"
    console = ROOT / "web/apps/console/public"
    (shop / "icons").mkdir(parents=True, exist_ok=True)
    console.mkdir(parents=True, exist_ok=True)
    rounded = covers.mark(116)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">{rounded}</svg>\n'
    for place in (shop / "icons/favicon.svg", console / "favicon.svg"):
        place.write_text(svg, encoding="utf-8")
    for name, body, size in (
        ("icon-192", rounded, 192),
        ("icon-512", rounded, 512),
        ("maskable-512", covers.mark(0, 0.78), 512),
    ):
        picture = shoot(body, 512, 512).resize((size, size), Image.Resampling.LANCZOS)
        picture.save(shop / f"icons/{name}.png", optimize=True)


def main() -> None:
    """Draw everything, or only what the command line names."""
    wanted = set(sys.argv[1:])
    ASSETS.mkdir(parents=True, exist_ok=True)
    PLATES.mkdir(parents=True, exist_ok=True)
    with studio() as shoot:
        goods(shoot, wanted)
        for name, draw in (("plates", plates), ("faces", faces), ("icons", icons)):
            if not wanted or name in wanted:
                draw(shoot)


if __name__ == "__main__":
    main()
