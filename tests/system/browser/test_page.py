"""The page in a real browser: it loads without a complaint, shows the pixels, and sends what the person does."""

from __future__ import annotations

import asyncio
import os

import pytest

from tapwatch.simulator.server import SimulatorServer
from tests.host.simulator.support import command, standin
from tests.host.simulator.test_server import RESULT
from tests.system.browser.devtools import Browser, executable
from tests.system.browser.hands import complaints

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


def look(folder, scenario, size="410x502", options=None, **window):
    """Run `scenario(browser, watch)` on the page of a stand-in watch; the browser must not complain of anything."""

    async def main():
        async with (
            standin(folder / "watch", size, **(options or {})) as watch,
            SimulatorServer(watch, tap) as server,
            Browser(folder / "profile", **window) as browser,
        ):
            await browser.open(server.page_url)
            await browser.until(ON, 20)
            await asyncio.wait_for(scenario(browser, watch), 60)
            assert complaints(browser) == [] and browser.outside == []

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


def test_a_watch_on_the_right_wrist_is_upside_down_and_touched_where_it_is_seen(tmp_path):
    async def scenario(browser, watch):
        await browser.until("document.getElementById('watch').classList.contains('turned')")
        x, y = await _spot(browser, 205, 20)
        await browser.mouse("mousePressed", x, y)
        await browser.mouse("mouseReleased", x, y)
        touches = (await watch.wait_for(lambda state: len(state["touches"]) == 2))["touches"]
        assert touches[0] == [1, 204, 481], "what is seen at the top is the end of the panel"
        await browser.value(f"{GLASS}.focus()")
        await browser.key("ArrowLeft")
        touches = (await watch.wait_for(lambda state: len(state["touches"]) > 12 and not state["touches"][-1][0]))[
            "touches"
        ]
        xs = [x for _, x, _ in touches[2:]]
        assert xs == sorted(xs), "to the left for the wearer is to the right on the panel"

    look(tmp_path, scenario, options={"turned": True})


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
    """On the watch Enter and Space are the side button, arrows swipe; its targets are in the tab order behind it."""

    async def scenario(browser, watch):
        await browser.value("document.getElementById('crown').focus()")
        await browser.key("Enter")
        await watch.wait_for(lambda state: state["presses"] == [1, 0])
        await browser.value(f"{GLASS}.focus()")
        await browser.key(" ")
        await watch.wait_for(lambda state: state["presses"] == [1, 0, 1, 0])
        await browser.key("ArrowLeft")
        await watch.wait_for(lambda state: len(state["touches"]) > 10 and not state["touches"][-1][0])
        await browser.until("document.querySelector('#targets button')?.ariaLabel == 'Touch centre'")
        await browser.key("Tab")
        await browser.key("Enter")
        await watch.wait_for(lambda state: state["touches"][-2:] == [[1, 120, 110], [0, 120, 110]])
        await browser.value("document.getElementById('events-tab').focus()")
        await browser.key("ArrowRight")
        assert (
            await browser.value("!document.getElementById('apdu-panel').hidden && document.activeElement.id")
            == "apdu-tab"
        )

    look(tmp_path, scenario)


def test_every_control_has_a_name_and_can_be_reached(tmp_path):
    async def scenario(browser, watch):
        named = "e.getAttribute('aria-label') || e.textContent.trim() || e.closest('label')?.textContent.trim()"
        controls = "[...document.querySelectorAll('button, input, select, textarea, canvas')]"
        assert await browser.value(f"{controls}.filter(e => !({named})).map(e => e.id)") == []
        # In a group of tabs or radio buttons one is in the tab order, and arrows lead to the others.
        # A picture has nothing to be reached for.
        other = "[role=tab], [role=radio], [role=img]"
        alone = f"{controls}.filter(e => e.tabIndex < 0 && !e.matches('{other}')).map(e => e.id)"
        assert await browser.value(alone) == []
        groups = "[...document.querySelectorAll('[role=tablist], [role=radiogroup]')]"
        one = f"{groups}.filter(g => [...g.children].filter(e => e.tabIndex == 0).length != 1).map(g => g.ariaLabel)"
        assert await browser.value(one) == []
        await browser.value("document.getElementById('twice').focus()")
        await browser.key("Tab")  # a focus that came by a key must be seen
        ring = "getComputedStyle(document.activeElement)"
        assert await browser.value(f"{ring}.outlineStyle + parseInt({ring}.outlineWidth)") == "solid2"

    look(tmp_path, scenario)


