"""The bank's wallet page in a real browser: a card comes to a watch over Web Bluetooth, which a model answers."""

from __future__ import annotations

import asyncio
import json
import os
import random
from pathlib import Path

import cbor2
import pytest

from tapwatch.signing import revocations
from tests.host.bank.world import World
from tests.system.browser.devtools import Browser, executable
from tests.system.browser.gatt_watch import GattWatch, WalletWatch

pytestmark = pytest.mark.skipif(executable() is None, reason="no Chromium is installed (Debian package chromium)")

PASSWORD = "a long password"
READY = "document.body?.dataset.ready === 'true'"
IDLE = "document.body.dataset.busy === 'false'"


def shown(selector: str) -> str:
    """JavaScript: the text of an element that is visible, else empty."""
    return f"(place => place && place.checkVisibility() ? place.textContent : '')(document.querySelector('{selector}'))"


class Visit:
    """A person with a browser, a watch and an account."""

    def __init__(self, world: World, browser: Browser, watch: WalletWatch, gatt: GattWatch) -> None:
        self.world, self.browser, self.watch, self.gatt = world, browser, watch, gatt

    async def press(self, words: str, within: str = "body") -> None:
        """Press the first visible button with these words, once the page is idle."""
        find = (
            f"[...document.querySelectorAll({within + ' button'!r})]"
            f".find(one => one.textContent === {words!r} && one.checkVisibility() && !one.disabled)"
        )
        await self.browser.until(find + " !== undefined")
        await self.browser.value(find + ".click()")

    async def type(self, field: str, words: str) -> None:
        await self.browser.value(f"document.getElementById('{field}').value = {words!r}")

    async def says(self, words: str) -> None:
        """Wait until the page says this at its foot."""
        await self.browser.until(f"{shown('#toast')} === {words!r} && {IDLE}")

    async def log_in(self) -> None:
        await self.type("name", "ada")
        await self.type("password", PASSWORD)
        await self.press("Log in", "#login")
        await self.browser.until(f"{shown('#who')} === 'Logged in as ada' && {IDLE}")

    async def connect(self) -> None:
        await self.press("Connect watch")
        await self.browser.until(f"{shown('#watch-state')}.includes('Connected') && {IDLE}")

    async def keep(self, name: str) -> None:
        """Leave a picture for a person, where one is wanted."""
        if folder := os.environ.get("TAPWATCH_PICTURES"):
            (Path(folder) / f"wallet-{name}.png").write_bytes(await self.browser.screenshot())

    def code(self) -> str:
        """The six digits of the newest message to the customer."""
        return self.world.bank.customers.messages()[0].text[:6]


def visit(folder: Path, scenario, cuts: set[int] | None = None, shim: bool = True, **window) -> None:
    """Run `scenario(visit)` on the page of a new bank; the browser must not complain."""

    async def main() -> None:
        world = World(folder)
        desk = world.bank.customers
        customer = desk.create("ada", PASSWORD, "+10005550142", "ada@example.org")
        desk.give_account(customer, world.account)
        for product in ("visa-18", "mastercard-14"):
            world.bank.order_card(world.account, product)
        await world.bank.start()
        watch = WalletWatch(world)
        try:
            async with Browser(folder / "profile", **window) as browser:
                gatt = GattWatch(watch, browser, cuts or set())
                async with gatt.there():
                    if not shim:
                        await browser.send(
                            "Page.addScriptToEvaluateOnNewDocument",
                            source="Object.defineProperty(navigator, 'bluetooth', { value: undefined })",
                        )
                    await browser.open(f"http://localhost:{world.bank.http_port}/wallet")
                    await browser.until(READY, 20)
                    await asyncio.wait_for(scenario(Visit(world, browser, watch, gatt)), 60)
                    assert browser.problems == []
        finally:
            await world.bank.stop()

    asyncio.run(main())


