"""The keys of the passcode screens and of amounts, at least 9 mm apart on both panels.

For passcodes the large panel shows all ten digits. Ten fields of 9 mm do not fit on the small one (27.7 mm square), so
it shows five at a time and a key that turns to the other five. Beside an amount the large one has no room for ten
either: it shows 0, which prices have most, and five others.
"""

from micropython import const

from watch.ui import icons
from watch.ui.layout import line
from watch.ui.theme import BLACK, FAINT, GREY, PRESSED, WHITE
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
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
