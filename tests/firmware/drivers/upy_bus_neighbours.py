"""Chips that share a SPI bus with the radio of payments and are not used: asleep or deaf, and off the bus."""

import errno

from board.simulator.chips import sd_card, sx126x
from board.simulator.chips.spi import Spi, SpiBus
from drivers.sd_card import MOST_BAUD, SdCard
from drivers.sx126x import Sx126x


class Desk:
    """Both chips on one bus, with another one between which nobody may disturb."""

    def __init__(self, deaf=0):
        self.misuse = []
        self.bus = SpiBus(self.misuse)
        self.lora = sx126x.Chip(self.misuse)
        self.card = sd_card.Chip(self.misuse, deaf)
        self.other = Other(self.misuse)
        self.lora_select = self.bus.attach_neighbour(self.lora)
        self.card_select = self.bus.attach_neighbour(self.card)
        self.other_select = self.bus.attach(self.other)
        self.spi = Faulty(self.bus, MOST_BAUD)
        self.radio = Sx126x(
            self.spi, self.lora_select, self.lora.reset, self.lora.busy, lambda ms: self.lora.time.advance(1000 * ms)
        )
        self.sd = SdCard(self.spi, self.card_select)

    def talk(self, count=100):
        """What the radio of payments does all day."""
        spi = Spi(self.bus, 10_000_000, 0, 1)
        self.other_select(0)
        spi.write(bytes(count))
        found = bytearray(4)
        spi.readinto(found, 0)
        self.other_select(1)
        return bytes(found)


class Other:
    """A chip in mode 1 that always says 5A."""

    mode = (0, 1)
    most_baud = 10_000_000

    def __init__(self, misuse):
        self.misuse = misuse

    def select(self, level):
        pass

    def take(self, buf):
        pass

    def exchange(self, byte):
        return 0x5A


class Faulty(Spi):
    """A bus of which one transfer fails."""

    def __init__(self, bus, baud):
        super().__init__(bus, baud, 0, 0)
        self.fail_at = -1
        self.count = 0

    def _tick(self):
        self.count += 1
        if self.count == self.fail_at:
            raise OSError(errno.EIO)

    def write(self, buf):
        self._tick()
        super().write(buf)

    def readinto(self, buf, write=0):
        self._tick()
        super().readinto(buf, write)

    def write_readinto(self, write_buf, read_buf):
        self._tick()
        super().write_readinto(write_buf, read_buf)


def error_of(action):
    try:
        action()
    except OSError as error:
        return error.errno
    return 0


def test_both_are_quiet_and_the_bus_is_free():
    desk = Desk()
    desk.radio.sleep()
    desk.sd.hush()
    assert desk.lora.state == sx126x.ASLEEP and desk.card.in_spi_mode
    assert desk.talk(1000) == b"\x5a" * 4
    assert desk.misuse == [], desk.misuse


def test_a_card_that_nobody_hushed_is_noticed():
    desk = Desk()
    desk.talk(1000)
    assert "SD: hears what is meant for others" in desk.misuse, desk.misuse


def test_a_card_that_needs_asking_twice():
    desk = Desk(deaf=2)
    desk.sd.hush()
    assert desk.card.in_spi_mode and desk.misuse == []
    assert error_of(Desk(deaf=99).sd.hush) == errno.ENODEV


def test_no_card_answers():
    desk = Desk()
    desk.card.exchange = lambda byte: 0xFF
    assert error_of(desk.sd.hush) == errno.ENODEV


def test_another_radio_is_held_in_reset():
    desk = Desk()
    desk.lora.exchange = lambda byte: 0xAC
    assert error_of(desk.radio.sleep) == errno.ENODEV
    assert desk.lora.busy() and not desk.lora.drives()
    desk = Desk()
    desk.lora.busy = desk.radio._busy = lambda: 1
    assert error_of(desk.radio.sleep) == errno.ETIMEDOUT


def test_a_driver_that_does_not_wait_is_caught():
    for cut in (0, 4):  # steps of its delays that are left out
        desk = Desk()
        delays = []

        def hurry(ms, desk=desk, delays=delays, cut=cut):
            delays.append(ms)
            if cut == 0 and len(delays) == 1:
                return  # no time in reset
            desk.lora.time.advance(1000 * ms)

        desk.radio._delay_ms = hurry
        desk.radio.sleep()
        if cut == 0:
            assert desk.misuse == ["LoRa: reset too short"], desk.misuse
        else:
            desk.misuse.clear()
            desk.lora.time.now = desk.lora._slept_us
            desk.lora_select(0)
            assert desk.misuse == ["LoRa: selected too soon after sleep"], desk.misuse


def test_a_sleeping_radio_that_is_selected_is_noticed():
    desk = Desk()
    desk.radio.sleep()
    desk.lora_select(0)
    assert desk.misuse == ["LoRa: woken by its select line"] and desk.lora.drives()


def test_a_bus_that_fails_at_each_transfer():
    points = 0
    for start in (lambda desk: desk.radio.sleep, lambda desk: desk.sd.hush):
        desk = Desk()
        start(desk)()
        for point in range(1, desk.spi.count + 1):
            broken = Desk()
            broken.spi.fail_at = point
            assert error_of(start(broken)) == errno.EIO
            assert broken.lora_select.level and broken.card_select.level, "a select line stayed low"
            points += 1
    print("NOTE bus neighbours: failed at each of %d transfers, no select line left low" % points)


def test_two_that_drive_the_line_are_noticed():
    desk = Desk()
    desk.sd.hush()
    desk.card_select(0)
    desk.card_select(1)  # it still holds the line: eight clocks are missing
    desk.talk(0)
    assert "bus: two chips drive MISO" in desk.misuse, desk.misuse
