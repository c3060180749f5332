"""An I2C bus that frees itself, and the order of going to sleep: both go on where one thing fails."""

import errno

from board.parts.i2c_bus import I2cBus
from board.parts.sleep_order import SleepOrder
from tests.firmware.drivers.panel_kit import raised


class _Wires:
    """Two open-drain lines, a chip that holds SDA until it has seen some clocks, or a short to ground."""

    def __init__(self, clocks=0, scl_low=False):
        self.clocks = clocks
        self.scl_low = scl_low
        self.scl = self.sda = 1
        self.stops = 0

    def set_scl(self, level=None):
        """Drive or read SCL."""
        if level is None:
            return 0 if self.scl_low else self.scl
        if level and not self.scl and self.clocks:
            self.clocks -= 1
        self.scl = level
        return None

    def set_sda(self, level=None):
        """Drive or read SDA."""
        if level is None:
            return 0 if self.clocks else self.sda
        if level and not self.sda and self.scl and not self.clocks:
            self.stops += 1
        self.sda = level
        return None


class _Bus:
    """A machine.I2C whose next transfers fail with these numbers."""

    def __init__(self, wires, faults):
        self.wires = wires
        self.faults = faults
        self.done = []

    def _transfer(self, name):
        if self.wires.clocks or self.wires.scl_low:
            raise OSError(errno.ETIMEDOUT)
        if self.faults:
            raise OSError(self.faults.pop(0))
        self.done.append(name)

    def writeto(self, addr, buf):
        """Send."""
        self._transfer("writeto")

    def readfrom_into(self, addr, buf):
        """Read."""
        self._transfer("readfrom_into")

    def writeto_mem(self, addr, memaddr, buf):
        """Write registers."""
        self._transfer("writeto_mem")

    def readfrom_mem_into(self, addr, memaddr, buf):
        """Read registers."""
        self._transfer("readfrom_mem_into")


def joined(clocks=0, scl_low=False, faults=()):
    """A bus that frees itself, its wires, and every bus that was built."""
    wires, faults, made = _Wires(clocks, scl_low), list(faults), []

    def make():
        made.append(_Bus(wires, faults))
        return made[-1]

    return I2cBus(make, lambda: (wires.set_scl, wires.set_sda), lambda delay_us: None), wires, made


def transfers(bus):
    """One of each kind."""
    return (
        lambda: bus.writeto(1, b""),
        lambda: bus.readfrom_into(1, bytearray(1)),
        lambda: bus.writeto_mem(1, 2, b""),
        lambda: bus.readfrom_mem_into(1, 2, bytearray(1)),
    )


def test_one_lost_transfer_of_any_kind_is_made_again():
    for fault, built in ((errno.ENODEV, 1), (errno.EIO, 2), (errno.ETIMEDOUT, 2)):
        for kind in range(4):
            bus, _, made = joined(faults=(fault,))
            transfers(bus)[kind]()
            assert len(made) == built and len(made[-1].done) == 1 and bus.retries == 1
            assert bus.finding == "" and bus.freed == 0


def test_a_dead_chip_stays_an_error():
    for fault in (errno.ENODEV, errno.EIO, errno.ETIMEDOUT):
        for kind in range(4):
            bus, _, made = joined(faults=(fault,) * 2)
            assert raised(OSError, transfers(bus)[kind]).errno == fault
            assert made[-1].done == []


def test_a_chip_that_holds_sda_is_clocked_out():
    for clocks in range(1, 10):
        bus, wires, made = joined(clocks=clocks)
        bus.writeto(1, b"")
        assert made[-1].done == ["writeto"] and bus.freed == 1 and wires.stops == 1, clocks
        assert (wires.scl, wires.sda, bus.finding) == (1, 1, "")


def test_wires_that_stay_low_end_the_try_and_are_told():
    for clocks, scl_low, finding in ((1000, False, "SDA is held low"), (0, True, "SCL is held low")):
        bus, wires, made = joined(clocks=clocks, scl_low=scl_low)
        assert raised(OSError, transfers(bus)[3]).errno == errno.ETIMEDOUT
        assert bus.finding == finding and bus.freed <= 3
        wires.clocks, wires.scl_low = 0, False
        bus.free()
        transfers(bus)[3]()
        assert bus.finding == "" and made[-1].done == ["readfrom_mem_into"]


def failing(name, log):
    """A step that fails."""

    def step():
        log.append(name)
        raise OSError(errno.EIO)

    return step


def test_steps_before_sleep_and_after_it():
    for broken in ("", "panel", "touch", "interrupts"):
        log, failed = [], []

        def step(name, log=log, broken=broken):
            return failing(name, log) if name == broken else lambda: log.append(name)

        steps = (
            ("panel", step("panel"), lambda log=log: log.append("panel up")),
            ("touch", step("touch"), None),
            ("amplifier", None, lambda log=log: log.append("amplifier up")),
            ("interrupts", step("interrupts"), lambda log=log: log.append("interrupts up")),
        )
        order = SleepOrder(steps, lambda name, error, failed=failed: failed.append((name, error.errno)))
        order.before()
        order.after()
        assert log == ["panel", "touch", "interrupts", "interrupts up", "amplifier up", "panel up"], log
        assert failed == ([(broken, errno.EIO)] if broken else [])
