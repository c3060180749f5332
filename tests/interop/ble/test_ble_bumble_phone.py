"""The phone's Bumble host against a Bumble peripheral with the firmware's service: pairing, bonds, links that go."""

from __future__ import annotations

import asyncio
import json
import stat
from typing import TYPE_CHECKING

import pytest

from tapwatch.errors import UserError
from tapwatch.phone.ble.bumble_host import BumbleHost
from tapwatch.phone.ble.gatt import STATE, ExchangePipe
from tapwatch.phone.transfer import LinkLost, Transfer
from tapwatch.simulator.radio.air import Air as LocalLink
from tapwatch.simulator.radio.controller import Controller
from tests.interop.ble.firmware_end import FirmwareEnd
from tests.interop.ble.paper_radio import PaperRadio

if TYPE_CHECKING:
    from pathlib import Path

MESSAGE = bytes(range(250)) * 8


async def host_on(controller: Controller, folder: Path) -> BumbleHost:
    host = BumbleHost(folder, "")
    await host.attach(controller, controller)
    return host


def test_pair_send_lose_the_link_and_go_on(tmp_path: Path) -> None:
    shown = []

    async def compare(digits: str) -> bool:
        shown.append(digits)
        return True

    async def run() -> None:
        link = LocalLink()
        with FirmwareEnd() as end:
            radio = PaperRadio(link, end)
            await radio.start()
            controller = Controller("phone", link=link)
            host = await host_on(controller, tmp_path)
            await host.pair(compare)
            assert shown == [radio.wearer.digits]
            pipe = await ExchangePipe.open(await host.connect())
            sending = Transfer(MESSAGE)
            radio.cut_after = 4
            with pytest.raises(LinkLost):
                await sending.over(pipe)
            await host.__aexit__()
            # Another run of the phone, with the bond from the file.
            again = await host_on(controller, tmp_path)
            answer = await sending.over(await ExchangePipe.open(await again.connect()))
            assert answer == MESSAGE[::-1] and end.worked == 1
            await again.__aexit__()

    asyncio.run(run())
    bonds = tmp_path / "bonds.json"
    assert stat.S_IMODE(bonds.stat().st_mode) == 0o600
    (keys,) = next(iter(json.loads(bonds.read_text()).values())).values()
    assert keys["ltk"]["authenticated"]


def test_digits_that_differ_make_no_bond(tmp_path: Path) -> None:
    async def refuse(_digits: str) -> bool:
        return False

    async def run() -> None:
        link = LocalLink()
        with FirmwareEnd() as end:
            await PaperRadio(link, end).start()
            host = await host_on(Controller("phone", link=link), tmp_path)
            with pytest.raises(UserError, match="not confirmed here"):
                await host.pair(refuse)
            with pytest.raises(UserError, match="no watch yet"):
                await host.connect()
            await host.__aexit__()

    asyncio.run(run())


def test_nothing_is_read_without_a_bond(tmp_path: Path) -> None:
    async def run() -> None:
        link = LocalLink()
        with FirmwareEnd() as end:
            radio = PaperRadio(link, end)
            await radio.start()
            host = await host_on(Controller("phone", link=link), tmp_path)
            found = await host._connect(radio.device.random_address)
            await found.discover("7bfd1000-d44c-49ed-a19b-a26f1343b084")
            with pytest.raises(LinkLost, match="INSUFFICIENT"):
                await found.read(STATE)
            await host.__aexit__()

    asyncio.run(run())


def test_no_controller(tmp_path: Path) -> None:
    async def run() -> None:
        with pytest.raises(UserError, match="No Bluetooth controller"):
            await BumbleHost(tmp_path, "tcp:127.0.0.1:1").__aenter__()

    asyncio.run(run())
