"""The USB stream of a release image hands on every byte, whatever a computer sends to get a REPL."""

from board.parts.usb import UsbStream
from watch.crypto import cbor
from watch.exchange.frames import framed

SHARE = "flash and update"
SESSION = b"".join([framed(cbor.encode([kind, number, None])) for number, kind in enumerate((1, 2, 28, 1))])
BREAKS = (
    b"\x01",
    b"\x02",
    b"\x03",
    b"\x04",
    b"\x05A\x01",
    b"\r\x03",
    b"\r\x03\x03",
    b"\r\x03\r\x01",
    b"\r\x03\r\x01\x04print(1)\x04\x02",
)
PAUSES_MS = (0, 21, 501)


class Line:
    """Bytes that come with pauses between them: `parts` is [milliseconds before, bytes]."""

    def __init__(self, parts):
        self._parts = parts
        self._waiting = b""
        self.now_ms = 0

    def ticks_ms(self):
        self.now_ms += 1
        if self._parts:
            self._parts[0][0] -= 1
            if self._parts[0][0] <= 0:
                self._waiting += self._parts.pop(0)[1]
        return self.now_ms & 0x3FFF_FFFF

    def waits(self):
        self.ticks_ms()
        return bool(self._waiting)

    def readinto(self, into):
        into[0] = self._waiting[0]
        self._waiting = self._waiting[1:]

    @property
    def over(self):
        return not self._parts and not self._waiting


def heard(parts, development):
    """What the stream hands on; None once it has raised KeyboardInterrupt."""
    line = Line([list(part) for part in parts])
    stream = UsbStream(line, None, line.waits, None, line.ticks_ms, development)
    into, found = bytearray(64), b""
    try:
        while not line.over or stream._early_count:
            found += bytes(into[: stream.read(into)])
    except KeyboardInterrupt:
        return None
    return found


def around(offset, sent, pause_ms):
    """The session with these bytes in it, before and behind them a pause."""
    return (1, SESSION[:offset]), (pause_ms, sent), (pause_ms, SESSION[offset:])


def test_at_every_offset_of_a_session():
    tried = 0
    for offset in range(len(SESSION) + 1):
        for sent in BREAKS:
            for pause_ms in PAUSES_MS:
                parts = around(offset, sent, pause_ms)
                assert heard(parts, False) == SESSION[:offset] + sent + SESSION[offset:], (offset, sent, pause_ms)
                tried += 1
    print("NOTE release: %d times a break in a session, each byte handed on" % tried)


def test_a_development_image_would_have_been_interrupted():
    """Of two that come a millisecond apart one arrives before the look at the line, which is when it counts."""
    for offset, sent in ((0, b"\r\x03\r\x01"), (len(SESSION), b"\r\x03")):
        assert None in [heard(around(offset, sent, pause_ms), True) for pause_ms in (700, 701)], offset
