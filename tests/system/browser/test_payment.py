"""A payment by hand on the page of `tapwatch sim`: passcode, double press, tap, and the bank's word on the wrist."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tapwatch.simulator.options import WatchOptions
from tapwatch.simulator.server import SimulatorServer
from tapwatch.stage.companion import companion
from tapwatch.stage.errands import errands_of
from tapwatch.stage.sim import terminal_of
from tapwatch.stage.stage import Stage
from tests.system.browser.devtools import Browser, executable
from tests.system.browser.hands import PASSCODE, WATCH_ON, Hands, complaints

pytestmark = pytest.mark.skipif(executable() is None, reason="no Chromium is installed (Debian package chromium)")


def test_a_person_pays_in_every_way_on_the_page(tmp_path: Path) -> None:
    asyncio.run(_pay(tmp_path))


async def _pay(folder: Path) -> None:
    async with (
        Stage(folder / "stage", WatchOptions(), PASSCODE) as stage,
        companion(stage),
        SimulatorServer(stage.watch, terminal_of(stage), errands=errands_of(stage)) as server,
        Browser(folder / "profile", dark=True) as browser,
    ):
        await browser.open(server.page_url)
        await browser.until(WATCH_ON, 20)
        hands = Hands(browser, stage.watch)
        await stage.watch.wait_for("new-passcode")
        await hands.passcode()
        await hands.passcode()
        await stage.watch.wait_for(lambda now: len(now["cards"]) == 3, 30)
        await _tap(browser, stage, hands)
        await _look_back(browser, stage, hands)
        await _speak_chinese(browser, stage, hands)
        await _scan(browser, stage, hands)
        await _pay_merchant(browser, stage)
        await _lose(browser, stage, hands)
        said = complaints(browser)
        assert len(said) == 2 and all("409" in one for one in said), said  # two errands were refused


async def _tap(browser: Browser, stage: Stage, hands: Hands) -> None:
    await hands.click("#twice")
    await stage.watch.wait_for("armed")
    await browser.until("document.getElementById('tap').classList.contains('next')")
    await hands.keep("armed")
    await browser.value("document.getElementById('amount').value = '8.80'")
    await hands.click("#tap")
    await browser.until("document.getElementById('reader').dataset.state")
    state = await stage.watch.wait_for("approved", 20)
    assert "8.80" in state["texts"]
    await browser.until("document.getElementById('apdu').textContent.includes('GET PROCESSING OPTIONS')", 10)
    await hands.keep("approved")


async def _look_back(browser: Browser, stage: Stage, hands: Hands) -> None:
    """The payment just made is in the history, with a receipt."""
    await stage.wearer.home()
    await hands.swipe("right")
    await stage.watch.wait_for("history")
    await hands.touch("0")
    await stage.watch.wait_for("payment")
    await hands.touch("receipt")
    state = await stage.watch.wait_for("receipt")
    assert "8.80 CNY" in state["texts"]
    await hands.keep("receipt")


async def _speak_chinese(browser: Browser, stage: Stage, hands: Hands) -> None:
    """Quick settings, settings, language; the face speaks it, and English comes back the same way."""
    for choice, word in (("1", "语言"), ("0", "Language")):
        await stage.wearer.home()
        await hands.swipe("down")
        await stage.watch.wait_for("quick")
        await hands.touch("settings")
        await stage.watch.wait_for("settings")
        await stage.wearer.choose("language")
        await stage.watch.wait_for("choices")
        await hands.touch(choice)
        await stage.watch.wait_for(lambda now, word=word: now["screen"] == "settings" and word in now["texts"])
        await hands.keep(f"settings-{choice}")
    await stage.wearer.home()


async def _scan(browser: Browser, stage: Stage, hands: Hands) -> None:
    """The scanner reads the code on the watch; a screen without one is told."""
    await stage.wearer.home()
    await _errand(browser, "scan")
    await browser.until(f"{SAID}.includes('there is no code in the picture')")
    await stage.wearer.open_card("visa")
    await stage.wearer.choose("code")
    await stage.watch.wait_for("payment-code")
    await _errand(browser, "scan")
    await browser.until(f"{SAID}.includes('Approved') && {SAID}.includes('Payment code')")
    await stage.watch.wait_for("approved", 20)
    await hands.keep("scanned")


async def _pay_merchant(browser: Browser, stage: Stage) -> None:
    """The wearer refuses a merchant's code, agrees to the next one, and enters how much for a third."""
    await stage.wearer.home()
    await _errand(browser, "merchant-code")
    await stage.watch.wait_for("merchant-code")
    await stage.watch.press()
    await browser.until(f"{SAID}.includes('Not paid')")
    await stage.wearer.home()
    await _errand(browser, "merchant-code")
    await browser.until(f"{SAID}.includes('Press the side button twice')")
    await stage.wearer.agree()
    await browser.until(f"{SAID}.includes('Approved') && {SAID}.includes('8.80 CNY')")
    await stage.watch.wait_for("approved", 20)
    await stage.wearer.home()
    await _errand(browser, "merchant-sign")
    await browser.until(f"{SAID}.includes('Enter the amount on the watch')")
    await stage.wearer.amount("1250")
    await stage.wearer.agree()
    await browser.until(f"{SAID}.includes('Approved') && {SAID}.includes('12.50 CNY')")
    await stage.watch.wait_for("approved", 20)


async def _lose(browser: Browser, stage: Stage, hands: Hands) -> None:
    """A lost watch is told while it is worn, and that it was found while it is locked."""
    await stage.wearer.home()
    await _errand(browser, "lost")
    await stage.watch.wait_for("lost")
    await hands.keep("lost")
    await _errand(browser, "found")
    await stage.watch.wait_for(lambda now: now["screen"] != "lost")
    await stage.wearer.unlock()
    await _errand(browser, "found")
    await browser.until(f"{SAID}.includes('the watch is not lost')")


SAID = "document.getElementById('result').innerText"


async def _errand(browser: Browser, name: str) -> None:
    """Click a button of the desk, once it may be clicked."""
    button = f"document.querySelector('[data-errand={name}]')"
    await browser.until(f"!{button}.disabled && !{button}.hidden")
    await browser.value(f"{button}.click()")
