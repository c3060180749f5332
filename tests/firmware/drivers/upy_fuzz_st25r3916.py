"""The driver against readers and chips that do anything: it never raises, never hangs, and the next tap works."""

import random

import tests.firmware.drivers.radio_kit as kit
from board.simulator.chips import st25r3916_names as n
from board.simulator.chips.st25r3916_air import REQA, WUPA
from board.simulator.chips.st25r3916_names import US
from drivers.st25r3916 import St25r3916
from tests.fuzz.campaign import count

STORIES = count(40, 30)
STEPS = 40
BROKEN = count(400, 5)
NOISE_BYTES = (0, 3, 4, 16, 40, 254, 258, 514)
"""Not 1 or 2: noise so short that it ends while an answer is being loaded would spoil that answer, on any driver."""
IRQS = (n.OSC, n.FWL, n.RXS, n.RXE, n.TXE, n.DCT, n.EON, n.EOF, n.CRC, n.PAR, n.ERR1, n.ERR2, n.WU_A, n.WU_A_X)
ERRORS = (n.CRC, n.PAR, n.ERR1, n.ERR2)
WAIT_US = 3_000
LATEST_US = WAIT_US + 57_000
"""What the driver promises, and a look and a few transfers more."""


def noise(count):
    """So many random bytes."""
    return bytes(random.getrandbits(8) for _ in range(count))


class Story:
    """One bench, and steps of both sides in random order."""

    def __init__(self, seed):
        random.seed(seed)
        self.bench = kit.Bench(low_power=bool(seed & 2))
        self.faulty = seed & 1
        """Every other chip does what it should not."""
        self.slowest_us = 0

    def reader(self):
        """Something that a reader, another reader or the air does."""
        air = self.bench.air
        moves = (
            lambda: air.field(True),
            lambda: air.field(False),
            lambda: air.short(random.choice((REQA, WUPA))),
            lambda: air.anticoll(random.choice((1, 2))),
            lambda: air.select(1, random.choice((kit.UID_CHECKED, noise(5)))),
            lambda: air.frame(random.choice((kit.RATS, b"\x50\x00", b"\xc2", noise(20)))),
            lambda: air.frame(noise(10), crc_ok=False, errors=(random.choice(ERRORS),)),
            lambda: air.frame(noise(30), ends=bool(random.getrandbits(2))),
            lambda: air.raw(noise(random.choice(NOISE_BYTES)), (), True, random.getrandbits(3)),
        )
        return random.choice(moves)

    def chip(self):
        """Something that the chip should not do."""
        if random.getrandbits(1) and self.bench.chip.efd:  # the end of the field clears them away
            self.bench.air.leave_in_fifo(noise(random.choice((1, 5, 300))))
        else:
            self.bench.chip.set_irq(random.choice(IRQS))

    def watch(self):
        """Something that the watch does."""
        radio = self.bench.radio
        what = random.getrandbits(4)
        if what < 10:
            started = self.bench.ticks_us()
            got = radio.receive(self.bench.frame, WAIT_US)
            self.slowest_us = max(self.slowest_us, self.bench.ticks_us() - started)
            if got > 0 and random.getrandbits(2):
                radio.transmit(self.bench.frame, got)
        elif what < 13:
            radio.transmit(self.bench.frame, 1 + random.getrandbits(6))
        elif what == 13:
            radio.halt()
        elif what == 14:
            radio.arm(b"\x08" + noise(3), kit.ATQA, kit.SAK)
        else:
            radio.disarm()
            radio.arm(kit.UID, kit.ATQA, kit.SAK)

    def run(self):
        """All steps, then quiet, then a tap."""
        bench = self.bench
        for _ in range(STEPS):
            for _ in range(random.getrandbits(2)):
                bench.after_us(random.getrandbits(12), self.reader())
            if self.faulty and not random.getrandbits(3):
                self.chip()
            self.watch()
        bench.time.settle()
        bench.air.field(False)
        bench.radio.receive(bench.frame, 0)
        if self.faulty:  # what it made the driver believe lasts to the end of a field
            bench.air.field(True)
            bench.air.field(False)
        bench.radio.receive(bench.frame, 0)
        bench.radio.arm(kit.UID, kit.ATQA, kit.SAK)
        bench.tap()
        assert bench.misuse == [], bench.misuse


def test_any_order_of_reader_chip_and_watch():
    slowest_us = 0
    for seed in range(STORIES):
        story = Story(seed)
        try:
            story.run()
        except Exception:
            print("NOTE seed %d failed" % seed)
            raise
        slowest_us = max(slowest_us, story.slowest_us)
    print("NOTE st25r3916 fuzz: %d stories of %d steps, longest receive %d us" % (STORIES, STEPS, slowest_us))
    assert slowest_us <= LATEST_US


class BrokenBus:
    """SPI, select and interrupt line of a chip that says anything; time passes with every look and transfer."""

    def __init__(self):
        self.now_us = 0

    def __call__(self, level=None):
        self.now_us += 5
        return random.getrandbits(1)

    def irq(self, handler, trigger):
        """Nobody is called."""

    def write(self, buf):
        """Nobody listens."""
        self.now_us += 30

    def readinto(self, buf, write=0):
        """Anything."""
        self.now_us += 30
        kind = random.getrandbits(2)
        for i in range(len(buf)):
            buf[i] = (0, 0xFF, random.getrandbits(8), random.getrandbits(8) & random.getrandbits(8))[kind]

    def ticks_us(self):
        """As on the board."""
        return self.now_us & 0x3FFFFFFF

    def delay_us(self, us):
        """Time passes."""
        self.now_us += us


def test_a_broken_chip_is_an_error_or_silence():
    random.seed(9)
    refused = frames = 0
    frame = bytearray(256)
    slowest_us = 0
    for _ in range(BROKEN):
        bus = BrokenBus()
        radio = St25r3916(bus, bus, bus, bus.ticks_us, bus.delay_us)
        radio.listen(lambda: None)
        try:
            radio.start()
            radio.arm(kit.UID, kit.ATQA, kit.SAK)
        except OSError:
            refused += 1
        for _ in range(5):
            radio._field = True  # else it would not even wait
            started = bus.now_us
            got = radio.receive(frame, WAIT_US)
            frames += got > 0
            radio.transmit(frame, 5)
            radio.halt()
            slowest_us = max(slowest_us, bus.now_us - started)
    print("NOTE st25r3916 broken chip: %d times, %d refused, %d frames believed" % (BROKEN, refused, frames))
    assert 0 < refused < BROKEN, "some get as far as listening"
    assert slowest_us <= LATEST_US + 31_000, "a frame, an answer and a halt"


def test_a_line_that_is_always_high():
    bench = kit.Bench()
    bench.pin.drive = lambda level: None
    bench.pin.level = 1
    bench.radio._field = True
    started = bench.time.now
    assert bench.radio.receive(bench.frame, WAIT_US) == 0
    assert bench.time.now - started < LATEST_US * US
