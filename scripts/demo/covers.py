"""Covers and avatars of the demo merchant, and Xinbo's own mark (SVG strings)."""

from demo import room
from demo.goods import placed
from demo.scenes import FILTERS, backdrop

_TINT = ("#fbf8ef", "#c3d9cd", "#e0eae2")
_DEFS = """<defs>
<linearGradient id="co-stone" x1="0" x2="1" y1="0" y2="0"><stop offset="0" stop-color="#cfdcd2"/>
<stop offset=".2" stop-color="#f7f6ee"/><stop offset=".55" stop-color="#e6ebe2"/>
<stop offset="1" stop-color="#a9c0b2"/></linearGradient>
<linearGradient id="co-top" x1="0" x2="1" y1="0" y2=".3"><stop offset="0" stop-color="#fffef9"/>
<stop offset="1" stop-color="#dbe6dc"/></linearGradient>
<radialGradient id="co-moon" cx=".3" cy=".25" r=".95"><stop offset="0" stop-color="#fffdf4"/>
<stop offset=".5" stop-color="#f0efdf"/><stop offset="1" stop-color="#b7d1c3"/></radialGradient>
</defs><style>.sachets{display:none}</style>"""


def _plinth(cx: float, top: float, rx: float, height: float) -> str:
    """Return a round plaster plinth, its top ellipse centred on (cx, top)."""
    ry = rx * 0.15
    low = top + height
    return f"""
<ellipse cx="{cx + rx * 0.42}" cy="{low + ry * 0.3}" rx="{rx * 1.35}" ry="{ry * 1.5}"
 fill="#2c5546" opacity=".38" filter="url(#sc-b22)"/>
<ellipse cx="{cx + 6}" cy="{low + 2}" rx="{rx * 1.02}" ry="{ry * 1.05}" fill="#16352a"
 opacity=".5" filter="url(#sc-b5)"/>
<path d="M{cx - rx} {top}V{low}A{rx} {ry} 0 0 0 {cx + rx} {low}V{top}Z" fill="url(#co-stone)"/>
<ellipse cx="{cx}" cy="{top}" rx="{rx}" ry="{ry}" fill="url(#co-top)"/>
<path d="M{cx - rx} {top}A{rx} {ry} 0 0 0 {cx + rx} {top}" fill="none" stroke="#fff"
 stroke-width="2.5" opacity=".9"/>"""


def _moon(cx: float, cy: float, radius: float) -> str:
    return f"""
<circle cx="{cx + 16}" cy="{cy + 20}" r="{radius}" fill="#3c6857" opacity=".34"
 filter="url(#sc-b22)"/><circle cx="{cx}" cy="{cy}" r="{radius}" fill="url(#co-moon)"/>
<circle cx="{cx}" cy="{cy}" r="{radius - 1.5}" fill="none" stroke="#fff" stroke-width="3"
 opacity=".75"/>"""


def _seedling(x: float, y: float, scale: float, colour: str) -> str:
    """Return the merchant's mark: a seedling of rice, its foot at (x, y)."""
    return f"""<g transform="translate({x} {y}) scale({scale})" fill="{colour}">
<path d="M-5 0C-6 -60 -6 -110 0 -168C6 -110 6 -60 5 0Z"/>
<path d="M0 -58C-18 -118 -66 -142 -112 -140C-106 -92 -66 -54 0 -58Z"/>
<path d="M0 -58C18 -118 66 -142 112 -140C106 -92 66 -54 0 -58Z"/>
<path d="M0 -128C-30 -160 -30 -208 0 -246C30 -208 30 -160 0 -128Z"/></g>"""


def _words(x: float, y: float, size: float) -> str:
    return f"""{_seedling(x + size * 0.42, y + size * 0.06, size / 235, "#0b6a56")}
<text x="{x + size * 1.16}" y="{y}" font-family="Noto Serif CJK SC" font-weight="700"
 font-size="{size}" letter-spacing="{size * 0.14}" fill="#12463a">青禾生活</text>
<text x="{x + size * 1.19}" y="{y + size * 0.52}" font-family="Noto Sans CJK SC"
 font-size="{size * 0.265}" letter-spacing="{size * 0.16}" fill="#3d7566">QINGHE LIVING</text>"""


def portrait() -> str:
    """Return the show's cover, 900 x 1200."""
    return f"""<defs>{FILTERS}</defs>{_DEFS}{backdrop(_TINT, 900, 1200, 850)}
{_moon(530, 500, 310)}{_words(64, 122, 52)}
{_plinth(268, 742, 190, 190)}{placed("tea", 276, 752, 0.5)}
{_plinth(560, 668, 132, 300)}{placed("serum", 560, 676, 0.6)}
{placed("cleanser", 768, 968, 0.56)}
{placed("cream", 236, 1052, 0.46)}{placed("sunscreen", 450, 1068, 0.5)}
{placed("cup-sky", 662, 1090, 0.44)}"""


def wide() -> str:
    """Return the show's cover, 1280 x 720."""
    return f"""<defs>{FILTERS}</defs>{_DEFS}{backdrop(_TINT, 1280, 720, 500)}
{_moon(880, 306, 238)}{_words(88, 330, 66)}
{_plinth(700, 470, 140, 120)}{placed("tea", 706, 478, 0.37)}
{_plinth(914, 424, 100, 190)}{placed("serum", 914, 430, 0.43)}
{placed("cleanser", 1110, 596, 0.42)}
{placed("cream", 664, 654, 0.33)}{placed("sunscreen", 830, 664, 0.36)}
{placed("cup-sky", 1000, 672, 0.32)}"""


def merchant() -> str:
    """Return the merchant's avatar, 512 x 512: the seedling on jade."""
    return f"""<defs><radialGradient id="av" cx=".3" cy=".22" r="1"><stop offset="0"
 stop-color="#2fa088"/><stop offset=".55" stop-color="#0b7a64"/><stop offset="1"
 stop-color="#064f41"/></radialGradient><filter id="av-b"><feGaussianBlur
 stdDeviation="7"/></filter></defs><rect width="512" height="512" fill="url(#av)"/>
<g opacity=".3" filter="url(#av-b)">{_seedling(262, 402, 1.2, "#032b22")}</g>
{_seedling(256, 392, 1.2, "#fbfaf7")}"""


def host(figure: str) -> str:
    """Return the host's avatar, 512 x 512, from the host's drawing."""
    return (
        '<g transform="translate(256 268) scale(1.5) translate(-331 -412)">'
        f"{room.wall(0)}{figure}</g>"
    )


def mark(corner: float, size: float = 1.0) -> str:
    """Return Xinbo's mark on 512 x 512: a verified word going out on the air.

    `corner` is the tile's corner radius; `size` shrinks the glyph for maskable icons.
    """
    glyph = (
        '<path fill="#FBFAF7" d="M74.5 367.6A132 132 0 1 1 144.4 437.5L86 443a11 11 0 0 1-'
        '14-14Z"/><path d="m139 318 42 42 77-86" stroke="#0B7A64" stroke-width="39"/>'
        '<path d="M228.0 134.8A184 184 0 0 1 377.2 284.0" stroke="#FBFAF7" '
        'stroke-width="33"/><path d="M238.0 77.7A242 242 0 0 1 434.3 274.0" '
        'stroke="#FBFAF7" stroke-width="33"/>'
    )
    return (
        f'<rect width="512" height="512" rx="{corner:g}" fill="#0B7A64"/>'
        f'<g transform="translate(256 256) scale({size:g}) translate(-259 -252)" fill="none" '
        f'stroke-linecap="round" stroke-linejoin="round">{glyph}</g>'
    )
