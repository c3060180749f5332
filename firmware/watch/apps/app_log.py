"""What apps have to say to their developers: the lines they write, and the tracebacks of their errors."""

import io
import sys

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

LINES = const(48)
"""Kept; the oldest go."""
MOST_AT_ONCE = const(24)
"""Lines of one answer: docs/formats.md, message 21."""
_LONGEST = const(96)  # characters of a line
_LAST_NUMBER = const(0x3FFFFFFF)
_MOST_TEXT = const(2048)  # characters of one call
_ASCII_END, _UNKNOWN = const(0x80), const(0x3F)  # a question mark
_PLAIN = (str, bytes, bool, float)
_LARGEST = const(1 << 64)  # of a number that is printed
_TRACE_START, _TRACE_END = const(800), const(400)  # bytes kept of a traceback: where it begins, and its last lines


class AppLog:
    """The latest lines. Each has a number; numbers rise from 0 at the start of the watch."""

    def __init__(self) -> None:
        self._lines: "list[str]" = []
        self._next = 0

    def write(self, app: str, text: str) -> None:
        """Keep the lines of a text, each behind the id of its app and cut where it is too long."""
        for line in text[:_MOST_TEXT].split("\n", LINES)[:LINES]:
            if len(self._lines) == LINES:
                self._lines.pop(0)
            self._lines.append(("%s: %s" % (app, line))[:_LONGEST])
            self._next = (self._next + 1) & _LAST_NUMBER

    def fault(self, app: str, error: BaseException) -> None:
        """Keep a traceback; the middle of a long one is left out. Of an error that holds other things, its kind alone.

        To make a text of a list that holds itself fails, and of a number of a million digits takes minutes.
        """
        if not all(_is_plain(one) for one in error.args):
            self.write(app, type(error).__name__ + " that holds what is no text")
            return
        trace = _Trace()
        sys.print_exception(error, trace)  # type: ignore[attr-defined]
        self.write(app, trace.text())

    def since(self, first: int) -> "tuple[int, list[str]]":
        """At most 24 lines from that number on, or from the oldest there is; and the number of the one behind them."""
        oldest = self._next - len(self._lines)
        place = min(max(first - oldest, 0), len(self._lines))
        lines = self._lines[place : place + MOST_AT_ONCE]
        return oldest + place + len(lines), lines

    def clear(self) -> None:
        """Forget all lines."""
        del self._lines[:]


def _is_plain(value: "object", inner: bool = False) -> bool:
    """True for what becomes a text at once; `inner`: it lies in a tuple, such as a key that is missing."""
    if type(value) is int:
        return -_LARGEST < value < _LARGEST
    if type(value) is tuple and not inner:
        return all(_is_plain(one, True) for one in value)
    return value is None or type(value) in _PLAIN


class _Trace(io.IOBase):
    """Takes what is printed, and keeps its beginning and its end."""

    def __init__(self) -> None:
        self._start, self._end = bytearray(), bytearray()
        self._cut = False

    def write(self, data: "bytes | bytearray | memoryview") -> "Optional[int]":
        """Part of a text."""
        room = _TRACE_START - len(self._start)
        self._start.extend(data[:room])
        self._end.extend(data[room:])
        if len(self._end) > _TRACE_END:
            self._end = self._end[-_TRACE_END:]
            self._cut = True
        return len(data)

    def text(self) -> str:
        """What was kept."""
        middle = b"\n...\n" if self._cut else b""
        kept = bytes(self._start) + middle + bytes(self._end)
        try:
            return kept.decode().strip()
        except UnicodeError:  # cut in the middle of a sign
            return bytes([byte if byte < _ASCII_END else _UNKNOWN for byte in kept]).decode().strip()
