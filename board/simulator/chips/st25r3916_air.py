"""The reader's side of the modelled ST25R3916: field, ISO/IEC 14443-3 frames, ordinary frames, and disturbances.

REQA, anticollision and SELECT are answered here from PT memory as the chip does in hardware, at once; everything else
goes to the FIFO, where the driver finds it.
"""

from micropython import const

from board.simulator.chips import st25r3916_names as n

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from board.simulator.chips.st25r3916 import Chip
    from board.simulator.chips.st25r3916_registers import Irq

REQA = const(0x26)
WUPA = const(0x52)
_HLTA = b"\x50\x00"
_CASCADE_TAG = b"\x88"
_SHORT_BITS = const(7)


class Air:
    """One reader in front of one chip."""

    def __init__(self, chip: "Chip") -> None:
        self._chip = chip
        self.unflagged_crc = False
        """Fault: the chip reports no wrong CRC."""
        self.loses_early_frames = False
        """Fault: frames that come while anticollision is still automatic never reach the FIFO (unsure on silicon)."""
        self.strength_mv = n.STRONG_MV
        """What the reader's field comes to at the antenna."""
        self._busy_until = 0  # when the frame on the air ends
        self._collided = False

    @property
    def active(self) -> bool:
        """True after SELECT."""
        return self._chip.state & ~n.STAR == n.ACTIVE

    def field(self, on: bool) -> None:
        """Switch the reader's field on or off."""
        chip = self._chip
        self._busy_until = chip.time.now
        chip.field_mv = self.strength_mv if on else 0
        chip.look_for_field()

    def short(self, code: int) -> "Optional[bytes]":
        """REQA or WUPA, 7 bits. Returns ATQA, or None for silence."""
        chip = self._chip
        if not self._hears():
            return None
        if not self._automatic():
            self._deliver(bytes((code,)), (), True, _SHORT_BITS)
            return None
        if chip.state == n.IDLE or (chip.state == n.HALT and code == WUPA):
            chip.state = n.READY_1 | (n.STAR & chip.state)
            self._understood()
            return bytes(chip.pt[10:12])
        self._back()
        return None

    def anticoll(self, level: int, nvb: int = 0x20, known: bytes = b"") -> "Optional[bytes]":
        """ANTICOLLISION at cascade `level` (1, 2) with the bits of the UID that the reader knows already.

        `nvb` counts bytes and bits, the two of the command included. Returns the rest, from the byte on that holds the
        first unknown bit.
        """
        if not self._hears() or not self._ready(level):
            return None
        own = self._uid_part(level)
        whole, bits = (nvb >> 4) - 2, nvb & 0x0F
        mask = (1 << bits) - 1
        if own[:whole] != known[:whole] or (bits and (own[whole] ^ known[whole]) & mask):
            self._back()
            return None
        self._understood()
        return own[whole:]

    def select(self, level: int, uid: bytes) -> "Optional[bytes]":
        """SELECT with the 5 bytes of a cascade level. Returns SAK, or None for silence."""
        chip = self._chip
        if not self._hears() or not self._ready(level):
            return None
        if uid != self._uid_part(level):
            self._back()
            return None
        star = chip.state & n.STAR
        if level < self._levels():
            chip.state = n.READY_2 | star
        else:
            chip.state = n.ACTIVE | star
            chip.set_irq(n.WU_A_X if star else n.WU_A)
        self._understood()
        return bytes((chip.pt[11 + level],))

    def frame(self, data: bytes, crc_ok: bool = True, errors: "tuple[Irq, ...]" = (), ends: bool = True) -> None:
        """A frame; its CRC is added here, a wrong one on request.

        `errors` are interrupts of the ERROR register that come with it. Without `ends` the receiver hangs half way.
        """
        chip = self._chip
        if not self._hears():
            return
        if self._automatic():
            if data == _HLTA and crc_ok:
                chip.state = n.HALT
                return
            if not self.active:
                self._back()
                return
            chip.warnings.append("frame while anticollision was still automatic")
            if self.loses_early_frames:
                return
        elif chip.is_detecting():
            chip.warnings.append("frame while the bit rate was still being detected")
        if not crc_ok and not self.unflagged_crc and not chip.is_detecting():
            errors += (n.CRC,)
        self._deliver(data + _crc(data, crc_ok), errors, ends, 0)

    def other_rate(self, rate: int) -> None:
        """A frame of a reader at another bit rate: 1 for 212 kbit/s, 2 for 424."""
        if self._hears():
            self._chip.follow_frame(rate)

    def raw(self, data: bytes, errors: "tuple[Irq, ...]", ends: bool = True, bits: int = 0) -> None:
        """Noise that the receiver takes for a frame; `bits` of its last byte are valid, 0 for all."""
        if self._hears():
            self._deliver(data, errors, ends, bits)

    def leave_in_fifo(self, data: bytes) -> None:
        """Fault: bytes in the FIFO that belong to no frame."""
        self._put(data)

    def _hears(self) -> bool:
        chip = self._chip
        on = chip.efd and chip.oscillating and not chip.receive_masked and not chip.stuck and not chip.deaf()
        return bool(on and chip.a[n.OPERATION] & n.RX_EN and chip.a[n.MODE] & n.TARG)

    def _understood(self) -> None:
        """A frame that the chip answers by itself."""
        self._chip.follow_frame(0)
        self._chip.set_irq(n.RXE_PTA)

    def _automatic(self) -> bool:
        return not self._chip.a[n.PASSIVE_TARGET] & n.NO_ANTICOLLISION

    def _levels(self) -> int:
        return 2 if self._chip.a[n.AUXILIARY] & n.NFC_ID else 1

    def _ready(self, level: int) -> bool:
        ready = n.READY_1 if level == 1 else n.READY_2
        return self._automatic() and self._chip.state & ~n.STAR == ready

    def _uid_part(self, level: int) -> bytes:
        """UID bytes of a cascade level and their check byte."""
        pt = bytes(self._chip.pt)
        part = pt[:4]
        if self._levels() == 2:
            part = _CASCADE_TAG + pt[:3] if level == 1 else pt[3:7]
        return part + bytes((part[0] ^ part[1] ^ part[2] ^ part[3],))

    def _back(self) -> None:
        """An unexpected frame: to IDLE, or HALT if the card came from there. ISO/IEC 14443-3 section 6.3."""
        chip = self._chip
        if chip.state not in (n.OFF, n.HALT):
            chip.state = n.HALT if chip.state & n.STAR else n.IDLE

    def _deliver(self, data: bytes, errors: "tuple[Irq, ...]", ends: bool, bits: int) -> None:
        chip = self._chip
        if chip.time.now < self._busy_until:  # two at once: the receiver follows the first, and sees that it is spoilt
            self._collided = True
            return
        chip.set_irq(n.RXS)
        if not ends:
            self._put(data[: len(data) // 2])
            chip.stuck = True
            return
        under_way = chip.fields, chip.aborts

        def end() -> None:
            if (chip.fields, chip.aborts) != under_way:
                return
            self._put(data)
            chip.fifo_flags = (chip.fifo_flags & ~0x0E) | bits << 1
            chip.awaiting = True
            chip.aligned = True
            for irq in errors:
                chip.set_irq(irq)
            if self._collided:
                chip.set_irq(n.ERR2)
            chip.set_irq(n.RXE)

        self._collided = False
        self._busy_until = chip.time.now + len(data) * n.BYTE_FC
        chip.time.at(len(data) * n.BYTE_FC, end)

    def _put(self, data: bytes) -> None:
        """Append to the FIFO what fits."""
        chip = self._chip
        room = n.FIFO_BYTES - len(chip.fifo)
        if len(data) > room:
            chip.fifo_flags |= n.FIFO_OVERFLOW
        chip.fifo += data[:room]
        if len(chip.fifo) > n.RECEIVE_WATER:
            chip.set_irq(n.FWL)


def _crc(data: bytes, right: bool) -> bytes:
    """CRC_A of ISO/IEC 14443-3 annex B, or one that is wrong."""
    crc = 0x6363
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x8408 if crc & 1 else 0)
    if not right:
        crc ^= 0x0100
    return bytes((crc & 0xFF, crc >> 8))
