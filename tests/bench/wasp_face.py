"""Runs inside MicroPython: draws wasp-os's digital clock face again and again, to be counted from outside.

Usage: micropython tests/bench/wasp_face.py CHECKOUT full|minute|second REPETITIONS

Prints the bytes sent to the panel by the last repetition, as `tests/screens/face_cost.py` does for our face. From the
checkout come the face itself (`ClockApp`), its status bar, drawing, fonts and icons, and the panel's driver
`ST7789_SPI`. Ours are a bus that only counts, and stand-ins for the two modules that would bring the whole system
with them: `wasp` (its `system` and `watch`) and `watch` (`rtc`, `battery`, `connected`, `display`, `drawable`). They
do less than the real ones, which is to wasp-os's advantage: time is a tuple that lies ready, a theme is one look into
a dictionary, and the system's loop, which cleans the heap at each tick, is left out.
"""

import gc
import sys

import micropython

CHECKOUT, KIND, REPETITIONS = sys.argv[1:]
sys.path.pop(0)  # the folder of this file, which has an `apps` for the computer
sys.path.insert(0, CHECKOUT)  # newer versions have `watch_faces` there
sys.path.insert(0, CHECKOUT + "/wasp")  # before our own `apps` and `drivers`

_SIDE = 240
_LEVEL = 80
"""Percent: both parts of the battery are drawn."""
_THEME = {"ble": 0x7BEF, "battery": 0x7BEF, "notify-icon": 0x7BEF, "status-clock": 0xE73C, "bright": 0xFFFF}
_MID = 0xBDB6
"""Any other part of the theme. Colours cost nothing, and need not be theirs."""


class Pin:
    """A pin that leads nowhere: setting it is a call into C, as in our own count."""

    OUT = 1

    def __init__(self):
        self.value = bool

    def init(self, mode, value):
        """Nothing to set up."""


class Bus:
    """SPI that only counts."""

    def __init__(self):
        self.bytes = 0

    @micropython.native  # as in `board/counting/panel.py`
    def write(self, buf):
        """Count bytes."""
        self.bytes += len(buf)


class Watch:
    """Stand-in for the module `watch`, and for its `rtc` and `battery`."""

    def __init__(self):
        self.rtc = self.battery = self
        self.now = (2026, 11, 22, 10, 9, 0, 6, 326)

    def get_localtime(self):
        """Year, month, day, hour, minute, second, weekday, day of the year."""
        return self.now

    def connected(self):
        """A phone is there: its mark is in the status bar."""
        return True

    def charging(self):
        """No."""
        return False

    def level(self):
        """Of the battery, in percent."""
        return _LEVEL


class System:
    """Stand-in for the module `wasp`, and for its `system`."""

    def __init__(self, watch):
        self.watch = watch
        self.system = self
        self.notifications = {}
        self.bar = None

    def theme(self, part):
        """A colour."""
        return _THEME.get(part, _MID)

    def request_tick(self, period_ms):
        """Ticks come from here anyway."""


def clock_face():
    """The face. Raises ImportError where a checkout has none."""
    try:
        from apps.clock import ClockApp
    except ImportError:
        from watch_faces.clock import ClockApp
    return ClockApp()


def set_up(bus, watch):
    """The face on its panel, drawn once."""
    system = System(watch)
    sys.modules["watch"], sys.modules["wasp"] = watch, system
    import draw565
    import widgets

    from drivers.st7789 import ST7789_SPI

    watch.display = ST7789_SPI(_SIDE, _SIDE, bus, cs=Pin(), dc=Pin())
    watch.drawable = draw565.Draw565(watch.display)
    system.bar = widgets.StatusBar()
    face = clock_face()
    face.foreground()
    return face


def draw(kind, repetitions):
    """Draw one kind of frame; returns the bytes of the last one."""
    bus, watch = Bus(), Watch()
    face = set_up(bus, watch)
    gc.collect()  # what compiling the checkout has left
    before = 0
    for repetition in range(repetitions):
        before = bus.bytes
        if kind == "full":
            face.foreground()
        else:
            minute, second = (10 + repetition % 50, 0) if kind == "minute" else (9, 1 + repetition % 59)
            watch.now = (2026, 11, 22, 10, minute, second, 6, 326)
            face.tick(1)
    return bus.bytes - before


print(draw(KIND, int(REPETITIONS)))
