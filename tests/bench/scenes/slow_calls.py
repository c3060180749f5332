"""Apps that do nothing but the slowest things of their API: what the watch does between two looks at the clock."""

import gc

from tests.bench.scenes.marks import NOT_OURS
from tests.screens.panel import Panel
from watch.apps import fuel
from watch.apps.api import Label, Paragraph, QrCode, parse_json, spend, text_pages
from watch.apps.fuel import OutOfFuel, Tank
from watch.apps.limits import FUEL
from watch.kernel import interrupt
from watch.ui.canvas import Canvas
from watch.ui.context import Ui

WIDE, HIGH = 410, 502
ROWS = 18
"""Of a strip: what a widget draws at once."""
LOOKS = 3
"""After so many looks at the clock it is late."""
LONG = "Wo lang, so lang, wie lang? " * 10
HIDDEN = "x" + "\u200d" * 20_000
ELEMENTS = 10_000


def _texts(ui):
    fonts = (ui.title_font, ui.body_font, ui.caption_font)
    return {
        "label": lambda: Label(ui, ui.title_font, 0, 0, WIDE, LONG, 1),
        "label_hidden": lambda: Label(ui, ui.title_font, 0, 0, WIDE, HIDDEN, 1),
        "paragraph": lambda: Paragraph(ui, fonts, 0, 0, WIDE, HIGH, LONG, 1),
        "paragraph_narrow": lambda: Paragraph(ui, fonts, 0, 0, 12, HIGH, LONG, 1),
        "text_pages": lambda: text_pages(ui.caption_font, LONG * 10, 20, 99),
    }


def _drawing(ui):
    canvas = Canvas()
    canvas.window(0, 240, WIDE, ROWS)
    long = Label(ui, ui.title_font, 0, 240, WIDE, LONG, 1)
    return {
        "fill_rect": lambda: canvas.fill_rect(0, 0, WIDE, HIGH, 77),
        "gradient": lambda: canvas.gradient(0, 0, WIDE, HIGH, 7, 99),
        "ring": lambda: canvas.ring(205 << 4, 251 << 4, 250 << 4, 20 << 4, 7),
        "disc": lambda: canvas.disc((205 << 4) + 5, (251 << 4) + 3, 250 << 4, 7),
        "run": lambda: long.draw(canvas),
    }


def _work():
    code, numbers = QrCode(), list(range(ELEMENTS))
    answer = "[" + "[1.5]," * 2700 + "0]"

    def less(one):
        spend()
        return -one

    return {
        "qr": lambda: code.encode("a" * 858),
        "json": lambda: parse_json(answer),
        "sorted": lambda: sorted(numbers, key=less),
    }


def _endless(call):
    """As the packer writes a loop. The number of calls that began before the clock ended it."""
    while True:
        spend()
        call()


def slow_calls(marks):
    """Each in a loop, after a first call that nobody counts; each must be ended by the clock."""
    ui = Ui(Panel(WIDE, HIGH, 115, 2), "firmware/assets")
    state = ["", 0]

    def ticks_ms():
        marks.cut(state[0])
        state[1] += 1
        return 0 if state[1] < LOOKS else 1 + fuel.MOST_MS

    fuel.watch(gc.collect)
    interrupt.watch(fuel.hurry)
    for calls in (_texts(ui), _drawing(ui), _work()):
        for name, call in calls.items():
            tank = Tank(FUEL, FUEL)
            tank.open(0)
            fuel.clock(ticks_ms)
            gc.collect()
            state[:] = name, 0
            marks.cut(NOT_OURS)
            try:
                _endless(call)
            except OutOfFuel:
                marks.cut(name)
            if not tank.shut() or state[1] != LOOKS:
                raise RuntimeError(name + " was not ended by the clock")
    return {}
