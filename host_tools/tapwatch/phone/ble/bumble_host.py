"""A Bluetooth host in this process, by Bumble, over any controller: the simulator's, or one behind a TCP port."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from typing import TYPE_CHECKING, Any, Self

from bumble.core import UUID, AdvertisingData, BaseBumbleError
from bumble.device import Device, DeviceConfiguration
from bumble.hci import Address
from bumble.keys import JsonKeyStore
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.transport import open_transport

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.phone.ble.bumble_link import BumbleLink
from tapwatch.phone.ble.gatt import SERVICE
from tapwatch.phone.private_file import write_private
from tapwatch.phone.transfer import LinkLost

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from bumble.device import Advertisement, Connection

    Compare = Callable[[str], Awaitable[bool]]

SCAN_S = 15.0
"""Longest search for a watch that advertises."""
CONNECT_S = 5.0
PAIR_S = 60.0
"""The wearer and the user of the phone compare six digits meanwhile."""
_STORED_S = 0.5
"""The watch writes the bond down meanwhile; it takes one who leaves at once for one who went away."""
_PHONE_LINK = UUID("6e400001-b5a3-f393-e0a9-e50e24dcca9e")
"""What a watch advertises, for Gadgetbridge's sake."""
_NAMES = ("Tapwatch", "Espruino")
_OPEN = "On the watch: Settings, Bluetooth, Pair a device, and what this is."
_AGAIN = "Begin again on the watch, and compare the six digits on both."
_ITS_SCREEN = "It says nothing of it? Then it was not open: Settings, Bluetooth, Pair a device, and what this is."


class BondFile(JsonKeyStore):
    """Bond keys in a file that only its owner may read."""

    async def save(self, db: dict) -> None:
        """Write all of it anew."""
        write_private(self.filename, db)


class _Wearer(PairingDelegate):
    """Asks the user of the phone whether both show the same digits, once."""

    def __init__(self, compare: Compare) -> None:
        super().__init__(PairingDelegate.IoCapability.DISPLAY_OUTPUT_AND_YES_NO_INPUT)
        self._compare = compare
        self._agreed: bool | None = None

    async def compare_numbers(self, number: int, digits: int) -> bool:
        """Ask."""
        self._agreed = False
        self._agreed = await self._compare(f"{number:0{digits}d}")
        return self._agreed

    def problem(self) -> UserError:
        """Why there is no bond, in words: a watch that does not want one only ends the link."""
        if self._agreed is None:
            return UserError("The watch went away, or is not open for a new device.", _OPEN, EXIT_FAILED)
        if not self._agreed:
            return UserError("Not paired: the digits were not confirmed here.", _AGAIN, EXIT_FAILED)
        return UserError("The watch did not pair, and its screen says why.", _ITS_SCREEN, EXIT_FAILED)


async def _refuse(_digits: str) -> bool:
    return False


