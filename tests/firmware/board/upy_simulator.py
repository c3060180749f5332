"""The watch's side of the simulator: its queues and its end of the host link, against a scripted stream."""

import errno
import io
import random
import struct

import micropython

from board.simulator import frames
from board.simulator.chips.spi import InterruptPin
from board.simulator.desk import Desk
from board.simulator.inputs import Finger
from board.simulator.link import Link
from board.simulator.power import Hands, PowerLine, PowerRoom
from board.simulator.ring import Ring
from board.simulator.screen import Screen
from board.simulator.usb import Usb
from tests.fuzz.campaign import count
from watch.kernel.virtual import VirtualTime

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


class Skin:
    """A touch controller and a key that take every event."""

    waits = resting = False

    def key(self, down):
        """Feel it."""

    def touch(self, down, x, y):
        """Feel it."""


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
    for value in range(5):
        ring.put(value, -value)
    got = []
    event = [0, 0]
    while ring.take(event):
        got.append(tuple(event))
    assert got == [(0, 0), (1, -1), (4, -4)], got


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


SIZES = ((410, 502), (240, 240))


def screen_on(wire, size):
    """The screen of the simulated watch and its link."""
    link = Link(wire)
    return Screen(link, {"width": size[0], "height": size[1]}), link


def test_the_screen_starts_lit_and_bright():
    for size in SIZES:
        wire = Wire()
        screen_on(wire, size)
        assert wire.sent == frame(frames.DISPLAY_SLEEP, b"\0") + frame(frames.DISPLAY_BRIGHTNESS, b"\xff"), size


def test_unknown_panels_are_refused():
    assert raised(ValueError, screen_on, Wire(), (240, 241))


def test_pixels_go_through_driver_and_panel_to_the_host_in_one_piece():
    for size in SIZES:
        wire = Wire()
        screen, _ = screen_on(wire, size)
        wire.sent = bytearray()
        pixels = bytes(range(48))
        screen.display.write(size[0] - 6, size[1] - 4, 6, 4, memoryview(pixels))
        window = struct.pack(">HHHH", size[0] - 6, size[1] - 4, 6, 4)
        assert wire.sent == frame(frames.DISPLAY_WRITE, window + pixels), size


def test_a_picture_written_to_a_sleeping_panel_is_there_when_it_wakes():
    for size in SIZES:
        wire = Wire()
        screen, _ = screen_on(wire, size)
        wire.sent = bytearray()
        screen.display.sleep(True)
        screen.display.write(0, 0, 2, 2, memoryview(bytes(8)))
        screen.display.sleep(False)
        light = size == (240, 240)  # its backlight is a part of its own
        before = frame(frames.DISPLAY_BRIGHTNESS, b"\0") if light else b""
        after = frame(frames.DISPLAY_BRIGHTNESS, b"\xff") if light else b""
        picture = frame(frames.DISPLAY_WRITE, struct.pack(">HHHH", 0, 0, 2, 2) + bytes(8))
        asleep, awake = frame(frames.DISPLAY_SLEEP, b"\1"), frame(frames.DISPLAY_SLEEP, b"\0")
        assert wire.sent == before + asleep + picture + awake + after, size


def test_a_simulated_watch_does_not_hide_misuse():
    screen, _ = screen_on(Wire(), SIZES[0])
    assert "unknown command" in str(raised(RuntimeError, screen.display._wire.send, 0x77, b""))


def pressed(link):
    """The buttons of the simulated watch, the first of them that of BOOT."""
    return PowerRoom(Desk(link, VirtualTime(0), ()), 80, False, True).buttons


def touched(*events):
    """What the host sends for these."""
    return b"".join(frame(frames.TOUCH, struct.pack(">BHH", *event)) for event in events)


def test_events_that_come_before_a_reply_are_not_lost():
    """A tap and another one, all in one go: the finger waits until the watch has looked."""
    events = ((1, 5, 6), (1, 7, 8), (0, 7, 8), (1, 100, 200), (0, 100, 200))
    for size in SIZES:
        incoming = touched(*events) + frame(frames.BUTTONS, b"\x01") + frame(frames.REPLY, b"\0data")
        screen, link = screen_on(Wire(incoming, piece=2), size)
        calls = []
        screen.touch.listen(lambda: calls.append(1))
        keys = pressed(link)
        assert bytes(link.call(frames.FLASH_READ, bytes(8))) == b"data"
        point, got = [0, 0, 0], []
        while screen.touch.read(point):
            got.append(tuple(point))
        assert tuple(got) == events, got
        assert calls and keys.read() == 1 and keys.read() == -1


def test_a_finger_on_a_sleeping_watch_is_not_remembered():
    for size in SIZES:
        replies = [touched((1, 5, 6), (0, 5, 6)) + frame(frames.REPLY, b"\0")]
        replies.append(touched((1, 9, 9)) + frame(frames.REPLY, b"\0"))
        wire = Wire()
        screen, link = screen_on(wire, size)
        point = [0, 0, 0]
        screen.touch.sleep(True)
        wire.incoming = replies[0]
        link.call(frames.FLASH_READ, bytes(8))
        assert not screen.touch.read(point)
        screen.touch.sleep(False)
        assert not screen.touch.read(point)
        wire.incoming = replies[1]
        link.call(frames.FLASH_READ, bytes(8))
        assert screen.touch.read(point) and point == [1, 9, 9], size


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
        Finger(link, Skin()), Usb(link), Hands(Desk(link, VirtualTime(0), ()), PowerLine(), InterruptPin(1), Skin())
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
