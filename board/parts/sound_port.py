"""One I2S port for speaker and microphone: they share a pin, so one of them has it at a time."""

import errno

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional


class SoundPort:
    """Who has the port."""

    def __init__(self) -> None:
        self._owner: "Optional[Claimed]" = None

    def busy(self) -> bool:
        """True while somebody has it."""
        return self._owner is not None

    def opener(self, make: "Callable[[], Any]") -> "Callable[[], Claimed]":
        """What a driver opens the port with; `make` builds its `machine.I2S`."""

        def opened() -> Claimed:
            """The port. Raises OSError: EAGAIN while another has it."""
            if self._owner is not None:
                raise OSError(errno.EAGAIN)
            self._owner = Claimed(make(), self._free)
            return self._owner

        return opened

    def _free(self) -> None:
        self._owner = None


class Claimed:
    """A `machine.I2S` that gives the port back at its end."""

    def __init__(self, i2s: "Any", free: "Callable[[], None]") -> None:
        self.irq, self.readinto, self.write = i2s.irq, i2s.readinto, i2s.write
        self._i2s = i2s
        self._free = free

    def deinit(self) -> None:
        """Stop."""
        try:
            self._i2s.deinit()
        finally:
            self._free()
