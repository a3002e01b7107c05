"""The studio behind the demo host: six tints of one room, its table and its light (SVG strings).

The frame is 720 x 1280. The host's face is at (331, 400); the table's far edge is y = 905.
"""

import random

from demo.scenes import branch, leaf

WIDTH, HEIGHT, TABLE = 720, 1280, 905

# lit wall, wall, wall in shade, glow behind the moon gate: one family, a chapter each
CHAPTERS: tuple[tuple[str, str, str, str], ...] = (
    ("#c9ddd1", "#83a898", "#34534a", "#f5f3e4"),
    ("#dbdfcd", "#a0b09a", "#4a5b4b", "#f8f1dd"),
    ("#c9dcda", "#80a5a3", "#325250", "#eff4ec"),
    ("#ebe3c6", "#bab48b", "#646243", "#fdf3d6"),
    ("#d2dcc6", "#92a98a", "#43593f", "#f5f4de"),
    ("#cbdad8", "#86a2a3", "#385355", "#f0f4ef"),
)

_BLURS = "".join(
    f'<filter id="rm-b{size}" filterUnits="userSpaceOnUse" x="-300" y="-300" width="1320" '
    f'height="1900"><feGaussianBlur stdDeviation="{size}"/></filter>'
    for size in (3, 6, 10, 18, 30, 60)
)


def _vase(at: tuple[float, float], scale: float, light: str, dark: str, kind: int) -> str:
    """Return one out-of-focus vessel whose foot centre is `at`."""
    x, y = at
    outline = (
        "M-26 0C-52 -30 -52 -90 -18 -118L-14 -150H14L18 -118C52 -90 52 -30 26 0Z",
        "M-34 0C-60 -40 -58 -84 -44 -100H44C58 -84 60 -40 34 0Z",
        "M-20 0C-40 -50 -30 -120 -10 -150L-18 -196H18L10 -150C30 -120 40 -50 20 0Z",
    )[kind]
    return (
        f'<g transform="translate({x} {y}) scale({scale})"><path d="{outline}" fill="{dark}"/>'
        f'<path d="{outline}" fill="{light}" transform="translate(-6 -2) scale(.74 .96)" '
        'opacity=".85" filter="url(#rm-b6)"/></g>'
    )


def wall(chapter: int) -> str:
    """Return the room of one chapter: plaster wall, moon gate, shelves, lamp light."""
    lit, mid, dark, glow = CHAPTERS[chapter]
    foliage = branch(150, 170, 0.85, 12) + branch(330, 140, 0.7, 31) + branch(60, 330, 0.8, 44)
    stems = "".join(leaf(x, 560, 340, -90 + (x - 330) / 12, 0.02) for x in range(130, 560, 70))
    return f"""<defs>{_BLURS}
<radialGradient id="rm-wall" gradientUnits="userSpaceOnUse" cx="250" cy="420" r="880">
<stop offset="0" stop-color="{lit}"/><stop offset=".5" stop-color="{mid}"/>
<stop offset="1" stop-color="{dark}"/></radialGradient>
<radialGradient id="rm-gate" gradientUnits="userSpaceOnUse" cx="270" cy="360" r="330">
<stop offset="0" stop-color="#fffdf4"/><stop offset=".45" stop-color="{glow}"/>
<stop offset="1" stop-color="{lit}"/></radialGradient>
<linearGradient id="rm-rim" x1="0" x2="1" y1="0" y2="1"><stop offset="0" stop-color="#fffdf2"/>
<stop offset=".5" stop-color="{lit}"/><stop offset="1" stop-color="{dark}"/></linearGradient>
<linearGradient id="rm-top" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="{dark}"
 stop-opacity=".85"/><stop offset=".2" stop-color="{dark}" stop-opacity=".3"/>
<stop offset=".36" stop-color="{dark}" stop-opacity="0"/></linearGradient>
<linearGradient id="rm-wood" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#d9c3a0"/>
<stop offset="1" stop-color="#8c7350"/></linearGradient>
<clipPath id="rm-hole"><circle cx="331" cy="450" r="262"/></clipPath></defs>
<rect width="720" height="1280" fill="url(#rm-wall)"/>
<circle cx="345" cy="468" r="286" fill="{dark}" opacity=".5" filter="url(#rm-b30)"/>
<circle cx="331" cy="450" r="280" fill="url(#rm-rim)"/>
<circle cx="331" cy="450" r="262" fill="url(#rm-gate)"/>
<g clip-path="url(#rm-hole)"><g filter="url(#rm-b10)" opacity=".55"><path d="{stems}"
 fill="{mid}"/><path d="{foliage}" fill="{mid}"/></g>
<path d="M60 640C180 560 300 610 400 575C480 548 540 580 620 560V760H60Z" fill="{mid}"
 opacity=".5" filter="url(#rm-b18)"/>
<circle cx="331" cy="450" r="276" fill="none" stroke="{dark}" stroke-width="34" opacity=".32"
 filter="url(#rm-b18)"/></g>
<g filter="url(#rm-b3)"><rect x="-20" y="716" width="190" height="12" rx="3"
 fill="url(#rm-wood)"/><rect x="560" y="700" width="190" height="12" rx="3"
 fill="url(#rm-wood)"/></g>
<g opacity=".5" filter="url(#rm-b10)"><path d="M-20 730H180L150 790H-20Z" fill="{dark}"/>
<path d="M556 714H760V780H600Z" fill="{dark}"/></g>
<g filter="url(#rm-b3)">{_vase((38, 716), 0.72, "#f3f2e6", mid, 0)}
{_vase((112, 716), 0.5, lit, dark, 1)}{_vase((612, 700), 0.5, "#f6f3e6", mid, 1)}
{_vase((680, 700), 0.8, lit, dark, 2)}</g>
<g filter="url(#rm-b6)" opacity=".85"><path d="{branch(560, -60, 0.8, 9)}" fill="{dark}"
 opacity=".55"/></g>
<ellipse cx="90" cy="250" rx="260" ry="330" fill="#fffbe9" opacity=".34"
 filter="url(#rm-b60)"/>
<rect width="720" height="1280" fill="url(#rm-top)"/>
<rect y="760" width="720" height="150" fill="{dark}" opacity=".35" filter="url(#rm-b30)"/>"""


