"""Answers of the BHI260AP: late, stale, refused. BST-BHI260AP-DS000, section 14.2.1 and table 86."""

import errno

from drivers.bhi260ap_bus import HubBus
from tests.firmware.drivers.panel_kit import raised

_PRESENT = 0x011F
_BITS = bytes(range(32))


def packet(code, data=b""):
    """One packet of the status channel."""
    return bytes((code & 0xFF, code >> 8, len(data) & 0xFF, len(data) >> 8)) + data


class Hub:
    """The status channel, one packet after the other, each ready after some milliseconds; the commands that came."""

    def __init__(self, packets, late_ms=2):
        self.packets, self.late_ms, self.now_ms = list(packets), late_ms, 0
        self.commands, self._ready_ms = [], 0
        self.bus = HubBus(self, self.wait)

    def wait(self, delay_ms):
        """Time goes by."""
        self.now_ms += delay_ms

    def writeto_mem(self, addr, memaddr, buf):
        """A command."""
        self.commands.append(bytes(buf))
        self._ready_ms = self.now_ms + self.late_ms

    def readfrom_mem_into(self, addr, memaddr, buf):
        """The interrupt status, or what waits."""
        waits = self.packets and self.now_ms >= self._ready_ms
        if memaddr == 0x2D:
            buf[0] = 0x20 if waits else 0
            return
        assert memaddr == 0x03 and waits, "read what does not wait"
        rest = self.packets[0]
        buf[:] = rest[: len(buf)]
        assert len(rest) >= len(buf), "read beyond the end of a packet"
        self.packets[0] = rest[len(buf) :]
        if not self.packets[0]:
            self.packets.pop(0)


def test_an_answer_may_have_the_bit_of_the_question_or_not():
    for code in (_PRESENT, _PRESENT | 0x1000):
        hub, into = Hub([packet(code, _BITS)]), bytearray(32)
        assert hub.bus.parameter(_PRESENT, into) == 32 and into == _BITS
        assert hub.commands == [b"\x1f\x11\0\0"] and hub.packets == []


def test_what_belongs_to_something_else_is_taken_out_of_the_way():
    for stale in (packet(0x0121, bytes(20)), packet(0x0003, bytes(8)), packet(0, b""), packet(0x0120, bytes(255))):
        hub, into = Hub([stale, stale, packet(_PRESENT, _BITS)]), bytearray(32)
        assert hub.bus.parameter(_PRESENT, into) == 32 and into == _BITS and hub.packets == [], stale


def test_a_hub_that_is_busy_answers_late_and_one_that_never_does_ends_the_wait():
    hub = Hub([packet(_PRESENT, _BITS)], 900)
    assert hub.bus.parameter(_PRESENT, bytearray(32)) == 32 and hub.now_ms < 950
    silent = Hub([])
    assert raised(OSError, silent.bus.parameter, _PRESENT, bytearray(32)).errno == errno.ETIMEDOUT
    assert 900 <= silent.now_ms <= 1100
    chatty = Hub([packet(0x0121, bytes(20))] * 500)
    assert raised(OSError, chatty.bus.parameter, _PRESENT, bytearray(32)).errno == errno.ETIMEDOUT


def test_a_refusal_and_an_answer_that_is_too_long_are_errors():
    for wrong in (packet(0x000F, b"\x1f\x11\x03\0"), packet(_PRESENT, bytes(33)), b"\x20\x01\xff\xff"):
        assert raised(OSError, Hub([wrong]).bus.parameter, _PRESENT, bytearray(32)).errno == errno.EIO
