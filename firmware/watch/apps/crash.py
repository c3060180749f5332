"""What is left of an app that failed: its name, what was wrong with it in plain words, and a way out."""

from micropython import const

from watch.apps.fuel import OutOfFuel
from watch.apps.verifier.pool import is_pool
from watch.kernel.errors import AppError
from watch.ui import icons
from watch.ui.app_mark import add_disc
from watch.ui.button import Button
from watch.ui.screen import Screen
from watch.ui.theme import AMBER, BLACK, GREY, WHITE
from watch.ui.widget import Box, Icon, Label, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.app_mark import AppMark
    from watch.ui.context import Ui
    from watch.ui.text import Catalogue

_LAYOUT = {
    # y and size of the disc, side of the warning on it, y of name, headline, error
    "large": (60, 96, 44, 176, 222, 284),
    "small": (2, 40, 24, 44, 78, 112),
}
_LONGEST_NAME = const(40)  # characters of an error's class
_REASONS = ((OutOfFuel, "crash.slow"), (MemoryError, "crash.memory"))
"""Errors of the host rather than of the app."""


class StuckScreen(Screen):
    """Says, after a reset, which app the watch was stuck in.

    Args:
        ui: the shared context.
        app: what the wearer calls it.
        mark: what it is known by.
        disabled: it will not open again.
        on_ok: the wearer has read it.
    """

    name = "app-stuck"

    def __init__(self, ui: "Ui", app: str, mark: "AppMark", disabled: bool, on_ok: "Callable[[], None]") -> None:
        super().__init__(ui)
        self._on_ok = on_ok
        show(self, app, mark, ui.text.get("crash.stuck"), disabled, on_ok)

    def button(self, kind: str) -> None:
        """Read."""
        if kind == "single":
            self._on_ok()


def reason(text: "Catalogue", error: BaseException) -> str:
    """What was wrong, in words. An error of the app's own is called what it is made from: its name says nothing."""
    if isinstance(error, AppError) and text.has("error." + error.code):
        return text.get("error." + error.code)
    for kind, key in _REASONS:
        if isinstance(error, kind):
            return text.get(key)
    kind = type(error)
    while is_pool(kind.__name__):
        kind = kind.__bases__[0]
    return text.get("crash.raised", kind.__name__[:_LONGEST_NAME])


def show(screen: "Screen", app: str, mark: "AppMark", error: str, disabled: bool, on_ok: "Callable[[], None]") -> None:
    """Fill an empty screen. `error`: what was wrong; `disabled`: the app will not open again."""
    ui, words = screen.ui, screen.ui.text
    disc_y, disc, _, title_y, name_y, error_y = _LAYOUT[ui.metrics.panel]
    margin = ui.metrics.margin
    width = ui.width - 2 * margin
    add_disc(screen, mark, (ui.width - disc) // 2, disc_y, disc)
    _add_warning(screen, (ui.width + disc) // 2, disc_y + disc)
    names = (ui.body_font, ui.caption_font)
    screen.add(Paragraph(ui, names, margin, title_y, width, name_y - title_y, app, WHITE, 2, True))
    screen.add(Label(ui, ui.body_font, margin, name_y, width, words.get("crash.stopped"), WHITE))
    about = words.get("crash.off") if disabled else error
    target_h = ui.metrics.target
    button_w, button_h = ui.width // 2, target_h * 5 // 7  # as the messages of the system have it
    top = ui.height - target_h - (margin // 2 if ui.large else 0)
    button_y = top + (target_h - button_h) // 2
    height = button_y - error_y - ui.metrics.gap
    screen.add(Paragraph(ui, (ui.caption_font,), margin, error_y, width, height, about, GREY, 3))
    target = screen.target("ok", 0, top, ui.width, ui.height - top, on_ok)
    target.button = screen.add(Button(ui, (ui.width - button_w) // 2, button_y, button_w, button_h, words.get("ok")))


def _add_warning(screen: "Screen", right: int, bottom: int) -> None:
    """A warning on the lower right of the disc, with black between: no picture of an app can hide it."""
    ui = screen.ui
    side, edge = _LAYOUT[ui.metrics.panel][2], ui.metrics.gap // 2
    picture = Icon(ui, icons.SMALL + icons.WARNING, 0, 0, AMBER)
    x, y = right - side * 2 // 3, bottom - side * 2 // 3
    screen.add(Box(x - edge, y - edge, side + 2 * edge, side + 2 * edge, side // 2 + edge, BLACK))
    picture.x, picture.y = x + (side - picture.w) // 2, y + (side - picture.h) // 2
    screen.add(picture)
