"""A whole watch and a phone over Bluetooth: paired on the screen, cards over the air, a restart in between."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sqlite3
import stat
import time
from typing import TYPE_CHECKING

import pytest

from tapwatch.bank.art import files as art
from tapwatch.cli import build_parser
from tapwatch.errors import UserError
from tapwatch.phone import actions, run, tag
from tapwatch.phone.desk import PhoneDesk
from tapwatch.simulator.messages import WatchRefused
from tapwatch.simulator.options import WatchOptions
from tapwatch.simulator.radio.hci_server import HciServer
from tapwatch.stage.pairing import open_for_pairing, pair_phone, stay_connected
from tapwatch.stage.stage import LOOPBACK, Stage

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.share("BLE")
LIMIT_S = 60
PASSWORD = "correct horse"


async def _new_watch(stage: Stage) -> None:
    """What the manufacturer and the wearer do before a phone comes."""
    await stage.provision()
    await stage.wearer.unlock()
    await stay_connected(stage.watch, stage.wearer)


async def _cards_over_the_air(folder: Path) -> None:
    async with Stage(folder / "stage", WatchOptions()) as stage:
        await _new_watch(stage)
        async with HciServer(stage.watch.air, "tcp:127.0.0.1:0") as server:
            bank = f"http://{LOOPBACK}:{stage.bank.http_port}"
            async with PhoneDesk("hci:" + server.address, bank, folder / "phone") as desk:
                digits = await pair_phone(stage.watch, stage.wearer, await desk.controller())
                assert len(digits) == 6
                started = time.monotonic()
                registration = await desk.registration()
                assert registration.device_id == (await desk.phone.hello()).device_id
                stage.phone = desk.phone
                await stage.refill(registration.device_id)
                took_s = time.monotonic() - started
                cards = await desk.phone.wallet()
                assert len(cards) == 3 and all(card.state == "active" for card in cards)
                print(
                    f"NOTE ble.provision_s {took_s:.1f} (registration, {len(cards)} cards with art, on the simulator)"
                )
                customer = await desk.desk()
                token = (await customer.tokens())[0]
                await customer.set_state(token.token_id, "suspended")
                assert len(await desk.phone.deliver_notices()) == 1
                states = {card.token_id: card.state for card in await desk.phone.wallet()}
                assert states[token.token_id] == "suspended"
                await stage.watch.restart()
                with pytest.raises(WatchRefused, match="locked"):
                    await desk.phone.set_own_record(None)
                assert len(await desk.phone.wallet()) == 3, "the bond outlives a restart"


def test_cards_come_over_the_air(tmp_path: Path) -> None:
    asyncio.run(asyncio.wait_for(_cards_over_the_air(tmp_path), LIMIT_S))


class Owner:
    """Somebody with a watch, a phone for the desk and an account at the bank. `phone` runs `tapwatch phone`."""

    def __init__(self, stage: Stage, address: str, folder: Path) -> None:
        self._stage = stage
        self._common = ["--watch", "hci:" + address, "--bank", f"http://{LOOPBACK}:{stage.bank.http_port}"]
        self._common += ["--state", str(folder), "--json"]
        customer = stage.bank.customers.create("wang", PASSWORD, sms="+12025550123")
        account = stage.bank.open_account("Wang Wei", 156, 100_000)
        stage.bank.customers.give_account(customer, account)
        card = stage.bank.order_card(account, "visa", "Blue")
        with contextlib.closing(sqlite3.connect(folder.parent / "stage" / "bank" / "bank.db")) as books:
            self.printed = books.execute("SELECT pan, expiry FROM cards WHERE id = ?", (card,)).fetchone()

    async def phone(self, *words: str) -> list[dict]:
        """What a command found."""
        return await run.act(build_parser().parse_args(["phone", words[0], *self._common, *words[1:]]))

    async def fail_to_pair(self) -> None:
        """The watch is not open for it; then its wearer says no."""
        with pytest.raises(UserError, match="did not pair"):
            await self.phone("pair", "--yes")
        watch, wearer = self._stage.watch, self._stage.wearer
        await open_for_pairing(watch, wearer)
        pairing = asyncio.create_task(self.phone("pair", "--yes"))
        await watch.wait_for("pairing")
        await watch.advance(1.2)
        await watch.tap_target("no")
        with pytest.raises(UserError, match="its screen says why"):
            await pairing
        await wearer.home()

    async def pair(self, role: str = "phone") -> None:
        """Both sides agree."""
        watch, wearer = self._stage.watch, self._stage.wearer
        await open_for_pairing(watch, wearer, role)
        pairing = asyncio.create_task(self.phone("pair", "--yes"))
        await watch.wait_for("pairing")
        await watch.advance(1.2)
        await watch.tap_target("yes")
        (facts,) = await pairing
        assert facts["state"] == "worn"
        await wearer.home()

    async def install(self, folder: Path) -> None:
        """Good files and a bad one from the main phone; then a computer, which brings pictures and nothing else."""
        folder.mkdir()
        contents = (art.file_of("visa-18"), tag.message("Ada"), art.file_of("mastercard-14"), b"TWA1")
        files = [folder / str(number) for number in range(len(contents))]
        for file, data in zip(files, contents, strict=True):
            file.write_bytes(data)
        facts = await self.phone("install", *map(str, files))
        assert [fact["installed"] for fact in facts] == [True, True, False, False], facts
        phone, self._common[5] = self._common[5], str(folder / "computer")
        await self.pair("loader")
        facts = await self.phone("install", *map(str, files))
        assert [fact["installed"] for fact in facts] == [True, False, False, False], facts
        assert "only from its main phone" in facts[1]["says"] and "No card" in facts[2]["says"]
        with pytest.raises(WatchRefused, match="wrong-state"):
            await self.phone("set-time")
        self._common[5] = phone

    async def without_a_bank(self, token: str) -> None:
        """What needs the watch alone."""
        bank, self._common[3] = self._common[3], "http://127.0.0.1:9"
        (card,) = await self.phone("list")
        assert card["token"] == token and card["card"] == "" and card["keys"] == 10
        await self.phone("set-time")
        self._common[3] = bank

    async def code(self, _question: str, _without: str) -> str:
        """The one-time code that the bank has sent, after one wrong try."""
        self._tries = getattr(self, "_tries", 0) + 1
        right = re.findall(r"\d{6}", self._stage.bank.customers.messages()[0].text)[0]
        return right if self._tries > 1 else f"{(int(right) + 1) % 1_000_000:06d}"


async def _commands(folder: Path, patch: pytest.MonkeyPatch) -> None:
    async with Stage(folder / "stage", WatchOptions()) as stage:
        await _new_watch(stage)
        async with HciServer(stage.watch.air, "tcp:127.0.0.1:0") as server:
            owner = Owner(stage, server.address, folder / "phone")
            patch.setattr(actions, "_asked", owner.code)
            patch.setenv(actions.PASSWORD, PASSWORD)
            await owner.fail_to_pair()
            await owner.pair()
            await owner.phone("set-time")
            pan, expiry = owner.printed
            (added,) = await owner.phone("add-card", "--pan", pan, "--expiry", expiry)
            assert added["card"] == "Blue" and added["on the watch"] == "ready"
            (card,) = await owner.phone("list")
            assert card["state"] == "active" and card["keys"] == 10 and card["token"] == added["token"]
            for action, state in (("suspend", "suspended"), ("resume", "active")):
                (done,) = await owner.phone(action, "Blue")
                assert done["watch"] == "told"
                assert (await owner.phone("list"))[0]["state"] == state
            assert await owner.phone("refill") == [] and await owner.phone("notices") == []
            (lost,) = await owner.phone("lost", "--login", "wang", "--text", "Call me")
            assert lost["told"] == "told" and (await stage.watch.state())["access"] == "lost"
            await owner.phone("found", "--login", "wang")
            assert (await stage.watch.state())["access"] == "locked"
            with pytest.raises(UserError, match="0 cards are called"):
                await owner.phone("delete", "Red")
            await stage.wearer.unlock()
            assert (await owner.phone("tag", "https://example.org"))[0]["bytes"] == 16
            assert await owner.phone("tag", "--clear")
            await owner.install(folder / "files")
            await owner.without_a_bank(added["token"])
            await owner.phone("delete", added["token"][:6])
            assert await owner.phone("list") == []
            await owner.phone("add-card", "--login", "wang", "--pan", pan, "--expiry", expiry)
            (wiped,) = await owner.phone("wipe", "--login", "wang")
            assert wiped["watch"] == "wipe" and (wiped["told"] == "told" or "has gone" in wiped["told"])
            await stage.watch.restart()
            await stage.watch.wait_for(lambda now: not now["bluetooth"]["bonds"])
            assert not (await stage.phone.hello()).provisioned


def test_the_commands_of_tapwatch_phone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asyncio.run(asyncio.wait_for(_commands(tmp_path, monkeypatch), LIMIT_S))
    for name in ("bonds.json", "phone.json"):
        assert stat.S_IMODE((tmp_path / "phone" / name).stat().st_mode) == 0o600
