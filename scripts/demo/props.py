"""Small things beside the demo goods: leaves, cream, foam, stones, tea buds (SVG strings).

Each prop is drawn for the 1200 x 1200 stage of `scenes` and lies on its floor.
"""

import math
import random

from demo.scenes import leaf

_DEFS = """<defs>
<linearGradient id="pr-leaf" x1="0" x2="1" y1="0" y2="1"><stop offset="0" stop-color="#a5cfa6"/>
<stop offset=".5" stop-color="#6ba884"/><stop offset="1" stop-color="#3b7d63"/></linearGradient>
<radialGradient id="pr-cream" cx=".3" cy=".2" r="1"><stop offset="0" stop-color="#fffefb"/>
<stop offset=".5" stop-color="#f8f4ea"/><stop offset="1" stop-color="#d5d9cb"/></radialGradient>
<radialGradient id="pr-bubble" cx=".34" cy=".28" r=".85"><stop offset="0" stop-color="#ffffff"/>
<stop offset=".45" stop-color="#f6faf6"/><stop offset=".8" stop-color="#d9e8df"/>
<stop offset="1" stop-color="#b3cfc0"/></radialGradient>
<radialGradient id="pr-stone" cx=".32" cy=".2" r="1"><stop offset="0" stop-color="#fbf8ee"/>
<stop offset=".5" stop-color="#e2dccb"/><stop offset="1" stop-color="#a9a289"/></radialGradient>
<linearGradient id="pr-bud" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#eef2e2"/>
<stop offset=".5" stop-color="#b9c6a4"/><stop offset="1" stop-color="#77876a"/></linearGradient>
<filter id="pr-b2" x="-50%" y="-50%" width="200%" height="200%">
<feGaussianBlur stdDeviation="2"/></filter>
<filter id="pr-b10" x="-50%" y="-90%" width="200%" height="280%">
<feGaussianBlur stdDeviation="9"/></filter></defs>"""


def _centella(cx: float, cy: float, size: float, turn: float) -> str:
    """Return one round scalloped centella leaf lying flat, with its veins and shadow."""
    points: list[str] = []
    for i in range(121):
        angle = 2 * math.pi * i / 120
        notch = 1 - 0.62 * math.exp(-(((angle - math.pi) / 0.2) ** 2))
        radius = size * notch * (1 + 0.035 * abs(math.sin(angle * 11)))
        points.append(f"{radius * math.cos(angle):.1f} {radius * math.sin(angle):.1f}")
    outline = "M" + "L".join(points) + "Z"
    veins = "".join(
        f"M{-size * 0.34:.0f} 0Q{size * 0.3 * math.cos(a):.0f} {size * 0.24 * math.sin(a):.0f} "
        f"{size * 0.9 * math.cos(a):.0f} {size * 0.9 * math.sin(a):.0f}"
        for a in (k * math.pi / 8 for k in range(-6, 7))
    )
    place = f"translate({cx} {cy}) scale(1 .4) rotate({turn})"
    return f"""
<g transform="translate({cx + 16} {cy + 14}) scale(1 .4) rotate({turn})"><path d="{outline}"
 fill="#1f4337" opacity=".45" filter="url(#pr-b10)"/></g>
<g transform="{place}"><path d="{outline}" fill="url(#pr-leaf)"/><path d="{veins}"
 stroke="#d6ebcf" stroke-width="2.2" fill="none" opacity=".6"/><path d="{outline}" fill="none"
 stroke="#cfe8cd" stroke-width="2" opacity=".6"/></g>"""


def _serum() -> str:
    return (
        f'<path d="M872 1040C930 1030 980 1000 1020 960" stroke="#6b9d7e" stroke-width="5" '
        f'fill="none"/>{_centella(860, 1036, 96, 12)}{_centella(996, 968, 64, 150)}'
        '<g><ellipse cx="310" cy="1050" rx="42" ry="17" fill="#2f6f5b" opacity=".3" '
        'filter="url(#pr-b10)"/><ellipse cx="304" cy="1044" rx="36" ry="15" fill="#cfe6da" '
        'opacity=".85"/><path d="M274 1046Q304 1064 334 1046" stroke="#fff" stroke-width="3.5" '
        'fill="none" opacity=".9" filter="url(#pr-b2)"/><ellipse cx="294" cy="1038" rx="10" '
        'ry="3.5" fill="#fff"/><circle cx="362" cy="1074" r="0"/></g>'
    )


def _cream() -> str:
    return """
<path d="M786 1052C800 1010 900 1000 980 1012C1040 1020 1084 1040 1080 1062C1074 1086 1000 1096
 930 1092C850 1090 776 1086 786 1052Z" fill="#2f5a4a" opacity=".4" filter="url(#pr-b10)"
 transform="translate(14 10)"/>
<path d="M786 1048C800 1006 880 990 940 998C960 976 1000 972 1008 992C1050 1002 1086 1028 1080
 1052C1074 1078 1000 1088 930 1084C850 1082 776 1082 786 1048Z" fill="url(#pr-cream)"/>
<path d="M820 1050C850 1022 910 1016 960 1024C1000 1030 1040 1036 1050 1050" stroke="#c3cbbb"
 stroke-width="12" fill="none" opacity=".6" filter="url(#pr-b10)"/>
<path d="M828 1030C860 1008 910 1006 950 1010C966 1000 986 990 998 996" stroke="#fff"
 stroke-width="9" fill="none" stroke-linecap="round" filter="url(#pr-b2)"/>
<path d="M840 1062C900 1048 960 1052 1020 1062" stroke="#fff" stroke-width="5" fill="none"
 opacity=".9" filter="url(#pr-b2)"/>"""


