"""The partition table of the ESP32: reads that of a stock image, makes ours (docs/updates.md).

Source: ESP-IDF Programming Guide, "Partition Tables", binary format: entries of 32 bytes, then one with the MD5 of all
before it, then FFh to the end of the sector.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

from tapwatch.images.boards import MOST_FLASH_BYTES

TABLE_OFFSET = 0x8000
SECTOR_BYTES = 4096
APP, DATA = 0, 1
"""Types. The subtypes of ours are free for applications, 40h to FEh."""
VAULT_SUBTYPE, SLOTS_SUBTYPE = 0x40, 0x41
FAT_SUBTYPE = 0x81
"""What the port calls `vfs`, littlefs or not."""
VAULT_BYTES = 0x40000
SLOTS_BYTES = 2 * SECTOR_BYTES
LEAST_VFS_BYTES = 0x100000
"""Room for two slots and the least of files."""

_ENTRY = struct.Struct("<2sBBII16sI")
_MAGIC = b"\xaa\x50"
_MD5_MAGIC = b"\xeb\xeb" + b"\xff" * 14
_MOST_BYTES = 0xC00  # ESP_PARTITION_TABLE_MAX_LEN
_VAULT_FROM = 0x200000
_ALIGNMENT = 0x10000
_REPLACED = ("vault", "slots", "vfs", "ffat")


@dataclass(frozen=True)
class Partition:
    """One entry. Offsets and sizes are bytes of the flash."""

    name: str
    type: int
    subtype: int
    offset: int
    size: int
    flags: int = 0

    @property
    def end(self) -> int:
        """First byte behind it."""
        return self.offset + self.size


class TableError(ValueError):
    """It is no partition table, or none that the watch could be put into."""


def read_table(sector: bytes) -> list[Partition]:
    """The entries of a table, in their order. Raises TableError."""
    found: list[Partition] = []
    for at in range(0, min(len(sector), _MOST_BYTES), _ENTRY.size):
        entry = sector[at : at + _ENTRY.size]
        if entry[:16] == _MD5_MAGIC:
            if entry[16:] != hashlib.md5(sector[:at], usedforsecurity=False).digest():
                raise TableError("the checksum of the partition table is wrong")
            return _checked(found)
        if entry[:2] != _MAGIC:
            break
        found.append(_entry(entry))
    raise TableError("there is no partition table at 8000h")


def _entry(data: bytes) -> Partition:
    _, kind, subtype, offset, size, label, flags = _ENTRY.unpack(data)
    try:
        return Partition(label.rstrip(b"\0").decode(), kind, subtype, offset, size, flags)
    except UnicodeDecodeError as problem:
        raise TableError("a partition has a name that is no text") from problem


def _checked(table: list[Partition]) -> list[Partition]:
    end = TABLE_OFFSET + SECTOR_BYTES
    for part in sorted(table, key=lambda part: part.offset):
        if part.offset < end:
            raise TableError(f"the partition {part.name} lies on another one")
        end = part.end
    if not table:
        raise TableError("the partition table is empty")
    return table


def table_bytes(table: list[Partition]) -> bytes:
    """A table as the sector that holds it."""
    entries = b"".join(
        _ENTRY.pack(_MAGIC, part.type, part.subtype, part.offset, part.size, part.name.encode(), part.flags)
        for part in table
    )
    checksum = _MD5_MAGIC + hashlib.md5(entries, usedforsecurity=False).digest()
    return (entries + checksum).ljust(SECTOR_BYTES, b"\xff")


def make_table(stock: list[Partition], flash_bytes: int) -> list[Partition]:
    """Our table: what the stock image has, then `vault`, `slots` and `vfs`. Raises TableError if that does not fit."""
    kept = [part for part in stock if part.name not in _REPLACED]
    used = max((part.end for part in kept), default=0)
    vault = max(_VAULT_FROM, -(-used // _ALIGNMENT) * _ALIGNMENT)
    slots = vault + VAULT_BYTES
    vfs = slots + SLOTS_BYTES
    room = min(flash_bytes, MOST_FLASH_BYTES) - vfs
    if room < LEAST_VFS_BYTES:
        raise TableError(f"behind the stock image only {max(room, 0)} bytes of flash are left for the watch")
    return [
        *kept,
        Partition("vault", DATA, VAULT_SUBTYPE, vault, VAULT_BYTES),
        Partition("slots", DATA, SLOTS_SUBTYPE, slots, SLOTS_BYTES),
        Partition("vfs", DATA, FAT_SUBTYPE, vfs, room),
    ]


def named(table: list[Partition], name: str) -> Partition:
    """The partition of that name. Raises TableError."""
    for part in table:
        if part.name == name:
            return part
    raise TableError(f"there is no partition {name}")