@pytest.mark.parametrize("dark", [False, True])
def test_a_customer_puts_a_card_on_the_watch(tmp_path: Path, dark: bool) -> None:
    """Logged in: approved at once; then the whole life of the card, each step seen on the watch."""

    async def scenario(here: Visit) -> None:
        await here.keep(f"start-{dark}")
        await here.connect()
        await here.log_in()
        await here.press("Add to watch", "#cards")
        await here.says("Tapwatch Blue is on the watch.")
        assert "10 payments ready" in str(await here.browser.value(shown("#cards")))
        assert len(here.watch.packages) == len(here.watch.art) == 1
        token = next(iter(here.watch.packages))
        await here.keep(f"added-{dark}")
        await here.press("Suspend", "#cards")
        await here.says("Suspended")
        assert here.watch.states[token] == here.world.bank.token(token).state == "suspended"
        await here.press("Resume", "#cards")
        await here.says("Resumed")
        assert here.watch.states[token] == "active"
        await here.press("Refill", "#cards")
        await here.says("Fresh keys are on the watch.")
        assert here.watch.packages[token][2] == 2
        await here.press("History", "#cards")
        await here.browser.until("document.getElementById('list').children.length === 5")
        await here.keep(f"history-{dark}")
        await here.press("Close", "#list-dialog")
        await here.press("Report lost")
        await here.says("Done.")
        assert here.world.bank.customers.watches(1)[0].state == "lost"
        await here.keep(f"lost-{dark}")
        await here.press("I have it again")
        await here.says("Done.")
        await here.press("Delete", "#cards")
        await here.press("Delete", "#yes-dialog")
        await here.says("Deleted")
        assert here.watch.states[token] == "deleted"
        await here.press("Set the time")
        await here.says("The watch shows the time of this computer.")
        assert len(here.watch.clock) == 2

    visit(tmp_path, scenario, dark=dark)


def test_a_code_shows_who_holds_the_card(tmp_path: Path) -> None:
    """Nobody is logged in: a wrong code, the right one, and the card is there. The code is nowhere on the page."""

    async def scenario(here: Visit) -> None:
        await here.connect()
        card = here.world.bank.customers.cards(1)[1]
        await here.type("pan", " ".join(card.pan[at : at + 4] for at in range(0, 16, 4)))
        await here.type("expiry", f"{card.expiry[2:]}/{card.expiry[:2]}")
        await here.press("Add to watch", "#other")
        await here.browser.until(shown("#code-methods"))
        assert await here.browser.value(shown("#code-methods")) == "SMS to •••• 0142E-mail to a•••@example.org"
        await here.keep("methods")
        await here.press("SMS to •••• 0142")
        await here.browser.until(shown("#code-form"))
        code = here.code()
        assert code not in str(await here.browser.value("document.documentElement.outerHTML"))
        await here.type("code", f"{(int(code) + 1) % 10**6:06d}")
        await here.press("Confirm")
        await here.browser.until(f"{shown('#code-note')} === 'Wrong code. 2 tries left.'")
        await here.keep("code")
        await here.type("code", code)
        await here.press("Confirm")
        await here.says(f"•••• {card.pan[-4:]} is on the watch.")
        assert [package[8] for package in here.watch.packages.values()] == [card.pan[-4:]]

    visit(tmp_path, scenario)


def test_the_link_goes_again_and_again(tmp_path: Path) -> None:
    """At random fragments, both ways: each message is worked on once, and the card arrives all the same."""
    cuts = set(random.Random(5).sample(range(2, 60), 12))

    async def scenario(here: Visit) -> None:
        await here.log_in()
        await here.connect()
        await here.press("Add to watch", "#cards")
        await here.browser.until(f"{shown('#toast')} === 'Tapwatch Blue is on the watch.' && {IDLE}", 40)
        left = len(here.gatt._cuts)
        print(f"NOTE wallet page: {12 - left} lost links among {here.gatt.fragments} fragments, 0 messages lost")
        assert left < 12
        assert len(here.watch.packages) == 1 and not here.watch.kept

    visit(tmp_path, scenario, cuts=cuts)


def test_the_page_is_a_phone_for_apps_too(tmp_path: Path) -> None:
    """Payments of apps go to the bank, and are answered; licences and the revocation list come, each once."""

    async def scenario(here: Visit) -> None:
        world, watch = here.world, here.watch
        listed = revocations.issue(world.root, 1, 1, [7])
        world.bank.set_revocations(listed)
        watch.app_payments = [("no code", b"1"), ("nor this", b"2"), ("nor that", b"3")]
        watch.refuses = "storage-full"
        await here.connect()
        assert watch.app_payments == [] and watch.brought == []
        watch.refuses = ""
        with world.bank.books.write() as connection:
            world.bank.books.send(connection, watch.identity.key_id, "licence chess", 19, [b"licence", b"certificate"])
        for _ in range(2):
            await here.press("Sync")
            await here.says("Up to date")
        assert watch.brought == [(20, listed), (19, [b"licence", b"certificate"])]
        refused = [one for one in here.browser.problems if "400" in one]
        assert len(refused) == 3, "the bank has seen each payment once"
        here.browser.problems[:] = [one for one in here.browser.problems if one not in refused]

    visit(tmp_path, scenario)


