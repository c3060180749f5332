"""SX1261, SX1262 and LLCC68 LoRa radios, and nothing but their sleep: the watch does not use them.

A radio that sleeps with its supply on takes less than a microampere and leaves the bus alone; one without a supply
would load it through its protection diodes. Source: Semtech, SX1261/2 data sheet: reset, busy line, sleep mode,
SetSleep and GetStatus.
"""

import errno

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Protocol

    class Spi(Protocol):
        """What the driver uses of `machine.SPI`."""

        def write(self, buf: "bytes | bytearray") -> object:
            """Send bytes."""
            ...

        def write_readinto(self, write_buf: "bytes | bytearray", read_buf: bytearray) -> object:
            """Send bytes, and keep what comes back meanwhile."""
            ...


_SLEEP = b"\x84\x00"  # cold start: nothing is kept, no clock runs
_STATUS = b"\xc0\x00"
_MODE_SHIFT = const(4)
_MODE_MASK = const(7)
_STANDBY_RC = const(2)
"""What the chip does after a reset."""
_RESET_MS = const(1)
"""100 us at least; 1 ms is the shortest wait that the board has."""
_BUSY_TRIES = const(20)
"""Looks, one a millisecond: a cold start takes 3.5 ms."""
_ASLEEP_MS = const(1)
"""500 us after SetSleep the select line may not fall, or the chip hangs; 1 ms is the shortest wait that there is."""


class Sx126x:
    """One radio."""

    def __init__(
        self,
        spi: "Spi",
        select: "Callable[[int], object]",
        reset: "Callable[[int], object]",
        busy: "Callable[[], int]",
        delay_ms: "Callable[[int], object]",
    ) -> None:
        """`spi` is in mode 0 at 16 MHz at most; `select` and `reset` set lines that are high now; `busy` reads one."""
        self._spi = spi
        self._select = select
        self._reset = reset
        self._busy = busy
        self._delay_ms = delay_ms
        self._reply = bytearray(2)

    def sleep(self) -> None:
        """Reset it, see that it is one, and put it to sleep: only its select line or a reset wakes it.

        Raises OSError: ETIMEDOUT if it stays busy or does not sleep, ENODEV if another chip or none answers. It is held
        in reset then.
        """
        try:
            self._put_to_sleep()
        except OSError:
            self._reset(0)
            raise

    def _put_to_sleep(self) -> None:
        self._reset(0)
        self._delay_ms(_RESET_MS)
        self._reset(1)
        self._wait()
        self._transfer(lambda: self._spi.write_readinto(_STATUS, self._reply))
        if self._reply[1] >> _MODE_SHIFT & _MODE_MASK != _STANDBY_RC or self._reply[1] & 0x80:
            raise OSError(errno.ENODEV)
        self._transfer(lambda: self._spi.write(_SLEEP))
        self._delay_ms(_ASLEEP_MS)
        if not self._busy():  # asleep it says that it is busy
            raise OSError(errno.ETIMEDOUT)

    def _wait(self) -> None:
        for _ in range(_BUSY_TRIES):
            self._delay_ms(1)
            if not self._busy():
                return
        raise OSError(errno.ETIMEDOUT)

    def _transfer(self, action: "Callable[[], object]") -> None:
        self._select(0)
        try:
            action()
        finally:
            self._select(1)
