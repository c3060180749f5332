"""Telephone: who calls, with three answers side by side in the colours of every telephone; and a call that goes on."""

from micropython import const

from watch.ui import icons
from watch.ui.screen import Screen
from watch.ui.theme import BLACK, FAINT, GREEN, GREY, RED, WHITE
from watch.ui.widget import Box, Icon, Label, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui

_LAYOUT = {
    # caption y, name y and height, number y, keys' y, diameter of a key
    "large": (56, 104, 128, 244, 324, 104),
    "small": (8, 34, 76, 114, 152, 72),
}


class CallScreen(Screen):
    """An incoming call. The side button and a swipe only silence it: nobody refuses a call by mistake.

    Args:
        ui: the shared context.
        name: who calls; the number, or a word for nobody known, if the phone does not say.
        number: may be empty.
        on_accept, on_reject, on_silence: the answers.
    """

    name = "call"

    def __init__(
        self,
        ui: "Ui",
        name: str,
        number: str,
        on_accept: "Callable[[], None]",
        on_reject: "Callable[[], None]",
        on_silence: "Callable[[], None]",
    ) -> None:
        super().__init__(ui)
        self._on_silence = on_silence
        caption_y, name_y, name_h, number_y, keys_y, size = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        self.add(Label(ui, ui.caption_font, margin, caption_y, width, ui.text.get("call.title"), GREY))
        fonts = (ui.title_font, ui.body_font, ui.caption_font) if _has(ui, name) else (ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, fonts, margin, name_y, width, name_h, name, WHITE, 3, True))
        if number:
            fonts, height = (ui.body_font, ui.caption_font), ui.body_font.line_height
            self.add(Paragraph(ui, fonts, margin, number_y, width, height, number, GREY, 1, True))
        keys = (
            ("reject", icons.HANG_UP, RED, BLACK, on_reject),
            ("silence", icons.BELL_OFF, FAINT, WHITE, on_silence),
            ("accept", icons.HANDSET, GREEN, BLACK, on_accept),
        )
        space = (ui.width - ui.metrics.gap * 2 - 3 * size) // 4
        x = ui.metrics.gap + space
        for key, icon, face, ink, action in keys:
            _add_key(self, key, icon, face, ink, x, keys_y, size, action)
            x += size + space

    def swipe(self, direction: str) -> None:
        """Not now: be quiet."""
        self._on_silence()

    def button(self, kind: str) -> None:
        """Be quiet."""
        if kind == "single":
            self._on_silence()


class TalkScreen(Screen):
    """A call that goes on. The side button and a swipe to the right put it away; the call goes on.

    Args:
        ui: the shared context.
        title: key of the text above the name: `call.talk` or `call.outgoing`.
        name: with whom.
        on_end: hang up.
        on_away: the wearer wants to see something else.
    """

    name = "talk"

    def __init__(
        self, ui: "Ui", title: str, name: str, on_end: "Callable[[], None]", on_away: "Callable[[], None]"
    ) -> None:
        super().__init__(ui)
        self._on_away = on_away
        caption_y, name_y, name_h, time_y, keys_y, size = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        self.add(Label(ui, ui.caption_font, margin, caption_y, width, ui.text.get(title), GREY))
        fonts = (ui.title_font, ui.body_font, ui.caption_font) if _has(ui, name) else (ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, fonts, margin, name_y, width, name_h, name, WHITE, 3, True))
        self._time = self.add(Label(ui, ui.body_font, margin, time_y, width, "", WHITE))
        _add_key(self, "end", icons.HANG_UP, RED, BLACK, (ui.width - size) // 2, keys_y, size, on_end)

    def show(self, passed_s: int) -> None:
        """How long it has gone on; nothing for less than no time."""
        self._time.set("" if passed_s < 0 else "%d:%02d" % (passed_s // 60, passed_s % 60))

    def swipe(self, direction: str) -> None:
        """Something else."""
        if direction == "right":
            self._on_away()

    def button(self, kind: str) -> None:
        """Something else."""
        if kind == "single":
            self._on_away()


def _add_key(
    screen: Screen, key: str, icon: int, face: int, ink: int, x: int, y: int, size: int, action: "Callable[[], None]"
) -> None:
    """A round key; its target is at least as large as a finger."""
    ui = screen.ui
    screen.add(Box(x, y, size, size, size // 2, face))
    picture = screen.add(Icon(ui, icons.MEDIUM + icon, 0, 0, ink))
    picture.x, picture.y = x + (size - picture.w) // 2, y + (size - picture.h) // 2
    spare = max(0, ui.metrics.target - size) // 2
    screen.target(key, x - spare, y - spare, size + 2 * spare, size + 2 * spare, action)


def _has(ui: "Ui", text: str) -> bool:
    """True if the headline font has all of its letters."""
    return all(ui.title_font.has(ord(letter)) for letter in text)
