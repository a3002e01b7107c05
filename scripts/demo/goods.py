"""The drawn products, ready to be placed: SVG files with their generated parts filled in."""

import re
from pathlib import Path

from demo.scenes import FEET, GLAZES, GROUND, crackle, shadow

_DRAWINGS = Path(__file__).resolve().parent


def drawing(path: str) -> str:
    """Return the inside of an SVG file, with generated parts filled in."""
    text = (_DRAWINGS / path).read_text(encoding="utf-8")
    inner = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", text, flags=re.DOTALL)
    return inner.replace("<!--crackle-->", crackle())


def good(name: str) -> str:
    """Return the drawing of one product as a group with the id `good-<name>`."""
    file = "cup" if name.startswith("cup") else name
    body = drawing(f"products/{file}.svg")
    if file == "cup":  # two glazes may share a page: each needs its own gradients
        body = re.sub(r"(id=\"|url\(#)cu-", rf"\g<1>{name}-", body)
    return f'<g id="good-{name}" style="{GLAZES.get(name, "")}">{body}</g>'


def placed(name: str, x: float, y: float, scale: float) -> str:
    """Return a product with its shadows, its foot centre at (x, y)."""
    foot = FEET["cup" if name.startswith("cup") else name]
    place = f"translate({x - foot[0] * scale} {y - GROUND * scale}) scale({scale})"
    return f'<g transform="{place}">{shadow("good-" + name, foot)}{good(name)}</g>'
