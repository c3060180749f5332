"""Pieces that several screens share."""

from micropython import const

from watch.ui.layout import line, wrapped
from watch.ui.theme import AMBER, BLACK, FAINT, WHITE
from watch.ui.widget import Box, Label, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui
    from watch.ui.font import Font
    from watch.ui.screen import Screen


def fits(font: "Font", text: str, w: int, h: int) -> bool:
    """True if a text has room in a box."""
    return len(wrapped(font, text, w, False)) * font.line_height <= h


def is_marked(ui: "Ui") -> bool:
    """True if the screens that pay bear a mark."""
    return ui.test_mark or ui.developer_mark


def add_test_mark(screen: "Screen", y: int) -> None:
    """The permanent mark of a watch that holds test tokens only, or runs apps of a developer; nothing on others."""
    ui, words = screen.ui, screen.ui.text.get
    marks = [words(key) for key, on in (("test", ui.test_mark), ("mark.developer", ui.developer_mark)) if on]
    if marks:
        screen.add(Label(ui, ui.caption_font, ui.width // 4, y, ui.width // 2, " · ".join(marks), AMBER))


def add_button(
    screen: "Screen",
    name: str,
    text: str,
    x: int,
    y: int,
    w: int,
    action: "Callable[[], None]",
    strong: bool = True,
    beside: str = "",
) -> None:
    """A button as high as a touch target; `strong` fills it with the accent.

    `beside`: words of the other button of the pair: those of both are equally large.
    """
    ui = screen.ui
    height = ui.metrics.target
    face = height * 5 // 7
    top = y + (height - face) // 2
    screen.add(Box(x, top, w, face, face // 2, ui.accent if strong else FAINT))
    room = w - face // 4  # as `Button` has it
    large = all(line(ui.body_font, words).width <= room for words in (text, beside))
    fonts = (ui.body_font if large else ui.caption_font,)
    screen.add(Paragraph(ui, fonts, x + (w - room) // 2, top, room, face, text, BLACK if strong else WHITE, 1))
    screen.target(name, x, y, w, height, action)
