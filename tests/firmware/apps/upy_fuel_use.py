"""What built-in apps and faces use of their fuel, in every answer to a day of fingers: none comes near the limit."""

from tests.screens.app_scenes import Desk, app, face
from tests.screens.panel import Panel
from watch.apps import fuel, limits
from watch.apps.limits import BACKGROUND_FUEL, FUEL
from watch.apps.shelf.firmware_apps import APPS, FACES
from watch.ui.canvas import Canvas
from watch.ui.context import Ui

SHARE = "gallery"
PANELS = ((240, 240, 0, 1), (410, 502, 115, 2))
TICKS = 12
FACTOR = 50
"""Every answer of ours leaves at least so many times of what it uses to an app that does more."""


class Meter(limits.Turn):
    """Writes down what each call has used."""

    found = []

    def begin(self):
        limits.Turn.begin(self)
        if self._depth == 1:
            self._before = fuel._cell[0]

    def end(self):
        if self._depth == 1:
            Meter.found.append(self._before - fuel._cell[0])
        return limits.Turn.end(self)


def touches(screen):
    """Every target in turn, and every way of a finger."""
    for name in [one[0] for one in screen.targets()]:
        for _, x, y, w, h in [one[:5] for one in screen.targets() if one[0] == name][:1]:
            yield lambda x=x + w // 2, y=y + h // 2: screen.press(x, y)
            yield screen.release
            yield lambda x=x + w // 2, y=y + h // 2: screen.tap(x, y)
    for way in ("up", "down", "left"):
        yield lambda way=way: screen.swipe(way)
    yield lambda: screen.finger(True, 60, 90)
    yield lambda: screen.tap(120, 120)
    yield lambda: screen.hold(120, 120)


def live(screen, desk, canvas):
    """Open it, touch all of it, and let time pass and draw after each touch."""
    canvas.window(0, 0, 240, 30)
    for act in touches(screen):
        act()
        for _ in range(TICKS):
            desk.now_ms += 1000
            screen.tick(desk.now_ms)
            screen.draw(canvas)
        if not screen.running:
            screen.open()
    screen.close()
    assert not desk.errors, desk.errors


def test_no_built_in_app_comes_near_its_fuel():
    """On both panels; the same for faces. Printed: most and median of an answer."""
    from watch.apps import app_screen

    kept, app_screen.Turn = app_screen.Turn, Meter
    canvas, worst, everything = Canvas(), (0, ""), []
    try:
        for panel in PANELS:
            ui = Ui(Panel(*panel), "firmware/assets")
            for name in APPS + FACES:
                Meter.found, desk = [], Desk()
                live(face(ui, name, desk) if name in FACES else app(ui, name, desk=desk), desk, canvas)
                worst = max(worst, (max(Meter.found), "%s %d" % (name, panel[0])))
                everything += Meter.found
    finally:
        app_screen.Turn = kept
    everything.sort()
    median = everything[len(everything) // 2]
    print("NOTE fuel: %d answers, median %d units, most %d by %s" % (len(everything), median, worst[0], worst[1]))
    assert worst[0] * FACTOR <= FUEL, worst


def test_the_background_gets_a_smaller_tank():
    """An app in front may be waited for; one that nobody sees must not be noticed."""
    assert BACKGROUND_FUEL * 4 <= FUEL
