"""From a finger that the panel reports to the call of `gatts_notify`, on a key and on the stick, with a real link."""

import gc

from board.counting.devices import Touch
from board.counting.panel import Display
from tests.bench.scenes.marks import NOT_OURS
from tests.screens.app_scenes import Desk, app
from watch.ble import roles
from watch.ble.link import Link
from watch.ui.context import Ui
from watch.ui.gestures import Gestures
from watch.ui.renderer import Renderer
from watch.ui.stack import Stack

PANELS = {"large": "410x502", "small": "240x240"}
_WARM = 2
_SLIDE_PX = 30


class _Radio:
    """Stands for `bluetooth.BLE`: what it is handed has left the firmware."""

    def __init__(self, marks):
        self._marks, self.name = marks, NOT_OURS

    def gatts_notify(self, conn, handle, data):
        """The report goes to the stack."""
        self._marks.cut(self.name)


class _Bond:
    """A television."""

    number, role, primary = 0, roles.TV, False


class _Connection:
    """Of the television."""

    conn, mtu = 0, 247


def gamepad(marks):
    """A key goes down; the thumb moves on the pad. Each for the third time, when code and glyphs are loaded."""
    for panel, size in PANELS.items():
        display, desk, radio, touch = Display(size), Desk(), _Radio(marks), Touch()
        ui = Ui(display, "firmware/assets")
        hid = desk.known.hid
        for row in hid.rows:
            row.handle = 0
        hid.joined(Link(radio, desk, _Connection(), _Bond(), roles.ENCRYPTED))
        screen = app(ui, "gamepad", desk=desk)
        stack = Stack(ui, Renderer(ui, display), screen)
        stack.tick(0)
        gestures = Gestures(stack, touch, ui, lambda: 0, lambda later, earlier: later - earlier)
        for what, slide in (("a", 0), ("pad", _SLIDE_PX)):
            x, y, w, h = next(one[1:] for one in screen.targets() if one[0] == what)
            x, y = x + w // 2, y + h // 2
            for turn in range(_WARM + 1):
                if slide:
                    touch.events.append((True, x, y))
                    gestures.poll()
                radio.name = "%s/%s" % (panel, what) if turn == _WARM else NOT_OURS
                touch.events.append((True, x + slide, y))
                gc.collect()
                marks.cut(NOT_OURS)
                gestures.poll()
                radio.name = NOT_OURS
                stack.render()
                touch.events.append((False, x + slide, y))
                gestures.poll()
                stack.render()
    return {}
