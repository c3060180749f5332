"""From the bytes of writes to lines, and from lines to what they say.

A phone may write faster than the watch works. So lines wait in a queue with a bound; whoever empties it tells the phone
to pause (flow.py), and what comes all the same is dropped whole and counted.
"""

import re

from micropython import const

from watch.ble.phone_link.literal import MOST_BYTES
from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

MOST_LINE_BYTES = MOST_BYTES + 8
"""Longest line: the literal, and `\\x10GB(` and `)` around it."""
MOST_HELD_BYTES = const(32_768)
"""Bytes of whole lines that wait: the longest, and what comes before the phone has paused."""
MOST_HELD = const(64)
"""Whole lines that wait."""

_NEWLINE = b"\n"
_ECHO_OFF = b"\x10"  # Ctrl-P: to a Bangle.js, run this line without echo
_MOST_BEHIND = const(8)  # blanks and semicolons at the end; more of them make a line that means nothing
_HEAD, _TAIL = b"GB(", b")"
_TIME_BYTES = const(80)  # the two numbers stand at the very beginning
_TIME = re.compile(rb"setTime\((\d+)(\.\d*)?\);E\.setTimeZone\((-?)(\d+)(\.\d+)?\)")
_LONGEST_FIGURE = const(10)
_HOUR_MIN = const(60)


class Lines:
    """Lines of one phone."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._waiting: "list[bytearray]" = []
        self._line = bytearray()
        self._skipping = False
        self.held = 0
        """Bytes of whole lines that wait."""
        self.dropped = 0
        """Lines that were too long, that found no room, or whose bytes were lost."""

    def __len__(self) -> int:
        """Whole lines that wait."""
        return len(self._waiting)

    def feed(self, data: memoryview) -> None:
        """Take the bytes of one write. They are copied."""
        part = bytes(data)
        start = 0
        while True:
            end = part.find(_NEWLINE, start)
            if end < 0:
                self._add(part, start, len(part))
                return
            self._add(part, start, end)
            self._finish()
            start = end + 1

    def lost(self) -> None:
        """Bytes are missing: what is half there counts as dropped, and the next newline begins anew."""
        if not self._skipping:
            self._skip()

    def take(self) -> "Optional[bytearray]":
        """The oldest line, which is the taker's now; None if there is none."""
        if not self._waiting:
            return None
        line = self._waiting.pop(0)
        self.held -= len(line)
        return line

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
        self._line, self._skipping, self.held = bytearray(), False, 0

    def _add(self, part: bytes, start: int, end: int) -> None:
        if self._skipping:
            return
        if len(self._line) + end - start > MOST_LINE_BYTES:
            self._skip()
            return
        self._line.extend(memoryview(part)[start:end])

    def _skip(self) -> None:
        self.dropped += 1
        self._skipping = True
        self._line = bytearray()

    def _finish(self) -> None:
        """The line is whole."""
        line, skipped = self._line, self._skipping
        self._line, self._skipping = bytearray(), False
        if skipped or not line:
            return
        if len(self._waiting) == MOST_HELD or self.held + len(line) > MOST_HELD_BYTES:
            self.dropped += 1
            return
        self._waiting.append(line)
        self.held += len(line)


def message_in(line: bytearray) -> "Optional[tuple[int, int]]":
    """Where the literal in a line begins and ends; None if the line is none of `GB(...)`."""
    start = len(_ECHO_OFF) if line.startswith(_ECHO_OFF) else 0
    end = len(line)
    least = max(start, end - _MOST_BEHIND)
    while end > least and line[end - 1] in b"\r; ":
        end -= 1
    view = memoryview(line)
    if view[start : start + len(_HEAD)] != _HEAD or view[end - 1 : end] != _TAIL:
        return None
    return start + len(_HEAD), end - 1


def time_in(line: bytearray) -> "Optional[tuple[int, int]]":
    """Seconds since 1970 and minutes east of UTC of a line that sets the time; None if it is none.

    The rest of the line is a program for a Bangle.js; nobody looks at it. Raises InputError for times without sense.
    """
    start = len(_ECHO_OFF) if line.startswith(_ECHO_OFF) else 0
    found = _TIME.match(bytes(line[start : start + _TIME_BYTES]))
    if found is None:
        return None
    seconds, hours = found.group(1), found.group(4)
    if len(seconds) > _LONGEST_FIGURE or len(hours) > 2:
        raise InputError("a time without sense")
    minutes = int(hours) * _HOUR_MIN + int(float(b"0" + (found.group(5) or b"")) * _HOUR_MIN + 0.5)
    return int(seconds), -minutes if found.group(3) else minutes