def _foam() -> str:
    pick = random.Random(21)  # noqa: S311 - a drawing, not a secret
    bubbles: list[tuple[float, float, float]] = []
    for row in range(4):
        for column in range(8 - row * 2):
            x = 800 + row * 34 + column * 34 + pick.uniform(-9, 9)
            bubbles.append((x, 1058 - row * 26 + pick.uniform(-6, 6), pick.uniform(17, 31)))
    bubbles += [(752, 1074, 13), (1074, 1078, 15), (1102, 1064, 8), (328, 1056, 17), (352, 1070, 9)]
    drawn = "".join(
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r:.0f}" fill="url(#pr-bubble)" stroke="#f5fbf7" '
        f'stroke-width="1.2"/><ellipse cx="{x - r * 0.34:.0f}" cy="{y - r * 0.42:.0f}" '
        f'rx="{r * 0.26:.1f}" ry="{r * 0.16:.1f}" fill="#fff"/>'
        for x, y, r in sorted(bubbles, key=lambda bubble: bubble[1])
    )
    return (
        '<ellipse cx="940" cy="1084" rx="160" ry="18" fill="#2f5a4a" opacity=".4" '
        f'filter="url(#pr-b10)"/>{drawn}'
    )


def _stones() -> str:
    return """
<ellipse cx="900" cy="1052" rx="130" ry="20" fill="#3a4a3a" opacity=".42" filter="url(#pr-b10)"/>
<path d="M784 1018C786 984 840 966 896 970C956 974 1006 992 1004 1022C1002 1050 946 1060 890
 1058C832 1056 782 1048 784 1018Z" fill="url(#pr-stone)"/>
<path d="M808 1002C836 984 880 980 916 984" stroke="#fff" stroke-width="9" fill="none"
 opacity=".8" stroke-linecap="round" filter="url(#pr-b10)"/>
<ellipse cx="1040" cy="1066" rx="64" ry="12" fill="#3a4a3a" opacity=".4" filter="url(#pr-b10)"/>
<path d="M982 1046C986 1024 1020 1016 1050 1020C1082 1024 1098 1038 1092 1054C1086 1070 1050 1072
 1024 1070C996 1068 980 1062 982 1046Z" fill="url(#pr-stone)"/>"""


def _buds(x0: float, y0: float, count: int, seed: int) -> str:
    pick = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    drawn: list[str] = []
    for _ in range(count):
        x, y = x0 + pick.gauss(0, 70), y0 + pick.gauss(0, 16)
        angle, length = pick.uniform(-40, 40), pick.uniform(48, 78)
        path = leaf(0, 0, length, angle, 0.13)
        curl = leaf(4, 2, length * 0.7, angle + 14, 0.1)
        drawn.append(
            f'<g transform="translate({x:.0f} {y:.0f}) scale(1 .62)"><path d="{path}" '
            'fill="#23392c" opacity=".5" filter="url(#pr-b10)" transform="translate(8 12)"/>'
            f'<path d="{path}" fill="url(#pr-bud)"/><path d="{curl}" fill="#92a382" '
            'opacity=".7"/></g>'
        )
    return "".join(drawn)


def _sprig() -> str:
    leaves = "".join(
        f'<path d="{leaf(x, y, size, angle, 0.2)}" fill="url(#pr-leaf)"/>'
        f'<path d="{leaf(x, y, size * 0.94, angle, 0.012)}" fill="#d6ebcf" opacity=".7"/>'
        for x, y, size, angle in (
            (920, 2210, 170, -50),
            (928, 2216, 160, 20),
            (900, 2210, 120, -115),
        )
    )
    return (
        '<g transform="translate(0 10) scale(1 .46)"><g transform="translate(16 26)" opacity=".4" '
        f'filter="url(#pr-b10)"><g style="filter:brightness(.2)">{leaves}</g></g>'
        f'<path d="M830 2260Q880 2240 925 2212" stroke="#5f8f6f" stroke-width="9" '
        f'fill="none"/>{leaves}</g>'
    )


def props(name: str) -> str:
    """Return what lies beside the product `name`, as SVG; nothing for an unknown name."""
    drawn = {
        "serum": _serum,
        "cream": _cream,
        "cleanser": _foam,
        "sunscreen": _stones,
        "tea": lambda: _buds(930, 1030, 9, 3),
        "cup-sky": _sprig,
        "cup-pea": lambda: _buds(930, 1034, 7, 8),
    }.get(name)
    return _DEFS + drawn() if drawn else ""
