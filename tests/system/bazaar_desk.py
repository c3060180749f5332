"""Everybody whom money passes: a wearer with phone and watch, a developer, a store that is a process of its own.

All but the fingers on the watch is done by `tapwatch` commands.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tapwatch.cli import build_parser
from tapwatch.phone import run
from tapwatch.simulator.options import WatchOptions
from tapwatch.simulator.radio.hci_server import HciServer
from tapwatch.stage.pairing import open_for_pairing, stay_connected
from tapwatch.stage.stage import LOOPBACK, Stage
from tests.tools.children import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

T = TypeVar("T")
_READING_S = 1.2
TAPWATCH = Path(sys.executable).parent / "tapwatch"


class BazaarDesk:
    """A stage whose phone is on the air."""

    def __init__(self, stage: Stage, folder: Path, air: str) -> None:
        self.stage, self.watch, self.wearer = stage, stage.watch, stage.wearer
        self.folder, self.store = folder, ""
        bank = f"http://{LOOPBACK}:{stage.bank.http_port}"
        self.over_the_air = ["--watch", "hci:" + air, "--bank", bank, "--state", str(folder / "phone")]
        self._where = ["--state", str(folder / "stage" / "store"), "--bank", str(folder / "stage" / "bank")]
        self.books = folder / "stage" / "bank" / "bank.db"

    async def phone(self, *words: str) -> list[dict[str, Any]]:
        """What a command of `tapwatch phone` found; those about the store are told where it is."""
        words = (*words, "--store", self.store) if words[0] in ("buy", "licence", "give-back", "orders") else words
        return await run.act(build_parser().parse_args(["phone", words[0], *self.over_the_air, *words[1:]]))

    async def ask(self, *words: str) -> Any:
        """What a command of `tapwatch store` says, as JSON."""
        return json.loads(await self.command("store", *words, *self._where, "--json"))

    async def command(self, *words: str) -> str:
        """What a command prints. Raises UserError."""
        parsed, printed = build_parser().parse_args(list(words)), io.StringIO()
        with contextlib.redirect_stdout(printed):
            await asyncio.to_thread(parsed.run, parsed)
        return printed.getvalue()

    async def publish(self, project: Path, listing: Path) -> str:
        """The developer hands in a version."""
        keys = self.folder / "stage" / "manufacturer"
        signer = ["--key", str(keys / "developer.pem"), "--certificate", str(keys / "developer.cert")]
        return await self.command(
            "app", "publish", str(project), "--listing", str(listing), *signer, "--store", self.store
        )

    async def touch(self, screen: str, target: str) -> None:
        """Read a sheet, then touch its answer."""
        await self.watch.wait_for(screen)
        await self.watch.advance(_READING_S)
        await self.watch.tap_target(target)

    async def launch(self, app: str) -> None:
        """From the face, by the list of apps."""
        await self.wearer.home()
        await self.watch.swipe("up")
        await self.watch.wait_for("launcher")
        await self.wearer.choose(app)

    async def doing(self, work: Coroutine[Any, Any, T], *hands: Callable[[], Awaitable[None]]) -> T:
        """Do things with the watch while a command runs; what the command raises ends that."""
        command = asyncio.ensure_future(work)
        for hand in hands:
            moving = asyncio.ensure_future(hand())
            await asyncio.wait((command, moving), return_when=asyncio.FIRST_COMPLETED)
            if command.done() and not moving.done():
                moving.cancel()
                break
            await moving
        return await command

    async def agree(self) -> None:
        """To the price."""
        await self.wearer.agree()
        await self.watch.wait_for("approved")
        await self.watch.press()

    async def refuse(self, screen: str) -> None:
        """One press of the button at a question."""
        await self.watch.wait_for(screen)
        await self.watch.advance(_READING_S)
        await self.watch.press()

    async def install(self) -> None:
        """Agree to the app."""
        await self.touch("install", "yes")

    def query(self, statement: str) -> list[Any]:
        """Ask the database file, without code of ours."""
        with contextlib.closing(sqlite3.connect(self.books)) as connection:
            return connection.execute(statement).fetchall()

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """`tapwatch store serve`, a process of its own, while the block runs."""
        words = ("store", "serve", *self._where, "--port", "0", "--json")
        server = await asyncio.create_subprocess_exec(TAPWATCH, *words, stdout=asyncio.subprocess.PIPE)
        assert server.stdout is not None
        self.store = json.loads(await asyncio.wait_for(server.stdout.readline(), PATIENCE_S))["url"]
        try:
            yield
        finally:
            server.terminate()
            try:
                assert await asyncio.wait_for(server.wait(), PATIENCE_S) == 0, "it ends in order"
            finally:
                if server.returncode is None:
                    server.kill()

    async def _pair(self) -> None:
        await stay_connected(self.watch, self.wearer)
        await open_for_pairing(self.watch, self.wearer)
        pairing = asyncio.create_task(self.phone("pair", "--yes"))
        await self.touch("pairing", "yes")
        await pairing
        await self.wearer.home()

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(cls, folder: Path) -> AsyncIterator[BazaarDesk]:
        """A watch with cards, its phone paired, and the store's keys made."""
        async with Stage(folder / "stage", WatchOptions(size="240x240")) as stage:
            await stage.set_up()
            async with HciServer(stage.watch.air, "tcp:127.0.0.1:0") as air:
                desk = cls(stage, folder, air.address)
                desk.folder.joinpath("phone").mkdir()
                shutil.copy(folder / "stage" / "phone.json", folder / "phone" / "phone.json")
                await desk._pair()
                await asyncio.to_thread(stage.app_store)
                async with desk.serving():
                    yield desk
