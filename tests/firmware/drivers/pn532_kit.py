"""The PN532's driver over the modelled chip, on either wire, in the chip's own time."""

from board.simulator.chips.i2c import I2c
from board.simulator.chips.pn532 import Pn532 as Chip
from board.simulator.chips.pn532_wires import OnI2c, Uart
from drivers.pn532 import Pn532
from drivers.pn532_hsu import Hsu
from drivers.pn532_i2c import ADDRESS, I2cLink

UID = b"\x08\x12\x34\x56"
ATQA = b"\x04\x00"
SAK = 0x20
RATS = b"\xe0\x80"
ATS = b"\x05\x78\x80\x70\x00"
RXIDLE = 0x1000
LOOK_US = 5
"""What one look at the clock takes (an estimate for the board)."""
WIRES = ("hsu", "i2c", "i2c polled")


class Bench:
    """Chip, wire, driver and reader. `close` says if anything forbidden was done."""

    def __init__(self, wire="hsu", arm=True, baud=921600):
        self.chip = Chip()
        self.time = self.chip.time
        self.calls = 0
        if wire == "hsu":
            self.bus = Uart(self.chip)
            link = Hsu(self.bus, self.ticks_us, RXIDLE, baud)
        else:
            self.bus = I2c()
            self.on_bus = OnI2c(self.chip)
            self.bus.attach(ADDRESS, self.on_bus)
            link = I2cLink(self.bus, self.delay_us, self.on_bus.line if wire == "i2c" else None)
        self.link = link
        self.radio = Pn532(link, self.ticks_us, self.delay_us)
        self.radio.listen(self.called)
        self.frame = bytearray(256)
        if arm:
            self.radio.start()
            self.radio.arm(UID, ATQA, SAK)

    def called(self):
        """The driver's callback."""
        self.calls += 1

    def ticks_us(self):
        """As on the board: wraps at 2^30."""
        self.time.advance(LOOK_US)
        return self.time.now & 0x3FFFFFFF

    def delay_us(self, us):
        """Let the chip work."""
        self.time.advance(us)

    def select(self, uid=UID):
        """A reader comes and selects the card."""
        self.chip.field(True)
        assert self.chip.select() == (ATQA, uid, SAK)

    def receive(self, timeout_us=60_000):
        """What the driver receives: bytes of a frame, 0 or -1."""
        got = self.radio.receive(self.frame, timeout_us)
        return bytes(self.frame[:got]) if got > 0 else got

    def first(self, data=RATS):
        """The first frame after SELECT: the driver is called, and comes."""
        self.chip.hear(data)
        self.time.advance(20_000)
        assert self.receive() == data

    def send(self, data, after_us=3_000, status=0):
        """A later frame of the reader, so long from now."""
        self.time.at(after_us, lambda: self.chip.hear(data, status))

    def answer(self, data):
        """Transmit; returns what is on the air, None for nothing."""
        before = len(self.chip.answers)
        self.radio.transmit(bytearray(data), len(data))
        return self.chip.answers[-1][1] if len(self.chip.answers) > before else None

    def exchange(self, data, answer):
        """One frame each way; everything must arrive."""
        self.send(data)
        assert self.receive() == data, data
        before = len(self.chip.answers)
        self.answer(answer)
        self.receive(0)
        assert [sent for _, sent in self.chip.answers[before:]] == [answer]

    def tap(self, uid=UID):
        """A whole small tap."""
        self.select(uid)
        self.first()
        self.answer(ATS)
        self.receive(0)
        self.exchange(b"\x02\x00\xa4\x04\x00", b"\x02\x6a\x82")
        self.leave()

    def leave(self):
        """The field goes off, and the driver notices."""
        self.chip.field(False)
        assert self.receive() == -1
        assert not self.radio.field()

    def close(self, missed=0):
        """Nothing forbidden was done, and the chip missed so many frames at most."""
        assert self.chip.misuse == [], self.chip.misuse
        assert self.chip.missed <= missed, self.chip.missed
