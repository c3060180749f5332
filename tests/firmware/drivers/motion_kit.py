"""Motion sensors and a vibration motor on a desk: the model of a chip, its driver, a bus that can be spoilt."""

import errno

from board.simulator.chips import bhi260ap, bma423, drv2605, qmi8658
from board.simulator.chips.i2c import I2c
from board.simulator.chips.spi import InterruptPin
from drivers.bhi260ap import Bhi260ap
from drivers.bma423 import Bma423
from drivers.drv2605 import Drv2605
from drivers.qmi8658 import Qmi8658


class CountingI2c(I2c):
    """A bus that fails at one transfer, counted from 1."""

    def __init__(self):
        super().__init__()
        self.transfers = 0
        self.fails_at = 0

    def _count(self):
        self.transfers += 1
        if self.transfers == self.fails_at:
            raise OSError(errno.EIO)

    def writeto_mem(self, addr, memaddr, buf):
        """Write, or fail."""
        self._count()
        super().writeto_mem(addr, memaddr, buf)

    def readfrom_mem_into(self, addr, memaddr, buf):
        """Read, or fail."""
        self._count()
        super().readfrom_mem_into(addr, memaddr, buf)


class File:
    """A file of bytes, which gives at most 100 at once."""

    def __init__(self, data):
        self._data = data
        self._at = 0

    def readinto(self, buf):
        """Fill the buffer as far as there is something."""
        part = self._data[self._at : self._at + min(len(buf), 100)]
        buf[: len(part)] = part
        self._at += len(part)
        return len(part)


def summed(data):
    """The bytes, the last one changed so that the models take them."""
    data = bytearray(data)
    data[-1] = (data[-1] - sum(data)) & 0xFF
    return bytes(data)


PROGRAM = summed(bytes(place * 7 + (place >> 8) & 0xFF for place in range(6144)))
"""What a model of a BMA423 takes for its program."""
FIRMWARE = summed(b"\x2b\x66" + bytes(place * 5 & 0xFF for place in range(1998)))
"""What a model of a BHI260AP takes for its firmware."""


class Desk:
    """One chip and its driver, `sensor`."""

    address = 0

    def __init__(self):
        self.misuse = []
        self.line = InterruptPin(0)
        self.i2c = CountingI2c()
        self.waits = True
        self.chip = self._model()
        self.chip.time.advance(100)
        self.i2c.attach(self.address, self.chip)
        self.sensor = self._driver()
        self.held = [0, 0, 0]

    def wait(self, delay_ms):
        """The driver waits, or believes that it does."""
        if self.waits:
            self.chip.time.advance(delay_ms)

    def program(self):
        """What the chip is told at its start: file and length."""
        return ()

    def acceleration(self):
        """What the driver says; None if it says nothing."""
        return tuple(self.held) if self.sensor.acceleration(self.held) else None


class Bma(Desk):
    """BMA423."""

    address = bma423.ADDRESS

    def _model(self):
        return bma423.Chip(self.line, self.misuse)

    def _driver(self):
        return Bma423(self.i2c, self.wait)

    def program(self):
        """File and length."""
        return File(PROGRAM), len(PROGRAM)


class Qmi(Desk):
    """QMI8658."""

    address = qmi8658.ADDRESS

    def _model(self):
        return qmi8658.Chip(self.line, self.misuse)

    def _driver(self):
        return Qmi8658(self.i2c, self.wait)


class Bhi(Desk):
    """BHI260AP."""

    address = bhi260ap.ADDRESS

    def _model(self):
        return bhi260ap.Chip(self.line, self.misuse)

    def _driver(self):
        return Bhi260ap(self.i2c, self.wait)

    def program(self):
        """File and length."""
        return File(FIRMWARE), len(FIRMWARE)


class Drv(Desk):
    """DRV2605."""

    address = drv2605.ADDRESS

    def _model(self):
        return drv2605.Chip(self.misuse)

    def _driver(self):
        return Drv2605(self.i2c, self.wait)


SENSORS = (Bma, Qmi, Bhi)


def started(kind, told=True):
    """A chip that is up, with its program or without."""
    desk = kind()
    desk.sensor.start(*(desk.program() if told else ()))
    desk.chip.time.advance(100)
    return desk


def fails(error, act, *arguments):
    """The error that a call raises; fails if it raises none."""
    try:
        act(*arguments)
    except error as problem:
        return problem
    raise AssertionError("nothing was raised")
