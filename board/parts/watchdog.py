"""`ports.Watchdog` over the task watchdog of the ESP32, which cannot be stopped once it runs.

Making another `machine.WDT` only sets another time (ports/esp32/machine_wdt.c: esp_task_wdt_reconfigure), so `end`
sets one so long that nobody meets it; every call of an app begins it anew. The longest that ESP-IDF's arithmetic of 32
bits allows is 2^30 ms. It stands still in light sleep and ends with deep sleep. `boot.py` makes the first one, which
ends a start that hangs; until `settle` the time of that is set anew after each call. UNSURE-START-WATCHDOG: none of it
has met a chip. The note is kept in the memory of the clock domain, which outlives this reset; it has a mark and a check
sum, since that memory is undefined after power-up.
"""

import micropython
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Protocol

    class Memory(Protocol):
        """What is used of `machine.RTC`."""

        def memory(self, data: "bytes | bytearray" = ...) -> bytes:
            """Keep bytes over resets, or ask."""
            ...


_MARK = b"TWN1"
_HEAD = const(5)
"""The mark, and the length of the note."""
_NOTE_BYTES = const(24)
_SUM_BYTES = const(2)
_BYTES = const(31)
_MODULUS = const(255)
"""Of Fletcher's check sum, RFC 1146."""
_START_MS = const(120_000)
"""As in `boot.py`: so long may a start take until it is up."""
_PARKED_MS = const(864_000_000)
"""Ten days."""


class TaskWatchdog:
    """`ports.Watchdog`."""

    def __init__(self, set_timeout: "Callable[[int], object]", rtc: "Memory", bitten: bool) -> None:
        """`set_timeout(ms)` makes a `machine.WDT`; `bitten`: this start is the watchdog's doing."""
        self._set_timeout = set_timeout
        self._rtc = rtc
        self._kept = bytearray(_BYTES)
        self._said: "bytes | None" = None
        self._note = _read(rtc.memory()) if bitten else b""
        rtc.memory(b"")
        self._rest_ms = _START_MS

    def settle(self) -> None:
        """The start is over."""
        self._rest_ms = _PARKED_MS
        self._set_timeout(_PARKED_MS)

    def begin(self, note: bytes, timeout_ms: int) -> None:
        """From now on: reset after `timeout_ms`. A note that is the object of the call before is kept already."""
        if note is not self._said:
            self._keep(note)
            self._said = note
        self._kept[0] = _MARK[0]
        self._rtc.memory(self._kept)
        self._set_timeout(timeout_ms)

    def end(self) -> None:
        """The call has come back."""
        self._set_timeout(self._rest_ms)
        self._kept[0] = 0  # a reset from now on is nobody's fault
        self._rtc.memory(self._kept)

    def note(self) -> bytes:
        """The note of the call that the watchdog ended; empty after any other start, and from then on."""
        note, self._note = self._note, b""
        return note

    @micropython.native  # as bytecode its frame would come from the heap
    def _keep(self, note: bytes) -> None:
        kept = self._kept
        for index in range(len(_MARK)):  # slices would allocate
            kept[index] = _MARK[index]
        kept[_HEAD - 1] = len(note)
        for index in range(_NOTE_BYTES):
            kept[_HEAD + index] = note[index] if index < len(note) else 0
        total = _sum(kept)
        kept[_BYTES - 2] = total >> 8
        kept[_BYTES - 1] = total & 0xFF


def _read(kept: bytes) -> bytes:
    """The note in what was kept; empty if there is none."""
    if len(kept) != _BYTES or kept[: len(_MARK)] != _MARK or kept[_HEAD - 1] > _NOTE_BYTES:
        return b""
    if kept[_BYTES - 2] << 8 | kept[_BYTES - 1] != _sum(kept):
        return b""
    return bytes(kept[_HEAD : _HEAD + kept[_HEAD - 1]])


@micropython.native
def _sum(kept: "bytes | bytearray") -> int:
    """Fletcher's check sum of all but the last two bytes. Allocates nothing."""
    first = second = 0
    for index in range(_BYTES - _SUM_BYTES):
        first = (first + kept[index]) % _MODULUS
        second = (second + first) % _MODULUS
    return second << 8 | first
