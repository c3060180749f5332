"""The store's pages in a real browser: found and read by keyboard alone, in both languages, and printed."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import re
from pathlib import Path

import pytest

from tapwatch.store.http_server import HttpServer
from tests.host.bank.world import EUR
from tests.host.store.mall import Mall
from tests.system.browser.devtools import Browser, executable

pytestmark = pytest.mark.skipif(executable() is None, reason="no Chromium is installed (Debian package chromium)")
SALES = 60
"""Lines of a statement that does not fit on one sheet."""
DARK = 64
"""Each part of an ink that is read on paper is below this, of 255."""
_PAGE = re.compile(rb"/Type\s*/Page\b")
_PATIENCE_S = 10


async def arrives(browser: Browser, place: str, shows: str) -> None:
    """Wait until a page whose path and query end so shows something; between two pages there is nothing to ask."""
    there = f"document.readyState === 'complete' && location.href.endsWith({place!r}) && {shows}"
    deadline = asyncio.get_running_loop().time() + _PATIENCE_S
    while asyncio.get_running_loop().time() < deadline:
        with contextlib.suppress(RuntimeError, KeyError):
            if await browser.value(there):
                return
        await asyncio.sleep(0.05)
    raise AssertionError(f"never there: {there}; problems: {browser.problems}")


async def tab_to(browser: Browser, what: str) -> None:
    """Go on from field to field until one fits; `what` is JavaScript about the element `one`."""
    for _ in range(40):
        await browser.key("Tab")
        if await browser.value(f"(one => {what})(document.activeElement)"):
            ring = "(style => style.outlineStyle !== 'none' || style.boxShadow !== 'none')"
            assert await browser.value(f"{ring}(getComputedStyle(document.activeElement))"), (
                "nobody sees where they are"
            )
            return
    raise AssertionError(f"no key leads to {what}")


async def keep(browser: Browser, name: str) -> None:
    """Leave a picture for a person, where one is wanted."""
    if folder := os.environ.get("TAPWATCH_PICTURES"):
        (Path(folder) / f"store-{name}.png").write_bytes(await browser.screenshot())


async def catalogue(browser: Browser, url: str) -> None:
    """Search, choose, read, change language and market; the mouse is not touched."""
    await browser.open(url + "?lang=en&market=DE-978")
    await arrives(browser, "market=DE-978", "document.querySelectorAll('.grid li').length === 3")
    prices = await browser.value("[...document.querySelectorAll('.price')].map(one => one.textContent)")
    assert prices == ["4.99 EUR", "Free", "Free"]
    assert await browser.value("document.querySelectorAll('.grid svg, .grid img').length") == 3, "each has a picture"
    await keep(browser, "catalogue")
    await tab_to(browser, "one.name === 'search'")
    for letter in "chess":
        await browser.key(letter)
    await browser.key("Enter")
    await arrives(browser, "search=chess&market=DE-978", "document.querySelectorAll('.grid li').length === 1")
    assert await browser.value("[...document.querySelectorAll('.grid h3')].map(one => one.textContent)") == [
        "App chess"
    ]
    await tab_to(browser, "one.classList.contains('app')")
    await browser.key("Enter")
    await arrives(browser, "/apps/chess?lang=en&market=DE-978", "document.querySelector('.head') !== null")
    words = str(await browser.value("document.querySelector('main').textContent"))
    assert "4.99 EUR" in words and "Ann" in words and "1.0.0" in words
    await keep(browser, "app")
    await tab_to(browser, "one.lang === 'zh'")
    await browser.key("Enter")
    await arrives(browser, "/apps/chess?market=DE-978&lang=zh", "document.documentElement.lang === 'zh'")
    assert "4.99 EUR" in str(await browser.value("document.querySelector('main').textContent")), "in the same market"
    assert await browser.value("document.documentElement.scrollWidth <= innerWidth")
    await browser.open(url + "?lang=en&search=nothing+like+it")
    await arrives(browser, "search=nothing+like+it", "document.querySelectorAll('main .lead').length === 2")
    assert await browser.value("document.querySelectorAll('.grid li').length") == 0


async def statement(browser: Browser, url: str, key: str) -> None:
    """On A4 every line is there once, with the heads on each sheet and nothing to press."""
    await browser.open(f"{url}statements/bob/2026-11/{EUR}?key={key}&lang=en")
    await arrives(browser, "lang=en", "document.querySelector('table.book') !== null")
    printed = await browser.send("Page.printToPDF", paperWidth=8.27, paperHeight=11.69, printBackground=False)
    data = base64.b64decode(printed["data"])
    sheets = len(_PAGE.findall(data))
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    await browser.send("Emulation.setEmulatedMedia", media="print", features=dark)
    await keep(browser, "printed")
    gone = "[...document.querySelectorAll('header nav, footer, .lead a')].filter(one => one.checkVisibility()).length"
    assert await browser.value(gone) == 0, "links are of no use on paper"
    ink = str(await browser.value("getComputedStyle(document.querySelector('tbody td')).color"))
    assert max(map(int, re.findall(r"\d+", ink)[:3])) < DARK, f"{ink} on white paper, of somebody who likes dark pages"
    heads = "getComputedStyle(document.querySelector('thead')).display"
    assert await browser.value(heads) == "table-header-group"
    assert await browser.value("document.querySelectorAll('tbody tr').length") == SALES + 3
    assert data.startswith(b"%PDF-") and sheets == 2, f"{sheets} sheets"
    if folder := os.environ.get("TAPWATCH_PICTURES"):
        (Path(folder) / "store-statement.pdf").write_bytes(data)
    print(f"NOTE store: a statement of {SALES} lines is {sheets} sheets of A4")


def test_the_pages_of_the_store(tmp_path: Path) -> None:
    async def main() -> None:
        mall = Mall(tmp_path)
        mall.stock()
        cards = [mall.world.card() for _ in range(-(-SALES // 10))]
        for number in range(SALES):
            assert mall.pay_in_app(cards[number // 10], number % 10 + 1, 1_000 + number) == "00"
        mall.store.sweep()
        server = HttpServer(mall.store)
        url = f"http://127.0.0.1:{await server.start()}/"
        try:
            async with Browser(tmp_path / "profile", dark=True) as browser:
                await catalogue(browser, url)
                await statement(browser, url, mall.store.statement_key("bob", "2026-11", EUR))
                assert browser.problems == [] and browser.outside == []
        finally:
            await server.stop()

    asyncio.run(main())
