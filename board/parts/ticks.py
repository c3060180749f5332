"""`ports.ClockSource` over the ticks of the port and the clock chip of a board."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    class Chip(Protocol):
        """What is used of the driver of a clock chip."""

        def read(self) -> "Optional[int]":
            """Seconds since 1970, None if it lost power. Raises OSError."""
            ...

        def set(self, unix_s: int) -> None:
            """Set it. Raises OSError, ValueError."""
            ...


_STANDS_MS = const(3000)
"""A clock whose second lasts longer stands: after it was set, the first one takes half a second more or less."""
_TICKS = const(0x3FFF_FFFF)


class Ticks:
    """`ports.ClockSource`. Without an answering chip nobody knows the time after a start."""

    def __init__(
        self,
        ticks_ms: "Callable[[], int]",
        ticks_us: "Callable[[], int]",
        chip: "Optional[Chip]" = None,
        stands: "Optional[Callable[[], object]]" = None,
    ) -> None:
        """`stands` is called whenever the chip is found to show one and the same second."""
        self.ticks_ms = ticks_ms
        self.ticks_us = ticks_us
        self._chip = chip
        self._stands = stands
        self._last_s = -1
        self._since_ms = 0

    def unix_s(self) -> "Optional[int]":
        """Seconds since 1970, or None if nobody knows."""
        if self._chip is None:
            return None
        try:
            now_s = self._chip.read()
        except OSError:
            return None  # as a clock that lost power: security time does not hang on it
        return None if now_s is None or self._stopped(now_s) else now_s

    def set_unix_s(self, seconds: int) -> None:
        """Set the clock chip; a board without one forgets it. Raises OSError, ValueError."""
        if self._chip is not None:
            self._last_s = -1
            self._chip.set(seconds)

    def _stopped(self, now_s: int) -> bool:
        """True if the chip has shown this second for too long: its mark tells of its crystal, not of its counters."""
        now_ms = self.ticks_ms()
        if now_s != self._last_s:
            self._last_s, self._since_ms = now_s, now_ms
            return False
        if (now_ms - self._since_ms) & _TICKS < _STANDS_MS:
            return False
        if self._stands:
            self._stands()
        return True