def test_a_locked_watch_takes_the_card_for_later(tmp_path: Path) -> None:
    async def scenario(here: Visit) -> None:
        here.watch.locked = True
        await here.connect()
        await here.log_in()
        await here.press("Add to watch", "#cards")
        await here.says("The card is ready. It opens when you unlock the watch.")

    visit(tmp_path, scenario)


def test_wrong_password_and_declined_card(tmp_path: Path) -> None:
    async def scenario(here: Visit) -> None:
        await here.type("name", "ada")
        await here.type("password", "not the password")
        await here.press("Log in", "#login")
        await here.says("name or password is wrong")
        await here.connect()
        await here.type("pan", "4761739000000000")
        await here.type("expiry", "01/30")
        await here.press("Add to watch", "#other")
        await here.says("The bank declined this card.")
        here.browser.problems.clear()  # Chromium says that a request was answered 403

    visit(tmp_path, scenario)


def test_browsers_without_bluetooth_are_told(tmp_path: Path) -> None:
    """And can still do what needs no watch; in Chinese as well, on a small window."""

    async def scenario(here: Visit) -> None:
        assert "iPhone" in str(await here.browser.value(shown("#unable")))
        assert not await here.browser.value(shown("#watch-panel"))
        await here.log_in()
        assert "Tapwatch Blue" in str(await here.browser.value(shown("#cards")))
        await here.press("中文")
        assert "无法连接手表" in str(await here.browser.value(shown("#unable")))
        assert await here.browser.value("document.documentElement.scrollWidth <= innerWidth")
        await here.keep("chinese")
        left = "[...document.querySelectorAll('[data-text]')].filter(one => one.dataset.text === one.textContent)"
        assert await here.browser.value(f"{left}.length") == 0

    visit(tmp_path, scenario, shim=False, width=390, height=1300)


VALUES = [0, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**53 - 1, -1, -24, -25, -(2**40), "", "Zürich 手表"]
VALUES += [b"", b"x" * 300, [], [1, [2, [b"3"]]], {}, {1: None, 2: True, 24: False}, {"b": 1, "a": [2], "aa": {}}]
WRONG = [
    "1800",
    "190017",
    "f4f4",
    "a201000100",
    "a2020001f6",
    "c100",
    "f97e00",
    "9fff",
    "5fff",
    "62c328",
    "ff",
    "81",
    "1c",
]


def test_cbor_of_the_page(tmp_path: Path) -> None:
    """Against cbor2, both ways; and what is not deterministic is refused."""

    async def scenario(here: Visit) -> None:
        await here.browser.value("import('/wallet/cbor.js').then(module => { window.cbor = module; })")
        encoded = [cbor2.dumps(value, canonical=True).hex() for value in VALUES]
        encoded[-1] = cbor2.dumps({"a": [2], "b": 1, "aa": {}}).hex()  # RFC 8949: bytewise
        script = """(text => JSON.parse(text).map(one => {
            const bytes = Uint8Array.from(one.match(/../g) ?? [], byte => parseInt(byte, 16));
            try { return [...cbor.encode(cbor.decode(bytes))].map(n => n.toString(16).padStart(2, "0")).join(""); }
            catch (problem) { return problem instanceof cbor.CborProblem ? "refused" : String(problem); }
        }))"""
        assert await here.browser.value(f"{script}({json.dumps(json.dumps(encoded))})") == encoded
        refused = await here.browser.value(f"{script}({json.dumps(json.dumps(WRONG))})")
        assert refused == ["refused"] * len(WRONG)
        print(f"NOTE wallet page: {len(VALUES)} values as cbor2 writes them, {len(WRONG)} wrong forms refused")

    visit(tmp_path, scenario)
