"""Hostile apps: what each tries, and which walls stop it.

The code is that of module `app`; `n0` is the app. Its names are those of the pool already, so that the same text can be
compiled without the packer's rules and renaming, as a developer with tools of his own would.
"""

from __future__ import annotations

from typing import NamedTuple

HEAD = (
    "from watch.apps.api import App, Box, Canvas, Entry, Hand, Hands, Label, Paragraph, QrCode, Watch, Widget, Words\n"
)
SLOW, MEMORY, NOTHING = "too long", "too much memory", ""


class Hostile(NamedTuple):
    """One app."""

    tries: str
    code: str
    rule: str
    """Of the packer, or empty: source that looks like any other."""
    watch: str
    """What the watch says at the install of the same code without the rules; empty if it lets it in."""
    card: str = ""
    """What the crash card says once it runs; `NOTHING` if it goes on, and has got nothing."""


def _opens(*lines: str) -> str:
    body = "".join(f"        {line}\n" for line in lines)
    return f"class n0(App):\n    def open(self, watch):\n{body}"


def _ticks(*lines: str) -> str:
    return _opens("pass") + "    def tick(self, now):\n" + "".join(f"        {line}\n" for line in lines)


def _draws(*lines: str, method: str = "draw(self, canvas)") -> str:
    body = "".join(f"        {line}\n" for line in lines)
    return f"class n1(Box):\n    def {method}:\n{body}" + _opens("self.add(n1(0, 0, 240, 240, 0, 1))")


def _says(*lines: str) -> str:
    return _draws(*lines, method="texts(self)")


def _class(method: str) -> str:
    return f"class n1:\n    def {method}:\n        pass\n" + _opens("pass")


