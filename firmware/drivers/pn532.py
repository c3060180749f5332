"""PN532 as an NFC-A listener: `ports.Nfc` for development. Not for strict payment terminals; docs/nfc.md says why.

The chip does anticollision alone and is kept from doing ISO/IEC 14443-4: its own would announce a frame waiting time
and NAD that EMV forbids. So RATS comes to us as the first frame, and the answer to select is ours. The chip hears a
reader only while it is asked to: a command waits at it all the time. Commands: UM0701-02 section 7.3.
"""

import errno

import micropython
from micropython import const

from drivers.pn532_frames import copy
from drivers.pn532_link import Link

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from drivers.pn532_link import Wire

_FIRMWARE_VERSION = const(0x02)
_WRITE_REGISTER = const(0x08)
_SET_SPEED = const(0x10)
_SET_PARAMETERS = const(0x12)
_CONFIGURE_SAM = const(0x14)
_GET_COMMAND = const(0x88)  # TgGetInitiatorCommand
_ANSWER = const(0x90)  # TgResponseToInitiator
_INIT_TARGET = const(0x8C)  # TgInitAsTarget

_SETUP_US = const(100_000)
_SENDING_US = const(60_000)
"""The longest answer takes 22 ms on the air; the chip says when it is out."""
_CHIP = const(0x32)
_NO_SAM = b"\x01\x00\x01"  # normal mode, no timeout, interrupt line used
_NO_PROTOCOL = b"\x00"  # the chip answers neither RATS nor ATR_REQ by itself
_NO_DETECTOR = b"\x63\x01\x3f"  # CIU_Mode: type A alone, as nfcpy sets it
_PASSIVE_ONLY = const(0x01)
_TARGET_BYTES = const(37)

_UID_BYTES = const(4)
_UID_FIRST = const(0x08)
_ATQA_BYTES = const(2)
_LONGEST = const(254)
"""Data bytes of the longest frame."""
_RATE = const(0x70)
_STATUS = const(0x3F)
_DATA = const(3)
"""Where the data begin in an answer: after direction, code, and status or mode."""
_NOISE = (0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x09, 0x0B, 0x13)
"""Statuses of a frame that was none: the reader says it again. Any other means that the reader has gone."""
_TICKS = const(0x3FFF_FFFF)

_OFF = const(0)
_WAITING = const(1)  # for a reader: TgInitAsTarget
_TURN = const(2)  # ours: nothing under way
_HEARING = const(3)  # TgGetInitiatorCommand
_SENDING = const(4)  # TgResponseToInitiator


