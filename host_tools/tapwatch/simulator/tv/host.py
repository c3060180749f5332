"""A HID host (HOGP 1.0): what a television does with the controller that it is connected to."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import Any

from bumble.att import ATT_Error, ErrorCode
from bumble.core import UUID, BaseError
from bumble.device import Connection, Peer
from bumble.gatt_client import CharacteristicProxy, ServiceProxy

from tapwatch.simulator.tv.report_map import BadReportMap, Field, parse

HID_SERVICE = UUID.from_16_bits(0x1812)
_REPORT_MAP, _CONTROL_POINT, _REPORT = (UUID.from_16_bits(number) for number in (0x2A4B, 0x2A4C, 0x2A4D))
_REPORT_REFERENCE = UUID.from_16_bits(0x2908)
_REFERENCE_BYTES = 2  # report ID and kind, HIDS 1.0 section 2.5.3.2
_INPUT = 1
_SUSPEND, _EXIT_SUSPEND = b"\0", b"\1"
_NOT_YET = (ErrorCode.INSUFFICIENT_AUTHENTICATION, ErrorCode.INSUFFICIENT_ENCRYPTION)
_SETTLES_S = 0.3
"""The keys of a pairing are on their way when our side of it ends."""
_ANSWER_S = 5.0
"""Longest wait for one step; the watch answers within milliseconds."""

OnReport = Callable[[int, bytes], None]
"""(report ID, bytes)."""


class NoController(Exception):
    """The device that is connected is no controller that this host can use; the text says why."""


class HidHost:
    """One connection to a controller, encrypted by now."""

    def __init__(self, connection: Connection) -> None:
        self._peer = Peer(connection)
        self._control: CharacteristicProxy[bytes] | None = None
        self.report_map = b""
        self.fields: list[Field] = []

    async def open(self, on_report: OnReport) -> None:
        """Find the service, read the report map, and hear its input reports. Raises NoController."""
        try:
            async with asyncio.timeout(_ANSWER_S):
                await self._open(on_report)
        except BadReportMap as problem:
            raise NoController(f"its report map is unusable: {problem}") from problem
        except (BaseError, TimeoutError) as problem:
            raise NoController(f"it does not answer: {problem}") from problem

    async def suspend(self, on: bool) -> None:
        """Tell it that the television sleeps, or is awake again."""
        if self._control is not None:
            await self._control.write_value(_SUSPEND if on else _EXIT_SUSPEND)

    async def _open(self, on_report: OnReport) -> None:
        service = await self._service()
        rows = await service.discover_characteristics()
        maps = [row for row in rows if row.uuid == _REPORT_MAP]
        if not maps:
            raise NoController("it has no report map")
        self.report_map = await _read_soon(maps[0])
        self.fields = parse(self.report_map)
        self._control = next((row for row in rows if row.uuid == _CONTROL_POINT), None)
        for row in rows:
            if row.uuid == _REPORT:
                await self._hear(row, on_report)

    async def _service(self) -> ServiceProxy:
        found = await self._peer.discover_service(HID_SERVICE)
        if not found:
            raise NoController("it has no human interface device service")
        return found[0]

    async def _hear(self, row: CharacteristicProxy[bytes], on_report: OnReport) -> None:
        """Subscribe to one report, if it is an input report; take what is held down already."""
        for descriptor in await row.discover_descriptors():
            if descriptor.type == _REPORT_REFERENCE:
                reference = bytes(await descriptor.read_value())
                if len(reference) != _REFERENCE_BYTES:
                    raise NoController("one of its reports has no number")
                number, kind = reference
                if kind == _INPUT:
                    await row.subscribe(functools.partial(_notified, on_report, number))
                    on_report(number, bytes(await row.read_value()))


async def _read_soon(row: CharacteristicProxy[bytes]) -> bytes:
    """Read, and once more if the watch has not yet taken note that the link is encrypted."""
    try:
        return bytes(await row.read_value())
    except ATT_Error as problem:
        if problem.error_code not in _NOT_YET:
            raise
    await asyncio.sleep(_SETTLES_S)
    return bytes(await row.read_value())


def _notified(on_report: OnReport, number: int, data: Any) -> None:
    on_report(number, bytes(data))
