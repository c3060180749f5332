"""The keys of the passcode screens, at least 9 mm apart on both panels.

The large panel shows all ten digits. Ten fields of 9 mm do not fit on the small one (27.7 mm square), so it shows five
at a time and a key that turns to the other five.
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

DELETE, DONE, TURN = "delete", "done", "turn"
_ALL = (("1", "2", "3", "4", "5", "6", "7", "8", "9", DELETE, "0", DONE),)
_HALVES = (("1", "2", "3", "4", "5", TURN), ("6", "7", "8", "9", "0", TURN))
_COLUMNS = const(3)
_COLUMN_PX = const(120)


class Key(Widget):
    """One round key. `label` is a digit, `delete`, `done` or `turn`; an empty label shows nothing."""

    def __init__(self, ui: "Ui", x: int, y: int, w: int, h: int, label: str, turn: str = "") -> None:
        super().__init__(x, y, w, h)
        self._ui, self.label, self._turn = ui, label, turn
        self._pressed = False
        self.usable = True
        """False for a key that would do nothing now: it is neither drawn nor touchable."""
        self._radius = min(w, h) * 5 // 12
        self._font = ui.title_font if label.isdigit() else ui.body_font
        self._run = line(self._font, label if label.isdigit() else turn)
        self._icon = ui.icons.glyph(icons.MEDIUM + (icons.CHECK if label == DONE else icons.DELETE))

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
        strong = self.label == DONE
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


def build(ui: "Ui") -> "list[list[Key]]":
    """The keys of each page. Keys of both pages may share a place; `delete` and `done` are on every page."""
    if ui.large:
        width, height = _COLUMN_PX, ui.metrics.target
        left, top = (ui.width - _COLUMNS * width) // 2, ui.height - 4 * height
        return [[_key(ui, labels, i, left, top, width, height) for i in range(12)] for labels in _ALL]
    side = ui.metrics.target
    ends = [Key(ui, 0, 0, side, side, DELETE), Key(ui, ui.width - side, 0, side, side, DONE)]
    return [ends + [_key(ui, labels, i, 0, side, side, side) for i in range(6)] for labels in _HALVES]


def _key(ui: "Ui", labels: "tuple[str, ...]", i: int, left: int, top: int, width: int, height: int) -> Key:
    turn = ("6–0" if labels[0] == "1" else "1–5") if labels[i] == TURN else ""
    return Key(ui, left + i % _COLUMNS * width, top + i // _COLUMNS * height, width, height, labels[i], turn)
