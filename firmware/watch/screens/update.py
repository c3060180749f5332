"""The watch gets a new version of its own program: the question, how far it is, and how it ended."""

from micropython import const

from watch.screens.message import MessageScreen
from watch.screens.sheet import Sheet
from watch.ui import icons
from watch.ui.dial import TICKS, Dial
from watch.ui.screen import Screen
from watch.ui.theme import AMBER, GREEN, GREY, RED, WHITE
from watch.ui.widget import Icon, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui

_LAYOUT = {
    # picture y or -1, headline y and height, facts y and height, notes y and height
    "large": (32, 84, 66, 150, 44, 198, 160),
    "small": (-1, 0, 42, 40, 30, 70, 88),
}
_PROGRESS = {
    # picture y, figures y and height, text y and height
    "large": (72, 176, 150, 334, 90),
    "small": (22, 62, 92, 154, 54),
}
_BYTES_PER_TENTH_MB = const(104_858)  # 1 MB is 1,048,576 bytes
_WHOLE = const(100)
_ENDS = {"done": (icons.CHECK, GREEN), "failed": (icons.CROSS, RED), "rolled-back": (icons.WARNING, AMBER)}


class UpdateSheet(Sheet):
    """The question whether the watch may be updated.

    Args:
        version: of the new program.
        size: of it, in bytes.
        notes: what is new.
        charged: the battery lasts until the end, or the charger is there; without that there is no yes.
        ticks_ms, on_yes, on_no: as for `Sheet`.
    """

    def __init__(
        self,
        ui: "Ui",
        version: str,
        size: int,
        notes: str,
        charged: bool,
        ticks_ms: "Callable[[], int]",
        on_yes: "Callable[[], None]",
        on_no: "Callable[[], None]",
    ) -> None:
        super().__init__(ui, "update", ticks_ms, on_yes, on_no)
        picture_y, title_y, title_h, facts_y, facts_h, notes_y, notes_h = _LAYOUT[ui.metrics.panel]
        margin, words = ui.metrics.margin, ui.text.get
        width = ui.width - 2 * margin
        if picture_y >= 0:
            picture = self.add(Icon(ui, icons.MEDIUM + icons.UPDATE, 0, picture_y, ui.accent))
            picture.x = (ui.width - picture.w) // 2
        fonts = (ui.body_font, ui.caption_font)
        titles = (ui.title_font,) + fonts
        self.add(Paragraph(ui, titles, margin, title_y, width, title_h, words("update.title"), WHITE, 1))
        facts = version + " · " + _megabytes(size)
        self.add(Paragraph(ui, fonts, margin, facts_y, width, facts_h, facts, WHITE, 1, True))
        text, ink = (notes, GREY) if charged else (words("update.charge"), AMBER)
        self.add(Paragraph(ui, fonts, margin, notes_y, width, notes_h, text, ink, 5, True))
        self._answers(words("update.no"), words("update.yes") if charged else "")


class ProgressScreen(Screen):
    """How far the update is, as a number and as a ring. It goes on whether anybody looks or not.

    Args:
        ui: the shared context.
        percent: 0 to 100.
        on_close: the wearer does something else meanwhile.
    """

    name = "updating"
    _PICTURE = icons.UPDATE
    _TEXT = "update.on"

    def __init__(self, ui: "Ui", percent: int, on_close: "Callable[[], None]") -> None:
        super().__init__(ui)
        self._on_close = on_close
        picture_y, figures_y, figures_h, text_y, text_h = _PROGRESS[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        self._dial = self.add(Dial(ui, ui.accent, percent * TICKS // _WHOLE))
        picture = self.add(Icon(ui, icons.MEDIUM + self._PICTURE, 0, picture_y, ui.accent))
        picture.x = (ui.width - picture.w) // 2
        fonts = (ui.display_font,)
        self._figures = self.add(Paragraph(ui, fonts, margin, figures_y, width, figures_h, str(percent), WHITE, 1))
        fonts, text = (ui.body_font, ui.caption_font), ui.text.get(self._TEXT)
        self.add(Paragraph(ui, fonts, margin, text_y, width, text_h, text, GREY, 2))

    def show(self, percent: int) -> None:
        """Show how far it is now, 0 to 100."""
        self._dial.set(percent * TICKS // _WHOLE)
        self._figures.set(str(percent))

    def swipe(self, direction: str) -> None:
        """Do something else."""
        self._on_close()

    def button(self, kind: str) -> None:
        """Do something else."""
        if kind == "single":
            self._on_close()


class WipingScreen(ProgressScreen):
    """How much of the watch is erased."""

    name = "wiping"
    _PICTURE = icons.CROSS
    _TEXT = "wiping.on"


def ended(ui: "Ui", result: str, version: str, on_close: "Callable[[], None]") -> MessageScreen:
    """How it ended: `done`, `failed` or `rolled-back`, and what that means."""
    icon, ink = _ENDS[result]
    title, text = ui.text.get("update." + result + ".title"), ui.text.get("update." + result, version)
    return MessageScreen(ui, "update-" + result, icon, ink, title, text, on_close)


def _megabytes(size: int) -> str:
    """Bytes as megabytes with one decimal, at least a tenth."""
    tenths = max(1, size // _BYTES_PER_TENTH_MB)
    return "%d.%d MB" % (tenths // 10, tenths % 10)
