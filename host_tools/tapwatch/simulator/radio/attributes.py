"""The services of the watch, laid out for Bumble's GATT server; reads and writes go to the firmware."""

from __future__ import annotations

import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bumble import att
from bumble.core import UUID
from bumble.device import Connection
from bumble.gatt import Characteristic, Descriptor, Service

SERVICE, CHARACTERISTIC, DESCRIPTOR = 0, 1, 2
_ROW = struct.Struct(">BHHB")
_PROPERTIES = 0xFF
_READ, _WRITE = 0x0002, 0x0004 | 0x0008
_READ_ENCRYPTED, _READ_AUTHENTICATED, _READ_AUTHORIZED = 0x0200, 0x0400, 0x0800
_WRITE_ENCRYPTED, _WRITE_AUTHENTICATED, _WRITE_AUTHORIZED = 0x1000, 0x2000, 0x4000
"""Flags of MicroPython's characteristics, which are those of NimBLE's ble_gatt.h."""
_DESCRIPTOR_FLAGS = {
    0x01: _READ,
    0x02: 0x0008,
    0x04: _READ_ENCRYPTED,
    0x08: _READ_AUTHENTICATED,
    0x10: _READ_AUTHORIZED,
    0x20: _WRITE_ENCRYPTED,
    0x40: _WRITE_AUTHENTICATED,
    0x80: _WRITE_AUTHORIZED,
}
"""Flags of MicroPython's descriptors, which are those of NimBLE's ble_att.h, and what a characteristic has for them."""

Read = Callable[[Connection, int], Awaitable[bytes]]
"""(connection, handle at the watch) to the value. Raises ATT_Error."""
Write = Callable[[Connection, int, bytes], Awaitable[None]]
"""(connection, handle at the watch, value). Raises ATT_Error."""


@dataclass
class Level:
    """How well a link is guarded now."""

    encrypted: bool = False
    authenticated: bool = False
    bonded: bool = False
    key_bytes: int = 0


class Attributes:
    """Rows of the watch as Bumble's services, and the attributes by the watch's handles."""

    def __init__(self, level: Callable[[Connection], Level], read: Read, write: Write) -> None:
        self._level = level
        self._read = read
        self._write = write
        self.by_handle: dict[int, att.Attribute[bytes]] = {}

    def services(self, rows: bytes) -> list[Service]:
        """Services of the message SERVICES."""
        self.by_handle = {}
        plan: list[tuple[UUID, list[Characteristic[bytes]]]] = []
        for kind, handle, flags, uuid in _rows(rows):
            if kind == SERVICE:
                plan.append((uuid, []))
            elif kind == CHARACTERISTIC:
                plan[-1][1].append(self._characteristic(handle, flags, uuid))
            else:
                owner = plan[-1][1][-1]
                owner.descriptors = [*owner.descriptors, self._descriptor(handle, flags, uuid)]
        return [Service(uuid, characteristics) for uuid, characteristics in plan]

    def _characteristic(self, handle: int, flags: int, uuid: UUID) -> Characteristic[bytes]:
        properties = Characteristic.Properties(flags & _PROPERTIES)
        made = Characteristic(uuid, properties, Characteristic.Permissions(0), self._value(handle, flags), [])
        self.by_handle[handle] = made
        return made

    def _descriptor(self, handle: int, flags: int, uuid: UUID) -> Descriptor:
        made = Descriptor(uuid, Descriptor.Permissions(0), self._value(handle, _characteristic_flags(flags)))
        self.by_handle[handle] = made
        return made

    def _value(self, handle: int, flags: int) -> Any:
        async def read(connection: Connection) -> bytes:
            _check(flags, _READ, att.ATT_READ_NOT_PERMITTED_ERROR)
            needs = (flags & _READ_ENCRYPTED, flags & _READ_AUTHENTICATED, flags & _READ_AUTHORIZED)
            _guard(self._level(connection), *needs)
            return await self._read(connection, handle)

        async def write(connection: Connection, value: bytes) -> None:
            _check(flags, _WRITE, att.ATT_WRITE_NOT_PERMITTED_ERROR)
            needs = (flags & _WRITE_ENCRYPTED, flags & _WRITE_AUTHENTICATED, flags & _WRITE_AUTHORIZED)
            _guard(self._level(connection), *needs)
            await self._write(connection, handle, value)

        return att.AttributeValue(read, write)


def _characteristic_flags(flags: int) -> int:
    """Flags of a descriptor as those of a characteristic: MicroPython hands NimBLE's BLE_ATT_F_... on as they are."""
    return sum(theirs for ours, theirs in _DESCRIPTOR_FLAGS.items() if flags & ours)


def _rows(data: bytes) -> list[tuple[int, int, int, UUID]]:
    found, at = [], 0
    while at < len(data):
        kind, handle, flags, length = _ROW.unpack_from(data, at)
        at += _ROW.size
        found.append((kind, handle, flags, UUID.from_bytes(data[at : at + length])))
        at += length
    return found


def _check(flags: int, wanted: int, error: int) -> None:
    if not flags & wanted:
        raise att.ATT_Error(att.ErrorCode(error))


def _guard(level: Level, encrypted: int, authenticated: int, authorized: int) -> None:
    """What NimBLE's ble_att_svr_check_perms answers a peer without the level: it depends on whether there is a bond."""
    if (encrypted or authenticated) and not level.encrypted:
        known = att.ATT_INSUFFICIENT_ENCRYPTION_ERROR
        raise att.ATT_Error(known if level.bonded else att.ATT_INSUFFICIENT_AUTHENTICATION_ERROR)
    if authenticated and not level.authenticated:
        raise att.ATT_Error(att.ATT_INSUFFICIENT_AUTHENTICATION_ERROR)
    if authorized:
        raise att.ATT_Error(att.ATT_INSUFFICIENT_AUTHORIZATION_ERROR)