def test_a_finger_drags_and_a_wheel_turns(tmp_path):
    async def scenario(browser, watch):
        start, end = await _spot(browser, 200, 400), await _spot(browser, 200, 100)
        await browser.finger("touchStart", start)
        await browser.finger("touchMove", end)
        await browser.finger("touchEnd")
        touches = (await watch.wait_for(lambda state: state["touches"] and not state["touches"][-1][0]))["touches"]
        assert touches[0] == [1, 200, 400] and touches[-1] == [0, 200, 100], touches
        before = len(touches)
        await browser.wheel(*start, 120)
        await browser.wheel(*start, 120)
        state = await watch.wait_for(lambda now: len(now["touches"]) > before and not now["touches"][-1][0])
        ys = [y for _, _, y in state["touches"][before:]]
        assert ys == sorted(ys, reverse=True) and ys[0] - ys[-1] > 200, "down on the wheel is up with the finger"
        assert await browser.value("window.scrollY") == 0
        assert [down for down, _, _ in state["touches"][before:]].count(0) == 1, "one swipe, not two"

    look(tmp_path, scenario)


def test_the_colours_follow_the_system_and_the_switch_which_is_kept(tmp_path):
    async def scenario(browser, watch):
        ground = "getComputedStyle(document.documentElement).backgroundColor"
        light = await browser.value(ground)
        await browser.prefer({"prefers-color-scheme": "dark"})
        dark = await browser.until(f"{ground} != '{light}' && {ground}")
        await browser.value("document.querySelector('[data-theme=light]').click()")
        assert await browser.value(ground) == light
        await browser.send("Page.reload")
        await browser.until(f"{ON} && document.documentElement.dataset.theme == 'light'", 20)
        assert await browser.value(ground) == light
        await browser.value("document.querySelector('[data-theme=system]').click()")
        assert await browser.value(ground) == dark
        await browser.prefer({"prefers-reduced-motion": "reduce"})
        await command(watch, b"hp", b"\x03")
        await browser.until("document.getElementById('watch').dataset.buzz == 'attention'")
        shake = "getComputedStyle(document.getElementById('crown')).animationName"
        glow = "getComputedStyle(document.querySelector('.case')).animationName"
        assert [await browser.value(shake), await browser.value(glow)] == ["none", "buzz-glow"]
        await browser.until("document.getElementById('events').textContent.includes('attention')")

    look(tmp_path, scenario)


def test_the_log_forgets_filters_copies_and_clears(tmp_path):
    async def scenario(browser, watch):
        for index in range(450):
            await command(watch, b"pt", b"line %d" % index)
        lines = "[...document.querySelectorAll('#events li')]"
        last = f"{lines}.at(-1)?.textContent.includes('line 449')"
        await browser.until(last)
        assert await browser.value(f"{lines}.length") == 400
        filtered = "f => { f.value = 'LINE 44'; f.dispatchEvent(new Event('input')); }"
        await browser.value(f"({filtered})(document.getElementById('filter'))")
        assert await browser.value(f"{lines}.filter(line => !line.hidden).length") == 10
        await browser.send("Emulation.setFocusEmulationEnabled", enabled=True)
        await browser.send("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        await browser.value("document.getElementById('copy-log').click()")
        copied = await browser.until("navigator.clipboard.readText()")
        assert len(copied.splitlines()) == 10 and copied.endswith("firmware  line 449")
        await browser.value("document.getElementById('clear-log').click()")
        assert await browser.value(f"{lines}.length") == 0

    look(tmp_path, scenario)


def test_the_page_comes_back_after_the_connection_broke(tmp_path):
    async def main():
        async with (
            standin(tmp_path / "watch") as watch,
            SimulatorServer(watch) as server,
            Browser(tmp_path / "profile") as browser,
        ):
            await browser.open(server.page_url)
            await browser.until(f"{ON} && {_pixel(0, 0)} == '255,0,0,255'", 20)
            await browser.value(f"{GLASS}.getContext('2d').fillRect(0, 0, 410, 502)")
            for viewer in tuple(server._viewers._open):
                await viewer._socket.close()
            await browser.until("document.getElementById('status').textContent == 'Not connected'")
            await browser.until(f"{ON} && {_pixel(0, 0)} == '255,0,0,255'", 20)
            assert complaints(browser) == []

    asyncio.run(main())


def test_without_its_token_the_page_says_what_to_do(tmp_path):
    async def main():
        async with (
            standin(tmp_path / "watch") as watch,
            SimulatorServer(watch) as server,
            Browser(tmp_path / "profile") as browser,
        ):
            await browser.open(server.url)
            await browser.until("document.getElementById('keyless')?.hidden === false")
            assert "tapwatch sim" in await browser.value("document.body.innerText")
            assert await browser.value("document.getElementById('bench').hidden") is True
            assert complaints(browser) == []
            await browser.open(f"{server.url}/state.json")
            await browser.until("document.body?.innerText.includes('The token of this run is missing or wrong.')")

    asyncio.run(main())


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


@pytest.mark.parametrize(("width", "height"), [(1400, 1000), (1024, 700), (820, 1100), (360, 780)])
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
