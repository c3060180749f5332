"""PN532, at the level of its host commands: what a driver sees of a chip that is a target. Time is in microseconds.

Written after UM0701-02 (sections 6.2, 7.2 and 7.3) and how nfcpy and others use the chip. What they do not say is
marked "unsure" here, and taken in the strict way. What a host must not do is written down in `misuse`; `missed` counts
what the chip did not hear of its reader. The wires are in pn532_wires.py.
"""

from micropython import const

from board.simulator.chips.timeline import Timeline

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

ACK = b"\x00\x00\xff\x00\xff\x00"
NACK = b"\x00\x00\xff\xff\x00\x00"
SYNTAX_ERROR = b"\x00\x00\xff\x01\xff\x7f\x81\x00"
_VERSION = b"\x32\x01\x06\x07"
_BODY_BYTES = const(265)

ACK_US = const(300)
"""Until a command is acknowledged; the manual says 15 ms at most (unsure what is usual)."""
LONGEST_ACK_US = const(15_000)
ABORT_US = const(300)
"""From the host's acknowledgement, which ends a command, until the chip hears the next one (unsure)."""
LONGEST_ABORT_US = const(1_000)
"""What nfcpy waits."""
RESEND_US = const(300)
"""From the request to send a frame again until it does (unsure)."""
LONGEST_RESEND_US = const(3_000)
"""An assumption."""
LONGEST_WORK_US = const(1_200)
"""So much, and ATS is on its way within the 5.3 ms that a reader waits (the driver's own limit)."""
WORK_US = const(700)
"""Until a short command is answered, or a frame is handed over (unsure)."""
BYTE_US = const(85)
"""One byte and its parity bit on the air at 106 kbit/s."""
DELAY_US = const(87)
"""Shortest delay of an answer on the air, ISO/IEC 14443-3."""

_DIAGNOSE = const(0x00)
_ECHO = const(0x00)
_SAM = const(0x14)
_SPEED = const(0x10)
_INIT_TARGET = const(0x8C)
_GET_COMMAND = const(0x88)
_ANSWER = const(0x90)
_GET_STATUS = const(0x8A)
_TARGET_DATA = const(37)
_PICC = const(0x20)
SPEEDS = (9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 1288000)

RELEASED = const(0x29)
"""Status when the reader's field has gone; 0A and 31 are told of too."""
_WRONG_STATE = const(0x25)


def frame(body: bytes) -> bytes:
    """A host frame around a body."""
    count = len(body)
    if count <= 255:
        head = bytes((count, -count & 0xFF))
    else:
        head = bytes((0xFF, 0xFF, count >> 8, count & 0xFF, -((count >> 8) + (count & 0xFF)) & 0xFF))
    return b"\x00\x00\xff" + head + body + bytes((-sum(body) & 0xFF, 0))