class BumbleHost:
    """Use it as an async context manager; one for each controller."""

    def __init__(self, folder: Path, address: str, name: str = "Tapwatch phone") -> None:
        """Bonds are kept in `folder`. `address`: where a controller listens, `tcp:HOST:PORT`."""
        self._folder = folder
        self._address = address
        self._name = name
        self._exits = contextlib.AsyncExitStack()
        self._device: Device | None = None
        self._wearer = _Wearer(_refuse)

    async def __aenter__(self) -> Self:
        try:
            transport = await self._exits.enter_async_context(await open_transport("tcp-client:" + self._address[4:]))
        except (OSError, BaseBumbleError) as problem:
            raise UserError(
                f"No Bluetooth controller answers at {self._address}.", "Start one: `tapwatch sim --hci`."
            ) from problem
        await self.attach(transport.source, transport.sink)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Switch it off."""
        await self._exits.aclose()

    async def attach(self, source: Any, sink: Any) -> None:
        """Begin, over a controller of Bumble's that is there already (it is both), or the two ends of a transport."""
        self._folder.mkdir(parents=True, exist_ok=True)
        own = Address(self._own_address(), Address.RANDOM_DEVICE_ADDRESS)
        device = Device.from_config_with_hci(DeviceConfiguration(name=self._name, address=own), source, sink)
        device.keystore = BondFile(str(own), str(self._folder / "bonds.json"))
        device.pairing_config_factory = lambda _: PairingConfig(delegate=self._wearer)
        await device.power_on()
        self._exits.push_async_callback(device.power_off)
        self._device = device

    async def pair(self, compare: Compare, name: str = "") -> None:
        """Find a watch that is open for pairing, and pair. `compare(digits)` says whether the watch shows the same.

        Raises UserError if it does not come to a bond with compared digits.
        """
        found = await self._find(lambda seen: _is_watch(seen, name))
        if found is None:
            raise UserError("No watch is in reach.", _OPEN, EXIT_FAILED)
        wearer = self._wearer = _Wearer(compare)
        link: BumbleLink | None = None
        try:
            link = await self._connect(found)
            await link.guarded(link.connection.pair(), PAIR_S)
            await link.discover(SERVICE)  # a controller may drop what it has not sent when a link ends: our keys
            await self._ready.refresh_resolving_list()
            await link.guarded(asyncio.sleep(_STORED_S))  # a watch that does not want the bond ends the link here
        except LinkLost:
            raise wearer.problem() from None
        finally:
            self._wearer = _Wearer(_refuse)
            if link is not None:
                await link.close()

    async def paired(self) -> bool:
        """True once there is a bond with a watch."""
        return bool(await self._bonded())

    async def connect(self, service: str = SERVICE) -> BumbleLink:
        """An encrypted link to the watch of the last pairing. Raises LinkLost, UserError before any pairing.

        `service`: the one that is wanted of it.
        """
        bonds = set(await self._bonded())
        if not bonds:
            raise UserError("This phone has no watch yet.", "Pair it: `tapwatch phone pair`.")
        found = await self._find(lambda seen: str(self._identity(seen.address)) in bonds)
        if found is None:
            raise LinkLost("the watch does not advertise")
        link = await self._connect(found)
        try:
            await link.guarded(link.connection.encrypt())
            await link.discover(service)
        except BaseException:
            await link.close()
            raise
        return link

    async def forget(self) -> None:
        """Drop every bond."""
        if self._ready.keystore is not None:
            await self._ready.keystore.delete_all()

    @property
    def _ready(self) -> Device:
        if self._device is None:
            raise RuntimeError("the Bluetooth host is used outside its context")
        return self._device

    async def _bonded(self) -> list[str]:
        keystore = self._ready.keystore
        return [] if keystore is None else [name for name, _ in await keystore.get_all()]

    def _identity(self, address: Address) -> Address:
        """The address that a bond is filed under, for one that was seen in the air."""
        resolver = self._ready.address_resolver
        return (resolver.resolve(address) if resolver is not None and address.is_resolvable else None) or address

    async def _find(self, wanted: Callable[[Advertisement], bool]) -> Address | None:
        """The address of the first advertiser that is wanted, None if there is none for SCAN_S."""
        device = self._ready
        found: asyncio.Future[Address] = asyncio.get_running_loop().create_future()

        def seen(advertisement: Advertisement) -> None:
            if not found.done() and wanted(advertisement):
                found.set_result(advertisement.address)

        device.on(device.EVENT_ADVERTISEMENT, seen)
        try:
            await device.start_scanning(legacy=True, filter_duplicates=False)
            async with asyncio.timeout(SCAN_S):
                return await found
        except TimeoutError:
            return None
        finally:
            device.remove_listener(device.EVENT_ADVERTISEMENT, seen)
            await device.stop_scanning()

    async def _connect(self, address: Address) -> BumbleLink:
        try:
            connection: Connection = await self._ready.connect(address, timeout=CONNECT_S)
        except (BaseBumbleError, OSError, TimeoutError) as problem:
            raise LinkLost(str(problem)) from problem
        return BumbleLink(connection)

    def _own_address(self) -> str:
        """The address of this phone, the same every time: random and static, Core 5.4 vol. 6 part B section 1.3.2.1."""
        path = self._folder / "address"
        if not path.exists():
            drawn = bytes([secrets.randbits(6) | 0xC0]) + secrets.token_bytes(5)
            path.write_text(drawn.hex(":").upper())
        return path.read_text().strip()


def _is_watch(seen: Advertisement, name: str) -> bool:
    told = seen.data.get(AdvertisingData.COMPLETE_LOCAL_NAME)
    told = told if isinstance(told, str) else ""
    if name:
        return told == name or str(seen.address).startswith(name.upper())
    services = seen.data.get(AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS) or []
    return told.startswith(_NAMES) or (isinstance(services, list) and _PHONE_LINK in services)
