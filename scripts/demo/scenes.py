"""Hand-written scenery: SVG strings for the backdrops, shadows and props behind the demo goods.

Lengths are SVG user units; a product stage is 1200 x 1200 and its goods stand on y = 965.
Light falls from the upper left everywhere, so every shadow leans to the right and back.
"""

import math
import random

GROUND = 965

# Six tints of one family, warm paper to pale jade: (lit wall, far wall, floor).
TINTS: dict[str, tuple[str, str, str]] = {
    "serum": ("#fbf9f3", "#d3e4da", "#e6eee7"),
    "cream": ("#fbf8f1", "#d9e5db", "#ebf0e8"),
    "cleanser": ("#f9f9f4", "#cfe2d8", "#e2ece5"),
    "sunscreen": ("#fdf9ee", "#e2e6d6", "#f1efe2"),
    "tea": ("#fbf8f0", "#d6e2d3", "#e9ede2"),
    "cup-sky": ("#faf8f2", "#d7e2de", "#e9eeea"),
    "cup-pea": ("#fbf8ef", "#dbe4d3", "#edefe4"),
}

GLAZES: dict[str, str] = {
    "cup-sky": "--g0:#e6efed;--g1:#c3d6d5;--g2:#a8c1c1;--g3:#84a3a5;--g4:#557a7d;--rim:#efefe6",
    "cup-pea": "--g0:#e8eddb;--g1:#c8d2b3;--g2:#aebb97;--g3:#8b9c76;--g4:#5a6d4b;--rim:#f0efdf",
}

# (centre x, half width, depth) of what touches the floor.
FEET: dict[str, tuple[int, int, int]] = {
    "serum": (600, 150, 12),
    "cream": (600, 255, 20),
    "cleanser": (600, 98, 10),
    "sunscreen": (600, 126, 11),
    "tea": (590, 260, 20),
    "cup": (600, 104, 12),
}


def crackle(seed: int = 7) -> str:
    """Return the fine ice-crackle of a celadon glaze as one SVG path."""
    pick = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    step_x, step_y = 46, 40
    knots = {
        (column, row): (
            300 + column * step_x + (row % 2) * step_x / 2 + pick.uniform(-17, 17),
            470 + row * step_y + pick.uniform(-15, 15),
        )
        for row in range(13)
        for column in range(14)
    }
    strokes: list[str] = []
    for (column, row), (x, y) in knots.items():
        shift = column + row % 2
        for other in ((column + 1, row), (shift, row + 1), (shift - 1, row + 1)):
            if other in knots and pick.random() < 0.5:
                ox, oy = knots[other]
                mx = (x + ox) / 2 + pick.uniform(-6, 6)
                my = (y + oy) / 2 + pick.uniform(-6, 6)
                strokes.append(f"M{x:.0f} {y:.0f}Q{mx:.0f} {my:.0f} {ox:.0f} {oy:.0f}")
    return f'<path d="{"".join(strokes)}"/>'


def leaf(x: float, y: float, length: float, angle: float, width: float = 0.16) -> str:
    """Return one bamboo-like leaf as a path: base at (x, y), angle in degrees."""
    turn = math.radians(angle)
    cos, sin = math.cos(turn), math.sin(turn)

    def at(along: float, across: float) -> str:
        dx, dy = along * length, across * length
        return f"{x + dx * cos - dy * sin:.1f} {y + dx * sin + dy * cos:.1f}"

    there = f"M{at(0, 0)}C{at(0.25, -width)} {at(0.7, -width * 0.7)} {at(1, 0)}"
    return f"{there}C{at(0.7, width * 0.7)} {at(0.25, width)} {at(0, 0)}Z"


def branch(x: float, y: float, scale: float, seed: int) -> str:
    """Return a hanging branch of leaves as path data, for shadows and soft foliage."""
    pick = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    parts: list[str] = []
    for i in range(9):
        bx, by = x + i * 42 * scale, y + (i**1.35) * 17 * scale
        for side in (-1, 1):
            angle = 38 + side * pick.uniform(26, 58)
            parts.append(leaf(bx, by, pick.uniform(120, 190) * scale, angle, 0.13))
    return "".join(parts)


