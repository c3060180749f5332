"""The watch's radio while it is on: a Bumble host and controller that do what the firmware asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bumble import att, hci
from bumble.device import AdvertisingType, Connection, DeviceConfiguration
from bumble.gatt import GATT_DEVICE_NAME_CHARACTERISTIC
from bumble.pairing import PairingConfig
from bumble.smp import AddressResolver

from tapwatch.simulator.frames import LinkError
from tapwatch.simulator.radio import wire
from tapwatch.simulator.radio.attributes import Attributes, Level
from tapwatch.simulator.radio.bonds import Bonds
from tapwatch.simulator.radio.controller import Controller
from tapwatch.simulator.radio.gate import guard
from tapwatch.simulator.radio.pairing import Security
from tapwatch.simulator.radio.peer import Peer
from tapwatch.simulator.radio.questions import Questions
from tapwatch.simulator.radio.session import WatchSession

if TYPE_CHECKING:
    from tapwatch.simulator.radio.air import Air

_NAME = "MPY ESP32"
_DEFAULT_MTU = 256
"""CONFIG_BT_NIMBLE_ATT_PREFERRED_MTU of ESP-IDF."""
_US_PER_MS = 1000
_RESOLVABLE = 2
_PRIVATE_S = 900
"""How long a private address lasts: CONFIG_BT_NIMBLE_RPA_TIMEOUT of ESP-IDF."""
_ANSWERS = (wire.READ_ANSWER, wire.WRITE_ANSWER, wire.SECRET_ANSWER)
_CLIENT = (
    wire.FIND_SERVICES,
    wire.FIND_CHARACTERISTICS,
    wire.FIND_DESCRIPTORS,
    wire.CLIENT_READ,
    wire.CLIENT_WRITE,
    wire.CLIENT_MTU,
)


class Station:
    """From power-on to power-off. `receive` takes messages of the firmware, `off` ends it at once."""

    def __init__(self, air: Air, address: bytes, send: Callable[[bytes], None]) -> None:
        """`address` is static random, most significant byte first; `send` brings a message to the firmware."""
        self._air = air
        self._send = send
        self._questions = Questions(send)
        self._bonds = Bonds(self._get_secret, self._put_secret)
        self._attributes = Attributes(self._level, self._read, self._write)
        self._peers: dict[int, Peer] = {}
        self._security = Security()
        self._address_mode = 0
        self._private_until_s = 0.0
        self._controller = Controller("watch", link=air)
        own = hci.Address(address[::-1], hci.AddressType.RANDOM_DEVICE)
        config = DeviceConfiguration(name=_NAME, address=own)
        self._device = air.host_on(config, self._controller)
        self._device.gatt_server.max_mtu = _DEFAULT_MTU
        guard(self._device.gatt_server)
        self._device.pairing_config_factory = self._pairing
        self._device.smp_manager.session_proxy = WatchSession
        self._device.host.long_term_key_provider = self._long_term_key
        self._device.on("connection", self._on_connection)
        self._own_attributes = len(self._device.gatt_server.attributes)
        self._own_services = len(self._device.gatt_server.services)
        self._requests: asyncio.Queue[bytes] = asyncio.Queue()
        self._work = asyncio.create_task(self._run())

    def receive(self, message: bytes) -> None:
        """Take a message of the firmware. Raises LinkError if an earlier one made no sense."""
        if self._work.done():
            raise LinkError("the watch's radio has failed") from self._work.exception()
        number = message[0]
        if number in _ANSWERS:
            self._questions.answer(message)
        elif number == wire.PASSKEY_ANSWER:
            link, _, passkey = wire.unpack("HBI", message)
            if peer := self._peers.get(link):
                peer.answer(passkey)
        else:
            self._requests.put_nowait(message)

    def off(self) -> None:
        """Vanish from the air: the other sides see their links end."""
        self._work.cancel()
        self._requests.put_nowait(b"")  # asyncio.wait_for, which Bumble uses, may swallow a cancellation before 3.12
        self._questions.close()
        for peer in self._peers.values():
            peer.close()
        self._peers.clear()
        self._air.leave(self._controller)

    async def _run(self) -> None:
        await self._device.power_on()
        self._device.keystore = None  # the bonds are the watch's own
        self._device.irk = await self._bonds.identity()
        await self._refresh()
        while message := await self._requests.get():
            number = message[0]
            if number in _CLIENT:
                self._with_peer(message, lambda peer, message=message: peer.start(peer.client.run(message)))
            else:
                await _ACTIONS[number](self, message)

    def _with_peer(self, message: bytes, action: Callable[[Peer], None]) -> None:
        """Do something with the peer of a message; its connection may have ended meanwhile."""
        (link,) = wire.unpack("H", message)
        if peer := self._peers.get(link):
            action(peer)

    def _tell(self, number: int, form: str, *fields: int, data: bytes = b"") -> None:
        self._send(wire.pack(number, form, *fields, data=data))

    def _on_connection(self, connection: Connection) -> None:
        peer = Peer(self._device, connection, self._tell, self._bonds)
        peer.on_bond = self._refresh
        self._peers[peer.link] = peer
        connection.on(connection.EVENT_DISCONNECTION, lambda reason: self._on_disconnection(peer))
        peer.tell_address(wire.CONNECTED)

    def _on_disconnection(self, peer: Peer) -> None:
        if self._peers.pop(peer.link, None):
            peer.close()
            peer.tell_address(wire.DISCONNECTED)

    def _peer_of(self, connection: Connection) -> Peer:
        return self._peers[connection.handle - 1]

    def _level(self, connection: Connection) -> Level:
        return self._peer_of(connection).level

    def _pairing(self, connection: Connection) -> PairingConfig:
        return self._security.config(self._peer_of(connection).delegate(self._security))

    async def _long_term_key(self, handle: int, rand: bytes, ediv: int) -> bytes | None:
        peer = self._peers.get(handle - 1)
        return await peer.long_term_key(rand, ediv) if peer else None

    async def _refresh(self) -> None:
        """Know bonded peers again by what they use in place of their address."""
        self._device.address_resolver = AddressResolver(await self._bonds.resolving_keys())

    async def _read(self, connection: Connection, handle: int) -> bytes:
        error, value = await self._questions.ask(wire.READ, "HH", connection.handle - 1, handle)
        return _value_or(error, value)

    async def _write(self, connection: Connection, handle: int, value: bytes) -> None:
        error, _ = await self._questions.ask(wire.WRITTEN, "HH", connection.handle - 1, handle, data=value)
        _value_or(error, b"")

    async def _get_secret(self, kind: int, index: int, key: bytes) -> bytes | None:
        there, value = await self._questions.ask(wire.SECRET_WANTED, "BB", kind, index, data=key)
        return value if there else None

    async def _put_secret(self, kind: int, key: bytes, value: bytes) -> bool:
        stored, _ = await self._questions.ask(wire.SECRET_NEW, "BB", kind, len(key), data=key + value)
        return bool(stored)

    async def _name(self, message: bytes) -> None:
        for attribute in self._device.gatt_server.attributes:
            if attribute.type == GATT_DEVICE_NAME_CHARACTERISTIC:
                attribute.value = message[1:]

    async def _mtu(self, message: bytes) -> None:
        (self._device.gatt_server.max_mtu,) = wire.unpack("H", message)

    async def _address(self, message: bytes) -> None:
        (self._address_mode,) = wire.unpack("B", message)
        self._private_until_s = 0.0

    async def _secure(self, message: bytes) -> None:
        bond, mitm, le_secure, io = wire.unpack("BBBB", message)
        self._security = Security(bool(bond), bool(mitm), bool(le_secure), io)

    async def _services(self, message: bytes) -> None:
        server = self._device.gatt_server
        del server.attributes[self._own_attributes :], server.services[self._own_services :]
        server.attributes_by_handle.clear()
        server.add_services(self._attributes.services(message[1:]))

    async def _advertise(self, message: bytes) -> None:
        interval_us, connectable, length = wire.unpack("IBB", message)
        data = wire.rest("IBB", message)
        kinds = AdvertisingType
        kind = kinds.UNDIRECTED_CONNECTABLE_SCANNABLE if connectable else kinds.UNDIRECTED_SCANNABLE
        await self._device.stop_advertising()
        await self._take_address()
        await self._device.start_advertising(
            advertising_type=kind,
            advertising_data=data[:length],
            scan_response_data=data[length:],
            advertising_interval_min=interval_us / _US_PER_MS,
            advertising_interval_max=interval_us / _US_PER_MS,
        )

    async def _take_address(self) -> None:
        """Advertise under the own address, or under a private one that only bonded devices can resolve."""
        device, now_s = self._device, asyncio.get_running_loop().time()
        if self._address_mode != _RESOLVABLE:
            device.random_address = device.static_address
        elif now_s >= self._private_until_s:  # not with every start: who has just heard it may connect
            device.random_address = hci.Address.generate_private_address(device.irk)
            self._private_until_s = now_s + _PRIVATE_S
        await device.send_sync_command(hci.HCI_LE_Set_Random_Address_Command(random_address=device.random_address))

    async def _silence(self, message: bytes) -> None:
        await self._device.stop_advertising()

    async def _disconnect(self, message: bytes) -> None:
        self._with_peer(message, lambda peer: peer.start(peer.disconnect()))

    async def _pair(self, message: bytes) -> None:
        self._with_peer(message, lambda peer: peer.connection.request_pairing())

    async def _notify(self, message: bytes) -> None:
        link, handle = wire.unpack("HH", message)
        await self._air.clear.wait()
        peer = self._peers.get(link)
        if peer is None:
            return
        attribute, value = self._attributes.by_handle[handle], wire.rest("HH", message)
        await self._device.gatt_server.notify_subscriber(peer.connection, attribute, value, force=True)
        await peer.connection.drain()
        self._tell(wire.SENT, "H", link)

    async def _indicate(self, message: bytes) -> None:
        _, handle = wire.unpack("HH", message)
        value = wire.rest("HH", message)
        self._with_peer(message, lambda peer: peer.start(self._indicate_to(peer, handle, value)))

    async def _indicate_to(self, peer: Peer, handle: int, value: bytes) -> None:
        attribute, status = self._attributes.by_handle[handle], 0
        try:
            await self._device.gatt_server.indicate_subscriber(peer.connection, attribute, value, force=True)
        except TimeoutError:
            status = hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR
        self._tell(wire.CONFIRMED, "HHB", peer.link, handle, status)

    async def _changed(self, message: bytes) -> None:
        (handle,) = wire.unpack("H", message)
        attribute, value = self._attributes.by_handle[handle], wire.rest("H", message)
        server = self._device.gatt_server
        for peer in tuple(self._peers.values()):
            await server.notify_subscriber(peer.connection, attribute, value)
            subscribed = server.read_cccd(peer.connection, attribute)  # type: ignore[arg-type]
            if subscribed[0] & 2:
                peer.start(server.indicate_subscriber(peer.connection, attribute, value))


_ACTIONS: dict[int, Callable[[Station, bytes], Any]] = {
    wire.NAME: Station._name,
    wire.MTU: Station._mtu,
    wire.ADDRESS: Station._address,
    wire.SECURITY: Station._secure,
    wire.SERVICES: Station._services,
    wire.ADVERTISE: Station._advertise,
    wire.SILENCE: Station._silence,
    wire.DISCONNECT: Station._disconnect,
    wire.PAIR: Station._pair,
    wire.NOTIFY: Station._notify,
    wire.INDICATE: Station._indicate,
    wire.CHANGED: Station._changed,
}


def _value_or(error: int, value: bytes) -> bytes:
    if error:
        raise att.ATT_Error(att.ErrorCode(error))
    return value
