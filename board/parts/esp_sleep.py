"""The light sleep of an ESP32-S3 itself, and which lines end it."""

import esp32
from machine import TIMER_WAKE, lightsleep, mem32, wake_reason
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    from board.parts.wake_pin import WakePin

_PADS = 0x6000_8484
_BYTES = const(4)
_PULL_UP = const(1 << 27)
_PULL_DOWN = const(1 << 28)
"""The pads of GPIO 0 to 21 in the clock domain, one word each; ESP-IDF, soc/esp32s3/include/soc/rtc_io_reg.h. In sleep
the resistors of the GPIO do not work, and the power chip's line may have none of its own (UNSURE-WAKE-PULLS)."""


class EspSleep:
    """What `LightSleep` calls."""

    def __init__(self, gpios: "tuple[int, ...]") -> None:
        """`gpios`: the lines that call low; each gets a resistor for its sleep."""
        for gpio in gpios:
            at = _PADS + _BYTES * gpio
            mem32[at] = (mem32[at] | _PULL_UP) & ~_PULL_DOWN

    def __call__(self, low: "tuple[WakePin, ...]", high: "Optional[WakePin]", limit_ms: int) -> bool:
        """Sleep; True if a line has ended it. Raises ValueError for a pin above GPIO 21.

        The lines are told each time, since `Pin.irq` takes a pin away from ext0. On this chip WAKEUP_ALL_LOW means that
        any of them is low: ESP-IDF, `ESP_EXT1_WAKEUP_ANY_LOW`.
        """
        port: "Any" = esp32
        port.wake_on_ext1([pin.pin for pin in low], port.WAKEUP_ALL_LOW)
        port.wake_on_ext0(None if high is None else high.pin, port.WAKEUP_ANY_HIGH)
        lightsleep(limit_ms)
        return wake_reason() != TIMER_WAKE
