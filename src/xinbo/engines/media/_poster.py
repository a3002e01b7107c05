"""A still picture of a session's first keyframe, made by a process of its own: decoding is C."""

import asyncio
import contextlib
import sys
from pathlib import Path
from typing import cast

from xinbo.engines.media._child import die_with_parent, spawn

_PATIENCE = 10
_WIDTH = 720


async def make_poster(files: tuple[Path, Path], poster: Path) -> None:
    """Write `poster` from an init segment and a segment; no harm if that fails."""
    child = await spawn("xinbo.engines.media._poster", *map(str, files), str(poster))
    try:
        async with asyncio.timeout(_PATIENCE):
            await child.wait()
    except TimeoutError:
        pass
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


def main() -> None:
    """Decode one picture of the segment named on the command line, and save it as JPEG."""
    import io  # noqa: PLC0415 - only the child pays for the codecs

    import av  # noqa: PLC0415
    from PIL.Image import Image  # noqa: PLC0415

    die_with_parent()
    init, segment, poster = (Path(each) for each in sys.argv[1:4])
    coded = io.BytesIO(init.read_bytes() + segment.read_bytes())
    with av.open(coded, "r") as source:
        frame = next(source.decode(source.streams.video[0]))
    picture = cast(Image, frame.to_image())
    picture.thumbnail((_WIDTH, _WIDTH * 3))
    part = poster.with_suffix(".part")
    picture.convert("RGB").save(part, "JPEG", quality=82)
    part.replace(poster)


if __name__ == "__main__":
    main()
