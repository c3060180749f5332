"""What shows while the watch starts, and until it has been set up."""

from micropython import const

from watch.ui import icons
from watch.ui.dial import TICKS, Dial
from watch.ui.screen import Screen
from watch.ui.theme import GREY, WHITE
from watch.ui.widget import Icon, Label, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.context import Ui

_LAYOUT = {
    # icon y, name y, text y and height
    "large": (96, 220, 290, 112),
    "small": (36, 74, 124, 72),
}


class BootScreen(Screen):
    """The name of the watch inside a ring that fills as starting goes on.

    Args:
        ui: the shared context.
        key: what happens: `boot.starting` or `setup.do`.
    """

    name = "boot"

    def __init__(self, ui: "Ui", key: str = "boot.starting") -> None:
        super().__init__(ui)
        icon_y, name_y, text_y, text_h = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        self._dial = self.add(Dial(ui, ui.accent))
        icon = Icon(ui, (icons.LARGE if ui.large else icons.MEDIUM) + icons.CONTACTLESS, 0, icon_y, ui.accent)
        icon.x = (ui.width - icon.w) // 2
        self.add(icon)
        self.add(Label(ui, ui.title_font, margin, name_y, ui.width - 2 * margin, ui.product, WHITE))
        width = ui.width - 2 * margin
        fonts = (ui.body_font, ui.caption_font)
        self._text = self.add(Paragraph(ui, fonts, margin, text_y, width, text_h, ui.text.get(key), GREY))

    def show(self, key: str, percent: int) -> None:
        """Say what happens and how far it is, 0 to 100."""
        self._text.set(self.ui.text.get(key))
        self._dial.set(percent * TICKS // 100)