class Pn532:
    """One chip and the reader in front of it."""

    timings: "tuple[tuple[str, int, int], ...]" = (
        ("ack_us", ACK_US, LONGEST_ACK_US),
        ("work_us", WORK_US, LONGEST_WORK_US),
        ("abort_us", ABORT_US, LONGEST_ABORT_US),
        ("resend_us", RESEND_US, LONGEST_RESEND_US),
    )
    """Attributes that are times, what each is usually, and the longest that a driver has to bear."""

    def __init__(self) -> None:
        self.time = Timeline()
        self.misuse: "list[str]" = []
        self.missed = 0
        self.on_frame: "Callable[[bytes], object]" = lambda data: None
        """Called with each host frame that the chip sends; set by its wire."""
        self.on_speed: "Callable[[int], object]" = lambda baud: None
        self.on_transmit: "Optional[Callable[[bytes], object]]" = None
        self.answers: "list[tuple[int, bytes]]" = []
        """When each answer began on the air, and its bytes without CRC."""
        self.identity = _VERSION
        self.ack_us = ACK_US
        self.work_us = WORK_US
        self.abort_us = ABORT_US
        self.resend_us = RESEND_US
        self._deaf_until = 0  # to commands, while it ends one
        self.lost_status = RELEASED
        self.spoil: "list[Callable[[bytes], bytes]]" = []
        """Fault: what becomes of the next frames that the chip sends."""
        self.sam = False  # SAMConfiguration was done
        self.parameters = 0x14
        self.registers: "dict[int, int]" = {}
        self.pending: "Optional[int]" = None
        """The command under way."""
        self._running = False  # it has been acknowledged: not before that does the chip listen to a reader
        self.target = b""
        self.selected = False
        self.efd = False
        self._speed = -1  # asked for, and changed to with the host's acknowledgement
        self._number = 0  # of the command under way
        self._last = b""
        self._handlers = {
            _DIAGNOSE: self._diagnose,
            0x02: lambda data: self.identity,
            0x06: self._read_registers,
            0x08: self._write_registers,
            _SPEED: self._set_speed,
            0x12: self._set_parameters,
            _SAM: self._configure_sam,
            0x16: lambda data: b"\x00",
            0x32: lambda data: b"",
            _GET_STATUS: lambda data: b"\x01\x00" if self.selected else b"\x00\x00",
        }

    # The host.

    def take_frame(self, kind: str, body: bytes = b"") -> None:
        """What a wire has understood: "ack", "nack", "damaged" or "body"."""
        if kind == "ack":
            self._end_command()
        elif kind == "nack":
            number = self._number
            self.time.at(self.resend_us, lambda: self._sends(number, self._last))
        elif kind == "body":
            self._begin(body)
        # What is damaged is not acknowledged.

    def _begin(self, body: bytes) -> None:
        if self.time.now < self._deaf_until:
            self.misuse.append("pn532: command %02x while another one is being ended" % body[1])
            return
        if self.pending is not None:
            self.misuse.append("pn532: command %02x while %02x is under way" % (body[1], self.pending))
        self._number += 1
        number = self._number
        code, data = body[1], body[2:]
        self.pending = code
        self._running = False
        self.time.at(self.ack_us, lambda: self._sends(number, ACK))
        self.time.at(self.ack_us, lambda: self._run(number, code, data))

    def _sends(self, number: int, data: bytes) -> None:
        if number == self._number:
            self._send(data)

    def _run(self, number: int, code: int, data: bytes) -> None:
        if number != self._number:
            return
        self._running = True
        if not self.sam and code not in (_SAM, 0x02):
            self.misuse.append("pn532: command %02x before SAMConfiguration" % code)
        if code == _INIT_TARGET:
            self._init_target(data)
        elif code == _GET_COMMAND:
            if not self.selected:
                self._reply(bytes((_WRONG_STATE,)))
        elif code == _ANSWER:
            self._answer(data)
        elif code in self._handlers:
            self._reply(self._handlers[code](data))
        else:
            self.misuse.append("pn532: unknown command %02x" % code)
            self._fail()

    def _fail(self) -> None:
        self.pending = None
        self.time.at(self.work_us, lambda: self._send(SYNTAX_ERROR))

    def _reply(self, data: bytes) -> None:
        """End the command under way with these data."""
        if self.pending is None:
            return
        answer, number = frame(bytes((0xD5, self.pending + 1)) + data), self._number
        self.pending = None
        self.time.at(self.work_us, lambda: self._sends(number, answer))

    def _send(self, data: bytes) -> None:
        if data != ACK:
            self._last = data
        if self.spoil:
            data = self.spoil.pop(0)(data)
        self.on_frame(data)

    def _end_command(self) -> None:
        """The host acknowledges: it wants no answer any more, or it has got the one about the speed."""
        if self._speed >= 0:
            self.on_speed(SPEEDS[self._speed])
            self._speed = -1
        self._number += 1
        self.pending = None
        self._deaf_until = self.time.now + self.abort_us

    # Commands.

    def _diagnose(self, data: bytes) -> bytes:
        return data if data[:1] == bytes((_ECHO,)) else b"\x00"

    def _read_registers(self, data: bytes) -> bytes:
        return bytes(self.registers.get(data[i] << 8 | data[i + 1], 0) for i in range(0, len(data), 2))

    def _write_registers(self, data: bytes) -> bytes:
        for i in range(0, len(data), 3):
            self.registers[data[i] << 8 | data[i + 1]] = data[i + 2]
        return b""

    def _set_speed(self, data: bytes) -> bytes:
        self._speed = data[0]
        return b""

    def _set_parameters(self, data: bytes) -> bytes:
        self.parameters = data[0]
        return b""

    def _configure_sam(self, data: bytes) -> bytes:
        self.sam = True
        return b""

    def _init_target(self, data: bytes) -> None:
        if len(data) < _TARGET_DATA:
            self.misuse.append("pn532: TgInitAsTarget of %d bytes" % len(data))
            self._fail()
            return
        if self.parameters & _PICC:
            self.misuse.append("pn532: the chip's own ISO/IEC 14443-4 is not modelled")
        self.target = data
        self.selected = False

    def _answer(self, data: bytes) -> None:
        if not self.selected or not data:
            self._reply(bytes((self.lost_status if data else 0x10,)))
            return
        begins = self.time.now + DELAY_US
        self.answers.append((begins, data))
        if self.on_transmit:
            self.on_transmit(data)
        number = self._number
        out_us = DELAY_US + (len(data) + 2) * BYTE_US
        self.time.at(out_us, lambda: self._reply(b"\x00") if number == self._number else None)

    # The reader.

    def field(self, on: bool) -> None:
        """Switch the reader's field on or off."""
        self.efd = on
        if not on and self.selected:
            self.selected = False
            if self.pending in (_GET_COMMAND, _ANSWER):
                self._reply(bytes((self.lost_status,)))

    def select(self) -> "Optional[tuple[bytes, bytes, int]]":
        """REQA to SELECT: ATQA, UID and SAK; None for silence."""
        if not self.efd or self.pending != _INIT_TARGET or not self.target:
            return None
        self.selected = True
        return self.target[1:3], b"\x08" + self.target[3:6], self.target[6]

    def hear(self, data: bytes, status: int = 0) -> None:
        """A frame of the reader, to its end; a `status` other than 0 is what the chip finds wrong with it."""
        self.time.advance((len(data) + 2) * BYTE_US)
        if not self.selected or not self._running:
            self.missed += 1
        elif self.pending == _INIT_TARGET:
            self._reply(b"\x00" + data)
        elif self.pending == _GET_COMMAND:
            self._reply(bytes((status,)) + (b"" if status else data))
        else:
            self.missed += 1  # nobody asked the chip to listen (unsure: it might keep a short one)


