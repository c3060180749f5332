"""A television plays with the simulated watch, the whole way: glass, firmware, Bluetooth, Bumble host, controls."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from bumble.att import ATT_Error, ErrorCode
from bumble.core import UUID, BaseError
from bumble.device import Peer

from tapwatch.simulator import controls
from tapwatch.simulator.options import WatchOptions
from tapwatch.simulator.tv.television import ASLEEP, AWAY, CONNECTED, OFF, Television
from tapwatch.simulator.watch import SimulatedWatch
from tapwatch.stage.companion import companion
from tapwatch.stage.stage import Stage
from tests.interop.ble.phones import find

PASSCODE = "2580"
NAME = "Tapwatch 574d"
_READING_S = 1.5
"""The watch takes no answer to a question that was shown for less than a second."""
_WAIT_S = 15.0
_REPORT_MAP, _REPORT, _CONTROL = (UUID.from_16_bits(number) for number in (0x2A4B, 0x2A4D, 0x2A4C))


class Room:
    """A watch, and a television that writes down what it hears."""

    def __init__(self, watch: SimulatedWatch) -> None:
        self.watch = watch
        self.heard: list[dict[str, int]] = []
        self.tv = Television(watch.air, self._tell)

    def _tell(self, kind: str, data: object) -> None:
        if kind == "input" and isinstance(data, dict):
            self.heard.append(data["controls"])

    def take(self) -> list[dict[str, int]]:
        """What was heard since the last call."""
        heard, self.heard = self.heard, []
        return heard

    async def until(self, wanted: Callable[[], object]) -> None:
        """Wait until it is so."""
        end = time.monotonic() + _WAIT_S
        while not wanted():
            assert time.monotonic() < end, f"{self.tv.describe()}, {self.heard}"
            await asyncio.sleep(0.02)

    async def find(self, target: str) -> None:
        """Touch a target, turning pages until it is there."""
        for _ in range(6):
            if target in [one[0] for one in (await self.watch.look())["targets"]]:
                await self.watch.tap_target(target)
                await self.watch.advance(0.3)
                return
            await self.watch.swipe("up")
            await self.watch.advance(0.3)
        raise AssertionError(f"no {target}")

    async def home(self) -> None:
        """Back to the face by the side button."""
        while (await self.watch.look())["screen"] != "face":
            await self.watch.press()
            await self.watch.advance(1)

    async def unlock(self) -> None:
        """Choose a passcode."""
        await self.watch.wait_for("new-passcode", 20)
        for _ in range(2):
            for key in (*PASSCODE, "done"):
                await self.watch.tap_target(key)
            await self.watch.advance(0.5)
        await self.watch.wait_for(lambda now: now["screen"] == "face" and now["unlocked"], 20)

    async def open_pairing(self, role: str) -> None:
        """Let a device of this role in."""
        await self.home()
        await self.watch.swipe("down")
        await self.watch.advance(0.5)
        for target in ("settings", "bluetooth", "pair", role):
            await self.find(target)

    async def agree(self) -> None:
        """Say yes to the digits."""
        await self.watch.wait_for("pairing", _WAIT_S)
        await self.watch.advance(_READING_S)
        await self.watch.tap_target("yes")

    async def open_gamepad(self) -> None:
        """From the launcher."""
        await self.home()
        await self.watch.swipe("up")
        await self.watch.advance(0.5)
        await self.find("gamepad")


def test_a_television_pairs_plays_loses_and_forgets(tmp_path: Path) -> None:
    async def main() -> None:
        async with Stage(tmp_path, WatchOptions(), PASSCODE) as stage, companion(stage):
            room = Room(stage.watch)
            await room.unlock()
            await _refuses_strangers(room)
            await _pairs(room)
            await _plays(room)
            await _tilts(room)
            await _sleeps(room)
            await _loses_the_link(room)
            await _keeps_others_out(room)
            await room.tv.forget()
            assert room.tv.state == OFF

    asyncio.run(asyncio.wait_for(main(), 90))


async def _refuses_strangers(room: Room) -> None:
    """Without a bond nothing of the service can be read or heard."""
    await room.open_pairing("tv")  # else its radio rests
    stranger = await room.watch.air.device("Stranger")
    connection = await stranger.connect(await find(stranger, NAME), timeout=_WAIT_S)
    peer = Peer(connection)
    await peer.discover_services()
    rows = [
        row
        for one in peer.get_services_by_uuid(UUID.from_16_bits(0x1812))
        for row in await one.discover_characteristics()
    ]
    assert len(rows) == 5
    for row in rows:
        if row.uuid != _CONTROL:
            with pytest.raises(ATT_Error) as refused:
                await row.read_value()
            assert refused.value.error_code == ErrorCode.INSUFFICIENT_AUTHENTICATION
    await connection.disconnect()
    await room.watch.air.remove(stranger)
    await room.home()


async def _pairs(room: Room) -> None:
    await room.open_pairing("tv")
    await room.tv.pair()
    await room.agree()
    await room.until(lambda: room.tv.state == CONNECTED)
    await room.open_gamepad()
    assert "Y" in (await room.watch.look())["texts"]


async def _plays(room: Room) -> None:
    """Touches through the interface for scripts become game events, in order, with nothing left over."""
    room.take()
    targets = {one[0]: one[1:] for one in (await room.watch.look())["targets"]}

    async def point(name: str, down: bool, dx: int = 0) -> None:
        x, y, w, h = targets[name]
        await controls.apply(room.watch, {"type": "point", "down": down, "x": x + w // 2 + dx, "y": y + h // 2})

    for name in ("a", "start"):
        await point(name, True)
        await room.until(lambda name=name: room.heard == [{f"button-{name}": 1}])
        await point(name, False)
        await room.until(lambda name=name: room.heard[1:] == [{f"button-{name}": 0}])
        room.take()
    times = []
    await point("pad", True)
    for step in range(1, 21):
        started = time.perf_counter()
        await point("pad", True, 3 * step)
        await room.until(lambda step=step: len(room.heard) == step)
        times.append(time.perf_counter() - started)
    assert [list(one) for one in room.take()] == [["x"]] * 20
    await point("pad", False)
    await room.until(lambda: room.heard == [{"x": 0}])
    print(f"NOTE tv: touch to game event {sorted(times)[10] * 1000:.1f} ms of this computer, half of 20")


async def _tilts(room: Room) -> None:
    await room.find("ways")
    await room.find("tilt")
    room.take()
    await controls.apply(room.watch, {"type": "acceleration", "x": 300, "y": 0, "z": 954})
    await room.watch.advance(0.2)
    await room.until(lambda: room.heard)
    (moved,) = room.take()
    assert list(moved) == ["tilt-x"] and 60 < moved["tilt-x"] < 100
    await controls.apply(room.watch, {"type": "acceleration", "x": 0, "y": 0, "z": 1000})
    await room.watch.advance(0.2)
    await room.until(lambda: room.heard == [{"tilt-x": 0}])


async def _sleeps(room: Room) -> None:
    """Asleep it hears no positions; a press wakes it and does nothing else."""
    room.take()
    await room.tv.suspend(True)
    assert room.tv.state == ASLEEP
    await asyncio.sleep(0.1)
    await controls.apply(room.watch, {"type": "acceleration", "x": 300, "y": 0, "z": 954})
    await room.watch.advance(0.2)
    assert room.take() == [], "a sleeping television heard how the watch is held"
    await controls.apply(room.watch, {"type": "acceleration", "x": 0, "y": 0, "z": 1000})
    await room.watch.advance(0.2)
    await room.watch.tap_target("a")
    await room.until(lambda: room.tv.state == CONNECTED)
    await asyncio.sleep(0.1)
    assert not any(value for one in room.take() for value in one.values()), "the press that woke it was played"


async def _loses_the_link(room: Room) -> None:
    """What was held is let go at once; the television comes back by itself, and it goes on."""
    x, y, w, h = next(one[1:] for one in (await room.watch.look())["targets"] if one[0] == "b")
    room.take()
    room.watch.fingers.point(True, x + w // 2, y + h // 2)
    await room.until(lambda: room.heard == [{"button-b": 1}])
    started = time.monotonic()
    await room.tv.hang_up()
    await room.until(lambda: room.tv.state == AWAY)
    assert room.heard[1:] == [{"button-b": 0}], "a button is stuck"
    room.watch.fingers.point(False, x, y)
    await room.until(lambda: room.tv.state == CONNECTED)
    print(f"NOTE tv: {time.monotonic() - started:.1f} s from a lost link to the next session")
    await room.watch.advance(0.5)
    room.take()
    await room.watch.tap_target("a")
    await room.until(lambda: room.heard == [{"button-a": 1}, {"button-a": 0}])


async def _keeps_others_out(room: Room) -> None:
    """A computer that brings files has no use for the gamepad."""
    loader = await room.watch.air.device("Loader")
    await room.open_pairing("loader")
    connection = await loader.connect(await find(loader, NAME), timeout=_WAIT_S)
    pairing = asyncio.ensure_future(connection.pair())
    await room.agree()
    await pairing
    await asyncio.sleep(0.3)  # the watch stores the bond
    peer = Peer(connection)
    await peer.discover_services()
    rows = [
        row
        for one in peer.get_services_by_uuid(UUID.from_16_bits(0x1812))
        for row in await one.discover_characteristics()
    ]
    heard: list[bytes] = []
    for row in rows:
        if row.uuid in (_REPORT_MAP, _REPORT):
            with pytest.raises(ATT_Error) as refused:
                await row.read_value()
            assert refused.value.error_code == ErrorCode.INSUFFICIENT_AUTHORIZATION
        if row.uuid == _REPORT:
            await row.subscribe(heard.append)
    await room.open_gamepad()
    room.take()
    await room.watch.tap_target("a")
    await room.until(lambda: len(room.heard) == 2)
    assert heard == []
    control = next(row for row in rows if row.uuid == _CONTROL)
    gone = asyncio.Event()
    connection.on(connection.EVENT_DISCONNECTION, lambda _reason: gone.set())
    await control.write_value(b"\0")
    await asyncio.wait_for(gone.wait(), _WAIT_S)  # who writes what is not for it is sent away
    await room.watch.air.remove(loader)


def test_a_television_that_finds_nothing_or_cannot_use_it_says_so() -> None:
    """On an air of its own: a device that shows itself as a controller and is none."""

    async def main() -> None:
        from bumble.core import AdvertisingData

        from tapwatch.simulator.radio.air import Air

        air = Air()
        fake = await air.device("Fake")
        uuids = (AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, bytes(UUID.from_16_bits(0x1812)))
        await fake.start_advertising(advertising_data=bytes(AdvertisingData([uuids])))
        tv = Television(air, lambda kind, data: None)
        await tv.pair()
        end = time.monotonic() + _WAIT_S
        while not tv.problem and time.monotonic() < end:
            await asyncio.sleep(0.02)
        assert tv.state == OFF and "no human interface device service" in tv.problem, tv.describe()
        await tv.forget()
        try:
            await air.remove(fake)
        except BaseError:
            return  # it went with the television

    asyncio.run(asyncio.wait_for(main(), 30))
