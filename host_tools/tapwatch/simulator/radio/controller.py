"""A Bumble controller that advertises as radios do: with scan responses, unconnectable too, as often as asked for."""

from __future__ import annotations

import asyncio
import dataclasses

from bumble import controller, hci, ll
from bumble.hci import HCI_LE_Advertising_Report_Event as Legacy

_UNIT_S = 0.000625
"""Unit of advertising intervals, Core 5.4 vol. 4 part E section 7.8.5."""
_RSSI = -50
_ADV_IND, _ADV_SCAN_IND = 0, 2
"""Advertising types, Core 5.4 vol. 4 part E section 7.8.5: connectable and scannable, scannable."""


@dataclasses.dataclass
class Advertisement(ll.AdvInd):
    """One advertising packet, with the answer that a scanner would get."""

    response: bytes | None
    connectable: bool


class _Advertiser(controller.LegacyAdvertiser):
    def _on_timer_fired(self) -> None:
        self.send_advertising_data()
        pause_s = self.advertising_interval_min * _UNIT_S
        self.timer_handle = asyncio.get_running_loop().call_later(pause_s, self._on_timer_fired)

    def send_advertising_data(self) -> None:
        """Put one packet on the air."""
        if self.enabled:
            kind = self.advertising_type
            response = self.scan_response_data if kind in (_ADV_IND, _ADV_SCAN_IND) else None
            packet = Advertisement(self.address, self.advertising_data, response, kind == _ADV_IND)
            self.controller.send_advertising_pdu(packet)


class Controller(controller.Controller):
    """One radio on the air. Low energy advertising is of the legacy kind, as MicroPython knows no other."""

    le_features = controller.Controller.le_features & ~hci.LeFeatureMask.LE_EXTENDED_ADVERTISING

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.le_legacy_advertiser = _Advertiser(self)

    def on_advertising_pdu(self, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        """Report a packet to the host, and connect if that is what the host waits for."""
        if not isinstance(pdu, Advertisement):
            super().on_advertising_pdu(pdu)
            return
        if self.le_scan_enable:
            self._report(pdu)
        wanted = self.pending_le_connection
        if wanted and pdu.connectable and wanted.peer_address == pdu.advertiser_address:
            self.create_le_connection(pdu.advertiser_address)

    def _report(self, pdu: Advertisement) -> None:
        kind = Legacy.EventType.ADV_IND if pdu.connectable else Legacy.EventType.ADV_NONCONN_IND
        self._send_report(pdu, kind, pdu.data)
        if pdu.response is not None and self.le_scan_type:
            self._send_report(pdu, Legacy.EventType.SCAN_RSP, pdu.response)

    def _send_report(self, pdu: Advertisement, kind: int, data: bytes) -> None:
        address = pdu.advertiser_address
        report = Legacy.Report(
            event_type=Legacy.EventType(kind),
            address_type=address.address_type,
            address=address,
            data=data,
            rssi=_RSSI,
        )
        self.send_hci_packet(Legacy([report]))

    def on_hci_reset_command(self, command: hci.HCI_Reset_Command) -> hci.HCI_StatusReturnParameters:
        """Stop everything, as a reset does; Bumble's own controller goes on."""
        self.le_legacy_advertiser.stop()
        self.le_scan_enable = False
        self.pending_le_connection = None
        self.vanish(hci.HCI_ErrorCode.REMOTE_USER_TERMINATED_CONNECTION_ERROR)
        return super().on_hci_reset_command(command)

    def on_hci_le_create_connection_cancel_command(
        self, command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Give up waiting for an advertiser and tell the host; Bumble's own controller goes on waiting."""
        wanted, self.pending_le_connection = self.pending_le_connection, None
        if wanted is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        asyncio.get_running_loop().call_soon(self.send_hci_packet, _given_up(wanted.peer_address))
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def vanish(self, reason: int) -> None:
        """Drop every connection; the other sides see it end for `reason`, this host hears nothing."""
        for connection in list(self.le_connections.values()):
            other = self.link.find_le_controller(connection.peer_address) if self.link else None
            theirs = other.le_connections.get(connection.self_address) if other else None
            if other and theirs:
                other.on_le_disconnected(theirs, reason)
        self.le_connections.clear()


def _given_up(peer: hci.Address) -> hci.HCI_LE_Connection_Complete_Event:
    """The end of a connection that never was, Core 5.4 vol. 4 part E section 7.8.13."""
    return hci.HCI_LE_Connection_Complete_Event(
        status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
        connection_handle=0,
        role=hci.Role.CENTRAL,
        peer_address_type=peer.address_type,
        peer_address=peer,
        connection_interval=0,
        peripheral_latency=0,
        supervision_timeout=0,
        central_clock_accuracy=0,
    )
