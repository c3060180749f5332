"""Board parts for what is inside the ESP32, on its stand-ins: secret, watchdog, USB, entropy, buttons, memory."""

import errno
import hashlib
import sys

import micropython

from board.parts import memory, notice
from board.parts.buttons import PinButtons
from board.parts.efuse_secret import EfuseSecret
from board.parts.efuses import hmac_block
from board.parts.entropy import RadioEntropy
from board.parts.secret import device_secret
from board.parts.start_reason import start_reason
from board.parts.usb import UsbStream
from board.parts.watchdog import TaskWatchdog
from board.simulator.chips.esp32s3_hmac import Hmac
from tests.firmware.board.virtual_kit import ROOT, Bench

_HMAC_UP = 8
_CLOCKS, _RESETS = 0x600C_001C, 0x600C_0024
RFC_4231 = (
    (b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    (b"\xaa" * 20, b"\xdd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (bytes(range(1, 26)), b"\xcd" * 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    (
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    (
        b"\xaa" * 131,
        (
            b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
            b"hashed before being used by the HMAC algorithm."
        ),
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ),
)
"""RFC 4231 section 4, all cases but the one that cuts its answer."""


def _block(key):
    """What would be burnt for this key: HMAC fills a short one up with zeros, and hashes a long one."""
    key = hashlib.sha256(key).digest() if len(key) > 64 else key
    return key + bytes(32 - len(key))


def _hmac(key, data):
    """RFC 2104, the plain way."""
    pad = key + bytes(64 - len(key))
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in pad) + data).digest()
    return hashlib.sha256(bytes(byte ^ 0x5C for byte in pad) + inner).digest()


def _machine():
    import machine  # the stand-in asks for hardware when it is used, not when it is imported

    return machine


def test_rfc_4231_through_the_registers():
    """The secret over the modelled peripheral gives the published answers."""
    for key, data, expected in RFC_4231:
        with Bench(keys={3: (_block(key), _HMAC_UP)}) as bench:
            assert EfuseSecret(_machine().mem32, 3).hmac(data).hex() == expected
            assert bench.misuse == [], bench.misuse


def test_every_length_up_to_512():
    """Padding and blocks: each length, against HMAC computed the plain way."""
    key, tried = bytes(range(32)), 0
    with Bench(keys={0: (key, _HMAC_UP)}) as bench:
        secret = EfuseSecret(_machine().mem32, 0)
        for length in tuple(range(0, 260, 7)) + (54, 55, 56, 63, 64, 65, 118, 119, 120, 127, 128, 129, 511, 512):
            data = bytes(index & 0xFF for index in range(length))
            assert secret.hmac(data) == _hmac(key, data), length
            tried += 1
        assert bench.misuse == [], bench.misuse
        assert bench.hardware.registers[_CLOCKS] & 0x20 == 0, "the clock stays on"
    print("NOTE virtual.hmac_lengths", tried)


def test_a_key_for_something_else_is_refused():
    """No key, another purpose, no such block."""
    with Bench(keys={1: (bytes(32), 7)}):
        for block in (0, 1):
            assert _error(OSError, lambda b=block: EfuseSecret(_machine().mem32, b)) == errno.ENODEV
        assert _error(ValueError, lambda: EfuseSecret(_machine().mem32, 6)) is not False


def test_the_peripheral_notices_a_wrong_driver():
    """The model's own guard: no clock, a step out of turn, wrong padding, a busy register."""
    misuse = []
    dead = Hmac({0: (bytes(32), _HMAC_UP)}, lambda: False, misuse)
    dead.write(0x40, 1)
    assert misuse.pop() == "hmac: written without its clock"
    chip = Hmac({0: (bytes(32), _HMAC_UP)}, lambda: True, misuse)
    chip.write(0x50, 1)
    assert "out of turn" in misuse.pop()
    for register, value in ((0x40, 1), (0x44, _HMAC_UP), (0x48, 0), (0x4C, 1)):
        chip.write(register, value)
    chip.write(0x50, 1)
    assert "while it works" in misuse.pop(0)
    chip.write(0xF4, 1)
    assert any("padding" in text for text in misuse), misuse


def test_the_key_block_is_found():
    """Purposes and read protection as espefuse burns them."""
    cases = ((0, 0x34, 24), (1, 0x34, 28), (2, 0x38, 0), (5, 0x38, 12))
    for block, register, shift in cases:
        with Bench() as bench:
            words = bench.hardware.registers
            assert hmac_block(words) is None
            words[0x6000_7000 + register] = _HMAC_UP << shift
            assert hmac_block(words) is None, "a key that can be read is none"
            words[0x6000_7030] = 1 << block
            assert hmac_block(words) == block


