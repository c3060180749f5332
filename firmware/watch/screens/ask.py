"""A sheet with one question about somebody's thing: what it is, a fact that is never cut, and what a yes means."""

from micropython import const

from watch.screens.sheet import Sheet
from watch.ui.theme import AMBER, GREY, WHITE
from watch.ui.widget import Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui

_LAYOUT = {
    # title y and height, name y and height, fact y and height, text y and height
    "large": (30, 48, 82, 76, 166, 60, 234, 122),
    "small": (0, 26, 26, 44, 70, 30, 100, 60),
}
_GROUP = const(4)


class AskSheet(Sheet):
    """Asks about something that has a name.

    Args:
        ui: the shared context.
        key: of the texts `<key>.title`, `<key>.text`, `<key>.yes` and `<key>.no`; also names the screen.
        name: of it; somebody else's invention, which may be cut.
        fact: what tells it from others of the same name, never cut; may be empty.
        ticks_ms, on_yes, on_no: as for `Sheet`.
        warns: the text is a warning.
        step: of the texts, `<key>.<step>.yes` in the place of `<key>.yes`; empty for the last one.
    """

    def __init__(
        self,
        ui: "Ui",
        key: str,
        name: str,
        fact: str,
        ticks_ms: "Callable[[], int]",
        on_yes: "Callable[[], None]",
        on_no: "Callable[[], None]",
        warns: bool = False,
        step: str = "",
    ) -> None:
        super().__init__(ui, key, ticks_ms, on_yes, on_no)
        title_y, title_h, name_y, name_h, fact_y, fact_h, text_y, text_h = _LAYOUT[ui.metrics.panel]
        margin, words = ui.metrics.margin, ui.text.get
        width, inset = ui.width - 2 * margin, margin + ui.corner // 4
        small, fonts = (ui.caption_font,), (ui.body_font, ui.caption_font)
        title = words(key + ".title")
        self.add(Paragraph(ui, small, inset, title_y, ui.width - 2 * inset, title_h, title, ui.accent, 1))
        if not fact:
            name_h, text_y, text_h = name_h + fact_h // 2, text_y - fact_h // 2, text_h + fact_h // 2
        self.add(Paragraph(ui, fonts, margin, name_y, width, name_h, name, WHITE, 2, True))
        if fact:
            self.add(Paragraph(ui, fonts, margin, fact_y, width, fact_h, fact, WHITE, 1))
        ink = AMBER if warns else GREY
        self.add(Paragraph(ui, small, margin, text_y, width, text_h, words(key + ".text"), ink, 4))
        self._answers(words(key + ".no"), words(key + "." + step + ".yes" if step else key + ".yes"))


def grouped(key_id: bytes) -> str:
    """A key id as people compare it: `A1B2 C3D4 E5F6 0718`."""
    digits = key_id.hex().upper()
    return " ".join([digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP)])
