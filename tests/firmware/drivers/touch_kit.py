"""Touch controllers and their drivers on a desk: the model of a chip, its driver, a bus that can be spoilt."""

import errno

from board.simulator.chips import cst816s, cst9217, ft6336u
from board.simulator.chips.i2c import I2c
from board.simulator.chips.spi import InterruptPin
from drivers import ft6336u as ft_driver
from drivers.cst816s import Cst816s
from drivers.cst9217 import Cst9217
from drivers.ft6336u import Ft6336u


class SpoiltI2c(I2c):
    """A bus whose next reads go wrong: each of `faults` is OSError's number or bytes to be read instead."""

    def __init__(self):
        super().__init__()
        self.faults = []

    def _spoil(self, buf):
        fault = self.faults.pop(0)
        if isinstance(fault, int):
            raise OSError(fault)
        for index in range(len(buf)):
            buf[index] = fault[index % len(fault)]

    def readfrom_into(self, addr, buf):
        """Fill the buffer, with what stands there or not."""
        if self.faults:
            self._spoil(buf)
        else:
            super().readfrom_into(addr, buf)

    def readfrom_mem_into(self, addr, memaddr, buf):
        """Fill the buffer, with what stands there or not."""
        if self.faults:
            self._spoil(buf)
        else:
            super().readfrom_mem_into(addr, memaddr, buf)


class _Desk:
    """One chip and its driver, `touch`."""

    width, height = 240, 240

    def __init__(self):
        self.misuse = []
        self.line = InterruptPin(1)
        self.i2c = SpoiltI2c()

    def wait(self, delay_ms):
        """The driver waits."""
        self.chip.time.advance(delay_ms)

    def read(self):
        """The next event, None if there is none."""
        point = [9, 9, 9]
        return tuple(point) if self.touch.read(point) else None


class Cst(_Desk):
    """CST9217 on the large panel."""

    width, height = 410, 502
    report_bytes = 10

    def __init__(self, axes=0):
        super().__init__()
        self.chip = cst9217.Chip(self.line, 410, 502, self.misuse)
        self.i2c.attach(cst9217.ADDRESS, self.chip)
        self.touch = Cst9217(self.i2c, self.line, self.chip.reset, self.wait, self.width, self.height, axes)


class Ft(_Desk):
    """FT6336U without a reset line, as on the small watch."""

    report_bytes = 5
    reset = False
    driver, identity = ft_driver.FT6336U, ft6336u.FT6336U

    def __init__(self, axes=0):
        super().__init__()
        self.chip = ft6336u.Chip(self.line, self.misuse, self.identity)
        self.chip.time.advance(1000)
        self.i2c.attach(ft6336u.ADDRESS, self.chip)
        reset = self.chip.reset if self.reset else None
        self.touch = Ft6336u(self.i2c, self.line, reset, self.wait, self.width, self.height, axes, self.driver)


class Ft3168(Ft):
    """FT3168 with a reset line, as on the other large watch."""

    width, height = 410, 502
    reset = True
    driver, identity = ft_driver.FT3168, ft6336u.FT3168


class Cst816(_Desk):
    """CST816T, as on a small board."""

    report_bytes = 5
    identity = cst816s.CST816T

    def __init__(self, axes=0):
        super().__init__()
        self.chip = cst816s.Chip(self.line, self.misuse, self.identity)
        self.i2c.attach(cst816s.ADDRESS, self.chip)
        self.touch = Cst816s(self.i2c, self.line, self.chip.reset, self.wait, self.width, self.height, axes)


KINDS = (Cst, Ft, Ft3168, Cst816)
EIO = errno.EIO


def started(kind, axes=0):
    """A controller that is up."""
    desk = kind(axes)
    desk.touch.start()
    return desk
