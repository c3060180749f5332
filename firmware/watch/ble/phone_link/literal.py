"""Reads the JavaScript literal in a line of Gadgetbridge. It evaluates nothing.

Objects with quoted or plain keys, arrays, strings (strings.py), `atob("...")`, decimal numbers, `true`, `false`, `null`
and `undefined`. Size, depth and number of values are bounded before they are used. The reader does a small piece of
work for each `step`, so that nobody waits for a long line.
"""

import re

from micropython import const

from watch.ble.phone_link.strings import PIECE_BYTES, StringReader
from watch.kernel.errors import InputError
from watch.kernel.loop import sleep_ms

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional, Union

    from watch.ble.phone_link.strings import Bytes

MOST_BYTES = const(24_576)
"""Longest literal: a message of 400 Chinese characters as pictures, in base64."""
MOST_DEPTH = const(8)
"""Objects and arrays within each other; Gadgetbridge uses four."""
MOST_VALUES = const(512)
"""Values in one line; twenty cards have 140."""

_VALUE, _VALUE_OR_END, _KEY_OR_END, _COLON, _COMMA_OR_END, _NOTHING = 0, 1, 2, 3, 4, 5
"""What may come next."""
_BLANKS = b" \t\r\n\x0b\x0c\xa0"
_MOST_BLANKS = const(64)  # between two things; Gadgetbridge writes none
_QUOTES = b"\"'"
_DIGITS = b"0123456789"
_OF_NUMBERS = b"0123456789+-.eE"
_OF_WORDS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$"
_WORDS = {"null": None, "undefined": None, "true": True, "false": False}
_DECODE = "atob"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
_OCTAL = re.compile(r"[+-]?0\d")
_LONGEST_NUMBER = const(25)
_LONGEST_WORD = const(40)
_STEPS = const(8)  # about two milliseconds of the board between two looks at the other tasks


def parse(data: "Bytes", at: int = 0, end: int = -1) -> "Any":
    """The value of the literal in `data[at:end]`, at once. Raises InputError."""
    reader = LiteralReader(data, at, end)
    while not reader.step():
        pass
    return reader.value


async def read(data: "Bytes", at: int = 0, end: int = -1) -> "Any":
    """The same, and other tasks run meanwhile. Raises InputError."""
    reader = LiteralReader(data, at, end)
    steps = 0
    while not reader.step():
        steps += 1
        if steps % _STEPS == 0:
            await sleep_ms(0)
    return reader.value


