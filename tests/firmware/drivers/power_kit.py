"""Power chip, expander and clocks on a desk: a bus that breaks at any transfer and writes down what is written."""

import errno

from board.simulator.chips import axp2101, pcf8563, pcf85063, xl9555
from board.simulator.chips.i2c import I2c
from board.simulator.chips.spi import InterruptPin
from drivers.axp2101 import Axp2101
from drivers.pcf8563 import Pcf8563
from drivers.pcf85063 import Pcf85063
from drivers.xl9555 import Xl9555


class BreakingI2c(I2c):
    """A bus that counts transfers, keeps writes as (register, value), and loses the transfers it is told to."""

    def __init__(self):
        super().__init__()
        self.count = 0
        self.break_at = ()
        self.writes = []
        self.between = lambda: None
        """Called before each transfer."""

    def _next(self):
        self.between()
        self.count += 1
        if self.count - 1 in self.break_at:
            raise OSError(errno.EIO)

    def writeto_mem(self, addr, memaddr, buf):
        """Write registers."""
        self._next()
        for index, value in enumerate(buf):
            self.writes.append((memaddr + index, value))
        super().writeto_mem(addr, memaddr, buf)

    def readfrom_mem_into(self, addr, memaddr, buf):
        """Read registers."""
        self._next()
        super().readfrom_mem_into(addr, memaddr, buf)


class _Desk:
    def __init__(self):
        self.misuse = []
        self.line = InterruptPin(1)
        self.i2c = BreakingI2c()


class Pmu(_Desk):
    """AXP2101."""

    def __init__(self, thermistor=False, wired=True):
        super().__init__()
        self.chip = axp2101.Chip(self.line, self.misuse)
        self.i2c.attach(axp2101.ADDRESS, self.chip)
        self.pmu = Axp2101(self.i2c, self.wait, self.line if wired else None, thermistor)

    def wait(self, delay_ms):
        """The driver waits."""
        self.chip.time.advance(delay_ms)

    def press(self, held_ms):
        """The wearer presses the key."""
        self.chip.key(True)
        self.chip.time.advance(held_ms)
        self.chip.key(False)
        self.chip.time.advance(5)


class Expander(_Desk):
    """XL9555."""

    def __init__(self):
        super().__init__()
        self.chip = xl9555.Chip(self.line, self.misuse)
        self.i2c.attach(xl9555.ADDRESS, self.chip)
        self.driver = Xl9555(self.i2c)


class Clock85063(_Desk):
    """PCF85063A."""

    def __init__(self):
        super().__init__()
        self.chip = pcf85063.Chip(self.line, self.misuse)
        self.i2c.attach(pcf85063.ADDRESS, self.chip)
        self.clock = Pcf85063(self.i2c)
        self.chip.time.advance(3000)


class Clock8563(_Desk):
    """PCF8563."""

    def __init__(self):
        super().__init__()
        self.chip = pcf8563.Chip(self.line, self.misuse)
        self.i2c.attach(pcf8563.ADDRESS, self.chip)
        self.clock = Pcf8563(self.i2c)
        self.chip.time.advance(3000)


CLOCKS = (Clock85063, Clock8563)


def started(**how):
    """A power chip that is up, with the writes so far forgotten."""
    desk = Pmu(**how)
    desk.pmu.start()
    assert desk.misuse == [], desk.misuse
    desk.i2c.writes.clear()
    return desk


def break_everywhere(make, run):
    """Run once to count the transfers, then lose each of them once. Returns how many; `run` must raise OSError."""
    desk = make()
    before = desk.i2c.count
    run(desk)
    transfers = desk.i2c.count - before
    for at in range(transfers):
        desk = make()
        desk.i2c.break_at = (desk.i2c.count + at,)
        try:
            run(desk)
        except OSError as error:
            assert error.errno == errno.EIO
        else:
            raise AssertionError("transfer %d was lost and nobody noticed" % at)
        yield desk
