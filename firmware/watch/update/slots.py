"""The slot record: which of the two system images the next start takes. The format is in docs/updates.md.

`firmware/boot.py` reads and writes the same two sectors by itself; a test holds the two against each other, byte for
byte. A change never touches the sector that counts: it goes into the other one, with a higher sequence number.
"""

import binascii
import struct

from micropython import const

from watch.kernel.errors import CorruptError, StateError, StorageError, WriteError
from watch.storage.nor import is_blank

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from board.ports import Flash

EMPTY, TRIAL, PROVED, FAILED = const(0), const(1), const(2), const(3)
"""States of a slot."""
DIGEST_BYTES = const(8)
"""What is kept of the SHA-256 of an image; zeros where `boot.py` had to make the record without knowing it."""
_MAGIC = b"TWS1"
_FIELDS = ">4sI4B2I8s8s"
_RECORD_BYTES = const(40)
"""The fields and their CRC-32."""
_MARKS = const(256)
"""Where the marks of a sector begin, one byte for each start."""
_UNUSED, _UP = b"\xff", b"\x00"
_MOST_TRIES = const(255)


class Record:
    """What the sector that counts says. `states`, `lengths` and `digests` are those of slots 0 (`a`) and 1 (`b`)."""

    def __init__(
        self, sequence: int, active: int, states: "list[int]", tries: int, lengths: "list[int]", digests: "list[bytes]"
    ) -> None:
        self.sequence = sequence
        self.active = active
        self.states = states
        self.tries = tries
        self.lengths = lengths
        self.digests = digests


