"""Make a picture of a stranger's file: checked, turned upright, stripped, re-encoded."""

from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from xinbo.kit.errors import Invalid

LARGEST = 8_000_000
MOST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
PICTURE = 800
THUMB = 240
QUALITY = 82


class PictureRefused(Invalid):
    """Raised when a file is no picture that we take. `reason` is a stable name."""


class Shrunk(NamedTuple):
    """A picture in two sizes, as WebP."""

    picture: bytes
    thumb: bytes
    width: int
    height: int


def shrink(content: bytes) -> Shrunk:
    """Re-encode a JPEG, PNG or WebP file at 800 and at 240 pixels on the longer side.

    The file's size in pixels is read from its head, before a pixel is decoded, so a small file
    that unfolds into gigabytes is refused. Nothing but pixels is kept: no place where a phone
    took it (EXIF), no bytes that only pretend to be a picture.
    """
    if len(content) > LARGEST:
        raise PictureRefused(reason="too_many_bytes", most=LARGEST)
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as file:
            if file.width * file.height > MOST_PIXELS:
                raise PictureRefused(reason="too_many_pixels", most=MOST_PIXELS)
            file.draft("RGB", (2 * PICTURE, 2 * PICTURE))  # JPEG only: decode at a fraction
            whole = ImageOps.exif_transpose(file)
            whole = whole.convert("RGBA" if whole.has_transparency_data else "RGB")
    except UnidentifiedImageError:
        raise PictureRefused(reason="not_a_picture", formats=FORMATS) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureRefused(reason="too_many_pixels", most=MOST_PIXELS) from None
    except (OSError, ValueError, SyntaxError, ArithmeticError, LookupError):
        # What Pillow's decoders raise on broken files, by format.
        raise PictureRefused(reason="broken") from None
    whole.thumbnail((PICTURE, PICTURE))
    width, height = whole.size
    picture = _webp(whole)
    whole.thumbnail((THUMB, THUMB))
    return Shrunk(picture, _webp(whole), width, height)


def _webp(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue()
