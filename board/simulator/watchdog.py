"""`ports.Watchdog` of the simulator: a file that the host process looks at, and a reset that the host does.

A frame for each call would wake the host twice for every tick of an app; a write to a file takes a microsecond and
wakes nobody. host_tools/tapwatch/simulator/watchdog.py is the other side, and says what the bytes mean.
"""

import struct

from micropython import const

_HEAD_BYTES = const(9)
_NOTE_BYTES = const(24)  # ports.Watchdog: the longest note


class Watchdog:
    """Tells the host which call is under way."""

    def __init__(self, path: str, note: bytes) -> None:
        """`note`: of the call that the last run was ended in; empty if it ended otherwise."""
        self._file = open(path, "wb")  # noqa: SIM115 # as long as the watch runs
        self._state = bytearray(_HEAD_BYTES + _NOTE_BYTES)
        self._turn = 0
        self._said: "bytes | None" = None
        self._note = note

    def settle(self) -> None:
        """Whoever started the simulator sees that it hangs."""

    def begin(self, note: bytes, timeout_ms: int) -> None:
        """From now on: reset after `timeout_ms`. Allocates nothing."""
        if note is not self._said:
            for place in range(len(note)):  # a slice would allocate
                self._state[_HEAD_BYTES + place] = note[place]
            self._said = note
        self._turn = (self._turn | 1) & 0xFFFFFFF
        struct.pack_into("<IIB", self._state, 0, self._turn, timeout_ms, len(note))
        self._write()

    def end(self) -> None:
        """The call has come back. Allocates nothing."""
        self._turn += 1
        struct.pack_into("<I", self._state, 0, self._turn)
        self._write()

    def note(self) -> bytes:
        """What the last run was ended in; empty from then on."""
        note, self._note = self._note, b""
        return note

    def _write(self) -> None:
        self._file.seek(0)
        self._file.write(self._state)
