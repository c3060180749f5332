"""The ST25R3916 driver against the clock, with the board's own slowness in it; and a bus that fails at any transfer.

Nothing here was measured on a board. What a transfer costs is an estimate: tests/bench/estimate.py has the same.
"""

import errno

import tests.firmware.drivers.radio_kit as kit
from board.simulator.chips.st25r3916_names import US
from tests.firmware.drivers.upy_st25r3916 import ATS

ATS_FC = 71_680
"""Frame waiting time of the answer to RATS: 5.286 ms, ISO/IEC 14443-4 section 7.2."""
BUS_US = 40
"""One transfer with its select line from MicroPython: 25 to 40 us; the worse end."""
PROCESSOR_US = 190
"""Instructions between two transfers: `frame.rats_to_ats` of `make bench`, 131,000 instructions over six transfers at
115,000 a millisecond."""
PSRAM = 2
"""The heap in PSRAM: twice as slow, an assumption."""
SELECT_US = 100
"""Instructions between the interrupt and the first write, which is before most of the rest."""


def slow_bench(transfer_us, low_power=False):
    """A driver to whom each transfer costs so much; armed and up, which nobody times."""
    bench = kit.Bench(low_power=low_power)
    bench.chip.transfer_fc = int(transfer_us * US)
    return bench


def test_ats_within_its_deadline():
    for name, factor in (("internal RAM", 1), ("PSRAM", PSRAM)):
        for low_power in (False, True):
            bench = slow_bench(BUS_US + PROCESSOR_US * factor, low_power)
            bench.select()
            selected = bench.time.now
            bench.send(kit.RATS)
            assert bench.receive() == kit.RATS
            answer = bench.answer(ATS)
            ended = selected + kit.RATS_AFTER_FC + (len(kit.RATS) + 2) * 1152
            begun = answer.ends - (len(ATS) + 2) * 1152
            left_us = int((ended + ATS_FC - begun) / US)
            way = "low power" if low_power else "always on"
            print("NOTE st25r3916 estimate, %s, %s: ATS %d us before its deadline" % (way, name, left_us))
            assert left_us > 1_500
            bench.leave()
            bench.close(warnings=1)  # so slow, it receives RATS before it has fixed the bit rate


def test_a_driver_ten_times_as_slow_would_be_caught():
    bench = slow_bench(10 * (BUS_US + PROCESSOR_US))
    bench.select()
    ended = bench.time.now + kit.RATS_AFTER_FC + 4 * 1152
    bench.send(kit.RATS)
    assert bench.receive() == kit.RATS
    assert bench.answer(ATS).ends - (len(ATS) + 2) * 1152 > ended + ATS_FC


def test_select_to_rats():
    """How much later than the earliest RATS the first write after SELECT may come, and what happens if it does."""
    for transfer_us, in_time in ((BUS_US, True), (BUS_US + SELECT_US, True), (BUS_US + 600, False)):
        bench = slow_bench(transfer_us)
        bench.air.loses_early_frames = True
        bench.air.field(True)
        bench.after_us(2_000, bench.select)
        written = []
        write = bench.radio._bus.write
        bench.radio._bus.write = lambda register, value: (write(register, value), written.append(bench.time.now))
        bench.send(kit.RATS, int(2_000 * US) + kit.RATS_AFTER_FC)
        selected = bench.time.now + int(2_000 * US)
        got = bench.receive(10_000)
        assert (got == kit.RATS) == in_time, transfer_us
        if in_time:
            left_us = int((selected + kit.RATS_AFTER_FC - written[0]) / US)
            print("NOTE st25r3916 estimate: anticollision off %d us before the earliest RATS" % left_us)
        bench.air.field(False)
        bench.receive(0)
        bench.chip.transfer_fc = int(BUS_US * US)
        bench.tap()
        bench.close(warnings=1)


def test_rats_sooner_than_readers_may():
    for after_us in (0, 50, 100, 200, 300, 500):
        for low_power in (False, True):
            bench = slow_bench(BUS_US + SELECT_US, low_power)
            bench.select()
            bench.send(kit.RATS, int(after_us * US))
            assert bench.receive() == kit.RATS, after_us
            assert bench.answer(ATS).aligned
            bench.leave()
            bench.close(warnings=1)


class BrokenSpi:
    """A bus that fails once, at one transfer."""

    def __init__(self, spi, point):
        self.spi = spi
        self.left = point

    def _count(self):
        self.left -= 1
        if self.left == -1:
            raise OSError(errno.EIO)

    def write(self, buf):
        """As `machine.SPI`."""
        self._count()
        self.spi.write(buf)

    def readinto(self, buf, write=0):
        """As `machine.SPI`."""
        self._count()
        self.spi.readinto(buf, write)


def broken_visit(point, low_power):
    """One reader's visit from power-up on. Returns False if the bus failed; then all must work after a new start."""
    bench = kit.Bench(arm=False, low_power=low_power)
    radio = bench.radio
    radio._bus._spi = BrokenSpi(bench.spi, point)
    try:
        radio.start()
        radio.examine()
        radio.arm(kit.UID, kit.ATQA, kit.SAK)
        bench.tap()
        radio.prepare_deep_sleep()
        return True
    except OSError as error:
        assert error.errno == errno.EIO
    except AssertionError:
        pass  # the reader that was there got no answer
    bench.air.field(False)
    bench.time.settle()
    radio.start()
    radio.arm(kit.UID, kit.ATQA, kit.SAK)
    radio.receive(bench.frame, 0)
    bench.tap()
    bench.close(warnings=1)
    return False


def test_a_bus_that_fails_at_any_transfer():
    points = 0
    for low_power in (False, True):
        point = int(low_power)  # every other transfer of each
        while not broken_visit(point, low_power):
            point += 2
            points += 1
    print("NOTE st25r3916: the bus failed at %d transfers, each an OSError, and a new start mends it" % points)
    assert points > 100
