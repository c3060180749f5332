"""What screens cost to open, a finger to answer, and the hands of a watch to move; on both panels, with their drivers.

Samples and notes are named "SIZE/WHAT".
"""

import gc

from board.counting.devices import Touch
from board.counting.panel import Display
from tests.bench.scenes.marks import NOT_OURS
from tests.screens.app_scenes import MINUTES, Desk, face
from tests.screens.scenes import SCENES
from tests.screens.scenes import unlock as passcode
from watch.ui.context import Ui
from watch.ui.gestures import Gestures
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack

PANELS = {"large": "410x502", "small": "240x240"}
OPENED = ("passcode", "armed", "sent", "cards", "history", "settings", "settings-display", "quick", "notes", "note") + (
    "note-chinese",
    "launcher",
    "alarms",
    "calendar",
    "weather",
    "music",
    "activity",
    "calculator",
)
"""Screens of every kind. Pixels and heap of all screens are counted in tests/firmware/ui/upy_render.py."""
FRAMES = 20
_WARM = 2


class _Bench:
    """One panel, with what is drawn on it."""

    def __init__(self, marks, panel):
        self.marks, self.panel = marks, panel
        self.display = Display(PANELS[panel])
        self.ui = Ui(self.display, "firmware/assets")
        self._fresh = dict(self.ui.__dict__)
        self._renderer = Renderer(self.ui, self.display)

    def fresh(self):
        """The context as a watch has it after its start; the fonts stay loaded."""
        for name, value in self._fresh.items():
            setattr(self.ui, name, value)

    def show(self, screen):
        """A stack with a screen in front."""
        return Stack(self.ui, self._renderer, screen)

    def timed(self, name, deed):
        """Count one deed; returns the bytes it sent."""
        name = "%s/%s" % (self.panel, name)
        gc.collect()
        before = self.display.bytes
        self.marks.cut(NOT_OURS)
        deed()
        self.marks.cut(name)
        return self.display.bytes - before


def openings(marks):
    """Some screens for the second time, when code and glyphs are loaded: put in front, opened, drawn.

    What a scene does to get its screen into the state of the picture is not counted.
    """
    notes = {}
    scenes = dict(SCENES)
    for panel in PANELS:
        bench = _Bench(marks, panel)
        for name in OPENED:
            for again in (False, True):
                bench.fresh()
                screen = scenes[name](bench.ui)
                label = name if again else "warm-up"
                sent = bench.timed(label, lambda screen=screen: bench.show(screen).tick(0))
                if again:
                    notes["%s/%s" % (panel, name)] = sent
    return notes


class _First(Display):
    """A panel that cuts when a strip has been sent, if it waits for one."""

    def __init__(self, marks, panel):
        super().__init__(PANELS[panel])
        self._marks, self._name = marks, panel + "/touch"
        self.waits = False

    def write(self, x, y, w, h, pixels):
        """Send a window."""
        super().write(x, y, w, h, pixels)
        if self.waits:
            self.waits = False
            self._marks.cut(self._name)


def touches(marks):
    """From a finger that the panel reports to the first strip that shows it, on keys of the passcode."""
    for panel in PANELS:
        first = _First(marks, panel)
        ui = Ui(first, "firmware/assets")
        screen = passcode(ui)
        stack = Stack(ui, Renderer(ui, first), screen)
        stack.tick(0)
        touch = Touch()
        gestures = Gestures(stack, touch, ui, lambda: 0, lambda later, earlier: later - earlier)
        keys = [target for target in screen.targets() if target[0].isdigit()]
        for turn in range(_WARM + 1):
            _, x, y, w, h = keys[turn]
            touch.events.append((True, x + w // 2, y + h // 2))
            gc.collect()
            marks.cut(NOT_OURS)
            first.waits = turn == _WARM
            gestures.poll()
            stack.render()
            marks.cut(NOT_OURS)
            touch.events.append((False, x + w // 2, y + h // 2))
            gestures.poll()
            stack.render()
    return {}


def hands(marks):
    """The analogue face: all of it, a minute, a second."""
    notes = {}
    for panel in PANELS:
        bench = _Bench(marks, panel)
        desk = Desk()
        desk.time.second = 0
        stack = bench.show(face(bench.ui, "analogue", desk))
        for turn in range(_WARM):
            stack.refresh()
            stack.tick(turn)
        notes[panel + "/full"] = bench.timed("full", lambda: (stack.refresh(), stack.tick(0)))
        for kind in ("minute", "second"):
            worst = 0
            for turn in range(2 * FRAMES):
                setattr(desk.time, *(("minutes", MINUTES + turn) if kind == "minute" else ("second", turn)))
                name = kind if turn >= FRAMES else "warm-up"
                sent = bench.timed(name, lambda: stack.tick(0))
                worst = max(worst, sent)
            notes["%s/%s" % (panel, kind)] = worst
    notes["frames"] = FRAMES
    return notes
