"""MicroPython's `esp32`, for its unix port: partitions, and what ends a sleep. See machine.py beside it."""

from micropython import const

from board.simulator.esp32s3.hardware import current
from board.simulator.esp32s3.partition import Partition

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.simulator.esp32s3.net import Net
    from board.simulator.esp32s3.pin import Pin

__all__ = ["Partition", "wake_on_ext0", "wake_on_ext1", "wake_on_gpio"]

WAKEUP_ALL_LOW = False
WAKEUP_ANY_HIGH = True
_LAST_RTC_GPIO = 21
"""Only these are heard in deep sleep; ESP32-S3 datasheet, RTC IO."""


def wake_on_ext0(pin: "Pin | None" = None, level: bool = False) -> None:
    """Let this one end a sleep; None for none. Raises ValueError for a pin that is deaf in deep sleep."""
    current().sleep.ext0 = (_heard((pin,))[0], int(level)) if pin else None


def wake_on_ext1(pins: "tuple[Pin, ...] | list[Pin] | None" = None, level: bool = False) -> None:
    """Let any of these, and no others, end a sleep; None changes nothing but the level. Raises ValueError."""
    sleep = current().sleep
    sleep.ext1 = (sleep.ext1[0] if pins is None else _heard(pins), int(level))


def wake_on_gpio(pins: "tuple[Pin, ...] | list[Pin] | None" = None, level: bool = False) -> None:
    """Let any of these, and no others, end a light sleep; None changes nothing but the level."""
    sleep = current().sleep
    sleep.gpio = (sleep.gpio[0] if pins is None else tuple([pin._net for pin in pins]), int(level))


def _heard(pins: "tuple[Pin, ...] | list[Pin]") -> "tuple[Net, ...]":
    nets = tuple([pin._net for pin in pins])
    for net in nets:
        if net.gpio > _LAST_RTC_GPIO:
            raise ValueError("invalid pin")
    return nets
