"""One string of a JavaScript literal, read piece by piece: Latin-1 bytes and escapes in, UTF-8 out.

ECMA-262 section 12.9.4 and annex B.1.2 (octal escapes). Half a surrogate pair becomes U+FFFD, as `toWellFormed` has it.
It works on bytes: MicroPython keeps each character that is ever made a string of its own, for ever.
"""

import binascii

import micropython
from micropython import const

from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional, Union

    Bytes = Union[bytes, bytearray]

_PIECES = const(16)
"""Runs and escapes read in one step: well below a millisecond on the board."""
_RUN_BYTES = const(256)
_LONGEST_BYTES = const(7)  # of an escape: a half that stands alone, and a character of four bytes
PIECE_BYTES = const(768)
"""Of a step: two runs and what `_PIECES` escapes make."""
_BACKSLASH = const(0x5C)
_LETTERS = {0x62: 8, 0x66: 12, 0x6E: 10, 0x72: 13, 0x74: 9, 0x76: 11}
"""What \\b \\f \\n \\r \\t \\v stand for."""
_HEX_DIGITS = {0x78: 2, 0x75: 4}
"""Digits behind \\x and \\u."""
_REPLACEMENT = const(0xFFFD)
_HIGH, _LOW, _BEHIND = const(0xD800), const(0xDC00), const(0xE000)


class StringReader:
    """Reads on with every `step`. `at`: where it stands, behind the closing quote once it is whole."""

    def __init__(self, data: "Bytes", at: int, end: int, piece: bytearray, is_base64: bool = False) -> None:
        """`at`: the opening quote, single or double. Nothing from `end` on is read.

        `piece`: `PIECE_BYTES` for the time of reading. `is_base64`: it stands in `atob`, and each byte that comes out
        is a character.
        """
        self.is_base64 = is_base64
        self._raw: "Optional[bytes]" = None
        self._raw_at = 0
        self._data, self._end = data, end
        self._quote = data[at]
        self.at = at + 1
        self._out = bytearray()
        self._piece = piece  # what a step has read: a buffer that grows by single bytes is copied again and again
        self._filled = 0
        self._pending = 0
        """First half of a surrogate pair whose second half is still to come."""

    def step(self) -> bool:
        """Read a little. True when the string is whole. Raises InputError."""
        whole = self._read() if self._raw is None else self._convert(self._raw)
        self._out.extend(memoryview(self._piece)[: self._filled])
        self._filled = 0
        return self._closed() if whole and self._raw is None else whole

    def _read(self) -> bool:
        """Read some runs and escapes. True at the closing quote."""
        data, quote = self._data, self._quote
        for _ in range(_PIECES):
            at = self.at
            run = _run_end(data, at, min(self._end, at + _RUN_BYTES), quote)
            if run > at:
                self._flush()
                self._piece[self._filled : self._filled + run - at] = memoryview(data)[at:run]
                self._filled += run - at
                self.at = run
                if self._filled > PIECE_BYTES - _RUN_BYTES - _LONGEST_BYTES * _PIECES:
                    break
            elif at >= self._end:
                raise InputError("a string without an end")
            elif self._one(data[at]):
                return True
        return False

    def text(self) -> str:
        """The whole string."""
        return str(self._out, "utf-8")

    def _closed(self) -> bool:
        """The closing quote was read; True if nothing is left to do."""
        if not self.is_base64:
            return True
        try:
            self._raw = binascii.a2b_base64(self._out)
        except ValueError:
            raise InputError("no base64") from None
        self._out = bytearray()
        return False

    def _convert(self, raw: bytes) -> bool:
        """Take a run of decoded bytes; True at their end."""
        end = min(len(raw), self._raw_at + _RUN_BYTES)
        self._filled = _add_latin(raw, self._raw_at, end, self._piece)
        self._raw_at = end
        return end == len(raw)

    def _one(self, byte: int) -> bool:
        """Take what is no plain ASCII; True if it is the closing quote."""
        self.at += 1
        if byte == self._quote:
            self._flush()
            return True
        if byte == _BACKSLASH:
            self._escape()
        elif byte < 0x20 and byte != 0x09:
            raise InputError("a string over the end of a line")
        else:
            self._unit(byte)
        return False

    def _escape(self) -> None:
        if self.at >= self._end:
            raise InputError("a string without an end")
        byte = self._data[self.at]
        self.at += 1
        if 0x30 <= byte <= 0x37:
            self._unit(self._octal(byte - 0x30))
        elif byte in _HEX_DIGITS:
            self._unit(self._hexadecimal(_HEX_DIGITS[byte]))
        elif byte < 0x20:
            raise InputError("an escape over the end of a line")
        else:
            self._unit(_LETTERS.get(byte, byte))

    def _octal(self, value: int) -> int:
        """Up to three digits, as long as they make no more than 255."""
        for _ in range(2 if value < 4 else 1):
            byte = self._data[self.at] if self.at < self._end else 0
            if not 0x30 <= byte <= 0x37:
                break
            value = value * 8 + byte - 0x30
            self.at += 1
        return value

    def _hexadecimal(self, digits: int) -> int:
        value = 0
        for _ in range(digits):
            byte = self._data[self.at] if self.at < self._end else 0
            digit = byte - 0x30 if 0x30 <= byte <= 0x39 else (byte | 0x20) - 0x57
            if not 0 <= digit < 16 or not (0x30 <= byte <= 0x39 or digit >= 10):
                raise InputError("an escape without its digits")
            value = value << 4 | digit
            self.at += 1
        return value

    def _unit(self, unit: int) -> None:
        """One code unit of UTF-16."""
        if _LOW <= unit < _BEHIND and self._pending:
            unit = 0x10000 + (self._pending - _HIGH << 10) + unit - _LOW
            self._pending = 0
        else:
            self._flush()
        if _HIGH <= unit < _LOW:
            self._pending = unit
        else:
            self._filled = _put(self._piece, self._filled, _REPLACEMENT if _LOW <= unit < _BEHIND else unit)

    def _flush(self) -> None:
        """What was a first half stands alone."""
        if self._pending:
            self._pending = 0
            self._filled = _put(self._piece, self._filled, _REPLACEMENT)


@micropython.native
def _run_end(data: "Bytes", at: int, end: int, quote: int) -> int:
    """Where the printable ASCII that needs no care ends, at most `end`: nearly all of most strings."""
    while at < end:
        byte = data[at]
        if byte < 0x20 or byte > 0x7E or byte == quote:
            break
        if byte == _BACKSLASH:
            break
        at += 1
    return at


@micropython.native
def _add_latin(data: bytes, at: int, end: int, out: bytearray) -> int:
    """Write Latin-1 as UTF-8; returns how many bytes that are."""
    filled = 0
    while at < end:
        byte = data[at]
        at += 1
        if byte < 0x80:
            out[filled] = byte
        else:
            out[filled] = 0xC0 | byte >> 6
            filled += 1
            out[filled] = 0x80 | byte & 0x3F
        filled += 1
    return filled


def _put(out: bytearray, at: int, code: int) -> int:
    """Write one character (RFC 3629 section 3) at `at`; returns where it ends."""
    if code < 0x80:
        out[at] = code
        return at + 1
    follows = 1 if code < 0x800 else 2 if code < 0x10000 else 3
    out[at] = (0, 0xC0, 0xE0, 0xF0)[follows] | code >> 6 * follows
    for left in range(follows - 1, -1, -1):
        at += 1
        out[at] = 0x80 | code >> 6 * left & 0x3F
    return at + 1
