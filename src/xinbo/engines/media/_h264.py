"""H.264: as much of it as a passthrough must read (ITU-T H.264 7.3.2.1, ISO/IEC 14496-15 5.3).

Pure Python on purpose: it reads what strangers send, and must not be able to crash.
"""

import re

import msgspec

IDR, SPS, PPS, AUD = 5, 7, 8, 9
_HIGH_PROFILES = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}
_YUV444 = 3
_MAX_SIDE = 8192
_MAX_GOLOMB_BITS = 32
_START = re.compile(rb"\x00\x00\x00?\x01")


class VideoRefused(ValueError):
    """Raised when the video is not H.264 that a browser could play."""


class VideoConfig(msgspec.Struct, frozen=True):
    """What a decoder needs before the first picture. Sizes are in pixels, after cropping."""

    avcc: bytes
    """An AVCDecoderConfigurationRecord."""
    width: int
    height: int

    @property
    def codec(self) -> str:
        """The RFC 6381 name, such as `avc1.64001f`."""
        return f"avc1.{self.avcc[1:4].hex()}"


class _Bits:
    """Reads a NAL unit's payload bit by bit; past its end it raises VideoRefused."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data)
        self._left = len(data) * 8

    def take(self, count: int) -> int:
        self._left -= count
        if self._left < 0:
            raise VideoRefused("a parameter set ends too early")
        return (self._value >> self._left) & ((1 << count) - 1)

    def golomb(self) -> int:
        """Read ue(v)."""
        zeros = 0
        while not self.take(1):
            zeros += 1
            if zeros > _MAX_GOLOMB_BITS:
                raise VideoRefused("a number in a parameter set is too long")
        return (1 << zeros) - 1 + self.take(zeros)

    def signed(self) -> int:
        """Read se(v)."""
        code = self.golomb()
        return (code + 1) // 2 if code % 2 else -(code // 2)


def split(annexb: bytes) -> list[bytes]:
    """Split a byte stream (Annex B) into its NAL units, without their start codes."""
    edges = [(mark.start(), mark.end()) for mark in _START.finditer(annexb)]
    ends = [start for start, _ in edges[1:]] + [len(annexb)]
    return [annexb[begin:end] for (_, begin), end in zip(edges, ends, strict=True) if end > begin]


def kind(nal: bytes) -> int:
    """Return nal_unit_type."""
    return nal[0] & 31


def to_avc(nals: list[bytes]) -> bytes:
    """Prefix each NAL unit with its length, as MP4 wants it."""
    return b"".join(len(nal).to_bytes(4) + nal for nal in nals)


def config_of(sps: bytes, pps: bytes) -> VideoConfig:
    """Make the decoder's configuration from a pair of parameter sets."""
    width, height = picture_size(sps)
    avcc = (
        b"\x01"
        + sps[1:4]
        + b"\xff\xe1"
        + len(sps).to_bytes(2)
        + sps
        + b"\x01"
        + len(pps).to_bytes(2)
        + pps
    )
    if sps[1] in _HIGH_PROFILES:
        chroma, luma_depth, chroma_depth = _formats(sps)
        avcc += bytes([0xFC | chroma, 0xF8 | luma_depth, 0xF8 | chroma_depth, 0])
    return VideoConfig(avcc, width, height)


def read_avcc(avcc: bytes) -> VideoConfig:
    """Read an AVCDecoderConfigurationRecord as a publisher sent it; kept as it is."""
    try:
        if avcc[0] != 1 or avcc[4] & 3 != 3 or avcc[5] & 31 == 0:  # noqa: PLR2004
            raise VideoRefused("the decoder configuration is not one of four-byte lengths")
        length = int.from_bytes(avcc[6:8])
        sps = avcc[8 : 8 + length]
        width, height = picture_size(sps)
    except IndexError:
        raise VideoRefused("the decoder configuration ends too early") from None
    return VideoConfig(avcc, width, height)


def picture_size(sps: bytes) -> tuple[int, int]:
    """Read width and height in pixels from a sequence parameter set."""
    bits = _sps_bits(sps)
    bits.golomb()  # seq_parameter_set_id
    chroma = _read_formats(bits, sps[1])[0]
    separate = chroma >> 8
    chroma &= 3
    bits.golomb()  # log2_max_frame_num_minus4
    order = bits.golomb()
    if order == 0:
        bits.golomb()
    elif order == 1:
        bits.take(1)
        bits.signed()
        bits.signed()
        for _ in range(min(bits.golomb(), 255)):
            bits.signed()
    bits.golomb()  # max_num_ref_frames
    bits.take(1)
    width = (bits.golomb() + 1) * 16
    map_height = bits.golomb() + 1
    frames_only = bits.take(1)
    height = map_height * 16 * (2 - frames_only)
    if not frames_only:
        bits.take(1)
    bits.take(1)  # direct_8x8_inference_flag
    if bits.take(1):
        left, right, top, bottom = (bits.golomb() for _ in range(4))
        step_x = 2 if chroma in (1, 2) and not separate else 1
        step_y = (2 if chroma == 1 and not separate else 1) * (2 - frames_only)
        width -= (left + right) * step_x
        height -= (top + bottom) * step_y
    if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE):
        raise VideoRefused("the picture has an impossible size")
    return width, height


def _sps_bits(sps: bytes) -> _Bits:
    """Start reading behind profile and level, with emulation prevention taken out."""
    if len(sps) < 5 or kind(sps) != SPS:  # noqa: PLR2004
        raise VideoRefused("there is no sequence parameter set")
    return _Bits(sps[4:512].replace(b"\0\0\3", b"\0\0"))


def _read_formats(bits: _Bits, profile: int) -> tuple[int, int, int]:
    """Read chroma_format_idc (bit 8 set: separate planes) and the two bit depths minus 8."""
    if profile not in _HIGH_PROFILES:
        return 1, 0, 0
    chroma = bits.golomb() & 3
    separate = bits.take(1) if chroma == _YUV444 else 0
    luma, chroma_depth = bits.golomb() & 7, bits.golomb() & 7
    bits.take(1)
    if bits.take(1):
        for index in range(8 if chroma != _YUV444 else 12):
            if bits.take(1):
                _skip_scaling_list(bits, 16 if index < 6 else 64)  # noqa: PLR2004
    return chroma | separate << 8, luma, chroma_depth


def _skip_scaling_list(bits: _Bits, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.signed()) % 256
        last = following or last


def _formats(sps: bytes) -> tuple[int, int, int]:
    bits = _sps_bits(sps)
    bits.golomb()
    chroma, luma, chroma_depth = _read_formats(bits, sps[1])
    return chroma & 3, luma, chroma_depth
