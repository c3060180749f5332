"""The activity: what its pages say, the goal that is kept, and a second without steps that costs nothing."""

import asyncio
import gc

import micropython
from support import scrubbing
from support.world import World

from tests.screens.app_scenes import app
from tests.screens.inside import inside
from tests.screens.panel import Panel
from tests.screens.tool_desk import ToolDesk
from tests.screens.tool_scenes import touch
from watch.system.main import build
from watch.ui.bars import Bars
from watch.ui.context import Ui
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack
from watch.ui.theme import FAINT, GREEN

scrubbing.leave_out()
PASSCODE = b"246810"
_SIZES = ((410, 502, 115, 2), (240, 240, 0, 1))


class _Panel(Panel):
    """Counts and keeps nothing."""

    def write(self, x, y, w, h, pixels):
        self.bytes += len(pixels)


def _open(size=_SIZES[1], desk=None, page=0):
    screen = app(Ui(Panel(*size), "firmware/assets"), "activity", desk=desk or ToolDesk())
    for _ in range(page):
        screen.swipe("up")
    return screen


def _bars(screen):
    return next(widget for widget in screen.widgets if isinstance(widget, Bars))


def test_today_follows_the_steps_to_the_goal_and_beyond():
    desk = ToolDesk()
    screen = _open(desk=desk)
    assert screen.texts() == ["0", "of 8,000", "about 0.0 km"]
    desk.known.walk(0, [0, 2000, 2000])
    screen.tick(0)
    assert screen.texts() == ["4,000", "of 8,000", "about 2.8 km"]
    assert inside(screen)._ring._lit == 360, "half of the ring"
    desk.known.walk(0, [8000, 2000])
    screen.tick(0)
    assert screen.texts() == ["10,000", "Goal reached", "about 7.0 km"] and inside(screen)._ring._ink == GREEN


def test_midnight_begins_another_day_without_a_step():
    desk = ToolDesk()
    desk.known.walk(0, [1234])
    screen = _open(desk=desk)
    desk.known.now += 1440
    desk.time.minutes += 1440
    screen.tick(0)
    assert screen.texts()[0] == "0"
    screen.swipe("up")
    screen.swipe("up")
    assert screen.texts()[-1] == "T", "the bar on the right is that of Thursday now"


def test_hours_and_days_are_as_high_as_they_were_active():
    desk = ToolDesk()
    desk.known.walk(0, [0] * 9 + [500, 1000])
    for ago in range(1, 7):
        desk.known.walk(ago, [2000 * ago])
    for size in _SIZES:
        hours = _bars(_open(size, desk, 1))
        assert hours._heights[10] == hours.h and hours._heights[9] == hours.h // 2
        assert hours._inks[0] == FAINT and hours._inks[10] != hours._inks[9]
        screen = _open(size, desk, 2)
        days = _bars(screen)
        assert days._heights[0] == days.h and days._heights[1] == days.h * 10 // 12
        assert [ink == GREEN for ink in days._inks] == [True, True, True, False, False, False, False]
        assert days._line_y == days.y + days.h - days.h * 8 // 12
        assert screen.texts()[1] == "6,214"


def test_the_average_is_that_of_days_on_which_the_watch_was_worn():
    desk = ToolDesk()
    desk.known.walk(0, [1000])
    desk.known.walk(3, [4000])
    assert _open(desk=desk, page=2).texts()[:2] == ["Daily average", "2,500"]
    assert _open(page=2).texts()[1] == "0"


def test_pages_end_where_they_end():
    screen = _open()
    screen.swipe("down")
    assert inside(screen)._page == 0
    for _ in range(6):
        screen.swipe("up")
    assert inside(screen)._page == 3


def test_the_goal_is_written_once_and_within_its_bounds():
    desk = ToolDesk()
    screen = _open(desk=desk, page=3)
    for _ in range(5):
        touch(screen, "more")
    touch(screen, "less")
    assert "10,000" in screen.texts() and desk.known.goals == []
    screen.swipe("down")
    assert desk.known.goals == [10_000]
    screen.swipe("up")
    for _ in range(100):
        touch(screen, "less")
    screen.end()
    assert desk.known.goals == [10_000, 1000]


def test_a_watch_without_a_counter_says_so():
    desk = ToolDesk()
    desk.known.counts_steps = False
    screen = _open(desk=desk)
    screen.swipe("up")
    assert screen.texts() == ["This watch does not count steps"]
    screen.tick(0)


def test_a_second_without_a_step_sends_nothing_and_takes_no_heap():
    for size in _SIZES:
        for page in range(4):
            panel = _Panel(*size)
            ui = Ui(panel, "firmware/assets")
            desk = ToolDesk()
            desk.known.walk(0, [100] * 24)
            screen = app(ui, "activity", desk=desk)
            for _ in range(page):
                screen.swipe("up")
            stack = Stack(ui, Renderer(ui, panel), screen)
            stack.render()
            stack.refresh()
            stack.render()
            stack.refresh()
            gc.collect()
            panel.bytes = 0
            micropython.heap_lock()
            try:
                stack.render()
                sent = panel.bytes
                stack.tick(0)
            finally:
                micropython.heap_unlock()
            assert sent == size[0] * size[1] * 2 and panel.bytes == sent, (size, page)


def test_the_goal_outlives_a_restart():
    world = World().provision().set_passcode().add_card()
    watch = build(world.board)
    asyncio.run(watch.services.guard.unlock(bytearray(PASSCODE)))
    watch.navigator.apps.open("activity")
    for _ in range(3):
        watch.stack.top.swipe("up")
    touch(watch.stack.top, "more")
    watch.stack.home()
    assert watch.services.activity.goal == 8500
    assert build(world.board).services.activity.goal == 8500