def test_a_secret_is_made_once_and_only_from_noise():
    """First start: a file. Second: the same. Without noise: an error and no file."""
    with Bench() as bench:
        path = ROOT + "/secret.bin"
        dead = _Entropy(False)
        assert _error(OSError, lambda: device_secret(None, None, path, dead)) == errno.EIO
        first = device_secret(None, None, path, _Entropy(True))
        again = device_secret(None, None, path, dead)
        assert first.kind == "software" and first.hmac(b"x") == again.hmac(b"x")
        with open(path, "wb") as file:
            file.write(b"short")
        assert _error(ValueError, lambda: device_secret(None, None, path, dead)) is not False
        assert bench.misuse == []


def test_a_damaged_secret_is_said_and_kept():
    """A file that is too short: words on the panel, an error, and the file is as it was."""
    with Bench() as bench:
        path = ROOT + "/secret.bin"
        with open(path, "wb") as file:
            file.write(b"short")
        assert _error(ValueError, bench.build) is not False
        assert bench.hardware.time.now_us > 60_000_000 and bench.shown[-1][3] == 16, bench.shown[-1]
        with open(path, "rb") as file:
            assert file.read() == b"short"


def test_a_key_that_was_burnt_is_used():
    """With a key in the eFuses no file is made."""
    with Bench(keys={5: (bytes(32), _HMAC_UP)}) as bench:
        words = bench.hardware.registers
        words[0x6000_7038], words[0x6000_7030] = _HMAC_UP << 12, 1 << 5
        assert bench.build().secret.kind == "efuse"
        assert bench.misuse == [], bench.misuse


class _Entropy:
    def __init__(self, on):
        self.on = on

    def running(self):
        return self.on

    def read(self, into):
        into[:] = bytes(range(1, len(into) + 1))


def test_the_watchdog_bites_and_remembers():
    """A call that does not come back ends in a reset whose start knows it; one that came back is not blamed."""
    with Bench() as bench:
        machine = _machine()
        first = TaskWatchdog(lambda ms: machine.WDT(timeout=ms), machine.RTC(), False)
        note = b"app.tides"
        first.settle()
        first.begin(note, 3000)
        bench.wait_ms(2900)
        first.end()
        bench.wait_ms(600_000)
        first.begin(note, 3000)
        assert _restarts(lambda: bench.wait_ms(3100))
        assert machine.reset_cause() == machine.WDT_RESET
        second = TaskWatchdog(lambda ms: machine.WDT(timeout=ms), machine.RTC(), True)
        assert (second.note(), second.note()) == (note, b"")
        second.begin(note, 3000)
        second.end()
        assert TaskWatchdog(lambda ms: None, machine.RTC(), True).note() == b"", "it had come back"
        for garbage in (b"", b"TWN1", b"TWN1\xff" + bytes(28), bytes(33)):
            machine.RTC().memory(garbage)
            assert TaskWatchdog(lambda ms: None, machine.RTC(), True).note() == b""


def test_a_start_that_hangs_is_ended_whatever_apps_have_done():
    """boot.py sets the time; a call of an app sets it anew until the watch is up, and blames nobody."""
    with Bench() as bench:
        machine = _machine()
        machine.WDT(timeout=120_000)
        dog = TaskWatchdog(lambda ms: machine.WDT(timeout=ms), machine.RTC(), False)
        bench.wait_ms(100_000)
        dog.begin(b"face", 3000)
        dog.end()
        bench.wait_ms(119_000)
        assert _restarts(lambda: bench.wait_ms(2_000))
        assert machine.reset_cause() == machine.WDT_RESET
        dog = TaskWatchdog(lambda ms: machine.WDT(timeout=ms), machine.RTC(), True)
        assert dog.note() == b""
        dog.settle()
        bench.wait_ms(600_000)


def test_the_watchdog_allocates_nothing():
    """Calls of two apps by turns, with the heap locked."""
    rtc = _Rtc()
    dog = TaskWatchdog(rtc.set, rtc, False)
    first, second = b"app.tides", b"face.analogue.of.24.byte"
    dog.begin(first, 3000)
    notes = (first, second, second, first)
    micropython.heap_lock()
    try:
        for note in notes:
            dog.begin(note, 3000)
            dog.end()
    finally:
        micropython.heap_unlock()
    dog.begin(second, 3000)
    assert rtc.timeout_ms == 3000 and TaskWatchdog(rtc.set, rtc, True).note() == second


class _Rtc:
    """The memory and the watchdog of a port that allocates nothing."""

    def __init__(self):
        self.kept, self.timeout_ms = b"", 0

    def memory(self, data=None):
        if data is not None:
            self.kept = data
        return self.kept

    def set(self, ms):
        self.timeout_ms = ms


class _Line:
    """The USB port of the watch: bytes come at times."""

    def __init__(self, bench):
        self._bench, self.coming, self.sent = bench, [], b""

    def put(self, data, after_ms=0):
        now_us = self._bench.hardware.time.now_us + after_ms * 1000
        self.coming += [(now_us, byte) for byte in data]

    def waits(self):
        self._bench.wait_ms(1)
        return bool(self.coming) and self.coming[0][0] <= self._bench.hardware.time.now_us

    def readinto(self, into):
        assert len(into) == 1 and self.coming, "this would wait"
        into[0] = self.coming.pop(0)[1]

    def write(self, data):
        self.sent += bytes(data[:7])
        return min(7, len(data))