class LiteralReader:
    """One literal. `value` is what it means, once `step` has said that it is whole."""

    def __init__(self, data: "Bytes", at: int = 0, end: int = -1) -> None:
        """Nothing from `end` on is read, -1 for all. Raises InputError for more than `MOST_BYTES`."""
        self._data, self._at = data, at
        self._end = len(data) if end < 0 else end
        if self._end - at > MOST_BYTES:
            raise InputError("too long")
        self._open: "list[Union[list[Any], dict[str, Any]]]" = []
        self._keys: "list[str]" = []
        self._want = _VALUE
        self._left = MOST_VALUES
        self._string: "Optional[StringReader]" = None
        self._piece = bytearray(PIECE_BYTES)
        self.value: "Any" = None

    def step(self) -> bool:
        """Read a piece. True when the literal is whole. Raises InputError."""
        if self._string is not None:
            if self._string.step():
                self._end_string(self._string)
            return False
        byte = self._peek()
        if byte < 0:
            if self._want != _NOTHING:
                raise InputError("the literal ends too early")
            return True
        if self._want == _COLON or self._want == _COMMA_OR_END:
            self._sign(byte)
        elif self._want == _KEY_OR_END:
            self._key(byte)
        elif self._want == _NOTHING:
            raise InputError("something stands behind the literal")
        else:
            self._begin(byte)
        return False

    def _peek(self) -> int:
        """The next byte that is no blank, -1 at the end. Raises InputError."""
        data, most = self._data, self._at + _MOST_BLANKS
        while self._at < self._end:
            byte = data[self._at]
            if byte not in _BLANKS:
                return byte
            if self._at == most:
                raise InputError("too many blanks")
            self._at += 1
        return -1

    def _sign(self, byte: int) -> None:
        """A colon, a comma or a closing bracket."""
        self._at += 1
        if self._want == _COLON:
            if byte != 0x3A:
                raise InputError("a key without a colon")
            self._want = _VALUE
        elif byte != 0x2C:
            self._close(byte)
        else:
            self._want = _KEY_OR_END if isinstance(self._open[-1], dict) else _VALUE_OR_END

    def _key(self, byte: int) -> None:
        if byte == 0x7D:
            self._at += 1
            self._close(byte)
        elif byte in _QUOTES:
            self._string = StringReader(self._data, self._at, self._end, self._piece)
        elif byte in _OF_WORDS and byte not in _DIGITS:
            self._take_key(self._word())
        else:
            raise InputError("this is no key")

    def _take_key(self, key: str) -> None:
        self._keys[-1] = key
        self._want = _COLON

    def _begin(self, byte: int) -> None:
        """A value, or the end of an array."""
        if byte == 0x7B or byte == 0x5B:
            self._enter({} if byte == 0x7B else [], _KEY_OR_END if byte == 0x7B else _VALUE_OR_END)
        elif byte in _QUOTES:
            self._string = StringReader(self._data, self._at, self._end, self._piece)
        elif byte in _OF_NUMBERS and byte not in b"eE":
            self._value(self._number())
        elif byte == 0x5D and self._want == _VALUE_OR_END:
            self._at += 1
            self._close(byte)
        else:
            self._named()

    def _enter(self, container: "Any", want: int) -> None:
        if len(self._open) == MOST_DEPTH:
            raise InputError("too deep")
        self._at += 1
        self._value(container)
        self._open.append(container)
        self._keys.append("")
        self._want = want

    def _close(self, byte: int) -> None:
        container = self._open.pop()
        self._keys.pop()
        if byte != (0x7D if isinstance(container, dict) else 0x5D):
            raise InputError("brackets that do not match")
        self._want = _COMMA_OR_END if self._open else _NOTHING

    def _value(self, value: "Any") -> None:
        """Put a value where it belongs."""
        self._left -= 1
        if self._left < 0:
            raise InputError("too many values")
        if not self._open:
            self.value = value
            self._want = _NOTHING
            return
        container = self._open[-1]
        if isinstance(container, dict):
            container[self._keys[-1]] = value
        else:
            container.append(value)
        self._want = _COMMA_OR_END

    def _end_string(self, string: StringReader) -> None:
        self._string = None
        self._at = string.at
        if self._want == _KEY_OR_END:
            self._take_key(string.text())
        else:
            if string.is_base64:
                if self._peek() != 0x29:
                    raise InputError("atob is not closed")
                self._at += 1
            self._value(string.text())

    def _named(self) -> None:
        """A word that stands for a value."""
        word = self._word()
        if word in _WORDS:
            self._value(_WORDS[word])
            return
        if word != _DECODE or self._peek() != 0x28:
            raise InputError("a word that means nothing here")
        self._at += 1
        if self._peek() not in (0x22, 0x27):
            raise InputError("atob takes a string")
        self._string = StringReader(self._data, self._at, self._end, self._piece, True)

    def _word(self) -> str:
        return self._span(_OF_WORDS, _LONGEST_WORD)

    def _number(self) -> "Union[int, float]":
        """Decimal, with or without fraction and exponent (ECMA-262 section 12.9.3, without what has a prefix)."""
        text = self._span(_OF_NUMBERS, _LONGEST_NUMBER)
        if _NUMBER.match(text) is None or _OCTAL.match(text) is not None:
            raise InputError("this is no number")
        value = float(text) if "." in text or "e" in text or "E" in text else int(text)
        if value - value != 0:
            raise InputError("a number without bounds")
        return value

    def _span(self, letters: bytes, most: int) -> str:
        """What is made of these letters from here on. Raises InputError if that is nothing, or too long."""
        data, start = self._data, self._at
        at, end = start, min(self._end, start + most + 1)
        while at < end and data[at] in letters:
            at += 1
        if not 0 < at - start <= most:
            raise InputError("this is no value")
        self._at = at
        return str(data[start:at], "utf-8")
