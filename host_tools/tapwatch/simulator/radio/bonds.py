"""Bond keys, which live in the watch: asked for and handed over as NimBLE does through MicroPython.

Kind 1 is our secret, kind 2 the peer's. A key is the peer's identity address as NimBLE's `ble_addr_t`: type (1), six
bytes, least significant first. To list all, NimBLE asks for the peer's secrets by index, with an empty key. A value is
a structure that nobody but the stack understands, of the fields of `ble_store_value_sec` that Bumble has. Kind 10 is
MicroPython's own (`load_irk` of extmod/nimble/modbluetooth_nimble.c): the key that the watch's private addresses are
made of, 16 bytes under the key `irk`.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bumble import hci

OURS, THEIRS, IDENTITY = 1, 2, 10
_IDENTITY_KEY = b"irk"
_IDENTITY_BYTES = 16
_KEY = struct.Struct("<B6s")
_VALUE = struct.Struct("<7sBHQ16s16sB7x")
_SC, _AUTHENTICATED, _IRK = 1, 2, 4
_MAX_BONDS = 16
"""Bonds that are listed at most: a watch that has an answer for every index must not hold us up."""

Get = Callable[[int, int, bytes], Awaitable[bytes | None]]
"""(kind, index, key) to the value."""
Put = Callable[[int, bytes, bytes], Awaitable[bool]]
"""(kind, key, value or nothing) to whether it was stored."""


@dataclass(frozen=True)
class Bond:
    """What a pairing leaves behind. EDIV and Rand are 0 after Secure Connections."""

    peer: hci.Address
    ltk: bytes
    key_bytes: int
    authenticated: bool
    sc: bool
    ediv: int = 0
    rand: int = 0
    irk: bytes | None = None

    def encode(self, kind: int) -> bytes:
        """The value of this kind."""
        flags = self.sc * _SC | self.authenticated * _AUTHENTICATED
        irk = self.irk if kind == THEIRS else None
        if irk:
            flags |= _IRK
        return _VALUE.pack(_name(self.peer), self.key_bytes, self.ediv, self.rand, self.ltk, irk or bytes(16), flags)

    @classmethod
    def decode(cls, value: bytes | None) -> Bond | None:
        """A bond of either kind, None for what is none."""
        if value is None or len(value) != _VALUE.size:
            return None
        name, key_bytes, ediv, rand, ltk, irk, flags = _VALUE.unpack(value)
        kind, address = _KEY.unpack(name)
        peer = hci.Address(address, hci.AddressType(kind))
        irk = irk if flags & _IRK else None
        return cls(peer, ltk, key_bytes, bool(flags & _AUTHENTICATED), bool(flags & _SC), ediv, rand, irk)


def _name(peer: hci.Address) -> bytes:
    return _KEY.pack(peer.address_type & 1, bytes(peer))


class Bonds:
    """The bonds of the watch."""

    def __init__(self, get: Get, put: Put) -> None:
        self._get = get
        self._put = put

    async def identity(self) -> bytes:
        """The key that resolves our private addresses; made and handed to the watch the first time."""
        known = await self._get(IDENTITY, 0, _IDENTITY_KEY)
        if known is not None and len(known) == _IDENTITY_BYTES:
            return known
        made = secrets.token_bytes(_IDENTITY_BYTES)
        await self._put(IDENTITY, _IDENTITY_KEY, made)
        return made

    async def of(self, peer: hci.Address) -> Bond | None:
        """Our secret for a peer."""
        return Bond.decode(await self._get(OURS, 0, _name(peer)))

    async def knows(self, peer: hci.Address) -> bool:
        """True if there is a bond with this identity."""
        return await self._get(THEIRS, 0, _name(peer)) is not None

    async def resolving_keys(self) -> list[tuple[bytes, hci.Address]]:
        """Identity resolving keys of the peers that have one, with their identities."""
        found = []
        for index in range(_MAX_BONDS):
            value = await self._get(THEIRS, index, b"")
            if value is None:
                break
            bond = Bond.decode(value)
            if bond is not None and bond.irk:
                found.append((bond.irk, bond.peer))
        return found

    async def keep(self, bond: Bond) -> bool:
        """Hand both secrets to the watch; False if it did not want one."""
        name = _name(bond.peer)
        kept = [await self._put(kind, name, bond.encode(kind)) for kind in (OURS, THEIRS)]
        return all(kept)

    async def forget(self, peer: hci.Address) -> None:
        """Have the watch throw both away."""
        for kind in (OURS, THEIRS):
            await self._put(kind, _name(peer), b"")
