"""The PN532 driver against chips and readers that do anything: OSError or silence, in time; the next tap works."""

import random

import tests.firmware.drivers.pn532_kit as kit
from drivers import pn532_frames as frames
from drivers.pn532 import Pn532
from drivers.pn532_hsu import Hsu
from tests.fuzz.campaign import count

LOOKS = count(600, 10)
BROKEN = count(60, 10)
STORIES = count(25, 30)
STEPS = 20
WAIT_US = 3_000
LATEST_US = WAIT_US + 60_000
"""What the driver may take when all comes late: acknowledgements, answers, repeats."""


ANSWERS = (b"", b"\x00", b"\x32\x32\x32\x32", b"\x02", b"\x00\x02\x01")
"""What follows the code in answers that are nearly right."""


def noise(count):
    """So many random bytes."""
    return bytes(random.getrandbits(8) for _ in range(count))


def whole(body):
    """A right frame around a body."""
    writer = frames.Writer()
    at = writer.begin(0, len(body))
    frames.copy(writer.out, at, body, 0, len(body))
    return bytes(writer.finish())


def mangled():
    """A frame of the chip, or nearly one."""
    kind = random.getrandbits(3)
    if kind == 0:
        return noise(random.getrandbits(5))
    if kind == 1:
        return random.choice((frames.ACK_FRAME, frames.NACK_FRAME))
    data = bytearray(whole(noise(random.choice((0, 1, 3, 20, 253, 260)))))
    if kind > 3:
        data[random.getrandbits(16) % len(data)] ^= 1 << random.getrandbits(3)
    if kind > 5:
        data = data[: random.getrandbits(16) % len(data)]
    return bytes(data)


def test_frames_out_of_any_bytes():
    random.seed(5)
    reader, found = frames.Reader(), [0] * 5
    for _ in range(LOOKS):
        data = mangled() + mangled()
        start = 0
        for _ in range(len(data)):
            before, start = start, reader.look(data, start, len(data))
            found[reader.kind] += 1
            assert before <= start <= len(data)
            if reader.kind == frames.NONE:
                break
            assert start > before, "it goes on"
            if reader.kind == frames.BODY:
                assert 0 < reader.body_count <= frames.BODY_BYTES
                assert reader.body_at + reader.body_count <= len(data)
    print("NOTE pn532 frames: %d looks, %s" % (LOOKS, found))
    assert all(found)


class BrokenUart:
    """A chip that says anything; time passes with every call."""

    def __init__(self):
        self.now_us = 0
        self.coming = bytearray()

    def init(self, baudrate):
        """Any speed."""

    def irq(self, handler, trigger):
        """Nobody is called."""

    def write(self, buf):
        """Often acknowledged, and answered with something that is nearly right."""
        self.now_us += 10 * len(buf)
        if random.getrandbits(3):
            self.coming += frames.ACK_FRAME
        if random.getrandbits(1):
            code = buf[6] + 1 & 0xFF if len(buf) > 6 else 0
            body = bytes((0xD5, code)) + random.choice(ANSWERS + (noise(9),))
            self.coming += b"\x00\x00\xff" + bytes((len(body), -len(body) & 0xFF)) + body
            self.coming += bytes((-sum(body) & 0xFF, 0))
        else:
            self.coming += mangled()

    def any(self):
        """Sometimes."""
        self.now_us += 20
        if not random.getrandbits(6) and len(self.coming) < 300:
            self.coming += mangled()
        return len(self.coming)

    def readinto(self, buf, nbytes):
        """What was said."""
        self.now_us += 20
        got = min(nbytes, len(self.coming))
        buf[:got] = self.coming[:got]
        self.coming = self.coming[got:]
        return got

    def ticks_us(self):
        """As on the board."""
        self.now_us += 5
        return self.now_us & 0x3FFFFFFF

    def delay_us(self, us):
        """Time passes."""
        self.now_us += us


def test_a_broken_chip_is_an_error_or_silence():
    random.seed(6)
    errors = believed = slowest_us = 0
    frame = bytearray(256)
    for _ in range(BROKEN):
        uart = BrokenUart()
        radio = Pn532(Hsu(uart, uart.ticks_us, 0), uart.ticks_us, uart.delay_us)
        for state in range(5):
            radio._state = state
            started = uart.now_us
            try:
                if not state:
                    radio.start()
                    radio.arm(kit.UID, kit.ATQA, kit.SAK)
                believed += radio.receive(frame, WAIT_US) > 0
                radio.transmit(frame, 5)
                radio.halt()
            except OSError:
                errors += 1
            if state:
                slowest_us = max(slowest_us, uart.now_us - started)
    told = BROKEN, errors, believed, slowest_us
    print("NOTE pn532 broken chip: %d times, %d errors, %d frames believed, %d us at most" % told)
    assert errors and believed and slowest_us <= LATEST_US + 60_000, "a frame, an answer and a halt"


def story(seed):
    """Reader, noise on the wire and watch in random order; then a tap."""
    random.seed(seed)
    bench = kit.Bench(random.choice(kit.WIRES))
    chip, radio = bench.chip, bench.radio
    spoils = (lambda data: data[:-3] + b"\x99" + data[-2:], lambda data: data[:5], lambda data: noise(7) + data)
    for _ in range(STEPS):
        for _ in range(random.getrandbits(2)):
            move = random.choice(
                (
                    lambda: chip.field(True),
                    lambda: chip.field(False),
                    chip.select,
                    lambda: chip.hear(random.choice((kit.RATS, b"\x50\x00", noise(20)))),
                    lambda: chip.hear(b"\x02\x01", random.choice((1, 2, 3, 5, 0x0A))),
                    lambda: chip.spoil.append(random.choice(spoils)),
                )
            )
            bench.time.at(random.getrandbits(13), move)
        try:
            got = radio.receive(bench.frame, WAIT_US)
            if got > 0 and random.getrandbits(2):
                radio.transmit(bench.frame, got)
            elif not random.getrandbits(3):
                radio.halt()
            elif not random.getrandbits(2):
                radio.arm(kit.UID, kit.ATQA, kit.SAK)
        except OSError:
            pass  # a frame stayed damaged; whoever has the radio arms it again
    bench.time.settle()
    chip.spoil.clear()
    chip.field(False)
    radio.start()
    radio.arm(kit.UID, kit.ATQA, kit.SAK)
    bench.tap()


def test_any_order_of_reader_wire_and_watch():
    for seed in range(STORIES):
        try:
            story(seed)
        except Exception:
            print("NOTE seed %d failed" % seed)
            raise
    print("NOTE pn532 fuzz: %d stories of %d steps, the next tap works" % (STORIES, STEPS))
