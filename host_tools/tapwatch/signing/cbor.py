"""Deterministic CBOR: RFC 8949 section 4.2.1, and nothing else.

`cbor2` is not used here for two reasons. Its canonical mode sorts map keys by length first (RFC 7049), not bytewise as
RFC 8949 asks; and its decoder accepts what docs/formats.md refuses: tags, floats, indefinite lengths, repeated keys.
The tests hold this file against `cbor2`.
"""

from __future__ import annotations

from typing import Union

Value = Union[int, bytes, str, bool, None, "list[Value]", "dict[Value, Value]"]
"""What a payload may hold. Map keys are integers, byte strings or texts."""

MAX_BYTES = 65_536
"""Longest input decoded; the longest message of docs/formats.md is 4,096 bytes, envelopes of images are larger."""
MAX_DEPTH = 16
"""Deepest nesting decoded; docs/formats.md needs 4."""

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)  # major types, RFC 8949 section 3.1
_SIMPLE_VALUES: dict[int, Value] = {0xF4: False, 0xF5: True, 0xF6: None}  # RFC 8949 section 3.3
_INT_LIMIT = 1 << 64


class CborProblem(ValueError):
    """The bytes are not deterministic CBOR, or the value has no such form."""


def encode(value: object) -> bytes:
    """The one deterministic encoding of `value`. Raises CborProblem for a value that has none."""
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", False: b"\xf4", True: b"\xf5"}[value]
    if isinstance(value, int):
        return _head(_UNSIGNED, value) if value >= 0 else _head(_NEGATIVE, -1 - value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _head(_BYTES, len(bytes(value))) + bytes(value)
    if isinstance(value, str):
        text = value.encode()
        return _head(_TEXT, len(text)) + text
    if isinstance(value, (list, tuple)):
        return _head(_ARRAY, len(value)) + b"".join(encode(item) for item in value)
    if isinstance(value, dict):
        return _encode_map(value)
    raise CborProblem(f"no CBOR form for {type(value).__name__}")


def decode(data: bytes) -> Value:
    """The value whose deterministic encoding is exactly `data`. Raises CborProblem."""
    if len(data) > MAX_BYTES:
        raise CborProblem(f"{len(data)} bytes of CBOR, at most {MAX_BYTES} are read")
    reader = _Reader(data)
    value = reader.item(0)
    if reader.position != len(data):
        raise CborProblem(f"{len(data) - reader.position} bytes follow the CBOR item")
    return value


def _encode_map(value: dict) -> bytes:
    pairs = sorted((encode(_checked_key(key)), encode(item)) for key, item in value.items())
    return _head(_MAP, len(pairs)) + b"".join(key + item for key, item in pairs)


def _checked_key(key: object) -> object:
    if isinstance(key, bool) or not isinstance(key, (int, bytes, str)):
        raise CborProblem(f"a map key may not be {type(key).__name__}")
    return key


def _head(major: int, argument: int) -> bytes:
    if argument < 24:
        return bytes([major << 5 | argument])
    for extra, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << 8 * size:
            return bytes([major << 5 | extra]) + argument.to_bytes(size, "big")
    raise CborProblem("the integer does not fit 64 bits")


class _Reader:
    """Reads items from the front of a byte string."""

    def __init__(self, data: bytes) -> None:
        self._data = bytes(data)
        self.position = 0

    def item(self, depth: int) -> Value:
        """The next item, `depth` levels inside others."""
        if depth > MAX_DEPTH:
            raise CborProblem(f"nested deeper than {MAX_DEPTH}")
        first = self._take(1)[0]
        major = first >> 5
        if major == _SIMPLE:
            return self._simple(first)
        if major == _TAG:
            raise CborProblem("tags are not allowed")
        argument = self._argument(first & 0x1F)
        return self._sized(major, argument, depth)

    def _sized(self, major: int, argument: int, depth: int) -> Value:
        if major == _UNSIGNED:
            return argument
        if major == _NEGATIVE:
            return -1 - argument
        if major == _BYTES:
            return self._take(argument)
        if major == _TEXT:
            return self._text(argument)
        if argument > len(self._data) - self.position:  # an item takes at least one byte
            raise CborProblem("more items announced than bytes are left")
        if major == _ARRAY:
            return [self.item(depth + 1) for _ in range(argument)]
        return self._map(argument, depth)

    def _map(self, count: int, depth: int) -> Value:
        result: dict = {}
        previous = b""
        for _ in range(count):
            start = self.position
            key = _checked_key(self.item(depth + 1))
            encoded = self._data[start : self.position]
            if encoded <= previous:
                raise CborProblem("map keys are repeated or out of order")
            previous = encoded
            result[key] = self.item(depth + 1)
        return result

    def _text(self, size: int) -> str:
        try:
            return self._take(size).decode()
        except UnicodeDecodeError:
            raise CborProblem("text is not UTF-8") from None

    def _simple(self, first: int) -> Value:
        if first not in _SIMPLE_VALUES:
            raise CborProblem("floats and other simple values are not allowed")
        return _SIMPLE_VALUES[first]

    def _argument(self, low: int) -> int:
        if low < 24:
            return low
        if low > 27:
            raise CborProblem("indefinite or reserved length")
        size = 1 << low - 24
        argument = int.from_bytes(self._take(size), "big")
        if argument < (24, 1 << 8, 1 << 16, 1 << 32)[low - 24]:
            raise CborProblem("a number is not in its shortest form")
        return argument

    def _take(self, size: int) -> bytes:
        end = self.position + size
        if end > len(self._data):
            raise CborProblem("the CBOR ends early")
        piece = self._data[self.position : end]
        self.position = end
        return piece
