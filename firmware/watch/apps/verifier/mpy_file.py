"""Reads the form of a compiled module: version 6 of MicroPython's `.mpy` (py/persistentcode.c), bytecode only.

Header, table of names, table of objects, then a tree of functions: the module itself, and in it what it makes.
"""

from micropython import const

from watch.apps.verifier.mpy_reader import Reader
from watch.kernel.errors import BytecodeError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Iterator

MAX_BYTES = const(24_576)
"""Of a module (docs/bundles.md)."""
_HEADER = b"M\x06\x00"  # format, version 6, no architecture and no flags
_MAX_INT_BITS = const(31)  # small integers of the board; a module that wants more would not load there
_MAX_NAMES = const(1024)
_MAX_NAME = const(96)  # bytes
_MAX_OBJECTS = const(512)
_MAX_TUPLE_DEPTH = const(4)
_MAX_FUNCTIONS = const(512)
_MAX_DEPTH = const(8)  # of functions in functions; the loader calls itself for each
_MAX_CHILDREN = const(255)
_NONE, _ELLIPSIS, _STR, _BYTES, _INT, _FLOAT, _TUPLE = (
    const(1),
    const(4),
    const(5),
    const(6),
    const(7),
    const(8),
    const(10),
)
_MAX_DIGITS = const(96)
_ASCII = const(0x7F)
_DIGITS = b"0123456789"
_FLOAT_SIGNS = b"0123456789+-.einfa"


class Code:
    """One function: where its bytes are, and the functions that it makes."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.children: "list[Code]" = []


class Module:
    """What a compiled module holds.

    Args:
        data: the file.
        numbered: names that stand in it as numbers, `mpy_names.table()`.

    Raises:
        BytecodeError: it is no such file, or holds more than one may.
    """

    def __init__(self, data: bytes, numbered: "tuple[bytes, ...]") -> None:
        if len(data) > MAX_BYTES:
            raise BytecodeError("a module of %d bytes" % len(data))
        reader = Reader(data)
        if reader.take(3) != _HEADER or not 0 < reader.byte() <= _MAX_INT_BITS:
            raise BytecodeError("no bytecode of this version without an architecture")
        count, self.objects = reader.number(_MAX_NAMES), reader.number(_MAX_OBJECTS)
        self.names = _names(reader, count, numbered)
        """All names, by their number in the module; the first is the file's."""
        for _ in range(self.objects):
            _skip_object(reader, 0)
        self._functions = 0
        self.root = self._read_code(reader, 0)
        """The module's own code."""
        if reader.at != reader.end:
            raise BytecodeError("bytes behind the end of the module")

    def _read_code(self, reader: Reader, depth: int) -> Code:
        self._functions += 1
        if self._functions > _MAX_FUNCTIONS or depth > _MAX_DEPTH:
            raise BytecodeError("too many functions, or functions in functions")
        head = reader.number(MAX_BYTES << 3)
        if head & 3:
            raise BytecodeError("machine code")
        code = Code(reader.sub(head >> 3))
        if head & 4:
            for _ in range(reader.number(_MAX_CHILDREN)):
                code.children.append(self._read_code(reader, depth + 1))
        return code


def _names(reader: Reader, count: int, numbered: "tuple[bytes, ...]") -> "list[bytes]":
    found = []
    for _ in range(count):
        head = reader.number()
        if head & 1:
            if not 0 < head >> 1 < len(numbered):
                raise BytecodeError("a name that nobody has")
            found.append(numbered[head >> 1])
        else:
            if head >> 1 > _MAX_NAME:
                raise BytecodeError("a name of %d bytes" % (head >> 1))
            found.append(_text(reader, head >> 1))
    return found


def _text(reader: Reader, length: int) -> bytes:
    """A text with a zero behind it. Raises BytecodeError."""
    raw = reader.take(length)
    if reader.byte():
        raise BytecodeError("a text without an end")
    if raw and max(raw) > _ASCII:
        try:
            raw.decode()
        except UnicodeError:
            raise BytecodeError("a text that is no UTF-8")
    return raw


def _skip_object(reader: Reader, depth: int) -> None:
    """Check one entry of the table of objects. Type 0 would be the interpreter's own functions."""
    kind = reader.byte()
    if _NONE <= kind <= _ELLIPSIS:
        return
    length = reader.number(MAX_BYTES)
    if kind == _STR:
        _text(reader, length)
    elif kind == _BYTES:
        reader.take(length)
        if reader.byte():
            raise BytecodeError("bytes without an end")
    elif kind in (_INT, _FLOAT):
        _expect_number(reader.take(length), kind == _FLOAT)
    elif kind == _TUPLE and depth < _MAX_TUPLE_DEPTH:
        for _ in range(length):
            _skip_object(reader, depth + 1)
    else:
        raise BytecodeError("an object of type %d" % kind)


def _expect_number(raw: bytes, is_float: bool) -> None:
    """Raises BytecodeError for what is not written as MicroPython writes numbers."""
    digits = raw if is_float or raw[:1] != b"-" else raw[1:]
    allowed = _FLOAT_SIGNS if is_float else _DIGITS
    if not 0 < len(digits) <= _MAX_DIGITS or not all(one in allowed for one in digits):
        raise BytecodeError("a number that is none")


def walk(code: Code) -> "Iterator[Code]":
    """A function and all that are made in it."""
    yield code
    for child in code.children:
        yield from walk(child)
