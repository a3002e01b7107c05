"""Fragmented MP4 (ISO/IEC 14496-12): an init segment, and media segments of one fragment each.

Samples go in as they came; nothing is decoded. Video time is in 1/90000 s, audio time in samples.
"""

import struct

import msgspec

from xinbo.engines.media._h264 import VideoConfig

VIDEO_RATE = 90_000
AAC_FRAME = 1024
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_SYNC, _NOT_SYNC = 0x02000000, 0x01010000
_AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)
_EXPLICIT_RATE = 15


class AudioRefused(ValueError):
    """Raised when the sound is not AAC that a browser could play."""


class AudioConfig(msgspec.Struct, frozen=True):
    """What an AAC decoder needs: an AudioSpecificConfig, and what it says."""

    asc: bytes
    rate: int
    channels: int

    @classmethod
    def read(cls, asc: bytes) -> "AudioConfig":
        """Read an AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1)."""
        bits = int.from_bytes(asc[:5].ljust(5, b"\0"))
        index = bits >> 31 & 15
        if index == _EXPLICIT_RATE:
            rate, channels = bits >> 7 & 0xFFFFFF, bits >> 3 & 15
        elif index < len(_AAC_RATES):
            rate, channels = _AAC_RATES[index], bits >> 27 & 15
        else:
            raise AudioRefused("the sound has no known sample rate")
        if len(asc) not in range(2, 65) or bits >> 35 == 0 or not rate:
            raise AudioRefused("the sound is not AAC")
        return cls(asc, rate, channels or 2)


class Sample(msgspec.Struct):
    """One coded picture or AAC frame. Times are in the units of its track."""

    data: bytes
    time: int
    """When it is decoded."""
    duration: int
    shift: int = 0
    """How much later it is shown than decoded."""
    sync: bool = True


def init_segment(video: VideoConfig, audio: AudioConfig | None) -> bytes:
    """Return `ftyp` and `moov`: what every player loads before the first segment."""
    tracks = _video_track(video)
    extends = _full(b"trex", 0, 0, struct.pack(">5I", 1, 1, 0, 0, 0))
    if audio:
        tracks += _audio_track(audio)
        extends += _full(b"trex", 0, 0, struct.pack(">5I", 2, 1, 0, 0, 0))
    header = struct.pack(">4I", 0, 0, 1000, 0) + struct.pack(">IHH8x", 0x10000, 0x100, 0)
    header += _MATRIX + bytes(24) + struct.pack(">I", 3)
    return _box(b"ftyp", b"iso6\0\0\0\0iso6mp41") + _box(
        b"moov", _full(b"mvhd", 0, 0, header) + tracks + _box(b"mvex", extends)
    )


def media_segment(number: int, video: list[Sample], audio: list[Sample]) -> bytes:
    """Return one `moof` and its `mdat`. Either list may be empty, not both."""
    tracks = [(track, samples) for track, samples in ((1, video), (2, audio)) if samples]
    # The offsets of the data depend on the size of the box that holds them: build it twice.
    size = len(_moof(number, tracks, 0))
    data = b"".join(sample.data for _, samples in tracks for sample in samples)
    return _moof(number, tracks, size + 8) + _box(b"mdat", data)


def _moof(number: int, tracks: list[tuple[int, list[Sample]]], offset: int) -> bytes:
    body = _full(b"mfhd", 0, 0, struct.pack(">I", number))
    for track, samples in tracks:
        rows = b"".join(
            struct.pack(
                ">IIIi",
                sample.duration,
                len(sample.data),
                _SYNC if sample.sync else _NOT_SYNC,
                sample.shift,
            )
            for sample in samples
        )
        run = struct.pack(">Ii", len(samples), offset) + rows
        body += _box(
            b"traf",
            _full(b"tfhd", 0, 0x020000, struct.pack(">I", track))
            + _full(b"tfdt", 1, 0, struct.pack(">Q", samples[0].time))
            + _full(b"trun", 1, 0xF01, run),
        )
        offset += sum(len(sample.data) for sample in samples)
    return _box(b"moof", body)


def _box(name: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4) + name + body


def _full(name: bytes, version: int, flags: int, body: bytes) -> bytes:
    return _box(name, bytes([version]) + flags.to_bytes(3) + body)


def _video_track(video: VideoConfig) -> bytes:
    entry = bytes(6) + struct.pack(">H16xHHIIIH", 1, video.width, video.height, 72 << 16, 72 << 16,
                                   0, 1)  # fmt: skip
    entry += bytes(32) + struct.pack(">Hh", 24, -1) + _box(b"avcC", video.avcc)
    return _track(
        1,
        (video.width, video.height),
        VIDEO_RATE,
        b"vide",
        _full(b"vmhd", 0, 1, bytes(8)),
        _box(b"avc1", entry),
    )


def _audio_track(audio: AudioConfig) -> bytes:
    entry = bytes(6) + struct.pack(">H8xHHIHH", 1, audio.channels, 16, 0, min(audio.rate, 65535), 0)
    decoder = b"\x40\x15" + bytes(11) + _descriptor(5, audio.asc)
    body = bytes(2) + b"\0" + _descriptor(4, decoder) + _descriptor(6, b"\x02")
    entry += _full(b"esds", 0, 0, _descriptor(3, body))
    return _track(
        2, (0, 0), audio.rate, b"soun", _full(b"smhd", 0, 0, bytes(4)), _box(b"mp4a", entry)
    )


def _descriptor(tag: int, body: bytes) -> bytes:
    """Return an MPEG-4 descriptor; every body here is shorter than 128 bytes."""
    return bytes([tag, len(body)]) + body


def _track(  # noqa: PLR0913, PLR0917 - as many as the box has parts
    number: int, size: tuple[int, int], rate: int, handler: bytes, media_header: bytes, entry: bytes
) -> bytes:
    sound = handler == b"soun"
    header = struct.pack(">5I8xhhhH", 0, 0, number, 0, 0, 0, 0, 0x100 if sound else 0, 0)
    header += _MATRIX + struct.pack(">II", size[0] << 16, size[1] << 16)
    reference = _full(b"dref", 0, 0, struct.pack(">I", 1) + _full(b"url ", 0, 1, b""))
    table = (
        _full(b"stsd", 0, 0, struct.pack(">I", 1) + entry)
        + _full(b"stts", 0, 0, bytes(4))
        + _full(b"stsc", 0, 0, bytes(4))
        + _full(b"stsz", 0, 0, bytes(8))
        + _full(b"stco", 0, 0, bytes(4))
    )
    media = (
        _full(b"mdhd", 0, 0, struct.pack(">4IHH", 0, 0, rate, 0, 0x55C4, 0))
        + _full(b"hdlr", 0, 0, bytes(4) + handler + bytes(12) + b"Xinbo\0")
        + _box(b"minf", media_header + _box(b"dinf", reference) + _box(b"stbl", table))
    )
    return _box(b"trak", _full(b"tkhd", 0, 3, header) + _box(b"mdia", media))