def _stream(bench, breaks):
    machine, line = _machine(), _Line(bench)
    ticks_ms = sys.modules["time"].ticks_ms
    return line, UsbStream(line, line, line.waits, machine.Timer(0), ticks_ms, breaks)


def test_usb_carries_bytes_and_calls():
    """A listener is called within 20 ms or so; what is read is what came; short writes go on."""
    with Bench() as bench:
        line, stream = _stream(bench, True)
        calls, into = [], bytearray(8)
        stream.listen(lambda: calls.append(1))
        bench.wait_ms(100)
        assert not calls and stream.read(into) == 0
        line.put(b"\x00\x04\x83\x03\x0d\x03")
        bench.wait_ms(45)
        assert calls and stream.read(into) == 6 and into[:6] == b"\x00\x04\x83\x03\x0d\x03"
        stream.write(bytes(range(20)))
        assert line.sent == bytes(range(20))


def test_a_break_opens_the_repl_of_a_development_image_only():
    """The bytes of mpremote raise after silence; inside of a stream, or in a release image, they are bytes."""
    for breaks, quiet_ms, data, expected in (
        (True, 600, b"\r\x03", None),
        (True, 600, b"\r\x03\r\x01", None),
        (True, 600, b"\r\x03x", b"\r\x03x"),
        (True, 600, b"\r", b"\r"),
        (True, 600, b"\x03", b"\x03"),
        (True, 100, b"\r\x03", b"\r\x03"),
        (False, 600, b"\r\x03", b"\r\x03"),
    ):
        with Bench() as bench:
            line, stream = _stream(bench, breaks)
            bench.wait_ms(quiet_ms)
            line.put(data)
            into = bytearray(8)
            try:
                found = bytes(into[: stream.read(into)])
            except KeyboardInterrupt:
                found = None
            assert found == expected, (breaks, quiet_ms, data, found)


def test_noise_runs_only_while_it_is_needed():
    """Asking switches the receiver on; two seconds later it is off, and then nothing is read."""
    with Bench() as bench:
        import network

        receiver = network.WLAN(network.STA_IF)
        entropy = RadioEntropy(receiver, _machine().Timer(1), bytes)
        into = bytearray(4)
        assert _error(OSError, lambda: entropy.read(into)) == errno.EIO
        assert entropy.running() and receiver.active()
        entropy.read(into)
        bench.wait_ms(1000)
        assert entropy.running()
        bench.wait_ms(1500)
        assert receiver.active()
        bench.wait_ms(1000)
        assert not receiver.active()


def test_buttons_do_not_bounce():
    """Edges within 8 ms are one press; the level that stays is told."""
    with Bench() as bench:
        machine = _machine()
        buttons = PinButtons((machine.Pin(0, machine.Pin.IN, machine.Pin.PULL_UP),), sys.modules["time"].ticks_ms)
        for level in (True, False, True, False, True):
            bench.wiring.press(level)
            bench.wait_ms(1)
        assert buttons.read() == 1 and buttons.read() == -1
        bench.wait_ms(20)
        bench.wiring.press(False)
        bench.wait_ms(1)
        bench.wiring.press(True)
        bench.wait_ms(1)
        bench.wiring.press(False)
        bench.wait_ms(20)
        assert buttons.read() == 0 and buttons.read() == -1


def test_a_watch_without_psram_says_so():
    """White letters on the panel, words on the line."""
    assert memory.enough(100_000, 8_000_000) and not memory.enough(150_000, 60_000)
    with Bench() as bench:
        board, said = bench.build(), []
        shown = len(bench.shown)
        notice.tell(board.display, memory.ADVICE, said.append)
        assert tuple(said) == memory.ADVICE
        assert len(bench.shown) - shown == len(memory.ADVICE) and bench.lights[-1] > 0
        waits = []
        assert memory.demand(board.display, 2_000_000, 200_000, said.append, waits.append) is None and not waits
        number = _error(OSError, lambda: memory.demand(board.display, 90_000, 60_000, said.append, waits.append))
        assert number == errno.ENOMEM and waits == [60_000]
        assert bench.misuse == [], bench.misuse


def test_words_for_a_start():
    """reset_cause in words."""
    words = [start_reason(cause, False) for cause in range(6)] + [start_reason(1, True)]
    assert words == ["", "power", "restart", "watchdog", "sleep", "restart", "button"]


def _restarts(action):
    try:
        action()
    except SystemExit:
        return True
    return False


def _error(kind, action):
    """The number of the error, None for one without; False if it did not raise."""
    try:
        action()
    except kind as error:
        return getattr(error, "errno", None)
    return False
