"""The keys in two pages, digits and operations: as many keys of 9 mm do not fit on a wrist at once.

An operation leads back to the digits; the result stays with the operations. A touch on the number takes its last digit
away.
"""

from micropython import const

from watch.apps.api import AMBER, FAILURE, GREY, TICK, WHITE, App, Icon, Label, Paragraph, icons

from .engine import CLEAR, DELETE, DIVIDED, EQUALS, MINUS, PERCENT, PLUS, POINT, SIGN, TIMES, Engine

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

DIGITS, MORE_DIGITS, OPERATIONS, MORE_OPERATIONS = const(0), const(1), const(2), const(3)
_TURN, _HALF = "turn", "half"
_LARGE = (
    ("7", "8", "9", "4", "5", "6", "1", "2", "3", POINT, "0", _TURN),
    (),
    (SIGN, PERCENT, CLEAR) + (DIVIDED, TIMES, MINUS, _TURN, PLUS, EQUALS),
    (),
)
_SMALL = (
    ("1", "2", "3", "4", "5", _HALF),
    ("6", "7", "8", "9", "0", _HALF),
    (PLUS, MINUS, TIMES, DIVIDED, EQUALS, _HALF),
    (POINT, PERCENT, SIGN, CLEAR, EQUALS, _HALF),
)
"""Keys of each page, in rows of three that end at the lower edge. The small panel turns by a key beside the number."""
_COLUMNS = const(3)
_KEYS = {
    # left, width, height and face of the keys
    "large": (25, 120, 112, 96),
    "small": (0, 80, 80, 68),
}
_NUMBER = {
    # for digits and for operations: y of the line before, x, y, width and height of the number, x and y of the sign
    "large": ((0, 84, 0, 242, 64, 54, 18), (36, 60, 72, 290, 84, 28, 104)),
    "small": ((4, 8, 26, 144, 50, 8, 5), (4, 8, 26, 144, 50, 8, 5)),
}
_LABELS = {
    MINUS: "–",
    TIMES: "×",
    DIVIDED: "÷",
    SIGN: "±",
    PERCENT: "%",
    CLEAR: "C",
}
_HALVES = ("6–0", "1–5", "% ±", "+ –")
_ALL_OPERATIONS = "+–×÷"
_FIGURES = "0123456789.,-"


class Calculator(App):
    """Shows a number and the keys; what they do is the engine's business."""

    def open(self, watch: "Watch") -> None:
        """Go on with the number of last time."""
        self._engine = Engine()
        self._engine.restore(watch.settings.get("engine", []))
        self._page = DIGITS
        self._build()

    def close(self) -> None:
        """Keep the number: a payment may have come between."""
        self.watch.settings.set("engine", self._engine.kept())

    def swipe(self, direction: str) -> bool:
        """To the left: the last digit goes."""
        if direction == "left":
            self._press(DELETE)
        return direction == "left"

    def tap(self, x: int, y: int) -> None:
        """Beside the keys there is the number."""
        self._press(DELETE)

    def _turn_to(self, page: int) -> None:
        self._page = page
        self._build()

    def _press(self, key: str) -> None:
        done = self._engine.press(key)
        self.watch.haptics.play(TICK if done else FAILURE)
        if done and key in (PLUS, MINUS, TIMES, DIVIDED, POINT) and self._page:
            self._turn_to(DIGITS)
        else:
            self._show()

    def _build(self) -> None:
        self.clear()
        ui = self.ui
        self._build_number()
        left, width, height, face = _KEYS[ui.metrics.panel]
        keys = (_LARGE if ui.large else _SMALL)[self._page]
        top = ui.height - (len(keys) + _COLUMNS - 1) // _COLUMNS * height
        if ui.large and self._page == OPERATIONS:
            self.target(DELETE, left, top - height, _COLUMNS * width, height, self._delete)
        left, inset = left + (width - face) // 2, (height - face) // 2
        for place, key in enumerate(keys):
            self._add_key(key, left + place % _COLUMNS * width, top + place // _COLUMNS * height + inset, face)
        if not ui.large:
            self._add_key(_TURN, ui.width - width + inset, inset, face)
            self.target(DELETE, 0, 0, ui.width - width, height, self._delete)
        self._show()

    def _delete(self) -> None:
        self._press(DELETE)

    def _build_number(self) -> None:
        ui = self.ui
        before_y, x, y, w, h, icon_x, icon_y = _NUMBER[ui.metrics.panel][self._page >= OPERATIONS]
        fonts = (ui.title_font, ui.body_font, ui.caption_font)
        self._words = self.add(Paragraph(ui, fonts, x, y, w, h, "", WHITE, 2))
        self._error = self.add(Paragraph(ui, fonts[1:], x, y, w, h, "", AMBER, 2))
        self._figures = self._before = None
        if self._page >= OPERATIONS and ui.large:
            self._figures = self.add(Paragraph(ui, (ui.figures_font,) + fonts, x, y, w, h, "", WHITE, 1))
        if before_y:
            self._before = self.add(Label(ui, ui.caption_font, x, before_y, w, "", GREY))
        self.add(Icon(ui, icons.SMALL + icons.DELETE, icon_x, icon_y, GREY))

    def _add_key(self, key: str, x: int, y: int, face: int) -> None:
        """A round key, `face` px wide."""
        button = self.button(key, x, y, face, face, lambda: self._act(key))
        if key == _TURN:
            self._turn = button
        elif key == _HALF:
            button.show(_HALVES[self._page])
        else:
            button.show(_LABELS.get(key, key), 0, self.ui.accent if key == EQUALS else -1)

    def _act(self, key: str) -> None:
        if key == _TURN:
            self._turn_to(DIGITS if self._page >= OPERATIONS else OPERATIONS)
        elif key == _HALF:
            self._turn_to(self._page ^ 1)
        else:
            self._press(key)

    def _show(self) -> None:
        engine = self._engine
        text = "" if engine.error else engine.shown
        self._error.set(self.watch.text.get(engine.error) if engine.error else "")
        large = self._figures is not None and all(letter in _FIGURES for letter in text)
        if self._figures is not None:
            self._figures.set(text if large else "")
        self._words.set("" if large else text)
        waiting = _LABELS.get(engine.operation, engine.operation)
        if self._before is not None:
            self._before.set(engine.before + " " + waiting if waiting else "")
        if self._page >= OPERATIONS:
            self._turn.show("123")
        else:
            self._turn.show(waiting or _ALL_OPERATIONS, 0, self.ui.accent if waiting else -1)
