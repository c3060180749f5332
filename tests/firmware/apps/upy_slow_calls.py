"""Apps that do nothing but the slowest things of their API end on a card by a look at the clock, not by a reset.

Time is made: it moves on by what the watch does at most between two looks, as `make bench` estimates it for the board
(`app.slow.*`), at each point of `watch.kernel.interrupt` and after each call.
"""

from support.bundles import write

from tests.screens.app_scenes import Desk, app
from tests.screens.panel import Panel
from watch.apps import fuel
from watch.apps.api import App, Label, Paragraph, QrCode, parse_json, spend, text_pages
from watch.apps.limits import FUEL, TIMEOUT_MS, Limits, Turn
from watch.apps.settings import AppSettings
from watch.apps.shelf import file_tree
from watch.apps.shelf.app_files import MAX_BYTES, AppFiles
from watch.kernel import interrupt
from watch.ui.canvas import Canvas
from watch.ui.context import Ui

SHARE = "voice"
FOLDER = "build/tests/slow_calls"
SLOW = "It took too long."
LONG = "Wo lang, so lang, wie lang? " * 10
HIDDEN = "x" + "\u200d" * 20_000
DISC_MS = 11
WRITE_MS = 410
"""The largest file of an app: eight blocks of flash."""


class Dog:
    """A watchdog that looks at the made time when a call is over."""

    def __init__(self):
        self.now_us, self.worst_ms = 0, 0

    def begin(self, note, timeout_ms):
        self.began_us, self.timeout_ms = self.now_us, timeout_ms

    def end(self):
        self.worst_ms = max(self.worst_ms, (self.now_us - self.began_us) // 1000)


class NoJournal:
    """Nothing is kept."""

    def get(self, record):
        return None


def texts(ui, canvas):
    fonts = (ui.title_font, ui.body_font, ui.caption_font)
    return {
        "label": (9, lambda: Label(ui, ui.title_font, 0, 0, 410, LONG, 1)),
        "label, nothing to see": (50, lambda: Label(ui, ui.title_font, 0, 0, 410, HIDDEN, 1)),
        "paragraph": (24, lambda: Paragraph(ui, fonts, 0, 0, 410, 502, LONG, 1)),
        "paragraph, narrow": (49, lambda: Paragraph(ui, fonts, 0, 0, 12, 502, LONG, 1)),
        "pages": (87, lambda: text_pages(ui.caption_font, LONG * 10, 20, 99)),
    }


def drawing(ui, canvas):
    return {
        "disc": (DISC_MS, lambda: canvas.disc(3285, 4019, 4000, 7)),
        "ring": (2, lambda: canvas.ring(3280, 4016, 4000, 320, 7)),
        "gradient": (2, lambda: canvas.gradient(0, 0, 410, 502, 7, 99)),
        "rectangle": (1, lambda: canvas.fill_rect(0, 0, 410, 502, 77)),
    }


def work(ui, canvas):
    code, answer, settings = QrCode(), "[" + "[1.5]," * 2700 + "0]", AppSettings(NoJournal(), "torch")
    settings.set("long", "x" * 1900)
    file_tree.removed(FOLDER)
    write(FOLDER + "/x", b"")
    files = AppFiles(FOLDER, "torch")
    return {
        "qr": (62, lambda: code.encode("a" * 858)),
        "json": (48, lambda: parse_json(answer)),
        "settings": (10, lambda: settings.set("more", [1] * 20)),
        "file": (WRITE_MS, lambda: files.write("large", bytes(MAX_BYTES))),
        "files": (WRITE_MS // 8, lambda: files.write("large", bytes(MAX_BYTES // 8))),
    }


def ended(calls):
    """Each in a loop of its own; how long each call lasted, in made time."""
    ui, canvas, lasted = Ui(Panel(410, 502, 115, 2), "firmware/assets"), Canvas(), {}
    canvas.window(0, 240, 410, 18)
    for name, (step_ms, call) in calls(ui, canvas).items():
        dog = Dog()

        def passes(step_us=step_ms * 1000, dog=dog):
            dog.now_us += step_us

        def point(passes=passes):
            passes()
            fuel.hurry()

        class Endless(App):
            def open(self, watch, call=call, passes=passes):
                while True:
                    spend()
                    call()
                    passes()

        desk = Desk(Endless)
        desk.limits = Limits(lambda dog=dog: dog.now_us // 1000, dog)
        interrupt.watch(point)
        screen = app(ui, "torch", desk=desk)
        interrupt.watch(fuel.hurry)
        assert not screen.running and SLOW in screen.texts(), (name, screen.texts())
        lasted[name] = dog.worst_ms
    return lasted


def test_what_is_slow_ends_on_a_card():
    """The watchdog, which resets the watch, waits for longer than any of them lasts."""
    for calls in (texts, drawing, work):
        lasted = ended(calls)
        print("NOTE app.slow: the last look ends %s" % ", ".join(["%s at %d ms" % one for one in lasted.items()]))
        assert max(lasted.values()) < TIMEOUT_MS, lasted


def test_a_clock_that_stands_still_ends_none_of_them():
    """The guard of the test above: fuel alone would let an app draw large discs for minutes."""
    tank, canvas, calls = fuel.Tank(FUEL, FUEL), Canvas(), 0
    canvas.window(0, 240, 410, 18)
    tank.open(0)
    try:
        while True:
            spend()
            canvas.fill_rect(0, 0, 1, 1, 0)
            calls += 1
    except fuel.OutOfFuel:
        assert tank.shut() and calls == FUEL - 1 and calls * DISC_MS > 200 * TIMEOUT_MS


def test_work_of_the_watch_inside_a_call_is_not_counted():
    """A bundle that is checked when its app first opens: as long as it takes, and the app has its whole time after."""
    dog = Dog()
    limits = Limits(lambda: dog.now_us // 1000, dog)
    turn = Turn(limits, "torch")

    def check():
        dog.now_us += 3_000_000
        return "checked"

    turn.begin()
    assert limits.unhurried("torch", check) == "checked"
    dog.now_us += fuel.MOST_MS * 1000
    fuel.hurry()
    dog.now_us += 1000
    try:
        fuel.hurry()
        raise AssertionError("it had its time")
    except fuel.OutOfFuel:
        pass
    assert turn.end() and dog.worst_ms == fuel.MOST_MS + 1, dog.worst_ms
