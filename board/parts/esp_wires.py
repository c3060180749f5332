"""Pins and buses of an ESP32-S3 as every board of ours uses them."""

from time import sleep_ms, sleep_us

from machine import I2C, SPI, Pin
from micropython import const

from board.parts.i2c_bus import I2cBus
from board.parts.wake_pin import WakePin

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

I2C_HZ = const(400_000)
_LOOK_MS = const(50)


def i2c_bus(number: int, scl: int, sda: int) -> I2cBus:
    """The bus on these pins."""

    def make() -> "Any":
        return I2C(number, scl=Pin(scl), sda=Pin(sda), freq=I2C_HZ)

    def lines() -> "Any":
        return Pin(scl, Pin.OPEN_DRAIN, value=1), Pin(sda, Pin.OPEN_DRAIN, value=1)

    return I2cBus(make, lines, sleep_us)


def output(gpio: int, level: int) -> "Any":
    """A pin that drives this level from the start."""
    return Pin(gpio, Pin.OUT, value=level)


def calls_low(gpio: int, pulses: bool = False) -> WakePin:
    """The line of a button or an interrupt, low while there is something, with a resistor to high.

    `pulses`: it may be free again by the time anybody looks.
    """
    pin: "Any" = Pin(gpio)
    return WakePin(pin, 0, pulses=pulses)


def wait_for(bus: I2cBus, address: int, limit_ms: int) -> None:
    """Until a chip answers that has just got its supply; no longer than that."""
    one = bytearray(1)
    for _ in range(limit_ms // _LOOK_MS):
        try:
            bus.readfrom_into(address, one)
            return
        except OSError:
            sleep_ms(_LOOK_MS)  # it is not up; whoever starts it says so in the end


def panel_spi(hz: int, sck: int, mosi: int) -> "Any":
    """The second SPI controller, which only writes, in mode 0."""
    return SPI(2, hz, polarity=0, phase=0, sck=Pin(sck), mosi=Pin(mosi), miso=None)