def table() -> str:
    """Return the table top (transparent above it): pale ash, a linen runner, soft light."""
    pick = random.Random(3)  # noqa: S311 - a drawing, not a secret
    grain = "".join(
        f"M-10 {y:.0f}C{pick.uniform(120, 300):.0f} {y + pick.uniform(-6, 6):.0f} "
        f"{pick.uniform(400, 560):.0f} {y + pick.uniform(-8, 8):.0f} 730 {y + 3:.0f}"
        for y in (915 + i * i * 0.62 + i * 5 for i in range(20))
    )
    return f"""<defs>{_BLURS}
<linearGradient id="rm-ash" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#e9dcc4"/>
<stop offset=".3" stop-color="#dccbac"/><stop offset="1" stop-color="#a98f69"/></linearGradient>
<linearGradient id="rm-linen" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#f6f4ea"/>
<stop offset="1" stop-color="#d5dacd"/></linearGradient>
<clipPath id="rm-top-clip"><rect y="905" width="720" height="375"/></clipPath></defs>
<g clip-path="url(#rm-top-clip)"><rect y="905" width="720" height="375" fill="url(#rm-ash)"/>
<path d="{grain}" stroke="#8a6d45" stroke-width="1.4" fill="none" opacity=".2"/>
<path d="M62 1010H658L716 1232H4Z" fill="#4a3d26" opacity=".3" filter="url(#rm-b10)"/>
<path d="M66 1004H654L712 1226H8Z" fill="url(#rm-linen)"/>
<path d="M84 1014H636L690 1216H30Z" fill="none" stroke="#8fb3a2" stroke-width="2"
 opacity=".7"/>
<ellipse cx="330" cy="916" rx="250" ry="30" fill="#3c3a28" opacity=".42"
 filter="url(#rm-b18)"/>
<ellipse cx="150" cy="1040" rx="270" ry="110" fill="#fffdf0" opacity=".5"
 filter="url(#rm-b30)"/>
<rect y="1180" width="720" height="140" fill="#241f12" opacity=".34" filter="url(#rm-b30)"/>
<rect y="905" width="720" height="3" fill="#fff8e6" opacity=".85"/></g>"""


def foreground() -> str:
    """Return leaves very near the lens, lower left: depth without hiding anything."""
    leaves = "".join(
        leaf(-60, 1310, length, angle, 0.13)
        for length, angle in ((215, -70), (205, -46), (220, -20), (170, -94))
    )
    return f'<defs>{_BLURS}</defs><path d="{leaves}" fill="#2f5a49" filter="url(#rm-b10)"/>'


def sway() -> str:
    """Return the leaf shadow that moves over the wall."""
    return (
        f'<defs>{_BLURS}</defs><path d="{branch(40, 60, 0.9, 17)}" fill="#2f4f43" '
        'opacity=".3" filter="url(#rm-b10)"/>'
    )
