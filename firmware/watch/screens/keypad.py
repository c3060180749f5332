"""The keys of passcodes and of amounts, at least 9 mm apart on both panels, and the screen that has them.

For passcodes the large panel shows all ten digits. Ten fields of 9 mm do not fit on the small one (27.7 mm square), so
it shows five at a time and a key that turns to the other five. Beside an amount the large one has no room for ten
either: it shows 0, which prices have most, and five others.
"""

from micropython import const

from watch.ui import icons
from watch.ui.layout import line
from watch.ui.screen import Screen
from watch.ui.theme import BLACK, FAINT, GREY, PRESSED, WHITE
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Sequence

    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui

DELETE, DONE, TURN, FORWARD = "delete", "done", "turn", "forward"
_ALL = (("1", "2", "3", "4", "5", "6", "7", "8", "9", DELETE, "0", DONE),)
_HALVES = (("1", "2", "3", "4", "5", TURN), ("6", "7", "8", "9", "0", TURN))
_BESIDE_AMOUNT = (
    ("1", "2", "3", "4", "5", TURN, DELETE, "0", FORWARD),
    ("6", "7", "8", "9", "", TURN, DELETE, "0", FORWARD),
)
_PICTURES = {DONE: icons.CHECK, FORWARD: icons.RIGHT}
_COLUMNS = const(3)
_COLUMN_PX = const(120)


