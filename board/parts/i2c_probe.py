"""The I2C bus of a board of which it is not certain which wire is which: whoever answers decides."""

from micropython import const

from board.parts.i2c_bus import I2cBus

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable

    from board.parts.findings import Findings

    Make = Callable[[int, int], I2cBus]
    """A bus on these pins: SCL, SDA."""


def bus_on(i2c: "Any", pin: "Any", scl: int, sda: int, hz: int, delay_us: "Callable[[int], object]") -> I2cBus:
    """A bus on controller 0. `i2c` and `pin` are the classes of `machine`."""

    def make() -> "Any":
        return i2c(0, scl=pin(scl), sda=pin(sda), freq=hz)

    def lines() -> "Any":
        return pin(scl, pin.OPEN_DRAIN, value=1), pin(sda, pin.OPEN_DRAIN, value=1)

    return I2cBus(make, lines, delay_us)


def probe(make: "Make", scl: int, sda: int, address: int, found: "Findings") -> I2cBus:
    """The bus where the chip at `address` answers: as named, else the other way round, which is a finding.

    If it answers nowhere, which is one too, the bus as named.
    """
    named = make(scl, sda)
    if _answers(named, address):
        return named
    swapped = make(sda, scl)
    if _answers(swapped, address):
        found.add("I2C", "SDA and SCL are the other way round: %d and %d" % (scl, sda))
        return swapped
    found.add("I2C", named.finding or "nobody answers")
    return make(scl, sda)


def _answers(bus: I2cBus, address: int) -> bool:
    try:
        bus.readfrom_mem_into(address, 0, bytearray(1))
        return True
    except OSError:
        return False  # the bus has tried twice; the caller says it
