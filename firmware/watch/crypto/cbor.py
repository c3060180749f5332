"""Deterministic CBOR: one encoding per value, and a decoder that refuses every other. RFC 8949 section 4.2.1.

Values: int (64 bit), bytes, str, list, dict with int or str keys, bool, None. No floats, no tags.
"""

from micropython import const

from watch.crypto.utf8 import decode_utf8
from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Union

    Bytes = Union[bytes, bytearray, memoryview]

_UNSIGNED = const(0)  # major types, RFC 8949 section 3.1
_NEGATIVE = const(1)
_BYTES = const(2)
_TEXT = const(3)
_ARRAY = const(4)
_MAP = const(5)
_SIMPLE = {20: False, 21: True, 22: None}  # section 3.3
_MAX_TOTAL = const(512)  # items in one message, whatever its shape


def encode(value: "Any") -> bytes:
    """The one encoding of `value`. Raises InputError for a value that has none."""
    out = bytearray()
    _encode_into(out, value)
    return bytes(out)


def _encode_into(out: bytearray, value: "Any") -> None:
    if value is None:
        out.append(0xF6)
    elif value is True or value is False:
        out.append(0xF5 if value else 0xF4)
    elif isinstance(value, int):
        _head(out, _NEGATIVE if value < 0 else _UNSIGNED, -1 - value if value < 0 else value)
    elif isinstance(value, str):
        text = value.encode()
        _head(out, _TEXT, len(text))
        out.extend(text)
    elif isinstance(value, (bytes, bytearray, memoryview)):
        _head(out, _BYTES, len(value))
        out.extend(value)
    elif isinstance(value, (list, tuple)):
        _head(out, _ARRAY, len(value))
        for item in value:
            _encode_into(out, item)
    elif isinstance(value, dict):
        _encode_map(out, value)
    else:
        raise InputError("CBOR type")


def _encode_map(out: bytearray, value: dict) -> None:
    _head(out, _MAP, len(value))
    entries = sorted((_encode_key(key), item) for key, item in value.items())
    for key, item in entries:
        out.extend(key)
        _encode_into(out, item)


def _encode_key(key: "Any") -> bytes:
    if isinstance(key, bool) or not isinstance(key, (int, str)):
        raise InputError("CBOR map key type")
    return encode(key)


def _head(out: bytearray, major: int, argument: int) -> None:
    """Write a major type with its argument in the shortest form."""
    if argument < 24:
        out.append(major << 5 | argument)
        return
    for code, length in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument >> (8 * length) == 0:
            out.append(major << 5 | code)
            out.extend(argument.to_bytes(length, "big"))
            return
    raise InputError("CBOR integer over 64 bits")


def decode(data: "Bytes", max_depth: int = 4, max_items: int = 64) -> "Any":
    """Decode one value that fills `data`.

    `max_depth` bounds arrays and maps inside each other, `max_items` the entries of each. Raises InputError for
    anything that `encode` would not have written, and beyond the bounds.
    """
    reader = _Reader(data, max_items)
    value = reader.item(max_depth)
    reader.finish()
    return value


class _Reader:
    """A position in a message."""

    def __init__(self, data: "Bytes", max_items: int) -> None:
        self._data = data
        self._at = 0
        self._max_items = max_items
        self._left = _MAX_TOTAL

    def finish(self) -> None:
        """Raise InputError unless every byte was used."""
        if self._at != len(self._data):
            raise InputError("CBOR bytes left over")

    def item(self, depth: int) -> "Any":
        """Read one value."""
        self._left -= 1
        if self._left < 0 or self._at >= len(self._data):
            raise InputError("CBOR items or end")
        initial = self._data[self._at]
        self._at += 1
        major = initial >> 5
        if major == 7:
            return self._simple(initial & 31)
        argument = self._argument(initial & 31)
        if major == _UNSIGNED:
            return argument
        if major == _NEGATIVE:
            return -1 - argument
        if major == _BYTES:
            return bytes(self._take(argument))
        if major == _TEXT:
            return decode_utf8(self._take(argument))
        if major == _ARRAY:
            return self._array(argument, depth)
        if major == _MAP:
            return self._map(argument, depth)
        raise InputError("CBOR tag")

    def _take(self, count: int) -> "Bytes":
        start = self._at
        if count > len(self._data) - start:
            raise InputError("CBOR ends early")
        self._at = start + count
        return self._data[start : self._at]

    def _argument(self, code: int) -> int:
        if code < 24:
            return code
        if code > 27:
            raise InputError("CBOR length form")
        length = 1 << (code - 24)
        value = int.from_bytes(self._take(length), "big")
        if value < 24 or (length > 1 and value >> (4 * length) == 0):
            raise InputError("CBOR argument not shortest")
        return value

    def _simple(self, code: int) -> "Any":
        if code not in _SIMPLE:
            raise InputError("CBOR simple value or float")
        return _SIMPLE[code]

    def _enter(self, count: int, depth: int) -> int:
        if depth == 0 or count > self._max_items:
            raise InputError("CBOR nesting or count")
        return depth - 1

    def _array(self, count: int, depth: int) -> list:
        depth = self._enter(count, depth)
        return [self.item(depth) for _ in range(count)]

    def _map(self, count: int, depth: int) -> dict:
        depth = self._enter(count, depth)
        result = {}
        previous = b""
        for _ in range(count):
            start = self._at
            key = self.item(0)
            encoded = bytes(self._data[start : self._at])
            if isinstance(key, bool) or not isinstance(key, (int, str)):
                raise InputError("CBOR map key type")
            if encoded <= previous:
                raise InputError("CBOR map keys not rising")
            previous = encoded
            result[key] = self.item(depth)
        return result
