"""One device that is connected to the watch, as the watch's host sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bumble import hci
from bumble.core import BaseError
from bumble.device import Connection, Device
from bumble.keys import PairingKeys

from tapwatch.simulator.radio import pairing, wire
from tapwatch.simulator.radio.attributes import Level
from tapwatch.simulator.radio.bonds import Bond, Bonds
from tapwatch.simulator.radio.client import Tell, WatchClient


class Peer:
    """Tells the firmware what happens on one connection."""

    def __init__(self, device: Device, connection: Connection, tell: Tell, bonds: Bonds) -> None:
        """`tell` sends a message to the firmware."""
        self.connection = connection
        self.link = connection.handle - 1  # NimBLE counts from 0
        self.level = Level()
        self.client = WatchClient(connection, self.link, tell)
        self.on_bond: Callable[[], Awaitable[None]] = _nothing
        """Awaited when a new bond was kept."""
        self._device = device
        self._tell = tell
        self._bonds = bonds
        self._coming = Level()
        self._answers: list[asyncio.Future[int]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        connection.on(connection.EVENT_CONNECTION_ATT_MTU_UPDATE, self._on_mtu)
        connection.on(connection.EVENT_CONNECTION_ENCRYPTION_CHANGE, self._on_encryption)
        connection.on(connection.EVENT_PAIRING, self._on_paired)
        connection.on(connection.EVENT_PAIRING_FAILURE, self._on_pairing_failed)

    def tell_address(self, number: int) -> None:
        """Send a message of number, link and address."""
        address = self.connection.peer_address
        self._tell(number, "HB", self.link, address.address_type & 1, data=bytes(address)[::-1])

    def start(self, work: Awaitable[None]) -> None:
        """Do something beside everything else, as long as the connection lasts."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """The connection has gone."""
        for waiting in [*self._answers, *self._tasks]:
            waiting.cancel()

    def delegate(self, security: pairing.Security) -> pairing.WatchDelegate:
        """What answers for the watch while this connection pairs."""
        return pairing.WatchDelegate(security.io, self._forget, self._ask)

    def answer(self, passkey: int) -> None:
        """What the firmware says to the last question of a pairing."""
        if self._answers and not self._answers[-1].done():
            self._answers[-1].set_result(passkey)

    async def long_term_key(self, rand: bytes, ediv: int) -> bytes | None:
        """The key under which the other side wants to encrypt: of the pairing that is going on, or of the bond."""
        session = self._device.smp_manager.sessions.get(self.connection.handle)
        if session is not None and not session.completed:
            size = pairing.key_bytes(session)
            self._coming = Level(True, pairing.authenticated(session), False, size)
            return session.get_long_term_key(rand, ediv)
        bond = await self._bonds.of(self.connection.peer_address)
        if bond is None or (bond.ediv, bond.rand) != (ediv, int.from_bytes(rand, "little")):
            return None
        self._coming = Level(True, bond.authenticated, True, bond.key_bytes)
        return bond.ltk

    async def _ask(self, action: int, number: int) -> int:
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._answers.append(answer)
        try:
            self._tell(wire.PASSKEY, "HBI", self.link, action, number)
            return await answer
        finally:
            self._answers.remove(answer)

    async def _forget(self) -> None:
        """A bonded peer that pairs anew has lost its keys: the old ones go first, as MicroPython has NimBLE do."""
        if await self._bonds.knows(self.connection.peer_address):
            await self._bonds.forget(self.connection.peer_address)

    def _on_mtu(self) -> None:
        self._tell(wire.MTU_CHANGED, "HH", self.link, self.connection.att_mtu)

    def _on_encryption(self) -> None:
        self.level = self._coming if self.connection.is_encrypted else Level()
        session = self._device.smp_manager.sessions.get(self.connection.handle)
        if session is None or session.completed:  # else the end of the pairing tells
            self._tell_level()

    def _on_paired(self, keys: PairingKeys) -> None:
        session = self._device.smp_manager.sessions.pop(self.connection.handle)
        bond = session.bonding
        self.level = Level(True, pairing.authenticated(session), bond, pairing.key_bytes(session))
        self._tell_level()  # before the keys are handed over: the order of NimBLE's ble_sm_process_result
        if bond:
            self.start(self._keep(keys, session.sc))

    def _on_pairing_failed(self, reason: int) -> None:
        self._device.smp_manager.sessions.pop(self.connection.handle, None)
        self._tell_level()

    async def _keep(self, keys: PairingKeys, sc: bool) -> None:
        key = keys.ltk or keys.ltk_central
        if key is None:
            return
        bond = Bond(
            peer=self.connection.peer_address,
            ltk=key.value,
            key_bytes=self.level.key_bytes,
            authenticated=self.level.authenticated,
            sc=sc,
            ediv=key.ediv or 0,
            rand=int.from_bytes(key.rand or b"", "little"),
            irk=keys.irk.value if keys.irk else None,
        )
        if await self._bonds.keep(bond):
            await self.on_bond()

    def _tell_level(self) -> None:
        level = self.level
        self._tell(
            wire.ENCRYPTION, "HBBBB", self.link, level.encrypted, level.authenticated, level.bonded, level.key_bytes
        )

    async def disconnect(self) -> None:
        """End the connection; one that has gone meanwhile is as good."""
        try:
            await self.connection.disconnect()
        except (hci.HCI_Error, BaseError):
            return


async def _nothing() -> None:
    """Nobody wants to know of a new bond."""