class Key(Widget):
    """One round key. `label` is a digit, `delete`, `done`, `forward` or `turn`, whose words are in `turn`."""

    def __init__(self, ui: "Ui", x: int, y: int, w: int, h: int, label: str, turn: str = "") -> None:
        super().__init__(x, y, w, h)
        self._ui, self.label, self._turn = ui, label, turn
        self._pressed = False
        self.usable = True
        """False for a key that would do nothing now: it is neither drawn nor touchable."""
        self._radius = min(w, h) * 5 // 12
        self._font = ui.title_font if label.isdigit() else ui.body_font
        self._run = line(self._font, label if label.isdigit() else turn)
        self._icon = ui.icons.glyph(icons.MEDIUM + _PICTURES.get(label, icons.DELETE))

    def press(self, on: bool) -> None:
        """Show that a finger is on it."""
        if on != self._pressed:
            self._pressed = on
            self.mark()

    def enable(self, on: bool) -> None:
        """Make it usable or not."""
        if on != self.usable:
            self.usable = on
            self.mark()

    def draw(self, canvas: "Canvas") -> None:
        """Draw it."""
        if not self.usable:
            return
        x, y = self.x + self.w // 2, self.y + self.h // 2
        strong = self.label in _PICTURES
        if self.label != DELETE or self._pressed:
            face = PRESSED if self._pressed else self._ui.accent if strong else FAINT
            canvas.disc(x << 4, y << 4, self._radius << 4, face)
        if strong or self.label == DELETE:
            canvas.glyph(self._icon, x - self._icon[2] // 2, y - self._icon[3] // 2, BLACK if strong else WHITE)
        else:
            ink = GREY if self._turn else WHITE
            canvas.run(self._run, x - self._run.width // 2, y - self._font.line_height // 2, ink)

    def texts(self) -> "list[str]":
        """What is on the key."""
        return [self._run.text] if self._run.text else []


class Field(Key):
    """What was entered, as a key that takes its last digit away: a small sign at its lower left end says so."""

    def __init__(self, ui: "Ui", x: int, y: int, w: int, h: int) -> None:
        super().__init__(ui, x, y, w, h, DELETE)
        self._icon = ui.icons.glyph(icons.SMALL + icons.DELETE)

    def draw(self, canvas: "Canvas") -> None:
        """Draw the sign."""
        if self.usable:
            low = self.y + self.h - self._icon[3] - self._ui.metrics.gap // 2
            canvas.glyph(self._icon, self.x + 3 * self._ui.metrics.gap, low, WHITE if self._pressed else GREY)


class KeyedScreen(Screen):
    """Lines, and pages of keys. The base of whatever is typed in.

    Args:
        ui: the shared context.
        lines: what stays there whichever page is shown.
        pages: of `build` or `build_amount`; the first is shown.
        on_back: side button, or a swipe to the right.
    """

    def __init__(
        self, ui: "Ui", lines: "Sequence[Widget]", pages: "list[list[Key]]", on_back: "Callable[[], None]"
    ) -> None:
        super().__init__(ui)
        self._lines, self._pages, self._on_back = lines, pages, on_back
        self._ready = True
        """False while the keys do nothing."""
        self._pressed: "Key | None" = None
        self._show(0)

    def targets(self) -> "list[tuple[str, int, int, int, int]]":
        """The keys that do something now."""
        return [(key.label, key.x, key.y, key.w, key.h) for key in self._keys if key.usable and self._ready]

    def close(self) -> None:
        """The finger on a key is no longer this screen's."""
        self.release()

    def press(self, x: int, y: int) -> None:
        """Light the key under the finger."""
        self._pressed = self._key_at(x, y)
        if self._pressed is not None:
            self._pressed.press(True)

    def release(self) -> None:
        """Put the light out."""
        if self._pressed is not None:
            self._pressed.press(False)
            self._pressed = None

    def tap(self, x: int, y: int) -> None:
        """Take the key."""
        key = self._key_at(x, y)
        if key is None:
            return
        if key.label == TURN:
            self._turn()
        else:
            self.typed(key.label)

    def typed(self, label: str) -> None:
        """A key was touched, any but that which turns the page."""

    def swipe(self, direction: str) -> None:
        """Back by a swipe to the right."""
        if direction == "right":
            self._on_back()

    def button(self, kind: str) -> None:
        """Back."""
        if kind == "single":
            self._on_back()

    def _enable(self) -> None:
        """Make the keys of this page usable that do something now."""

    def _key_at(self, x: int, y: int) -> "Key | None":
        if self._ready:
            for key in self._keys:
                if key.usable and key.x <= x < key.x + key.w and key.y <= y < key.y + key.h:
                    return key
        return None

    def _turn(self) -> None:
        """Show the other page; a place that has no key there is drawn as well."""
        self.release()
        for key in self._keys:
            key.mark()
        self._show(1 - self._page)
        self._enable()

    def _show(self, page: int) -> None:
        self._page = page
        self._keys = self._pages[page]
        del self.widgets[:]
        for widget in self._lines:
            self.add(widget)
        for key in self._keys:
            self.add(key)
            key.mark()


def build(ui: "Ui") -> "list[list[Key]]":
    """The keys of each page. Keys of both pages may share a place; `delete` and `done` are on every page."""
    if ui.large:
        return _wide(ui, _ALL)
    side = ui.metrics.target
    return _halves(ui, [Key(ui, 0, 0, side, side, DELETE), Key(ui, ui.width - side, 0, side, side, DONE)])


def build_amount(ui: "Ui") -> "list[list[Key]]":
    """The keys of both pages beside an amount, as `build` has them, with `forward` in the place of `done`."""
    if ui.large:
        return _wide(ui, _BESIDE_AMOUNT)
    side = ui.metrics.target
    return _halves(ui, [Field(ui, 0, 0, ui.width - side, side), Key(ui, ui.width - side, 0, side, side, FORWARD)])


def _wide(ui: "Ui", pages: "tuple[tuple[str, ...], ...]") -> "list[list[Key]]":
    """Rows of three that end at the lower edge; an empty label is no key."""
    width, height = _COLUMN_PX, ui.metrics.target
    left, top = (ui.width - _COLUMNS * width) // 2, ui.height - len(pages[0]) // _COLUMNS * height
    return [
        [_key(ui, labels, i, left, top, width, height) for i in range(len(labels)) if labels[i]] for labels in pages
    ]


def _halves(ui: "Ui", ends: "list[Key]") -> "list[list[Key]]":
    """Two rows of three at the lower edge; `ends` are above them on both pages."""
    side = ui.metrics.target
    return [ends + [_key(ui, labels, i, 0, side, side, side) for i in range(6)] for labels in _HALVES]


def _key(ui: "Ui", labels: "tuple[str, ...]", i: int, left: int, top: int, width: int, height: int) -> Key:
    turn = ""
    if labels[i] == TURN:
        turn = "1–5" if labels[0] != "1" else "6–0" if labels == _HALVES[0] else "6–9"
    return Key(ui, left + i % _COLUMNS * width, top + i // _COLUMNS * height, width, height, labels[i], turn)
