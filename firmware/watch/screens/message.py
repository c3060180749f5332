"""A screen that says one thing: a picture, a headline, what it means, and what to do."""

from micropython import const

from watch.screens.parts import add_button, fits
from watch.ui import icons
from watch.ui.screen import Screen
from watch.ui.theme import AMBER, GREEN, GREY, RED, WHITE
from watch.ui.widget import Icon, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui

_LAYOUT = {
    # icon y, headline y and height, text y and height
    "large": (64, 176, 64, 240, 136),
    "small": (22, 56, 42, 100, 66),
}
_WITHOUT_ICON = {"large": (64, 64, 128, 248), "small": (14, 42, 58, 102)}
"""Headline and text, when that is too long to stand below a picture."""


class MessageScreen(Screen):
    """One message with an OK button.

    Args:
        ui: the shared context.
        name: of the screen, for state.json.
        icon: which picture, from `watch.ui.icons`.
        ink: its colour.
        title: the headline.
        text: what it means and what to do.
        on_close: called when the wearer has read it; None leaves out the button.
    """

    def __init__(
        self, ui: "Ui", name: str, icon: int, ink: int, title: str, text: str, on_close: "Callable[[], None] | None"
    ) -> None:
        super().__init__(ui)
        self.name = name
        self._on_close = on_close
        icon_y, title_y, title_h, text_y, text_h = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        if fits(ui.caption_font, text, width, text_h):
            size = icons.LARGE if ui.large else icons.MEDIUM
            picture = Icon(ui, size + icon, 0, icon_y, ink)
            picture.x = (ui.width - picture.w) // 2
            self.add(picture)
        else:
            title_y, title_h, text_y, text_h = _WITHOUT_ICON[ui.metrics.panel]
        titles = (ui.title_font, ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, titles, margin, title_y, width, title_h, title, WHITE, 1))
        texts = (ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, texts, margin, text_y, width, text_h, text, GREY))
        if on_close is not None:
            height = ui.metrics.target
            button = ui.width // 2
            y = ui.height - height - (margin // 2 if ui.large else 0)
            add_button(self, "ok", ui.text.get("ok"), (ui.width - button) // 2, y, button, on_close, False)

    def button(self, kind: str) -> None:
        """The side button closes as well."""
        if kind == "single" and self._on_close is not None:
            self._on_close()


def no_card(ui: "Ui", on_close: "Callable[[], None]") -> MessageScreen:
    """There is nothing to pay with yet."""
    return _plain(ui, "no-card", icons.CARD, ui.accent, "no-card.do", on_close)


def passcode_changed(ui: "Ui", on_close: "Callable[[], None]") -> MessageScreen:
    """The new passcode counts from now on."""
    return _plain(ui, "passcode-changed", icons.CHECK, GREEN, "passcode-changed.do", on_close)


def not_paid(ui: "Ui", on_close: "Callable[[], None]") -> MessageScreen:
    """The wearer did not want to pay a terminal, or did not answer."""
    return _plain(ui, "not-paid", icons.CROSS, AMBER, "do.declined", on_close)


def unlock_first(ui: "Ui", on_close: "Callable[[], None]") -> MessageScreen:
    """A reader was answered with "see device": the wearer must enter the passcode."""
    return _plain(ui, "unlock-first", icons.LOCK, AMBER, "unlock-first.do", on_close)


def stays_locked(ui: "Ui", on_close: "Callable[[], None]") -> MessageScreen:
    """A touch on a developer's face: no passcode opens the watch for it."""
    return _plain(ui, "stays-locked", icons.LOCK, AMBER, "stays-locked.do", on_close)


def water(ui: "Ui") -> MessageScreen:
    """Water mode: a touch means nothing, and this is how it ends."""
    words = ui.text
    return MessageScreen(ui, "water", icons.DROP, ui.accent, words.get("water.title"), words.get("water.do"), None)


def wiped(ui: "Ui", reason: str, on_close: "Callable[[], None] | None") -> MessageScreen:
    """The watch was wiped. `reason`: `passcode` or `asked`."""
    words = ui.text
    text = words.sentences(words.get("wiped." + reason), words.get("wiped.do"))
    return MessageScreen(ui, "wiped", icons.CROSS, RED, words.get("wiped.title"), text, on_close)


def lost(ui: "Ui", text: str) -> MessageScreen:
    """The bank says that the watch is lost. `text`: what its owner wants a finder to read, may be empty."""
    words = ui.text
    return MessageScreen(ui, "lost", icons.LOCK, AMBER, words.get("lost.title"), text or words.get("lost.do"), None)


def error(ui: "Ui", code: str, on_close: "Callable[[], None] | None") -> MessageScreen:
    """Something failed: what happened and what to do. `code` of a `WatchError`; unknown codes get the general text."""
    words = ui.text
    what = words.get("error." + code if words.has("error." + code) else "error.error")
    do = words.get("do." + code if words.has("do." + code) else "error.do")
    text = words.sentences(what, do)
    return MessageScreen(ui, "error", icons.WARNING, AMBER, words.get("error.title"), text, on_close)


def _plain(ui: "Ui", name: str, icon: int, ink: int, text: str, on_close: "Callable[[], None]") -> MessageScreen:
    return MessageScreen(ui, name, icon, ink, ui.text.get(name + ".title"), ui.text.get(text), on_close)
