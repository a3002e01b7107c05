"""A publisher for the demo and for tests: pushes a file over RTMP in real time, without ffmpeg."""

import asyncio
import contextlib
import threading
import time
from pathlib import Path
from typing import Any

import av
from av.container import OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream

_RETRY = 1.0


async def publish(path: Path, rtmp_url: str, *, loop: bool) -> None:
    """Push until the end of the file; for ever, across lost connections, if `loop`."""
    stop = threading.Event()
    try:
        while True:
            pushing = asyncio.create_task(asyncio.to_thread(_push, path, rtmp_url, stop, loop=loop))
            try:
                await asyncio.shield(pushing)
            except (FFmpegError, OSError):
                if not loop:
                    raise
                await asyncio.sleep(_RETRY)
            except asyncio.CancelledError:
                stop.set()
                with contextlib.suppress(FFmpegError, OSError):
                    await pushing
                raise
            else:
                return
    finally:
        stop.set()


def _push(path: Path, rtmp_url: str, stop: threading.Event, *, loop: bool) -> None:
    options = {"rtmp_live": "live", "flvflags": "no_duration_filesize"}
    with (
        av.open(path) as source,
        av.open(rtmp_url, "w", format="flv", options=options, timeout=10) as target,
    ):
        streams = {
            stream.index: target.add_stream_from_template(stream)
            for stream in (*source.streams.video[:1], *source.streams.audio[:1])
        }
        began, offset = time.monotonic(), 0.0
        while not stop.is_set():
            length = 0.0
            for packet in source.demux(*(source.streams[index] for index in streams)):
                if packet.dts is None:
                    continue
                length = max(
                    length, float((packet.dts + (packet.duration or 0)) * packet.time_base)
                )
                due = began + offset + float(packet.dts * packet.time_base)
                if stop.wait(max(0.0, due - time.monotonic())):
                    return
                _send(target, packet, streams[packet.stream_index], offset)
            if not loop:
                return
            offset += length
            source.seek(0)


def _send(target: OutputContainer, packet: "Packet[Any]", stream: Stream, offset: float) -> None:
    shift = round(offset / float(packet.time_base))
    packet.dts = (packet.dts or 0) + shift
    packet.pts = (packet.pts or 0) + shift
    packet.stream = stream
    target.mux(packet)
