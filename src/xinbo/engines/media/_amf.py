"""AMF0: the notation of RTMP's commands (Adobe, "Action Message Format AMF 0", 2007)."""

import struct

type Value = float | bool | str | dict[str, Value] | list[Value] | None

_NUMBER, _BOOLEAN, _STRING, _OBJECT, _NULL, _END, _STRICT_ARRAY = 0, 1, 2, 3, 5, 9, 10
_DEEPEST = 8


def decode(data: bytes) -> list[Value]:
    """Read all values; raise ValueError on what is not AMF0 or is nested too deep."""
    values: list[Value] = []
    at = 0
    try:
        while at < len(data):
            value, at = _read(data, at, 0)
            values.append(value)
    except (IndexError, struct.error):
        raise ValueError("the command ends too early") from None
    return values


def encode(*values: Value) -> bytes:
    """Write values one after another."""
    return b"".join(map(_write, values))


def _read(data: bytes, at: int, depth: int) -> tuple[Value, int]:  # noqa: C901, PLR0911 - one case a type
    kind, at = data[at], at + 1
    if depth > _DEEPEST:
        raise ValueError("the command is nested too deep")
    match kind:
        case 0:
            return struct.unpack_from(">d", data, at)[0], at + 8
        case 1:
            return bool(data[at]), at + 1
        case 2:
            return _text(data, at)
        case 3:
            return _read_object(data, at, depth)
        case 5 | 6:
            return None, at
        case 8:
            return _read_object(data, at + 4, depth)
        case 10:
            return _read_array(data, at, depth)
        case 11:
            return struct.unpack_from(">d", data, at)[0], at + 10
        case 12:
            (length,) = struct.unpack_from(">I", data, at)
            return data[at + 4 : at + 4 + length].decode("utf8", "replace"), at + 4 + length
        case _:
            raise ValueError(f"AMF0 has no type {kind}")


def _text(data: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from(">H", data, at)
    return data[at + 2 : at + 2 + length].decode("utf8", "replace"), at + 2 + length


def _read_object(data: bytes, at: int, depth: int) -> tuple[dict[str, Value], int]:
    fields: dict[str, Value] = {}
    while True:
        name, at = _text(data, at)
        if not name and data[at] == _END:
            return fields, at + 1
        fields[name], at = _read(data, at, depth + 1)


def _read_array(data: bytes, at: int, depth: int) -> tuple[list[Value], int]:
    (count,) = struct.unpack_from(">I", data, at)
    at += 4
    items: list[Value] = []
    for _ in range(count):
        value, at = _read(data, at, depth + 1)
        items.append(value)
    return items, at


def _write(value: Value) -> bytes:
    match value:
        case None:
            return bytes([_NULL])
        case bool():
            return bytes([_BOOLEAN, value])
        case int() | float():
            return bytes([_NUMBER]) + struct.pack(">d", value)
        case str():
            return bytes([_STRING]) + _write_text(value)
        case dict():
            fields = b"".join(_write_text(name) + _write(item) for name, item in value.items())
            return bytes([_OBJECT]) + fields + bytes([0, 0, _END])
        case list():
            items = b"".join(map(_write, value))
            return bytes([_STRICT_ARRAY]) + struct.pack(">I", len(value)) + items


def _write_text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">H", len(raw)) + raw
