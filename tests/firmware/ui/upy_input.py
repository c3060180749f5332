"""Touches become gestures, presses become kinds, also when the ticks wrap."""

import micropython

from watch.ui import presses as held
from watch.ui.gestures import HOLD_MS, Gestures
from watch.ui.presses import DOUBLE_MS, LONG_MS, Presses

_WRAP = 1 << 30


class Ticks:
    """A clock that a test moves; it starts just before it wraps, as the board's does every 12 days."""

    def __init__(self):
        self.now = _WRAP - 500

    def ms(self):
        return self.now % _WRAP

    @staticmethod
    def diff(one, other):
        return (one - other + _WRAP // 2) % _WRAP - _WRAP // 2


class FakeTouch:
    """Gives events one by one."""

    def __init__(self):
        self.events = []

    def read(self, point):
        if not self.events:
            return False
        point[:] = self.events.pop(0)
        return True


class Recorder:
    """A screen that writes down what it is told."""

    follows_finger = False

    def __init__(self):
        self.heard = []

    def press(self, x, y):
        self.heard.append("press")

    def release(self):
        self.heard.append("release")

    def tap(self, x, y):
        self.heard.append("tap %d %d" % (x, y))

    def hold(self, x, y):
        self.heard.append("hold")

    def swipe(self, direction):
        self.heard.append(direction)

    def back(self):
        self.heard.append("back")


class FakeUi:
    """A small panel."""

    width = height = 240
    turned = False


class FakeStack:
    """Has a top."""

    def __init__(self):
        self.top = Recorder()


def _gestures():
    stack, touch, ticks = FakeStack(), FakeTouch(), Ticks()
    return stack, touch, ticks, Gestures(stack, touch, FakeUi(), ticks.ms, ticks.diff)


def test_a_short_touch_is_a_tap_where_it_began():
    stack, touch, _, gestures = _gestures()
    touch.events = [[1, 50, 60], [1, 55, 62], [0, 55, 62]]
    gestures.poll()
    assert stack.top.heard == ["press", "release", "tap 50 60"], stack.top.heard


def test_swipes_have_a_direction_and_are_no_taps():
    for end, wanted in (((150, 60), "right"), ((5, 60), "left"), ((50, 10), "up"), ((55, 160), "down")):
        stack, touch, _, gestures = _gestures()
        touch.events = [[1, 50, 60], [1, end[0], end[1]], [1, 120, 120], [0, end[0], end[1]]]
        gestures.poll()
        assert stack.top.heard == ["press", "release", wanted], stack.top.heard


def test_a_stroke_from_the_edge_is_the_way_back_and_only_to_the_right():
    for start, end, wanted in (
        ((3, 60), (60, 66), "back"),
        ((19, 60), (60, 60), "back"),
        ((21, 60), (80, 60), "right"),
        ((3, 60), (10, 150), "down"),
        ((236, 60), (180, 60), "left"),
    ):
        stack, touch, _, gestures = _gestures()
        touch.events = [[1, start[0], start[1]], [1, end[0], end[1]], [0, end[0], end[1]]]
        gestures.poll()
        assert stack.top.heard == ["press", "release", wanted], (start, stack.top.heard)


def test_a_watch_worn_the_other_way_up_is_touched_the_other_way_up():
    stack, touch, _, gestures = _gestures()
    gestures._ui.turned = True
    touch.events = [[1, 0, 0], [0, 0, 0], [1, 239, 239], [1, 180, 239], [0, 180, 239], [1, 120, 9], [0, 120, 9]]
    gestures.poll()
    wanted = ["press", "release", "tap 239 239", "press", "release", "back", "press", "release", "tap 119 230"]
    assert stack.top.heard == wanted, stack.top.heard


def test_a_finger_that_stays_holds_once_does_not_tap_and_is_released_when_it_goes():
    stack, touch, ticks, gestures = _gestures()
    touch.events = [[1, 50, 60]]
    gestures.poll()
    assert gestures.busy
    ticks.now += HOLD_MS + 10
    gestures.poll()
    ticks.now += HOLD_MS
    touch.events = [[0, 50, 60]]
    gestures.poll()
    assert stack.top.heard == ["press", "release", "hold", "release"], stack.top.heard


def test_a_held_finger_that_goes_while_the_panel_is_dark_is_released():
    stack, touch, ticks, gestures = _gestures()
    touch.events = [[1, 50, 60]]
    gestures.poll()
    ticks.now += HOLD_MS + 10
    gestures.poll()
    touch.events = [[1, 51, 60]]
    assert not gestures.drop()
    touch.events = [[0, 51, 60]]
    assert not gestures.drop()
    assert stack.top.heard == ["press", "release", "hold", "release"], stack.top.heard


def test_a_screen_that_appears_under_the_finger_hears_nothing():
    stack, touch, _, gestures = _gestures()
    first = stack.top
    touch.events = [[1, 50, 60]]
    gestures.poll()
    stack.top = Recorder()
    touch.events = [[0, 50, 60]]
    gestures.poll()
    assert stack.top.heard == [] and first.heard == ["press", "release"], (stack.top.heard, first.heard)
    touch.events = [[1, 50, 60], [0, 50, 60]]
    gestures.poll()
    assert stack.top.heard[-1] == "tap 50 60"


class Follower(Recorder):
    """A screen that follows the finger."""

    follows_finger = True

    def finger(self, down, x, y):
        self.heard.append((down, x, y))


def test_a_screen_that_follows_is_told_everything_at_once():
    stack, touch, ticks, gestures = _gestures()
    stack.top = Follower()
    touch.events = [[1, 3, 60], [1, 200, 60]]
    gestures.poll()
    assert gestures.busy
    ticks.now += HOLD_MS
    touch.events = [[1, 201, 61], [0, 201, 61]]
    gestures.poll()
    assert stack.top.heard == [(True, 3, 60), (True, 200, 60), (True, 201, 61), (False, 201, 61)], stack.top.heard
    assert not gestures.busy


def test_a_finger_that_is_followed_belongs_to_its_screen():
    stack, touch, _, gestures = _gestures()
    followed, other = Follower(), Follower()
    stack.top = followed
    touch.events = [[1, 50, 60]]
    gestures.poll()
    stack.top = other
    touch.events = [[1, 55, 60], [0, 55, 60], [1, 9, 9], [0, 9, 9]]
    gestures.poll()
    assert followed.heard == [(True, 50, 60)] and other.heard == [(True, 9, 9), (False, 9, 9)]


def test_a_screen_that_stops_following_hears_no_more_of_that_finger():
    stack, touch, _, gestures = _gestures()
    stack.top = Follower()
    touch.events = [[1, 50, 60]]
    gestures.poll()
    stack.top.follows_finger = False
    touch.events = [[1, 150, 60], [1, 160, 60], [0, 160, 60], [1, 9, 9], [0, 9, 9]]
    gestures.poll()
    assert stack.top.heard == [(True, 50, 60), "press", "release", "tap 9 9"], stack.top.heard


def test_touches_allocate_nothing():
    stack, _, ticks, _ = _gestures()

    class Quiet(Recorder):
        def press(self, x, y):
            pass

        def release(self):
            pass

        def tap(self, x, y):
            pass

    class Finger:
        def __init__(self):
            self.down = 0

        def read(self, into):
            if self.down == 2:
                self.down = 0
                return False
            self.down += 1
            into[0], into[1], into[2] = 1 if self.down == 1 else 0, 50, 60
            return True

    stack.top = Quiet()
    gestures = Gestures(stack, Finger(), FakeUi(), ticks.ms, ticks.diff)
    gestures.poll()
    micropython.heap_lock()
    try:
        gestures.poll()
    finally:
        micropython.heap_unlock()


class FakeButtons:
    """Gives states one by one."""

    def __init__(self):
        self.states = []

    def read(self):
        return self.states.pop(0) if self.states else -1


def _press(*steps):
    """Feed (milliseconds to wait, button bits or None) and return what was reported."""
    buttons, ticks, heard = FakeButtons(), Ticks(), []
    presses = Presses(buttons, heard.append, ticks.ms, ticks.diff)
    for wait, bits in steps:
        ticks.now += wait
        if bits is not None:
            buttons.states.append(bits)
        presses.poll()
    return heard


def test_single_double_and_long_presses():
    late = DOUBLE_MS + 20
    assert _press((0, 1), (80, 0), (late, None)) == ["single"]
    assert _press((0, 1), (80, 0), (100, 1)) == ["double"], "a double press is reported at once"
    assert _press((0, 1), (80, 0), (100, 1), (80, 0), (late, None)) == ["double"]
    assert _press((0, 1), (LONG_MS + 10, None), (100, 0), (late, None)) == ["long"]
    assert _press((0, 1), (80, 0), (late, 1), (80, 0), (late, None)) == ["single", "single"]
    assert _press((0, 2), (80, 0), (late, None)) == [], "the second button is somebody else's"


def _hold_button(takes, *steps):
    """What is reported by somebody who takes a press that is held, or not, and how often it was asked."""
    ticks, buttons, heard, asked = Ticks(), FakeButtons(), [], []

    def hold():
        asked.append(ticks.now)
        return takes

    presses = Presses(buttons, heard.append, ticks.ms, ticks.diff, None, hold)
    for wait, bits in steps:
        ticks.now += wait
        if bits is not None:
            buttons.states.append(bits)
        presses.poll()
    return heard, len(asked)


def test_a_press_that_is_held_is_offered_once_and_is_a_long_one_later_if_it_was_taken():
    late = DOUBLE_MS + 20
    assert _hold_button(True, (0, 1), (held.HOLD_MS - 20, None), (10, 0), (late, None)) == (["single"], 0)
    assert _hold_button(True, (0, 1), (held.HOLD_MS, None), (50, None), (50, 0), (late, None)) == ([], 1)
    assert _hold_button(True, (0, 1), (held.HOLD_MS, None), (LONG_MS, None), (50, 0), (late, None)) == ([], 1)
    taken = _hold_button(
        True, (0, 1), (held.HOLD_MS, None), (held.HELD_MS - held.HOLD_MS - 10, None), (20, None), (50, 0), (late, None)
    )
    assert taken == (["long"], 1)
    assert _hold_button(False, (0, 1), (held.HOLD_MS, None), (50, None), (LONG_MS, None), (50, 0)) == (["long"], 1)
    assert _hold_button(False, (0, 1), (held.HOLD_MS, None), (50, 0), (late, None)) == (["single"], 1)
    assert _hold_button(False, (0, 1), (LONG_MS + 10, None), (50, 0), (late, None)) == (["long"], 1), "looked at late"
    assert _hold_button(True, (0, 1), (held.HOLD_MS, None), (50, 0), (50, 1), (50, 0), (late, None)) == (
        ["single"],
        1,
    ), "anew"


def test_a_third_press_begins_anew():
    assert _press((0, 1), (50, 0), (50, 1), (50, 0), (50, 1), (50, 0), (400, None)) == ["double", "single"]


def test_the_second_button_is_told_down_and_up_and_changes_nothing_of_the_first():
    ticks, told, kinds = Ticks(), [], []
    waiting = [2, 3, 2, 0, 1, 0]

    class Buttons:
        def read(self):
            return waiting.pop(0) if waiting else -1

    presses = Presses(Buttons(), kinds.append, ticks.ms, ticks.diff, told.append)
    presses.poll()
    ticks.now += DOUBLE_MS + 1
    presses.poll()
    assert told == [True, False], told
    assert kinds == ["double"], kinds
