"""The real driver over the modelled chip, in the chip's own time, with a reader that a test moves."""

from board.simulator.chips import st25r3916_names as n
from board.simulator.chips.spi import InterruptPin, Spi, SpiBus
from board.simulator.chips.st25r3916 import Chip
from board.simulator.chips.st25r3916_air import REQA, Air
from board.simulator.chips.st25r3916_names import US
from drivers.st25r3916 import St25r3916

UID = b"\x08\x12\x34\x56"
UID_CHECKED = UID + b"\x78"
ATQA = b"\x04\x00"
SAK = 0x20
RATS = b"\xe0\x80"
RATS_AFTER_FC = 6780
"""How soon after SAK a reader may send RATS, EMV Book D."""
ASLEEP = 0x03
"""Operation register: the field detector alone."""
POLL_US = 5_000
"""How soon after it switched its field on a reader sends its first frame, EMV Book D."""
LOOK_US = 5
"""What one look at the interrupt line takes (an estimate for the board)."""


class TimedPin(InterruptPin):
    """Time passes while the driver looks."""

    def __init__(self):
        super().__init__()
        self.look = lambda: None

    def __call__(self):
        self.look()
        return self.level


class Bench:
    """Chip, driver and reader. `misuse` must stay empty: `close` says so."""

    def __init__(self, arm=True, identity=0x2A, low_power=False, antenna=None):
        self.misuse = []
        pin = TimedPin()
        bus = SpiBus(self.misuse)
        self.chip = Chip(pin, self.misuse, identity)
        self.time = self.chip.time
        pin.look = lambda: self.time.advance(int(LOOK_US * US))
        self.pin = pin
        self.air = Air(self.chip)
        self.spi = Spi(bus)
        select = bus.attach(self.chip)
        self.radio = St25r3916(self.spi, select, pin, self.ticks_us, self.delay_us, antenna, low_power)
        self.frame = bytearray(256)
        self.calls = 0
        self.radio.listen(self.called)
        if arm:
            self.radio.start()
            self.radio.arm(UID, ATQA, SAK)

    def called(self):
        """The driver's callback."""
        self.calls += 1

    def ticks_us(self):
        """As on the board: wraps at 2^30."""
        return int(self.time.now / US) & 0x3FFFFFFF

    def delay_us(self, us):
        """Let the chip work."""
        self.time.advance(int(us * US))

    def after_us(self, us, action):
        """Call `action` when so much chip time has passed."""
        self.time.at(int(us * US), action)

    def select(self, wake=REQA, uid=UID_CHECKED):
        """What a reader does from field-on to SAK; the chip answers all of it alone."""
        self.air.field(True)
        if self.chip.a[n.OPERATION] == ASLEEP:
            assert self.receive(POLL_US) == 0, "the driver has woken the chip; a reader polls later"
        assert self.air.short(wake) == ATQA
        assert self.air.anticoll(1) == uid
        assert self.air.select(1, uid) == bytes((SAK,))

    def send(self, data, after_fc=RATS_AFTER_FC, **how):
        """One frame of the reader, so long from now."""
        self.time.at(after_fc, lambda: self.air.frame(data, **how))

    def receive(self, timeout_us=60_000):
        """What the driver receives: bytes of a frame, 0 or -1."""
        got = self.radio.receive(self.frame, timeout_us)
        return bytes(self.frame[:got]) if got > 0 else got

    def answer(self, data):
        """Transmit; returns what is on the air, None for nothing."""
        before = len(self.chip.answers)
        self.radio.transmit(bytearray(data), len(data))
        return self.chip.answers[-1] if len(self.chip.answers) > before else None

    def exchange(self, data, answer):
        """One frame each way; everything must arrive."""
        self.send(data)
        assert self.receive() == data, data
        sent = self.answer(answer)
        assert sent and sent.data == answer and sent.crc and sent.aligned, answer

    def tap(self):
        """A whole small tap: the proof that the radio works."""
        self.select()
        self.exchange(RATS, b"\x05\x78\x80\x70\x00")
        self.exchange(b"\x02\x00\xa4\x04\x00", b"\x02\x6a\x82")
        self.leave()

    def leave(self):
        """The field goes off, and the driver notices."""
        self.air.field(False)
        assert self.receive() == -1
        assert not self.radio.field()

    def close(self, warnings=0):
        """Nothing forbidden was done, and no more than so many unlucky things happened."""
        assert self.misuse == [], self.misuse
        assert len(self.chip.warnings) <= warnings, self.chip.warnings
