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


class Ticks:
    """`ports.ClockSource`. Without an answering chip nobody knows the time after a start."""

    def __init__(
        self, ticks_ms: "Callable[[], int]", ticks_us: "Callable[[], int]", chip: "Optional[Chip]" = None
    ) -> None:
        self.ticks_ms = ticks_ms
        self.ticks_us = ticks_us
        self._chip = chip

    def unix_s(self) -> "Optional[int]":
        """Seconds since 1970, or None if nobody knows."""
        if self._chip is None:
            return None
        try:
            return self._chip.read()
        except OSError:
            return None  # as a clock that lost power: security time does not hang on it

    def set_unix_s(self, seconds: int) -> None:
        """Set the clock chip; a board without one forgets it. Raises OSError, ValueError."""
        if self._chip is not None:
            self._chip.set(seconds)
