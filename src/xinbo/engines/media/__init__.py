"""Video: publishers come in by RTMP and WHIP, viewers watch HLS, everything is recorded.

Owns the two doors, the recordings in `<data>/media` and their playlists. Promises that H.264 is
passed through bit for bit, that a refused or hostile publisher disturbs nobody, and that what was
recorded survives a kill. Who may publish is decided by web, which is asked by a hook.
"""

from pathlib import Path

from xinbo.engines.settings import Settings

__all__ = ["publish_file", "serve"]


async def serve(settings: Settings) -> None:
    """Run the media process until cancelled. Raises `PortBusy`.

    RTMP on `settings.rtmp_port`; HLS, WHIP, status and `/healthz` on `settings.media_port`.
    """
    from xinbo.engines.media._serve import serve as run  # noqa: PLC0415 - children load none of it

    await run(settings)


async def publish_file(path: Path, rtmp_url: str, *, loop: bool = True) -> None:
    """Publish an MP4 of H.264 and AAC in real time, without transcoding it.

    With `loop` it goes on until cancelled, and comes back when the server was away; without, it
    raises OSError or av.FFmpegError when it is refused.
    """
    from xinbo.engines.media._publish import publish  # noqa: PLC0415 - loads the codecs

    await publish(path, rtmp_url, loop=loop)
