"""An app of a developer's own key on a whole watch over Bluetooth, from a refusal to its removal."""

from __future__ import annotations

import asyncio
import contextlib
import io
from typing import TYPE_CHECKING

import pytest

from tapwatch.apps.pack import pack
from tapwatch.cli import build_parser
from tapwatch.phone import run
from tapwatch.signing.keys import PrivateKey
from tapwatch.simulator.options import WatchOptions
from tapwatch.simulator.radio.hci_server import HciServer
from tapwatch.stage.pairing import open_for_pairing, stay_connected
from tapwatch.stage.stage import PASSCODE, Stage
from tests.host.apps.tally import write_tally

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.share("BLE")
LIMIT_S = 100
_READING_S = 1.2


class Developer:
    """A laptop that is paired as a computer, and the hand on the watch beside it."""

    def __init__(self, stage: Stage, address: str, folder: Path) -> None:
        self.stage, self.watch, self.wearer = stage, stage.watch, stage.wearer
        self._common = ["--watch", "hci:" + address, "--state", str(folder / "laptop")]
        self._key = folder / "key.pem"
        self.key = PrivateKey.generate()
        self.key.save(self._key)
        self.project = write_tally(folder / "tally")

    async def pair(self) -> None:
        await open_for_pairing(self.watch, self.wearer, "loader")
        pairing = asyncio.create_task(self.phone("pair", "--yes"))
        await self.touch("pairing", "yes")
        await pairing
        await self.wearer.home()

    async def phone(self, *words: str) -> list[dict]:
        return await run.act(build_parser().parse_args(["phone", words[0], *self._common, "--json", *words[1:]]))

    async def app(self, action: str, *words: str) -> str:
        """Run `tapwatch app`; what it printed. Raises UserError."""
        arguments = ["app", action, *words, *self._common]
        if action == "install":
            arguments += ["--key", str(self._key), "--name", "Ada"]
        parsed, printed = build_parser().parse_args(arguments), io.StringIO()
        with contextlib.redirect_stdout(printed):
            await asyncio.to_thread(parsed.run, parsed)
        return printed.getvalue()

    async def touch(self, screen: str, target: str) -> None:
        """Read a sheet, then touch its answer; more pages of it are turned."""
        await self.watch.wait_for(screen)
        await self.watch.advance(_READING_S)
        await self.watch.tap_target(target)

    async def bundle(self, folder: Path, version: str) -> str:
        """The bundle of another version."""
        path = folder / f"{version}.twb"
        path.write_bytes(pack(write_tally(folder / version, version), self.key).bundle)
        return str(path)


async def _whole_life(folder: Path) -> None:
    async with Stage(folder / "stage", WatchOptions()) as stage:
        await stage.provision()
        await stage.wearer.unlock()
        await stay_connected(stage.watch, stage.wearer)
        async with HciServer(stage.watch.air, "tcp:127.0.0.1:0") as server:
            one = Developer(stage, server.address, folder)
            await one.pair()
            await _enrolled(one)
            await _opened(one)
            await _updated(one, folder)
            await _removed(one)


async def _enrolled(one: Developer) -> None:
    """Without the key the watch takes nothing; then the wearer trusts it, and agrees to the app."""
    with pytest.raises(Exception, match="Nobody whom the watch trusts has signed it"):
        await one.app("install", str(one.project))
    work = asyncio.create_task(one.app("install", str(one.project), "--enrol"))
    await one.touch("enrol", "yes")
    await one.watch.wait_for("passcode")
    await one.wearer.enter(PASSCODE)
    await one.watch.wait_for(lambda now: now["screen"] == "enrol" and "Trust" in now["texts"])
    await one.touch("enrol", "yes")
    await one.touch("install", "yes")
    printed = await work
    assert "is on the watch" in printed
    (fact,) = await one.phone("apps")
    assert fact["app"] == "tally" and fact["level"] == "developer" and fact["version"] == "1.0.0"


async def _opened(one: Developer) -> None:
    """From the launcher; the watch is locked then, and what the app counts is kept."""
    await one.wearer.home()
    await one.watch.swipe("up")
    await one.watch.wait_for("launcher")
    await one.wearer.choose("tally")
    state = await one.watch.wait_for("app-tally")
    assert state["access"] == "foreign" and not state["unlocked"]
    await one.watch.tap_target("more")
    await one.watch.wait_for(lambda now: "1" in now["texts"])
    await one.wearer.home()
    await one.wearer.unlock()
    assert "tally: counted 1" in await one.app("logs")


async def _updated(one: Developer, folder: Path) -> None:
    """A newer version takes its place and its data; an older one does not."""
    work = asyncio.create_task(one.app("install", await one.bundle(folder, "1.1.0")))
    state = await one.watch.wait_for("install")
    assert "1.0.0 → 1.1.0" in state["texts"]
    await one.touch("install", "yes")
    await work
    with pytest.raises(Exception, match="newer version"):
        await one.app("install", await one.bundle(folder, "1.0.5"))
    (fact,) = await one.phone("apps")
    assert fact["version"] == "1.1.0"


async def _removed(one: Developer) -> None:
    """With what it keeps; its number begins anew when it comes again."""
    work = asyncio.create_task(one.phone("remove", "tally"))
    await one.touch("remove", "yes")
    (fact,) = await work
    assert fact["removed"] is True and await one.phone("apps") == []
    state = await one.watch.state()
    assert state["access"] == "worn"


def test_an_app_of_a_developer_lives_and_goes(tmp_path: Path) -> None:
    asyncio.run(asyncio.wait_for(_whole_life(tmp_path), LIMIT_S))
