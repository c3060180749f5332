"""The page in a real browser: it loads without a complaint, shows the pixels, and sends what the person does."""

from __future__ import annotations

import asyncio
import os

import pytest

from tapwatch.simulator.server import SimulatorServer
from tests.host.simulator.support import standin
from tests.host.simulator.test_server import RESULT
from tests.system.browser.devtools import Browser, executable

pytestmark = pytest.mark.skipif(executable() is None, reason="no Chromium is installed (Debian package chromium)")

TAPPED = {
    **RESULT,
    "exchanges": [
        {
            "name": "SELECT <b>PPSE</b>",
            "command": "00a40400",
            "answer": "6f009000",
            "elapsed_ms": 1.5,
            "fields": [{"depth": 0, "tag": "6F", "name": "FCI template", "value": "<img src=x>"}],
        }
    ],
}


async def tap(amount: str, currency: str) -> dict:
    """A terminal that always gets through."""
    return TAPPED


def look(folder, scenario, size="410x502", **window):
    """Run `scenario(browser, watch)` on the page of a stand-in watch; the browser must not complain of anything."""

    async def main():
        async with (
            standin(folder / "watch", size) as watch,
            SimulatorServer(watch, tap) as server,
            Browser(folder / "profile", **window) as browser,
        ):
            await browser.open(server.page_url)
            await browser.until(ON, 20)
            await asyncio.wait_for(scenario(browser, watch), 60)
            # The tests themselves read pixels back, and the browser has advice on how to do that faster.
            assert [problem for problem in browser.problems if not problem.startswith("Canvas2D")] == []

    asyncio.run(main())


GLASS = "document.getElementById('glass')"
SIZE = f"[{GLASS}.width, {GLASS}.height]"
ON = "document.getElementById('status')?.textContent == 'Watch on'"


def _box(thing: str) -> str:
    """JavaScript for left, top, width and height of an element in the window."""
    box = f"document.getElementById('{thing}').getBoundingClientRect()"
    return f"(box => [box.left, box.top, box.width, box.height])({box})"


async def _spot(browser, x: int, y: int) -> tuple[float, float]:
    """Where a pixel of the panel is in the window."""
    left, top, box_width, box_height = await browser.value(_box("glass"))
    width, height = await browser.value(SIZE)
    return left + (x + 0.5) * box_width / width, top + (y + 0.5) * box_height / height


def _pixel(x: int, y: int) -> str:
    return f"[...{GLASS}.getContext('2d').getImageData({x}, {y}, 1, 1).data].join()"


@pytest.mark.parametrize("size", ["410x502", "240x240"])
def test_the_canvas_shows_the_pixels(tmp_path, size):
    async def scenario(browser, watch):
        assert await browser.value(SIZE) == [int(part) for part in size.split("x")]
        await browser.until(f"{_pixel(0, 0)} == '255,0,0,255' && {_pixel(39, 19)} == '255,0,0,255'")
        assert await browser.value(_pixel(40, 20)) == "0,0,0,255"
        picture = os.environ.get("TAPWATCH_PICTURES")
        if picture:
            with open(os.path.join(picture, f"page-{size}.png"), "wb") as file:
                file.write(await browser.screenshot())

    look(tmp_path, scenario, size)


def test_a_click_is_a_touch_and_its_square_appears(tmp_path):
    async def scenario(browser, watch):
        x, y = await _spot(browser, 200, 304)
        await browser.mouse("mousePressed", x, y)
        await browser.mouse("mouseReleased", x, y)
        await watch.wait_for(lambda state: len(state["touches"]) == 2)
        assert (await watch.state())["touches"] == [[1, 200, 304], [0, 200, 304]]
        await browser.until(f"{_pixel(203, 307)} == '255,255,255,255'")

    look(tmp_path, scenario)


def test_a_drag_that_leaves_the_glass_ends_on_its_edge(tmp_path):
    async def scenario(browser, watch):
        start, (_, y) = await _spot(browser, 380, 250), await _spot(browser, 0, 250)
        await browser.mouse("mousePressed", *start)
        await browser.mouse("mouseMoved", 5, y)
        await browser.mouse("mouseReleased", 5, y)
        touches = (await watch.wait_for(lambda state: state["touches"] and not state["touches"][-1][0]))["touches"]
        assert touches[0] == [1, 380, 250] and touches[-1] == [0, 0, 250]

    look(tmp_path, scenario)