class Slots:
    """The record on its flash (`Board.slots`).

    Every method raises StorageError if the flash cannot be read. Those that change something also raise CorruptError
    if there is no valid record, and WriteError if the flash does not hold what was written: then the old one counts.
    """

    def __init__(self, flash: "Flash") -> None:
        """Take the partition. Raises ValueError if it is not two sectors."""
        if flash.size != 2 * flash.sector:
            raise ValueError("the slot record needs two sectors")
        self._flash = flash

    def record(self) -> "Optional[Record]":
        """The record that counts, None if neither sector has a valid one."""
        return self._newest()[1]

    def tries_left(self) -> int:
        """How often the active slot may still be started without being proved; 0 for one that is not on trial."""
        sector, record = self._newest()
        if record is None or record.states[record.active] != TRIAL:
            return 0
        return max(0, record.tries - self._used(sector))

    def up(self) -> None:
        """Say that the system has come up: this start is none of those after which the other slot is taken."""
        sector, _ = self._expected()
        used = self._used(sector)
        if not used:
            return  # the record is younger than this start
        address = sector * self._flash.sector + _MARKS + used - 1
        self._program(address, _UP)

    def empty(self, slot: int) -> None:
        """From now on this slot is never started: its file may be taken away. Raises StateError for the active one."""
        _, record = self._expected()
        if slot == record.active:
            raise StateError("the slot that runs cannot be emptied")
        if record.states[slot] != EMPTY:
            self._change(record, slot, EMPTY, 0, bytes(DIGEST_BYTES))

    def try_out(self, slot: int, length: int, digest8: bytes, tries: int = 2) -> None:
        """The next start takes this slot, at most `tries` times unless it is proved.

        `length` and `digest8` (first 8 bytes of its SHA-256) are those of the file, which is there, whole and checked.
        Raises StateError for the active one, ValueError.
        """
        _, record = self._expected()
        if slot == record.active:
            raise StateError("the slot that runs cannot be tried")
        if len(digest8) != DIGEST_BYTES or not 0 < tries <= _MOST_TRIES:
            raise ValueError("a digest of 8 bytes, 1 to 255 tries")
        record.active, record.tries = slot, tries
        self._change(record, slot, TRIAL, length, digest8)

    def prove(self, alone: bool = False) -> None:
        """The active slot has checked itself: from now on it is the one to fall back to.

        `alone`: the other one is empty from the same moment on, for it is older than may be started then.
        """
        _, record = self._expected()
        slot = record.active
        if record.states[slot] == PROVED:
            return
        if alone:
            _set(record, 1 - slot, EMPTY, 0, bytes(DIGEST_BYTES))
        self._change(record, slot, PROVED, record.lengths[slot], record.digests[slot])

    def clear_failed(self) -> None:
        """The wearer knows that a slot was given up: it is empty."""
        _, record = self._expected()
        other = 1 - record.active
        if record.states[other] == FAILED:
            self.empty(other)

    def _change(self, record: Record, slot: int, state: int, length: int, digest8: bytes) -> None:
        """Write the record with one slot changed into the other sector."""
        _set(record, slot, state, length, digest8)
        record.sequence += 1
        sector = 1 - self._strengthened()
        try:
            self._flash.erase(sector * self._flash.sector)
        except OSError:
            raise WriteError("slot record: erase failed")
        if not is_blank(self._read(sector, 0, self._flash.sector)):
            raise WriteError("slot record: not blank after its erase")
        self._program(sector * self._flash.sector, _packed(record))

    def _strengthened(self) -> int:
        """The sector that counts, written over with what it says: it must not read otherwise once the other one goes.

        A cut may have left bits in it that read either way; those that were to be 0 are then.
        """
        sector, _ = self._expected()
        data = self._read(sector, 0, _RECORD_BYTES)
        if _unpacked(data) is None:
            raise WriteError("slot record: it reads otherwise each time")
        self._program(sector * self._flash.sector, bytes(data))
        return sector

    def _program(self, address: int, data: bytes) -> None:
        """Clear bits and read back."""
        found = bytearray(len(data))
        try:
            self._flash.program(address, data)
            self._flash.read(address, found)
        except OSError:
            raise WriteError("slot record: program failed")
        if found != data:
            raise WriteError("slot record: it reads otherwise than it was written")

    def _expected(self) -> "tuple[int, Record]":
        """Sector and record that count."""
        sector, record = self._newest()
        if record is None:
            raise CorruptError("there is no slot record")
        return sector, record

    def _newest(self) -> "tuple[int, Optional[Record]]":
        """The valid record with the higher sequence, and its sector."""
        newest, at = None, 0
        for sector in (0, 1):
            record = _unpacked(self._read(sector, 0, _RECORD_BYTES))
            if record is not None and (newest is None or record.sequence > newest.sequence):
                newest, at = record, sector
        return at, newest

    def _used(self, sector: int) -> int:
        """How many marks of a sector are used: starts since its record was written."""
        marks = bytes(self._read(sector, _MARKS, self._flash.sector - _MARKS))
        unused = marks.find(_UNUSED)
        return len(marks) if unused < 0 else unused

    def _read(self, sector: int, offset: int, count: int) -> bytearray:
        found = bytearray(count)
        try:
            self._flash.read(sector * self._flash.sector + offset, found)
        except OSError:
            raise StorageError("the slot record cannot be read")
        return found


def _set(record: Record, slot: int, state: int, length: int, digest8: bytes) -> None:
    record.states[slot], record.lengths[slot], record.digests[slot] = state, length, digest8


def _packed(record: Record) -> bytes:
    """The record as it stands in a sector."""
    body = struct.pack(
        _FIELDS,
        _MAGIC,
        record.sequence,
        record.active,
        record.states[0],
        record.states[1],
        record.tries,
        record.lengths[0],
        record.lengths[1],
        record.digests[0],
        record.digests[1],
    )
    return body + struct.pack(">I", binascii.crc32(body))


def _unpacked(data: bytearray) -> "Optional[Record]":
    """The record in these bytes, None if there is no valid one."""
    body = bytes(data[:-4])
    if struct.unpack(">I", data[-4:])[0] != binascii.crc32(body):
        return None
    magic, sequence, active, state_a, state_b, tries, length_a, length_b, digest_a, digest_b = struct.unpack(
        _FIELDS, body
    )
    if magic != _MAGIC or active > 1:
        return None
    return Record(sequence, active, [state_a, state_b], tries, [length_a, length_b], [digest_a, digest_b])