class Pn532:
    """One chip as a target."""

    def __init__(self, wire: "Wire", ticks_us: "Callable[[], int]", delay_us: "Callable[[int], object]") -> None:
        """`wire` is a `pn532_hsu.Hsu` or `pn532_i2c.I2cLink`; `ticks_us` wraps at 2^30 or a multiple of it."""
        self._link = Link(wire, ticks_us, delay_us)
        self._wire = wire
        self._ticks_us = ticks_us
        self._callback: "Optional[Callable[[], None]]" = None
        self._serving = False
        self._target = bytearray(_TARGET_BYTES)
        self._state = _OFF

    def start(self) -> None:
        """Wake the chip and set it up. Raises OSError: ENODEV if it is another one, else ETIMEDOUT or EIO."""
        link, wire = self._link, self._wire
        self._state = _OFF
        self._wake()
        count = link.command(_FIRMWARE_VERSION, b"", _SETUP_US)
        if count <= _DATA or link.reply[_DATA - 1] != _CHIP:
            raise OSError(errno.ENODEV)
        if wire.speed_code >= 0:
            link.command(_SET_SPEED, bytes((wire.speed_code,)), _SETUP_US)
            link.abort()  # its acknowledgement makes the chip change, and its wait is longer than that takes
            wire.change_speed()
        link.command(_SET_PARAMETERS, _NO_PROTOCOL, _SETUP_US)
        link.command(_WRITE_REGISTER, _NO_DETECTOR, _SETUP_US)

    def _wake(self) -> None:
        """Find the chip at either speed, and end what it was doing when the board restarted."""
        link, wire = self._link, self._wire
        for fast in (False, True):
            wire.wake(fast)
            try:
                link.abort()
                link.command(_CONFIGURE_SAM, _NO_SAM, _SETUP_US)
                return
            except OSError:
                if fast or wire.speed_code < 0:
                    raise

    def listen(self, callback: "Callable[[], None]") -> None:
        """Call back when the chip has something to say while nobody is in `receive`."""
        self._callback = callback
        self._wire.listen(self._interrupt)

    def _interrupt(self, source: object) -> None:
        if not self._serving and self._callback and self._wire.waiting():
            self._callback()

    def arm(self, uid: bytes, atqa: bytes, sak: int) -> None:
        """Answer readers with this UID (4 bytes, first 08: the chip knows no other), ATQA and SAK.

        While a reader is served it takes effect with the next one. Raises ValueError and OSError.
        """
        if len(uid) != _UID_BYTES or uid[0] != _UID_FIRST or len(atqa) != _ATQA_BYTES or not 0 <= sak <= 0xFF:
            raise ValueError("nfc: UID of 4 bytes that begins with 08, ATQA of 2, SAK of 1")
        target = self._target
        target[0] = _PASSIVE_ONLY
        target[1:3] = atqa
        target[3:6] = uid[1:]
        target[6] = sak
        if self._state <= _WAITING:
            self._link.abort()  # whatever is under way
            self._await_reader()

    def disarm(self) -> None:
        """Answer no reader any more. Raises OSError."""
        self._state = _OFF
        self._link.abort()

    def field(self) -> bool:
        """True while a reader has selected the card: the chip tells nothing of a field before that."""
        return self._state > _WAITING

    def receive(self, frame: bytearray, timeout_us: int) -> int:
        """Wait for one frame after SELECT. Returns its length without CRC; 0 at the timeout; -1 without a reader.

        Raises ValueError if `frame` is shorter than 254 bytes, OSError if the chip stops answering. Allocates nothing.
        """
        if len(frame) < _LONGEST:
            raise ValueError("nfc: buffer shorter than a frame")
        self._serving = True
        try:
            return self._wait(frame, timeout_us)
        finally:
            self._serving = False

    @micropython.native  # as bytecode its frame would come from the heap
    def _wait(self, frame: bytearray, timeout_us: int) -> int:
        start = self._ticks_us()
        while True:
            if self._state == _TURN:
                self._hear()
            got = self._advance(frame)
            if got:
                return got
            if self._state <= _WAITING:
                return -1
            waited = (self._ticks_us() - start) & _TICKS
            if waited >= timeout_us and self._state != _SENDING:
                return 0
            if waited >= timeout_us + _SENDING_US:
                self._state = _OFF
                raise OSError(errno.ETIMEDOUT)

    def transmit(self, frame: bytearray, length: int) -> None:
        """Send `length` bytes, 1 to 254; the chip appends the CRC. Allocates nothing. Raises ValueError, OSError.

        Nothing is sent unless a frame was received since the last time.
        """
        if not 0 < length <= _LONGEST or length > len(frame):
            raise ValueError("nfc: frame of 1 to 254 bytes")
        if self._state != _TURN:
            return
        writer = self._link.writer
        copy(writer.out, writer.begin(_ANSWER, length), frame, 0, length)
        self._issue(_ANSWER, _SENDING)

    def halt(self) -> None:
        """Answer no more frames of this reader once the answer is out. Raises OSError.

        The chip has no way to HALT: it answers REQA as well as WUPA afterwards.
        """
        start = self._ticks_us()
        while self._state == _SENDING and (self._ticks_us() - start) & _TICKS < _SENDING_US:
            self._sent()
        if self._state > _WAITING:
            if self._state != _TURN:
                self._link.abort()
            self._await_reader()

    def _await_reader(self) -> None:
        writer = self._link.writer
        copy(writer.out, writer.begin(_INIT_TARGET, _TARGET_BYTES), self._target, 0, _TARGET_BYTES)
        self._issue(_INIT_TARGET, _WAITING)

    def _hear(self) -> None:
        self._link.writer.begin(_GET_COMMAND, 0)
        self._issue(_GET_COMMAND, _HEARING)

    def _issue(self, code: int, state: int) -> None:
        self._state = _OFF  # until the chip has understood: a bus that fails leaves nobody waiting
        self._link.issue(code)
        self._state = state

    def _poll(self) -> int:
        try:
            return self._link.poll()
        except OSError:
            self._state = _OFF
            raise

    def _advance(self, frame: bytearray) -> int:
        """Look what the chip says. Returns the length of a frame if there is one, else 0."""
        state = self._state
        if state == _SENDING:
            self._sent()
            return 0
        if state == _OFF:
            return 0
        count = self._poll()
        if not count:
            return 0
        reply = self._link.reply
        fresh = state == _WAITING
        if count < _DATA or reply[_DATA - 1] & (_RATE if fresh else _STATUS):
            self._refuse(count, fresh)
            return 0
        self._state = _TURN
        length = count - _DATA
        if length > _LONGEST:
            return 0
        copy(frame, 0, reply, _DATA, length)
        return length

    def _refuse(self, count: int, fresh: bool) -> None:
        """No frame for us: noise, another bit rate, or the reader has gone."""
        if not fresh and count >= _DATA and self._link.reply[_DATA - 1] & _STATUS in _NOISE:
            self._state = _TURN
        else:
            self._await_reader()

    def _sent(self) -> None:
        """See whether the answer is out."""
        count = self._poll()
        if not count:
            return
        if count >= _DATA and not self._link.reply[_DATA - 1] & _STATUS:
            self._state = _TURN
        else:
            self._await_reader()
