"""The air: everything that sends and hears on 2.4 GHz around the simulated watch."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable

from bumble import controller as bumble_controller
from bumble import hci
from bumble.core import PhysicalTransport
from bumble.device import Device, DeviceConfiguration
from bumble.host import Host
from bumble.link import LocalLink
from bumble.ll import ControlPdu
from bumble.pairing import PairingConfig, PairingDelegate

from tapwatch.simulator.radio.controller import Controller

Compare = Callable[[int], Awaitable[bool]]
"""Asked with the six digits whether the watch shows the same."""
_IRK_BYTES = 16


async def agree(number: int) -> bool:
    """Somebody who does not look."""
    return True


class _Comparing(PairingDelegate):
    """A device with a screen and two buttons, or without both if nobody compares."""

    def __init__(self, compare: Compare | None) -> None:
        capability = PairingDelegate.IoCapability
        shows = compare is not None
        io = capability.DISPLAY_OUTPUT_AND_YES_NO_INPUT if shows else capability.NO_OUTPUT_NO_INPUT
        super().__init__(io)
        self._compare = compare or agree

    async def compare_numbers(self, number: int, digits: int) -> bool:
        """Ask whoever holds the device."""
        return await self._compare(number)


class Air(LocalLink):
    """Joins controllers. `device` makes devices that tests and the page use."""

    def __init__(self) -> None:
        super().__init__()
        self.clear = asyncio.Event()
        """Set while packets pass. Cleared, the watch's notifications wait and its queue fills: a crowded band."""
        self.clear.set()

    async def device(self, name: str, address: str | None = None, compare: Compare | None = agree) -> Device:
        """A device with a host of Bumble's, switched on: `await device.connect(...)`, `device.start_scanning()`.

        `address`: static random, as text; drawn if there is none. It pairs with LE Secure Connections and numeric
        comparison; with `compare` None it has no screen, so that pairing is of the kind "just works".
        """
        own = hci.Address(address) if address else hci.Address.generate_static_address()
        config = DeviceConfiguration(name=name, address=own, irk=secrets.token_bytes(_IRK_BYTES))
        device = self.host_on(config, Controller(name, link=self))
        device.pairing_config_factory = lambda connection: PairingConfig(
            sc=True, mitm=compare is not None, bonding=True, delegate=_Comparing(compare)
        )
        await device.power_on()
        return device

    def host_on(self, config: DeviceConfiguration, controller: Controller) -> Device:
        """A host on a controller, not yet switched on."""
        return Device(config=config, host=Host(controller_source=controller, controller_sink=controller))

    def leave(self, controller: Controller, reason: int = hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR) -> None:
        """Take a radio off the air; whoever was connected with it sees the link end for `reason`."""
        controller.le_legacy_advertiser.stop()
        controller.vanish(reason)
        self.controllers.discard(controller)

    async def remove(self, device: Device) -> None:
        """Take away a device that `device` made."""
        controller = device.host.hci_sink
        if isinstance(controller, Controller):
            self.leave(controller)
        await device.power_off()

    def send_acl_data(
        self,
        sender_controller: bumble_controller.Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        """Carry one packet, under the address that its connection has: a private one may have changed meanwhile."""
        connection = sender_controller.le_connections.get(destination_address)
        receiver = self.find_le_controller(destination_address)
        if connection and receiver:
            asyncio.get_running_loop().call_soon(
                receiver.on_link_acl_data, connection.self_address, PhysicalTransport.LE, data
            )

    def send_ll_control_pdu(
        self, sender_address: hci.Address, receiver_address: hci.Address, packet: ControlPdu
    ) -> None:
        """Carry one PDU. Where nobody took the call, because advertising ended before it came, the link fails."""
        receiver = self.find_le_controller(receiver_address)
        if receiver and sender_address in receiver.le_connections:
            super().send_ll_control_pdu(sender_address, receiver_address, packet)
            return
        sender = self.find_le_controller(sender_address)
        if sender:
            asyncio.get_running_loop().call_soon(_fail, sender, receiver_address)


def _fail(sender: bumble_controller.Controller, peer: hci.Address) -> None:
    """Tell the host of a link that was never there at the other end, Core 5.4 vol. 6 part B section 4.5.2."""
    connection = sender.le_connections.get(peer)
    if connection:
        sender.on_le_disconnected(connection, hci.HCI_ErrorCode.CONNECTION_FAILED_TO_BE_ESTABLISHED_ERROR)