def shadow(part: str, foot: tuple[int, int, int], ground: float = GROUND) -> str:
    """Return the contact, ambient and cast shadows of the drawing with id `part`."""
    cx, half, depth = foot
    lean, flat = 0.62, 0.17
    cast = f"matrix(1 0 {-lean} {flat} {lean * ground} {ground * (1 - flat)})"
    return f"""
<ellipse cx="{cx + 40}" cy="{ground + 4}" rx="{half * 1.7}" ry="{depth * 3.4}" fill="#3f6656"
 opacity=".26" filter="url(#sc-b40)"/>
<g opacity=".30" filter="url(#sc-cast)"><g transform="{cast}"><use href="#{part}"/></g></g>
<g opacity=".20" filter="url(#sc-cast-far)"><g transform="{cast}"><use href="#{part}"/></g></g>
<ellipse cx="{cx + 14}" cy="{ground - 2}" rx="{half * 1.08}" ry="{depth * 1.5}" fill="#23463a"
 opacity=".5" filter="url(#sc-b12)"/>
<ellipse cx="{cx + 3}" cy="{ground - 4}" rx="{half}" ry="{depth * 0.75}" fill="#10271f"
 opacity=".62" filter="url(#sc-b5)"/>"""


FILTERS = """
<filter id="sc-b5" x="-60%" y="-200%" width="220%" height="500%">
<feGaussianBlur stdDeviation="5"/></filter>
<filter id="sc-b12" x="-60%" y="-200%" width="220%" height="500%">
<feGaussianBlur stdDeviation="12"/></filter>
<filter id="sc-b22" x="-40%" y="-60%" width="180%" height="220%">
<feGaussianBlur stdDeviation="22"/></filter>
<filter id="sc-b40" x="-60%" y="-250%" width="220%" height="600%">
<feGaussianBlur stdDeviation="40"/></filter>
<filter id="sc-cast" x="-40%" y="-60%" width="180%" height="220%">
<feColorMatrix values="0 0 0 0 .16 0 0 0 0 .33 0 0 0 0 .27 0 0 0 1 0"/>
<feGaussianBlur stdDeviation="13"/></filter>
<filter id="sc-cast-far" x="-40%" y="-80%" width="180%" height="260%">
<feColorMatrix values="0 0 0 0 .2 0 0 0 0 .38 0 0 0 0 .31 0 0 0 1 0"/>
<feGaussianBlur stdDeviation="34"/></filter>
"""


def backdrop(tint: tuple[str, str, str], width: int, height: int, horizon: float) -> str:
    """Return a seamless paper cove: lit wall, floor, light pool and soft leaf shadows."""
    lit, far, floor = tint
    scale = max(width, height) / 1200
    leaves = branch(width * 0.52, -height * 0.06, 1.25 * scale, 5)
    return f"""<defs>
<radialGradient id="sc-wall" gradientUnits="userSpaceOnUse" cx="{width * 0.22}"
 cy="{height * 0.2}" r="{max(width, height) * 1.02}"><stop offset="0" stop-color="{lit}"/>
<stop offset=".45" stop-color="{lit}" stop-opacity=".72"/><stop offset="1" stop-color="{far}"/>
</radialGradient>
<linearGradient id="sc-floor" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="{far}"
 stop-opacity="0"/><stop offset=".1" stop-color="{far}" stop-opacity=".75"/>
<stop offset=".38" stop-color="{floor}"/><stop offset="1" stop-color="{lit}"/></linearGradient>
<radialGradient id="sc-pool"><stop offset="0" stop-color="#fffef9" stop-opacity=".95"/>
<stop offset="1" stop-color="#fffef9" stop-opacity="0"/></radialGradient></defs>
<rect width="{width}" height="{height}" fill="{far}"/>
<rect width="{width}" height="{height}" fill="url(#sc-wall)"/>
<path d="M{width * 0.06} {-height * 0.05}L{width * 0.5} {-height * 0.05}L{width * 0.92}
 {horizon}L{width * 0.44} {horizon}Z" fill="#fffdf4" opacity=".5" filter="url(#sc-b40)"/>
<path d="{leaves}" fill="#5f8a77" opacity=".17" filter="url(#sc-b22)"/>
<rect y="{horizon - 60}" width="{width}" height="{height - horizon + 60}" fill="url(#sc-floor)"/>
<ellipse cx="{width * 0.36}" cy="{horizon + (height - horizon) * 0.52}" rx="{width * 0.5}"
 ry="{(height - horizon) * 0.5}" fill="url(#sc-pool)"/>"""