_NAME = "the name"
_INPUT = "InputError"
_ENDLESS = "def n1():\n    while True:\n        yield 1\n"
_STUBBORN = "def n1():\n    try:\n        yield 1\n    finally:\n        yield 2\n"
_ODD_ERROR = "class n1(Exception):\n    def __init__(self):\n        while True:\n            pass\n"
_STAYS = "    def back(self):\n        return True\n    def swipe(self, direction):\n        return True\n"
CORPUS: tuple[Hostile, ...] = (
    # Imports and globals.
    Hostile("the file system", "import os\n" + _opens("pass"), "import", _NAME),
    Hostile("the watch's services", "from watch.system.main import build\n" + _opens("pass"), "import", _NAME),
    Hostile("the screen of apps", "from watch.apps.app_screen import AppScreen\n" + _opens("pass"), "import", _NAME),
    Hostile("memory through struct", "from struct import unpack\n" + _opens("pass"), "import", _NAME),
    Hostile("memory through uctypes", "from uctypes import bytes_at\n" + _opens("pass"), "import", _NAME),
    Hostile("the clock of the processor", "from machine import mem32\n" + _opens("pass"), "import", _NAME),
    Hostile("native code", "from micropython import viper\n" + _opens("pass"), "import-name", _NAME),
    Hostile("another app", "from apps.torch.app import n0 as n1\n" + _opens("pass"), "import", _NAME),
    Hostile("all of the API", "from watch.apps.api import *\n" + _opens("pass"), "import-star", "instruction"),
    Hostile(
        "a name the API has not exported", "from watch.apps.api import const\n" + _opens("pass"), "import-name", _NAME
    ),
    Hostile("an import by name", _opens("__import__('os')"), "dunder", _NAME),
    Hostile("its own globals", _opens("globals()"), "reflection", _NAME),
    Hostile(
        "another function for everybody", "def n1():\n    pass\nn1.len = 1\n" + _opens("pass"), "api-attribute", _NAME
    ),
    Hostile("fuel that costs nothing", "spend = str\n" + _opens("pass"), "fuel", _NAME),
    # Reflection.
    Hostile("an attribute by its text", _opens("getattr(self, 'x')"), "reflection", _NAME),
    Hostile("its screen", _opens("self._screen"), "unknown-attribute", _NAME),
    Hostile("the screen of a widget", _opens("self.add(Box(0, 0, 9, 9, 0, 1)).screen"), "unknown-attribute", _NAME),
    Hostile("the globals of the API", _opens("Label.set.__globals__"), "dunder", _NAME),
    Hostile("the class of things", _opens("self.ui.__class__"), "dunder", _NAME),
    Hostile("the table of an object", _opens("watch.__dict__"), "dunder", _NAME),
    Hostile("text that is run", _opens("exec('import os')"), "reflection", _NAME),
    Hostile("a class made by hand", _opens("type('n1', (), {})"), "type", _NAME),
    Hostile(
        "a method of all comparisons",
        _class("__eq__(self, other)"),
        "dunder",
        _NAME,
    ),
    Hostile("an end that runs later", _class("__del__(self)"), "dunder", _NAME),
    # Format strings, memory tricks, sort keys.
    Hostile(
        "attributes by a format", _opens("self.n1 = '{0.x}'.format(self)"), "format-field", "", "NotImplementedError"
    ),
    Hostile("a view of memory that moves", _opens("memoryview(bytearray(9))"), "reflection", _NAME),
    Hostile("a list that its key empties", _opens("n = [3, 1, 2]", "n.sort(key=lambda x: n.clear())"), "sort", _NAME),
    Hostile(
        "the same by sorted",
        _opens("n = [3, 1, 2]", "self.n1 = sorted(n, key=lambda x: n.clear() or 1)"),
        "",
        "",
        NOTHING,
    ),
    Hostile(
        "the memory of the canvas",
        "class n1(Box):\n    def draw(self, canvas):\n        canvas.memory\n"
        + _opens("self.add(n1(0, 0, 99, 99, 0, 1))"),
        "unknown-attribute",
        _NAME,
    ),
    # Machine code that believes numbers.
    Hostile(
        "a pixel before the strip",
        _draws("canvas.fill_rect((1 << 63) - 1, 0, 1, 240, 1)", "canvas.fill_rect((1 << 31) - 1, 0, 1, 240, 1)"),
        "",
        "",
        NOTHING,
    ),
    Hostile(
        "a radius of no bits",
        "class n1(Box):\n    def draw(self, canvas):\n        canvas.round_rect(0, 0, 99, 99, 1 << 60, 1)\n"
        + _opens("self.add(n1(0, 0, 240, 240, 0, 1))"),
        "",
        "",
        NOTHING,
    ),
    Hostile(
        "a window off the panel",
        _opens("one = self.add(Box(0, 0, 9, 9, 0, 1))", "one.mark_part((1 << 32) - 30000, 0, 30400, 99)"),
        "",
        "",
        NOTHING,
    ),
    Hostile("more symbol than its buffers hold", _opens("QrCode(1).encode('x' * 400, 0, -19)"), "", "", "InputError"),
    Hostile(
        "a hand that grows",
        _opens(
            "s = ((-10, 5), (90, 5))",
            "a = Hand(50, 50, s, 4, 1, 2)",
            "h = Hands(50, 50, 50, a, Hand(50, 50, s, 4, 1, 2), 3, 1)",
            "Hand.__init__(a, 50, 50, tuple([(i, 5) for i in range(900)]), 4, 1, 2)",
            "h.set(77)",
        ),
        "",
        "",
        "InputError",
    ),
    Hostile(
        "another canvas for the watch",
        "class n1(Box):\n    def draw(self, canvas):\n        Canvas.__init__(canvas)\n"
        + _opens("self.add(n1(0, 0, 240, 240, 0, 1))"),
        "",
        "",
        "InputError",
    ),
    Hostile(
        "other words for the watch",
        _opens("Entry.__init__(self.ui, 0, 0, 0, 'x', 'x', self)"),
        "",
        "",
        "InputError",
    ),
    Hostile(
        "fields of its choice",
        _opens("self.n1 = Watch(0, 0, 0, 0, 0, {'memory': 4096})", "Canvas.fill_rect(self.n1, 0, 0, 9, 9, 1)"),
        "",
        "",
        "AttributeError",
    ),
    Hostile("a method on a foreign object", _opens("Label.set(self.ui, 'x')"), "", "", "AttributeError"),
    Hostile("a mark on the shared context", _opens("Widget.mark(self.ui)"), "", "", "AttributeError"),
    Hostile(
        "geometry that is no number", _opens("self.add(Box(float('nan'), -1e30, 1 << 70, -5, 3, 1))"), "", "", NOTHING
    ),
    Hostile(
        "a huge text", _opens("self.add(Label(self.ui, self.ui.body_font, 0, 0, 99, 'x' * 200000, 1))"), "", "", NOTHING
    ),
    # Loops, memory, errors.
    Hostile("a loop without end", _opens("while True:", "    pass"), "", "", SLOW),
    Hostile("the same in every tick", _ticks("while True:", "    pass"), "", "", SLOW),
    Hostile(
        "a loop that catches what ends it",
        _ticks(
            "while True:",
            "    try:",
            "        while True:",
            "            pass",
            "    except Exception:",
            "        pass",
        ),
        "",
        "",
        SLOW,
    ),
    Hostile(
        "a bare except",
        _ticks("try:", "    while True:", "        pass", "except:", "    pass"),
        "bare-except",
        "",
        SLOW,
    ),
    Hostile(
        "a drawing without end",
        "class n1(Box):\n    def draw(self, canvas):\n        while True:\n            pass\n"
        + _opens("self.add(n1(0, 0, 99, 99, 0, 1))"),
        "",
        "",
        SLOW,
    ),
    Hostile(
        "texts without end",
        "class n1(Box):\n    def texts(self):\n        while True:\n            pass\n"
        + _opens("self.add(n1(0, 0, 99, 99, 0, 1))"),
        "",
        "",
        SLOW,
    ),
    Hostile("deep recursion", _opens("self.open(watch)"), "", "", "RuntimeError"),
    Hostile(
        "a generator that is never done",
        _ENDLESS + _opens("self.n2 = n1()", "for x in self.n2:", "    pass"),
        "",
        "",
        SLOW,
    ),
    Hostile(
        "a bomb of memory",
        _opens("self.n1 = []", "while True:", "    self.n1.append(bytearray(50000))"),
        "",
        "",
        MEMORY,
    ),
    Hostile("one large piece", _opens("self.n1 = bytearray(1 << 28)"), "", "", MEMORY),
    Hostile("an error in every tick", _ticks("raise ValueError('x' * 9000)"), "", "", "ValueError"),
    Hostile(
        "an error that cannot be made",
        _ODD_ERROR + _opens("raise n1"),
        "",
        "",
        SLOW,
    ),
    Hostile(
        "an error in a drawing",
        "class n1(Box):\n    def draw(self, canvas):\n        raise KeyError\n"
        + _opens("self.add(n1(0, 0, 99, 99, 0, 1))"),
        "",
        "",
        "KeyError",
    ),
    Hostile("the end of the program", _opens("raise SystemExit"), "catch-all", _NAME),
    Hostile("a key that stops the program", _opens("raise KeyboardInterrupt"), "catch-all", _NAME),
    # The screen, and what outlives the app.
    Hostile("another method for all labels", _opens("Label.set = lambda *x: None"), "api-patch", _NAME),
    Hostile("things left on the API", _opens("Label.n1 = self.ui.n2 = watch.time.n3 = self"), "api-patch", "", NOTHING),
    Hostile("ten thousand widgets", _opens("while True:", "    self.add(Box(0, 0, 9, 9, 0, 1))"), "", "", "InputError"),
    Hostile(
        "ten thousand targets",
        _opens("while True:", "    self.target('x', 0, 0, 9, 9, self.close)"),
        "",
        "",
        "InputError",
    ),
    Hostile(
        "keeping the wearer",
        _opens("self.follow_finger()")
        + "    def back(self):\n        return True\n    def swipe(self, direction):\n        return True\n",
        "",
        "",
        NOTHING,
    ),
    Hostile(
        "a sheet that looks like paying",
        _opens(
            "self.add(Box(0, 0, 240, 240, 0, 0))",
            "self.add(Label(self.ui, self.ui.title_font, 0, 60, 240, 'Approved', 65535))",
        ),
        "",
        "",
        NOTHING,
    ),
    # What it was granted.
    Hostile(
        "another app's data",
        _opens("if watch.storage.read('../torch/secret'):", "    raise ValueError"),
        "",
        "",
        NOTHING,
    ),
    Hostile(
        "files without end",
        _opens("n = 0", "while True:", "    n += 1", "    watch.storage.write('f%d' % n, bytes(4000))"),
        "",
        "",
        SLOW,
    ),
    Hostile("settings without end", _opens("watch.settings.set('x', 'y' * 9000)"), "", "", "InputError"),
    Hostile("a flood of notes", _opens("while True:", "    watch.notify.post('a', 'b')"), "", "", SLOW),
    Hostile("a flood of lines", _opens("while True:", "    watch.log('x' * 900)"), "", "", SLOW),
    Hostile("what it did not ask for", _opens("watch.location.want(True)"), "permission", "", "AttributeError"),
    Hostile("a payment of nobody's", _opens("watch.payment.request(1, 'x')"), "", "", NOTHING),
    Hostile("questions without end", _opens("while True:", "    watch.payment.request(10 ** 30, 'x')"), "", "", SLOW),
    Hostile(
        "a host that is another's", _opens("watch.web.get('https://api.example.com@evil.example/')"), "", "", _INPUT
    ),
    Hostile(
        "a second line for the phone", _opens("watch.web.get('https://api.example.com/\\nHost: x')"), "", "", _INPUT
    ),
    Hostile("a book on each face", _opens("watch.complication.show('x' * 100000, 5)"), "", "", _INPUT),
    Hostile("a word that is a list", _opens("watch.complication.show(['x'], 5)"), "", "", _INPUT),
    Hostile("work at every millisecond", _opens("while True:", "    watch.background.after(1)"), "", "", SLOW),
    Hostile("work in half a minute", _opens("watch.background.after(0.5)"), "", "", _INPUT),
    Hostile("timers of half a second", _opens("watch.timers.start(0.5, 'x')"), "", "", _INPUT),
    Hostile("no list of timers", _opens("watch.timers.places.clear()"), "", "", "AttributeError"),
    Hostile(
        "a knot of lists as an error", _opens("n = []", "n.append(n)", "raise ValueError(n)"), "", "", "ValueError"
    ),
    Hostile(
        "an error that takes minutes to print", _opens("n = 3000000", "raise KeyError(1 << n)"), "", "", "KeyError"
    ),
    Hostile("the end of whoever called", _opens("raise StopIteration"), "", "", "StopIteration"),
    Hostile("the same at every tick", _ticks("raise StopIteration"), "", "", "StopIteration"),
    Hostile("memory left as places", _opens("self.ui.x = watch.time.w = bytearray(200000)"), "", "", NOTHING),
    Hostile("a pace that is none", _opens("self.pace(50.5)"), "", "", _INPUT),
    Hostile(
        "a chain of iterators",
        _opens("n = iter([1])", "for i in range(3000):", "    n = map(bool, n)", "next(n)"),
        "",
        "",
        "RuntimeError",
    ),
    Hostile(
        "a generator that will not end", _STUBBORN + _opens("n = n1()", "next(n)", "n.close()"), "", "", "RuntimeError"
    ),
    Hostile("an answer that is a generator", _opens("yield 1"), "", "", NOTHING),
    Hostile("answers that cannot be called", _opens("pass") + "    tap = press = 5\n", "", "", "TypeError"),
    Hostile(
        "a page taken away while it is drawn",
        "class n1(Box):\n    def draw(self, canvas):\n        self.n2.clear()\n"
        + _opens("n = self.add(n1(0, 0, 240, 240, 0, 1))", "n.n2 = self"),
        "",
        "",
        NOTHING,
    ),
    Hostile("a motor that never rests", _opens("while True:", "    watch.haptics.play(1)"), "", "", SLOW),
)