def test_the_side_button_goes_down_and_up(tmp_path):
    async def scenario(browser, watch):
        left, top, width, height = await browser.value(_box("crown"))
        box = left + width / 2, top + height / 2
        await browser.mouse("mousePressed", *box)
        assert (await watch.wait_for(lambda state: state["presses"]))["presses"] == [1]
        await browser.mouse("mouseReleased", *box)
        await watch.wait_for(lambda state: state["presses"] == [1, 0])
        await browser.value("document.querySelector('[data-times=\"2\"]').click()")
        await watch.wait_for(lambda state: state["presses"] == [1, 0, 1, 0, 1, 0])

    look(tmp_path, scenario)


def test_all_of_it_works_from_the_keyboard(tmp_path):
    async def scenario(browser, watch):
        await browser.value("document.getElementById('crown').focus()")
        await browser.key("Enter")
        await watch.wait_for(lambda state: state["presses"] == [1, 0])
        await browser.value("document.getElementById('glass').focus()")
        await browser.key("Enter")
        await watch.wait_for(lambda state: state["touches"] == [[1, 205, 251], [0, 205, 251]])
        await browser.key("ArrowLeft")
        await watch.wait_for(lambda state: len(state["touches"]) > 10)
        named = "e.getAttribute('aria-label') || e.textContent.trim() || e.closest('label')"
        controls = "[...document.querySelectorAll('button, input, select, canvas')]"
        unnamed = f"{controls}.filter(e => !({named})).map(e => e.id)"
        assert await browser.value(unnamed) == []

    look(tmp_path, scenario)


def test_a_tap_prints_a_receipt_and_its_commands_as_text(tmp_path):
    async def scenario(browser, watch):
        await browser.value("document.getElementById('tap').click()")
        await browser.until("document.querySelector('.receipt .good')?.textContent == 'Approved'")
        await browser.value("document.querySelector('#apdu details').open = true")
        text = await browser.until("document.querySelector('#apdu .tlv')?.textContent")
        assert "6F" in text and "<img src=x>" in text
        assert "<b>PPSE</b>" in await browser.value("document.getElementById('apdu').textContent")
        assert await browser.value("document.querySelectorAll('img').length") == 0

    look(tmp_path, scenario)


def test_charger_and_battery_reach_the_watch(tmp_path):
    async def scenario(browser, watch):
        await browser.value("document.getElementById('charger').click()")
        await watch.wait_for(lambda state: state["charging"])
        change = "b => { b.value = 9; b.dispatchEvent(new Event('input')); }"
        await browser.value(f"({change})(document.getElementById('battery'))")
        await watch.wait_for(lambda state: state["percent"] == 9)

    look(tmp_path, scenario)


def test_a_dead_watch_shows_its_traceback_and_starts_again(tmp_path):
    async def scenario(browser, watch):
        watch._running().process.writer.write(b"\x55\0\0\0\0")
        await browser.until("document.getElementById('ended').open")
        assert "unexpected frame 0x55" in await browser.value("document.getElementById('ended-text').textContent")
        await browser.value("document.getElementById('restart').click()")
        await browser.until(f"!document.getElementById('ended').open && {ON}")
        assert watch.alive

    look(tmp_path, scenario)


@pytest.mark.parametrize(("width", "height"), [(1400, 1000), (1024, 700), (820, 1100), (390, 844)])
def test_nothing_sticks_out_at_any_window_size(tmp_path, width, height):
    async def scenario(browser, watch):
        wide = await browser.value("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
        picture = os.environ.get("TAPWATCH_PICTURES")
        if picture:
            with open(os.path.join(picture, f"page-{width}.png"), "wb") as file:
                file.write(await browser.screenshot())

    look(tmp_path, scenario, width=width, height=height)


def test_the_policy_stops_foreign_code(tmp_path):
    """The guard has teeth: what the policy forbids really does not run."""

    async def main():
        async with (
            standin(tmp_path / "watch") as watch,
            SimulatorServer(watch) as server,
            Browser(tmp_path / "profile") as browser,
        ):
            await browser.open(server.page_url)
            await browser.until(ON, 20)
            make = "const script = document.createElement('script'); script.textContent = 'window.ran = 1'"
            await browser.value(f"{make}; document.body.append(script)")
            assert await browser.value("window.ran ?? 0") == 0
            assert any("Content Security Policy" in problem for problem in browser.problems)

    asyncio.run(main())
