"""A bounded log that takes no secrets.

An entry is a level, a room, a short text and a few small integers. Bytes are refused, and so is text that could hold a
card number or a key: runs of 12 or more digits, or of 16 or more hexadecimal digits. A refused entry is kept as a line
that says so, because logging must never stop the code that logs; tests check that `refused` stays 0.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.kernel.clock import Clock

DEBUG = const(0)
INFO = const(1)
WARNING = const(2)
ERROR = const(3)

_NAMES = ("debug", "info", "warning", "error")
_TEXT_MAX = const(96)  # characters kept of a text: one line on a desk, three on the watch
_NUMBERS_MAX = const(4)
_NUMBER_LIMIT = const(1000000000)  # up to nine digits: a tick, an amount, an address; not a card number
_DIGITS_MAX = const(12)  # the shortest card number is one longer than a time stamp in seconds (ISO/IEC 7812: 12 to 19)
_HEX_MAX = const(16)  # 64 bits: no key is shorter
_REFUSED = "refused: looks like a secret"


def looks_secret(text: str) -> bool:
    """True if `text` has a run of (hexadecimal) digits as long as a card number or key, spaces and dashes ignored."""
    digits = 0
    hexes = 0
    for letter in text:
        if letter in " -":
            continue
        digits = digits + 1 if letter in "0123456789" else 0
        hexes = hexes + 1 if letter in "0123456789abcdefABCDEF" else 0
        if digits >= _DIGITS_MAX or hexes >= _HEX_MAX:
            return True
    return False


class Log:
    """The last entries, oldest first."""

    def __init__(self, clock: "Clock", size: int = 64, level: int = INFO) -> None:
        """Keep `size` entries of at least `level`."""
        self._clock = clock
        self._level = level
        self._entries: "list[Optional[tuple[int, int, str, str, tuple[int, ...]]]]" = [None] * size
        self._next = 0
        self.written = 0
        """Entries so far, those that have gone as well."""
        self.refused = 0

    def debug(self, room: str, text: str, *numbers: int) -> None:
        """Something only a developer wants to know."""
        self._add(DEBUG, room, text, numbers)

    def info(self, room: str, text: str, *numbers: int) -> None:
        """Something normal that happened."""
        self._add(INFO, room, text, numbers)

    def warning(self, room: str, text: str, *numbers: int) -> None:
        """Something unexpected that was dealt with."""
        self._add(WARNING, room, text, numbers)

    def error(self, room: str, text: str, *numbers: int) -> None:
        """Something that failed."""
        self._add(ERROR, room, text, numbers)

    def fault(self, room: str, error: BaseException) -> None:
        """An exception: its class only, for its text may repeat what came from outside."""
        self._add(ERROR, room, type(error).__name__, ())

    def lines(self) -> "list[str]":
        """The entries as text: seconds, level, room, text, numbers."""
        size = len(self._entries)
        ordered = [self._entries[(self._next + i) % size] for i in range(size)]
        return [_line(entry) for entry in ordered if entry is not None]

    def _add(self, level: int, room: str, text: str, numbers: "tuple[int, ...]") -> None:
        """Put one entry in the place of the oldest."""
        if level < self._level:
            return
        if not _acceptable(room, text, numbers):
            self.refused += 1
            room, text, numbers = "log", _REFUSED, ()
        self._entries[self._next] = (self._clock.security_s(), level, room, text[:_TEXT_MAX], numbers)
        self._next = (self._next + 1) % len(self._entries)
        self.written += 1


def _acceptable(room: str, text: str, numbers: "tuple[int, ...]") -> bool:
    """True for what an entry may hold."""
    if not isinstance(room, str) or not isinstance(text, str) or len(numbers) > _NUMBERS_MAX:
        return False
    for number in numbers:
        if not isinstance(number, int) or not -_NUMBER_LIMIT < number < _NUMBER_LIMIT:
            return False
    return not looks_secret(room) and not looks_secret(text)


def _line(entry: "tuple[int, int, str, str, tuple[int, ...]]") -> str:
    """One entry for a reader."""
    seconds, level, room, text, numbers = entry
    return " ".join([str(seconds), _NAMES[level], room + ":", text] + [str(number) for number in numbers])
