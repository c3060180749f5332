"""What is left of an app that failed: its name, what it failed with, and a way out."""

from micropython import const

from watch.ui import icons
from watch.ui.button import Button
from watch.ui.theme import AMBER, GREY, WHITE
from watch.ui.widget import Icon, Label, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.screen import Screen

_LAYOUT = {
    # y of icon, headline, name, error
    "large": (56, 176, 222, 284),
    "small": (10, 48, 76, 112),
}


def show(screen: "Screen", app: str, error: str, disabled: bool, on_ok: "Callable[[], None]") -> None:
    """Fill an empty screen. `error`: name of the error's class; `disabled`: the app will not open again today."""
    ui, words = screen.ui, screen.ui.text
    icon_y, title_y, name_y, error_y = _LAYOUT[ui.metrics.panel]
    margin = ui.metrics.margin
    width = ui.width - 2 * margin
    picture = Icon(ui, (icons.LARGE if ui.large else icons.MEDIUM) + icons.WARNING, 0, icon_y, AMBER)
    picture.x = (ui.width - picture.w) // 2
    screen.add(picture)
    screen.add(Label(ui, ui.body_font, margin, title_y, width, app, WHITE))
    screen.add(Label(ui, ui.body_font, margin, name_y, width, words.get("crash.stopped"), WHITE))
    about = words.get("crash.off") if disabled else error
    target_h = ui.metrics.target
    button_w, button_h = ui.width // 2, target_h * 5 // 7  # as the messages of the system have it
    top = ui.height - target_h - (margin // 2 if ui.large else 0)
    button_y = top + (target_h - button_h) // 2
    height = button_y - error_y - ui.metrics.gap
    screen.add(Paragraph(ui, (ui.caption_font,), margin, error_y, width, height, about, GREY, 2))
    target = screen.target("ok", 0, top, ui.width, ui.height - top, on_ok)
    target.button = screen.add(Button(ui, (ui.width - button_w) // 2, button_y, button_w, button_h, words.get("ok")))
