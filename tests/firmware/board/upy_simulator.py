"""The watch's side of the simulator: its queues and its end of the host link, against a scripted stream."""

import errno
import io
import random
import struct

import micropython

from board.simulator import frames
from board.simulator.inputs import Buttons, Touch
from board.simulator.link import Link
from board.simulator.outputs import Display
from board.simulator.ring import Ring
from board.simulator.usb import Usb
from tests.fuzz.campaign import count

_POLL = 3  # ioctl request of a stream that is polled


class Wire(io.IOBase):
    """A non-blocking stream: gives `incoming` in pieces of at most `piece` bytes, then ends; keeps what is sent."""

    def __init__(self, incoming=b"", piece=1000):
        self.incoming = incoming
        self.piece = piece
        self.sent = bytearray()
        self.count_only = False

    def readinto(self, into):
        """At most one piece."""
        size = min(len(into), self.piece, len(self.incoming))
        into[:size] = self.incoming[:size]
        self.incoming = self.incoming[size:]
        return size

    def write(self, data, offset=0, size=None):
        """At most one piece."""
        size = min(len(data) if size is None else size, self.piece)
        if not self.count_only:
            self.sent += data[offset : offset + size]
        return size

    def ioctl(self, request, argument):
        """Always ready; no file descriptor that the poll could ask instead."""
        return argument if request == _POLL else -1


def frame(kind, payload=b""):
    """One frame as the host sends it."""
    return struct.pack(">BI", kind, len(payload)) + payload


def raised(kind, access, *arguments):
    """The error of this kind that `access` raises, or None."""
    try:
        access(*arguments)
    except kind as error:
        return error
    return None


def test_ring_keeps_order_and_when_full_the_newest():
    ring = Ring(2, 3)
    calls = []
    ring.listen(lambda: calls.append(1))
    for value in range(5):
        ring.put(value, -value)
    got = []
    event = [0, 0]
    while ring.take(event):
        got.append(tuple(event))
    assert got == [(0, 0), (1, -1), (4, -4)], got
    assert len(calls) == 5


def test_ring_take_allocates_nothing():
    ring = Ring(3, 4)
    event = [0, 0, 0]
    ring.put(1, 2, 3)
    micropython.heap_lock()
    try:
        taken = ring.take(event)
    finally:
        micropython.heap_unlock()
    assert taken and event == [1, 2, 3]


def test_frames_are_sent_whole_through_a_narrow_wire():
    wire = Wire(piece=3)
    Link(wire).send(frames.DISPLAY_WRITE, b"header", b"pixels and more", 6)
    assert wire.sent == frame(frames.DISPLAY_WRITE, b"headerpixels")


def test_a_display_write_allocates_nothing_but_what_the_stream_does():
    wire = Wire(piece=100000)
    wire.count_only = True
    display = Display(Link(wire), 410, 502, 115, 2)
    pixels = memoryview(bytes(800))
    display.write(0, 0, 20, 20, pixels)
    micropython.heap_lock()
    try:
        display.write(0, 0, 20, 20, pixels)
        display.brightness(9)
    finally:
        micropython.heap_unlock()


def test_events_that_come_before_a_reply_are_not_lost():
    touch = frame(frames.TOUCH, struct.pack(">BHH", 1, 5, 6))
    buttons = frame(frames.BUTTONS, b"\x01")
    link = Link(Wire(touch + buttons + frame(frames.REPLY, b"\0data"), piece=2))
    panel = Touch(link)
    keys = Buttons(link)
    assert bytes(link.call(frames.FLASH_READ, bytes(8))) == b"data"
    point = [0, 0, 0]
    assert panel.read(point) and point == [1, 5, 6]
    assert keys.read() == 1 and keys.read() == -1


def test_the_number_of_an_error_reaches_the_driver():
    link = Link(Wire(frame(frames.REPLY, bytes([errno.EIO]))))
    assert raised(OSError, link.call, frames.FLASH_ERASE, bytes(4)).errno == errno.EIO


def test_a_frame_that_nobody_expects_is_named():
    link = Link(Wire(frame(0x55)))
    assert "0x55" in str(raised(ValueError, link.call, frames.FLASH_ERASE, bytes(4)))


def test_the_configuration_comes_first():
    assert Link(Wire(frame(frames.CONFIG, b"{}"))).first(frames.CONFIG) == b"{}"
    assert raised(ValueError, Link(Wire(frame(frames.TOUCH))).first, frames.CONFIG)


def test_the_end_of_the_host_is_an_error():
    assert raised(OSError, Link(Wire(b"\x81\0")).call, frames.FLASH_ERASE, bytes(4)).errno == errno.ECONNRESET


def test_noise_raises_declared_errors_only():
    random.seed(7)
    refused = 0
    kinds = (frames.TOUCH, frames.BUTTONS, frames.REPLY, frames.USB, 0x55)
    streams = count(600, 5)
    for _ in range(streams):
        noise = bytes(random.getrandbits(8) for _ in range(random.randrange(24)))
        data = frame(random.choice(kinds), noise[: random.randrange(8)]) + noise
        link = Link(Wire(data, piece=5))
        Touch(link), Buttons(link), Usb(link)
        try:
            link.call(frames.FLASH_ERASE, bytes(4))
        except (ValueError, OSError):
            refused += 1
    print("NOTE host link in the watch:", streams, "noisy streams,", refused, "refused")


def test_usb_gives_bytes_in_order_across_reads():
    link = Link(Wire(frame(frames.USB, b"hello ") + frame(frames.USB, b"world") + frame(frames.REPLY, b"\0")))
    usb = Usb(link)
    link.call(frames.FLASH_ERASE, bytes(4))
    piece = bytearray(4)
    got = b""
    while True:
        count = usb.read(piece)
        if not count:
            break
        got += piece[:count]
    assert got == b"hello world", got


def test_usb_that_nobody_reads_is_an_error():
    full = b"".join(frame(frames.USB, bytes(4096)) for _ in range(5))
    link = Link(Wire(full))
    Usb(link)
    assert "does not read" in str(raised(ValueError, link.call, frames.FLASH_ERASE, bytes(4)))