class Parser:
    """Takes host frames apart, byte by byte."""

    def __init__(self, chip: Pn532) -> None:
        self._chip = chip
        self._bytes = b""

    def take(self, data: bytes) -> None:
        """What has come from the host."""
        self._bytes += data
        while self._step():
            pass

    def _step(self) -> bool:
        data = self._bytes
        start = data.find(b"\x00\xff")
        if start < 0 or len(data) < start + 4:
            if start < 0:
                self._bytes = data[-1:]
            return False
        length, check = data[start + 2], data[start + 3]
        if (length, check) in ((0, 0xFF), (0xFF, 0)):
            self._bytes = data[start + 4 :]
            self._chip.take_frame("nack" if length else "ack")
            return True
        at = start + 4
        if length == check == 0xFF:
            if len(data) < start + 7:
                return False
            length = data[start + 4] << 8 | data[start + 5]
            check = data[start + 4] + data[start + 5] + data[start + 6]
            at = start + 7
        else:
            check += length
        if check & 0xFF or not 2 <= length <= _BODY_BYTES:
            self._bytes = data[start + 2 :]
            self._chip.misuse.append("pn532: frame with a wrong length")
            return True
        if len(data) < at + length + 1:
            return False
        body = data[at : at + length]
        self._bytes = data[at + length + 1 :]
        if (sum(body) + data[at + length]) & 0xFF or body[0] != 0xD4:
            self._chip.misuse.append("pn532: frame with a wrong checksum or direction")
        else:
            self._chip.take_frame("body", body)
        return True
