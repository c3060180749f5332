"""The reader's half of the ISO/IEC 14443-4 block protocol as EMV Contactless Book D has it: no CID, no NAD."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.terminal.readers.port import CardLost

if TYPE_CHECKING:
    from tapwatch.terminal.readers.antenna import Antenna

FRAME_SIZES = (16, 24, 32, 40, 48, 64, 96, 128, 256, 512, 1024, 2048, 4096)  # ISO/IEC 14443-4 table 1
_RATS = 0xE0
EMV_FSDI = 8
"""256 bytes: the least that EMV Contactless Book D section 5.7 lets a reader announce."""
FWT_UNIT_S = 256 * 16 / 13.56e6
"""Frame waiting time for FWI 0."""
DEFAULT_FWI = 4
MAX_WTXM = 59
MAX_ANSWER = 65_538
_FRAME_OVERHEAD = 3  # PCB and two CRC bytes, which count although the antenna carries no CRC

_I_BLOCK, _CHAINING, _R_ACK, _R_NAK, _WTX, _DESELECT = 0x02, 0x10, 0xA2, 0xB2, 0xF2, 0xC2


@dataclass(frozen=True)
class Timing:
    """How patient the reader is."""

    floor_s: float = 0.4
    """Shortest wait for a frame. A card on a busy desk machine is slower than its FWT; a chip would not be."""
    retries: int = 2
    """Repeats after a frame was lost (EMV Contactless Book D, nRETRANSMISSION)."""
    max_steps: int = 100
    """Frames sent for one block at most, waiting time extensions among them."""


@dataclass(frozen=True)
class Ats:
    """An answer to select, read."""

    raw: bytes
    frame_size: int
    """FSC: the longest frame the card takes, with PCB and CRC."""
    wait_s: float
    """FWT: how long the card may take for one frame."""
    guard_s: float
    """SFGT: how long the reader must wait before the first block."""


def read_ats(raw: bytes) -> Ats:
    """Read an ATS (ISO/IEC 14443-4 section 5.2). Raises CardLost if its length byte lies or a byte is missing."""
    if not raw or raw[0] != len(raw):
        raise CardLost("the answer to select has a wrong length byte")
    fsci, fwi, sfgi = 2, DEFAULT_FWI, 0
    if len(raw) > 1:
        fsci = min(raw[1] & 0x0F, len(FRAME_SIZES) - 1)
        present = [bool(raw[1] & bit) for bit in (0x10, 0x20, 0x40)]
        if len(raw) < 2 + sum(present):
            raise CardLost("the answer to select ends early")
        if present[1]:
            interface = raw[2 + present[0]]
            fwi, sfgi = interface >> 4, interface & 0x0F
    if fwi == 15:
        raise CardLost("the answer to select has a reserved waiting time")
    guard = FWT_UNIT_S * (1 << sfgi) if sfgi not in (0, 15) else 0.0
    return Ats(raw, FRAME_SIZES[fsci], FWT_UNIT_S * (1 << fwi), guard)


class IsoDep:
    """One activated card."""

    def __init__(self, antenna: Antenna, timing: Timing, fsdi: int = EMV_FSDI) -> None:
        """`fsdi` is the code of the longest frame the reader takes, 0 (16 bytes) to 12 (4,096)."""
        self._antenna = antenna
        self._timing = timing
        self._rats = bytes([_RATS, fsdi << 4])  # CID 0
        self._fsd = FRAME_SIZES[fsdi]
        self._number = 0
        self._ats = Ats(b"", FRAME_SIZES[2], FWT_UNIT_S * (1 << DEFAULT_FWI), 0.0)

    def activate(self) -> Ats:
        """Send RATS and read the ATS. Raises CardLost."""
        self._antenna.send(self._rats)
        raw = self._antenna.receive(max(self._timing.floor_s, self._ats.wait_s))
        if raw is None:  # no second RATS: a card that heard the first one does not answer it
            raise CardLost("the card did not answer RATS")
        self._ats = read_ats(raw)
        self._number = 0
        time.sleep(self._ats.guard_s)
        return self._ats

    def exchange(self, data: bytes) -> bytes:
        """Send a command and return the answer, both in as many blocks as needed. Raises CardLost."""
        return self._receive_chain(self._send_chain(data))

    def _send_chain(self, data: bytes) -> bytes:
        """Send all blocks; returns the first block of the answer."""
        size = self._ats.frame_size - _FRAME_OVERHEAD
        pieces = [data[at : at + size] for at in range(0, len(data), size)] or [b""]
        for piece in pieces[:-1]:
            answer = self._block(bytes([_I_BLOCK | _CHAINING | self._number]) + piece, self._nak)
            if answer[0] != _R_ACK | self._number:
                raise CardLost("the card did not acknowledge a chained block")
            self._number ^= 1
        answer = self._block(bytes([_I_BLOCK | self._number]) + pieces[-1], self._nak)
        self._check_information(answer)
        return answer

    def _receive_chain(self, block: bytes) -> bytes:
        answer = bytearray(block[1:])
        self._number ^= 1
        while block[0] & _CHAINING:
            block = self._block(self._ack(), self._ack)
            self._check_information(block)
            self._number ^= 1
            answer += block[1:]
            if len(answer) > MAX_ANSWER:
                raise CardLost("the answer is too long")
        return bytes(answer)

    def _check_information(self, block: bytes) -> None:
        if block[0] & ~_CHAINING != _I_BLOCK | self._number:
            raise CardLost(f"protocol error: block {block[0]:02X} came instead of an answer")
        if len(block) + 2 > self._fsd:
            raise CardLost("the card sent a longer frame than the reader takes")

    def _ack(self) -> bytes:
        return bytes([_R_ACK | self._number])

    def _nak(self) -> bytes:
        return bytes([_R_NAK | self._number])

    def _block(self, block: bytes, recover: _Recovery) -> bytes:
        """Send a block until a block comes back that moves the exchange on."""
        frame, losses, wait_s = block, 0, self._ats.wait_s
        for _ in range(self._timing.max_steps):
            self._antenna.send(frame)
            answer = self._antenna.receive(max(self._timing.floor_s, wait_s))
            wait_s = self._ats.wait_s
            if answer is None or not answer:
                losses += 1
                frame = recover()
            elif answer[0] == _WTX:
                frame, wait_s = answer, self._extension(answer)
            elif self._asks_again(answer, block):
                frame = block
            else:
                return answer
            if losses > self._timing.retries:
                raise CardLost("the card does not answer any more")
        raise CardLost("the card asks for more and more frames")

    def _asks_again(self, answer: bytes, block: bytes) -> bool:
        """True for an R(ACK) with the other block number after an I-block (rule 6): our block was lost."""
        return len(answer) == 1 and answer[0] == _R_ACK | self._number ^ 1 and block[0] & 0xE2 == _I_BLOCK

    def _extension(self, request: bytes) -> float:
        if len(request) != 2 or not 1 <= request[1] & 0x3F <= MAX_WTXM:
            raise CardLost("the card asks for more time in a wrong way")
        return self._ats.wait_s * (request[1] & 0x3F)


if TYPE_CHECKING:
    from collections.abc import Callable

    _Recovery = Callable[[], bytes]
