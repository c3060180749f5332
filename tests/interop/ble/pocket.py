"""A wearer with a whole watch, and a phone with Gadgetbridge in the pocket; conversations that were written down."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING

from tapwatch.simulator.options import WatchOptions
from tapwatch.stage.pairing import open_for_pairing, stay_connected
from tapwatch.stage.stage import Stage
from tests.interop.ble.gadgetbridge import Gadgetbridge
from tests.interop.ble.phones import find
from tests.tools.trees import ROOT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bumble.device import Device

NAME = "Tapwatch 574d"
PROGRAM = "tests.interop.ble.programs.asked"
FOLDER = ROOT / "tests/vectors/phone_link"
_READING_S = 1.2
"""The watch takes no agreement to digits that were shown for less than a second."""
SETTLED_S = 0.6
"""A card, a call or a list is touched only after it could be read."""

_LOOK_S, _TRIES = 0.02, 200
_TIMES = {"times.0.0": "display_time", "times.0.1": "utc_offset_min"}
"""Where the state has what transcripts say of the time that the phone has set."""


class Pocket:
    """A wearer with a watch, and a phone in the pocket. `said` gives what the watch says."""

    def __init__(self, stage: Stage, device: Device) -> None:
        self.stage, self.watch, self.device = stage, stage.watch, device
        self.phone: Gadgetbridge

    async def come(self, listen: bool = True) -> Gadgetbridge:
        """The phone connects, and has heard version and state."""
        connection = await self.device.connect(await find(self.device, NAME))
        await connection.encrypt()
        self.phone = await Gadgetbridge.over(connection, listen=listen)
        return self.phone

    async def go(self) -> None:
        """The phone goes, and the watch knows it."""
        await self.phone.close()
        await self.watch.wait_for(lambda now: not now["bluetooth"]["bonds"][0]["connected"])

    async def asked(self, path: str) -> object:
        """What the watch knows there."""
        await self.watch.phone({"t": "ask", "path": path})
        return (await self.watch.state())["asked"]

    async def until(self, path: str, wanted: object) -> None:
        """Wait until the watch knows it."""
        for _ in range(_TRIES):
            if await self.asked(path) == wanted:
                return
            await asyncio.sleep(_LOOK_S)
        raise AssertionError(f"{path} is {await self.asked(path)!r}, not {wanted!r}")

    async def worked_on(self) -> None:
        """Wait until the watch has worked on all that its phone has said: lines in order, the last a question."""
        self.phone.say({"t": "listRecs", "id": ""})
        await self.phone.hear("actTrksList")

    async def touch(self, target: str, screen: str | Callable) -> dict:
        """Touch it once it could be read, on its page of the list; wait for what then is in front."""
        await self.watch.advance(SETTLED_S)
        await self.stage.wearer.choose(target)
        return await self.watch.wait_for(screen)


@contextlib.asynccontextmanager
async def pocket(folder: Path, program: str = PROGRAM) -> AsyncIterator[Pocket]:
    """A new watch with a passcode, and a phone that has paired with it."""
    async with Stage(folder, WatchOptions(program=program, percent=82)) as stage:
        await stage.provision()
        await stage.wearer.unlock()
        await stay_connected(stage.watch, stage.wearer)
        device = await stage.watch.air.device("Pixel")
        await _pair(stage, device)
        yield Pocket(stage, device)


async def _pair(stage: Stage, device: Device) -> None:
    await open_for_pairing(stage.watch, stage.wearer)
    connection = await device.connect(await find(device, NAME))
    pairing = asyncio.ensure_future(connection.pair())
    await stage.watch.wait_for("pairing")
    await stage.watch.advance(_READING_S)
    await stage.watch.tap_target("yes")
    await pairing
    await stage.watch.wait_for("paired")
    await connection.disconnect()
    await stage.wearer.home()


async def replay(one: Pocket, name: str) -> tuple[int, dict[str, int]]:
    """Play a transcript. Gives its lines, and how many the watch has ignored, refused and dropped since its start.

    What the watch shall know is looked at once it has worked on every line before: much of it was true before, too.
    """
    lines = (FOLDER / name).read_bytes().decode("latin-1").splitlines()
    for line in lines:
        mark, rest = line[:2], line[2:]
        if mark == "> ":
            one.phone.bytes(rest.replace("^P", "\x10").encode("latin-1") + b"\n")
            await one.phone.written()
        elif mark == "< ":
            wanted = json.loads(rest)
            if wanted["t"] != "ver":  # it was heard when the phone came
                await one.phone.hear(**{"kind" if key == "t" else key: value for key, value in wanted.items()})
        elif mark == "= ":
            await one.worked_on()
            path, wanted = rest.encode("latin-1").decode().split(" ", 1)
            if path in _TIMES:
                key, least = _TIMES[path], json.loads(wanted)
                await one.watch.wait_for(lambda now, key=key, least=least: now[key] - least in range(30))
            else:
                await one.until(path, json.loads(wanted))
    await one.worked_on()
    return len(lines), (await one.watch.state())["link"]
