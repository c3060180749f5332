"""A Bumble peripheral that looks like the watch's radio, with the firmware's token exchange service behind it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bumble.core import UUID, AdvertisingData
from bumble.device import Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import Address
from bumble.pairing import PairingConfig, PairingDelegate

from tapwatch.phone.ble.gatt import IN, OUT, SERVICE, STATE
from tapwatch.simulator.radio.controller import Controller

if TYPE_CHECKING:
    from bumble.device import Connection

    from tapwatch.simulator.radio.air import Air as LocalLink
    from tests.interop.ble.firmware_end import FirmwareEnd

_PHONE_LINK = UUID("6e400001-b5a3-f393-e0a9-e50e24dcca9e")
_ROOM = 180
_P = Characteristic.Permissions
_PROPERTY = Characteristic.Properties


class Wearer(PairingDelegate):
    """Compares digits, and agrees or not."""

    def __init__(self, agrees: bool) -> None:
        super().__init__(PairingDelegate.IoCapability.DISPLAY_OUTPUT_AND_YES_NO_INPUT)
        self.digits = ""
        self._agrees = agrees

    async def compare_numbers(self, number: int, digits: int) -> bool:
        """Remember what the watch shows."""
        self.digits = f"{number:0{digits}d}"
        return self._agrees


class PaperRadio:
    """Advertises, pairs, and passes fragments between the air and the firmware."""

    def __init__(self, link: LocalLink, end: FirmwareEnd, agrees: bool = True) -> None:
        self.wearer = Wearer(agrees)
        self.cut_after = -1
        """Notifications after which the link is cut, once; -1 for never."""
        self._end = end
        self._link: Connection | None = None
        controller = Controller("watch", link=link)
        config = DeviceConfiguration(name="Tapwatch 1a2b", address=Address("C4:F2:17:1E:1D:BB"))
        self.device = Device.from_config_with_hci(config, controller, controller)
        self.device.pairing_config_factory = lambda _: PairingConfig(delegate=self.wearer)
        guarded = _P.READ_REQUIRES_AUTHENTICATION | _P.WRITE_REQUIRES_AUTHENTICATION
        write = CharacteristicValue(write=self._written)
        self._rows = {
            "in": Characteristic(IN, _PROPERTY.WRITE | _PROPERTY.WRITE_WITHOUT_RESPONSE, guarded, write),
            "out": Characteristic(OUT, _PROPERTY.NOTIFY, guarded, b""),
            "state": Characteristic(
                STATE, _PROPERTY.READ | _PROPERTY.NOTIFY, guarded, CharacteristicValue(read=self._read)
            ),
        }
        self.device.add_service(Service(SERVICE, list(self._rows.values())))

    async def start(self) -> None:
        """Switch on and advertise."""
        await self.device.power_on()
        self.device.on(self.device.EVENT_CONNECTION, self._connected)
        self.device.advertising_data = bytes(
            AdvertisingData([(AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, bytes(_PHONE_LINK))])
        )
        await self.device.start_advertising(auto_restart=True)

    def _connected(self, connection: Connection) -> None:
        self._link = connection
        self._end.say(f"join 1 {_ROOM}")
        connection.on(connection.EVENT_DISCONNECTION, lambda _: self._end.say("left"))

    def _read(self, _connection: Connection) -> bytes:
        return self._end.say("read")[0][1]

    def _written(self, connection: Connection, data: bytes) -> None:
        found = self._end.say("write " + bytes(data).hex())
        asyncio.get_running_loop().create_task(self._notify(connection, found))

    async def _notify(self, connection: Connection, found: list[tuple[str, bytes]]) -> None:
        for kind, data in found:
            if self.cut_after == 0:
                self.cut_after = -1
                await connection.disconnect()
                return
            self.cut_after -= 1
            await self.device.notify_subscriber(connection, self._rows[kind], data)
