"""The second console of a stock image: UART 0 at GPIO 43 and 44, beside that on USB.

On no board of ours does it lead to a console. On the T-Watch Ultra it leads to a GPS without supply, which its idle
level would feed through a protection diode, and whose floating line would be heard as text; on the T-Watch S3 one of
the two is the clock of the microphone. A MicroPython of one's own has no such console, and nothing changes there.
Sources: ports/esp32/boards/ESP32_GENERIC_S3/mpconfigboard.h; ESP-IDF, soc/esp32s3/include/soc/gpio_reg.h and
gpio_sig_map.h.
"""

from machine import Pin, mem32
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

_SENDS, _HEARS = const(43), const(44)
_INPUT_OF = 0x6000_4154
_BYTES = const(4)
_UART_0_HEARS = const(12)
"""Number of the signal."""
_ALWAYS_HIGH = const(0xB8)
"""Through the matrix (bit 7), from its constant 1 (38h): a line at rest (UNSURE-CONSOLE-PINS)."""


def let_go() -> None:
    """Take UART 0 off its pins, and let it hear nothing. The pins float, as with GPS off in the maker's own code."""
    mem32[_INPUT_OF + _BYTES * _UART_0_HEARS] = _ALWAYS_HIGH
    port: "Any" = Pin
    for gpio in (_SENDS, _HEARS):
        port(gpio, Pin.IN, None)  # without a resistor
