"""MicroPython's `machine` as the ESP32 port has it, for its unix port: what a board of ours uses of it.

Behind it is the hardware that board/simulator/esp32s3/hardware.py has installed. Names, arguments and errors are those
of the port; tests/host/flashing/test_stand_ins.py holds them against the stubs.
"""

from board.simulator.esp32s3.adc import ADC
from board.simulator.esp32s3.buses import I2C, SPI
from board.simulator.esp32s3.clocks import PWM, RTC, WDT, Timer
from board.simulator.esp32s3.hardware import PWRON_RESET, current
from board.simulator.esp32s3.pin import Pin
from board.simulator.esp32s3.streams import I2S, UART

__all__ = ["ADC", "I2C", "I2S", "PWM", "PWRON_RESET", "RTC", "SPI", "UART", "WDT", "Pin", "Timer", "mem32"]

HARD_RESET = 2
WDT_RESET = 3
DEEPSLEEP_RESET = 4
SOFT_RESET = 5
PIN_WAKE = 2
EXT0_WAKE = 2
EXT1_WAKE = 3
TIMER_WAKE = 4

_FREQUENCIES_HZ = (20_000_000, 40_000_000, 80_000_000, 160_000_000, 240_000_000)


class _Memory:
    """`machine.mem32` of whatever hardware is installed."""

    def __getitem__(self, address: int) -> int:
        return current().registers[address]

    def __setitem__(self, address: int, value: int) -> None:
        current().registers[address] = value


mem32 = _Memory()


def freq(hz: "int | None" = None) -> "int | None":
    """Set the clock of the processor, or ask. Raises ValueError."""
    if hz is None:
        return current().frequency_hz
    if hz not in _FREQUENCIES_HZ:
        raise ValueError("frequency must be 20MHz, 40MHz, 80Mhz, 160MHz or 240MHz")
    current().frequency_hz = hz
    return None


def unique_id() -> bytes:
    """The address in the eFuses, 6 bytes."""
    return current().unique_id


def reset() -> None:
    """Start anew."""
    current().restart(HARD_RESET)


def reset_cause() -> int:
    """Why the processor started."""
    return current().reset_cause


def wake_reason() -> int:
    """What ended the last sleep, 0 if there was none."""
    return current().sleep.reason


def lightsleep(time_ms: int = -1) -> None:
    """Sleep until a wire calls or the time is over."""
    current().sleep.light(time_ms)


def deepsleep(time_ms: int = -1) -> None:
    """Sleep, and start anew after that."""
    current().sleep.light(time_ms)
    current().restart(DEEPSLEEP_RESET)
