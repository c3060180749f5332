"""An iPhone and the whole watch: its name, time, notifications and music come; dismissals and keys go back."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from bumble.profiles import ams, ancs

from tapwatch.simulator.options import WatchOptions
from tapwatch.stage.pairing import open_bluetooth, open_for_pairing, stay_connected
from tapwatch.stage.stage import Stage
from tests.interop.ble.iphone import IPhone
from tests.interop.ble.phones import WAIT_S, find

if TYPE_CHECKING:
    from pathlib import Path

    from bumble.device import Connection

    from tapwatch.simulator.watch import SimulatedWatch

LIMIT_S = 60
NAME = "Anna's iPhone"
ZONE = timezone(timedelta(hours=-3, minutes=-30))
NOW = datetime(2027, 3, 4, 17, 6, 5, tzinfo=ZONE)
READING_S = 1.2
"""The watch takes no agreement to digits that were shown for less than a second."""
FIRST, SECOND = 7, 0x80000001
"""Notifications; their numbers have all 32 bits."""


async def _pair(stage: Stage) -> tuple[IPhone, Connection]:
    """Pair; the sheet shows the name beside the digits that both sides have."""
    watch = stage.watch

    async def compare(digits: int) -> bool:
        state = await watch.wait_for("pairing")
        same = f"{digits:06d}"[:3] + " " + f"{digits:06d}"[3:] in state["texts"]
        assert NAME in state["texts"], state["texts"]
        await watch.advance(READING_S)
        await watch.tap_target("yes")
        return same

    phone = await watch.air.device(NAME, compare=compare)
    iphone = IPhone(phone, NOW)
    await stay_connected(watch, stage.wearer)
    await open_for_pairing(watch, stage.wearer)
    name = (await watch.state())["bluetooth"]["name"]
    connection = await phone.connect(await find(phone, name))
    await asyncio.wait_for(connection.pair(), LIMIT_S)
    await watch.wait_for("paired")
    await watch.press()
    state = await watch.wait_for("bluetooth")
    assert NAME in state["texts"], state["texts"]
    return iphone, connection


async def _time(watch: SimulatedWatch) -> None:
    """The face has the wall clock of the phone; security time stays."""
    before = (await watch.state())["security_time"]
    await watch.advance(4)
    state = await watch.wait_for(lambda now: now["utc_offset_min"] == -210)
    assert "17:06" in state["texts"] and "Thu 4 Mar" in state["texts"], state["texts"]
    assert state["security_time"] - before < 60 and NOW.timestamp() - before > 86400


async def _dismiss(stage: Stage, iphone: IPhone) -> None:
    """What is thrown away on the watch is thrown away on the phone, and the other way round."""
    watch = stage.watch
    await iphone.notify(FIRST, "com.apple.MobileSMS", "Bob", "Lunch at noon?")
    state = await watch.wait_for("news")
    assert "Bob" in state["texts"] and "Lunch at noon?" in state["texts"], state["texts"]
    await watch.tap_target("open")
    await watch.wait_for("note")
    await watch.tap_target("act")
    await watch.wait_for("note-menu")
    await stage.wearer.choose("dismiss")
    started = time.perf_counter()
    taken = await asyncio.wait_for(iphone.actions.get(), WAIT_S)
    assert taken == (FIRST, ancs.ActionId.NEGATIVE)
    print(f"NOTE ble.iphone_dismissed_ms {(time.perf_counter() - started) * 1000:.0f} of this computer")
    await iphone.notify(SECOND, "com.apple.MobileSMS", "Carol", "你好")
    await watch.wait_for(lambda now: now["known"]["notifications"] == 1)
    await iphone.take_back(SECOND)
    await watch.wait_for(lambda now: now["known"]["notifications"] == 0)


async def _play(stage: Stage, iphone: IPhone) -> None:
    watch = stage.watch
    await asyncio.wait_for(iphone.watched.wait(), WAIT_S)
    await iphone.play("Queen", "Mustapha")
    await watch.wait_for(lambda now: now["known"]["music"] == "play")
    await stage.wearer.home()
    await watch.swipe("up")
    await watch.wait_for("launcher")
    await stage.wearer.choose("music")
    state = await watch.wait_for(lambda now: "Mustapha" in now["texts"])
    assert "Queen" in state["texts"]
    for target, key in (("next", "NEXT_TRACK"), ("play", "TOGGLE_PLAY_PAUSE"), ("louder", "VOLUME_UP")):
        await watch.tap_target(target)
        assert await asyncio.wait_for(iphone.keys.get(), WAIT_S) == ams.RemoteCommandId[key]


async def _scenario(folder: Path) -> None:
    async with Stage(folder, WatchOptions()) as stage:
        await stage.provision()
        await stage.wearer.unlock()
        iphone, connection = await _pair(stage)
        await stage.wearer.home()
        await _time(stage.watch)
        await _dismiss(stage, iphone)
        await _play(stage, iphone)
        gone = asyncio.Event()
        connection.on(connection.EVENT_DISCONNECTION, lambda _: gone.set())
        await connection.disconnect()
        await asyncio.wait_for(gone.wait(), WAIT_S)
        await open_bluetooth(stage.watch, stage.wearer)
        (bond,) = (await stage.watch.state())["bluetooth"]["bonds"]
        assert (bond["name"], bond["role"], bond["connected"]) == (NAME, "phone", False)


def test_an_iphone_and_the_whole_watch(tmp_path: Path) -> None:
    asyncio.run(asyncio.wait_for(_scenario(tmp_path), LIMIT_S))
