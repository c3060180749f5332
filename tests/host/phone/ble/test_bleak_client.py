"""The client for a real adapter, against a bleak that is not there: a fake with the methods of bleak 3."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, ClassVar

import bleak
import pytest
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakError

from tapwatch.errors import UserError
from tapwatch.phone.ble import bleak_client
from tapwatch.phone.ble.gatt import IN, OUT, STATE, ExchangePipe
from tapwatch.phone.transfer import LinkLost

ADDRESS = "C4:F2:17:1E:1D:BB"


class FakeBleak:
    """Takes the place of BleakClient."""

    made: ClassVar[list[FakeBleak]] = []

    def __init__(self, device: Any, gone: Callable[[Any], None], services: list[str], pair: bool) -> None:
        self.device, self.gone, self.pair = device, gone, pair
        self.mtu_size = 185
        self.written: list[tuple[str, bytes, bool | None]] = []
        self.told: dict[str, Callable[[Any, bytearray], None]] = {}
        self.connected = False
        self.fault: Exception | None = None
        FakeBleak.made.append(self)

    async def connect(self) -> None:
        self._fail()
        self.connected = True

    async def disconnect(self) -> None:
        self._fail()
        self.connected = False

    async def read_gatt_char(self, uuid: str, *, use_cached: bool = False) -> bytearray:
        assert not use_cached
        self._fail()
        return bytearray(b"\x01" + bytes(9)) if uuid == STATE else bytearray()

    async def write_gatt_char(self, uuid: str, data: bytes, response: bool | None = None) -> None:
        self._fail()
        self.written.append((uuid, data, response))

    async def start_notify(self, uuid: str, callback: Callable[[Any, bytearray], None]) -> None:
        self._fail()
        self.told[uuid] = callback

    def _fail(self) -> None:
        if self.fault is not None:
            raise self.fault


@pytest.fixture(autouse=True)
def adapter(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """An adapter that hears `seen`, or fails with `fault`."""
    seen = SimpleNamespace(device=SimpleNamespace(address=ADDRESS, name="Tapwatch 1a2b"), fault=None)

    async def find(wanted: Callable[[Any, Any], bool], timeout: float) -> Any:
        if seen.fault is not None:
            raise seen.fault
        return seen.device if wanted(seen.device, SimpleNamespace(local_name=None)) else None

    FakeBleak.made.clear()
    monkeypatch.setattr(bleak, "BleakClient", FakeBleak)
    monkeypatch.setattr(bleak.BleakScanner, "find_device_by_filter", find)
    return seen


REAL = bleak.BleakClient


@pytest.mark.parametrize("name", ["connect", "disconnect", "read_gatt_char", "write_gatt_char", "start_notify"])
def test_the_real_bleak_takes_what_the_fake_takes(name: str) -> None:
    """Every parameter of the fake's methods is one of the real ones."""
    theirs = inspect.signature(getattr(REAL, name)).parameters
    ours = inspect.signature(getattr(FakeBleak, name)).parameters
    open_ended = any(one.kind is one.VAR_KEYWORD for one in theirs.values())
    assert len(ours) <= len(theirs) or open_ended
    assert all(one in theirs for one in ours if one in ("use_cached", "response", "callback"))


@pytest.mark.parametrize("who", [ADDRESS, ADDRESS.lower(), "Tapwatch 1a2b", "tapwatch 1A2B"])
def test_a_watch_by_address_or_name(who: str) -> None:
    async def run() -> None:
        pipe = await ExchangePipe.open(await bleak_client.connect(who, pair=True))
        (client,) = FakeBleak.made
        assert client.connected and client.pair and set(client.told) == {OUT, STATE}
        assert pipe.room == 182 and await pipe.state() == b"\x01" + bytes(9)
        await pipe.write(b"fragment")
        assert client.written == [(IN, b"fragment", True)]
        client.told[OUT](None, bytearray(b"answer"))
        client.told[STATE](None, bytearray(b"state"))
        assert [await pipe.hear(), await pipe.hear()] == [(True, b"answer"), (False, b"state")]
        client.gone(client)
        with pytest.raises(LinkLost):
            await pipe.hear()
        await pipe.close()
        assert client.connected, "a link that has gone is not closed again"

    asyncio.run(run())


def test_what_the_operating_system_reports_is_a_lost_link() -> None:
    async def run() -> None:
        link = await bleak_client.connect(ADDRESS)
        for fault in (BleakError("gone"), OSError("gone"), TimeoutError("gone")):
            FakeBleak.made[0].fault = fault
            for work in (link.read(STATE), link.write(IN, b""), link.subscribe(OUT, print)):
                with pytest.raises(LinkLost, match="gone"):
                    await work
        await link.close()

    asyncio.run(run())


def test_no_watch_and_no_adapter(adapter: SimpleNamespace) -> None:
    with pytest.raises(LinkLost, match="in reach"):
        asyncio.run(bleak_client.connect("another"))
    adapter.fault = BleakError("busy")
    with pytest.raises(LinkLost, match="busy"):
        asyncio.run(bleak_client.connect(ADDRESS))
    adapter.fault = BleakBluetoothNotAvailableError("off", BleakBluetoothNotAvailableReason.POWERED_OFF)
    with pytest.raises(UserError, match="no Bluetooth adapter"):
        asyncio.run(bleak_client.connect(ADDRESS))
