"""What stands in for a device that does not start, where a port may not be None: it does nothing, and says so."""

import errno

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

_SECTOR_BYTES = const(4096)


class QuietDisplay:
    """`ports.Display` that shows nothing."""

    def __init__(self, width: int, height: int, corner_px: int, align: int) -> None:
        self.width = width
        self.height = height
        self.corner_px = corner_px
        self.align = align

    def write(self, x: int, y: int, w: int, h: int, pixels: memoryview) -> None:
        """Nobody sees it."""

    def brightness(self, level: int) -> None:
        """Nothing to light."""

    def sleep(self, on: bool) -> None:
        """It always does."""


class QuietTouch:
    """`ports.Touch` that no finger touches."""

    def listen(self, callback: "Callable[[], None]") -> None:
        """It never calls."""

    def read(self, point: "list[int]") -> bool:
        """Nothing."""
        return False

    def sleep(self, on: bool) -> None:
        """It always does."""


class QuietButtons:
    """`ports.Buttons` of a watch whose only one does not work."""

    def listen(self, callback: "Callable[[], None]") -> None:
        """It never calls."""

    def read(self) -> int:
        """Nothing."""
        return -1


class QuietPower:
    """`ports.Power` that does not know. `reset` starts the processor anew; nothing can be switched off."""

    def __init__(self, reset: "Callable[[], object]") -> None:
        self._reset = reset

    def listen(self, callback: "Callable[[], None]") -> None:
        """It never calls."""

    def percent(self) -> int:
        """0: nobody can tell, and nothing that needs power may begin."""
        return 0

    def charging(self) -> bool:
        """Nobody can tell."""
        return False

    def restart(self) -> None:
        """Start the processor anew."""
        self._reset()

    def off(self) -> None:
        """Raises OSError."""
        raise OSError(errno.ENODEV)


class QuietFlash:
    """`ports.Flash` that is not there: every access is an error, never "empty"."""

    size = 0
    sector = _SECTOR_BYTES

    def read(self, address: int, into: bytearray) -> None:
        """Raises OSError."""
        raise OSError(errno.ENODEV)

    def program(self, address: int, data: bytes) -> None:
        """Raises OSError."""
        raise OSError(errno.ENODEV)

    def erase(self, address: int) -> None:
        """Raises OSError."""
        raise OSError(errno.ENODEV)
