"""A device wants to be known to the watch: six digits to compare."""

from micropython import const

from watch.screens.sheet import Sheet
from watch.ui.theme import GREY, WHITE
from watch.ui.widget import Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.context import Ui

_LAYOUT = {
    # role y and height, name y and height, digits y and height, hint y and height
    "large": (34, 44, 78, 96, 178, 84, 266, 92),
    "small": (0, 24, 24, 44, 66, 52, 116, 44),
}
_HALF_DIGITS = const(3)


class PairSheet(Sheet):
    """Six digits to compare. `device`, which the other side chose itself, may be cut; the digits never are.

    Args:
        ui: the shared context.
        digits: six.
        role: what the device would be, one of `watch.services.offers.ROLES`.
        ticks_ms, on_yes, on_no: as for `Sheet`.
    """

    def __init__(
        self,
        ui: "Ui",
        device: str,
        digits: str,
        role: str,
        ticks_ms: "Callable[[], int]",
        on_yes: "Callable[[], None]",
        on_no: "Callable[[], None]",
    ) -> None:
        super().__init__(ui, "pairing", ticks_ms, on_yes, on_no)
        role_y, role_h, name_y, name_h, digits_y, digits_h, hint_y, hint_h = _LAYOUT[ui.metrics.panel]
        margin, words = ui.metrics.margin, ui.text.get
        width, inset = ui.width - 2 * margin, margin + ui.corner // 4
        small = (ui.caption_font,)
        self.add(
            Paragraph(ui, small, inset, role_y, ui.width - 2 * inset, role_h, words("pairing." + role), ui.accent, 1)
        )
        name = device or words("pairing.unnamed")
        self.add(Paragraph(ui, (ui.body_font,) + small, margin, name_y, width, name_h, name, WHITE, 3, True))
        shown = digits[:_HALF_DIGITS] + " " + digits[_HALF_DIGITS:]
        fonts = (ui.figures_font, ui.title_font, ui.body_font)
        self.add(Paragraph(ui, fonts, margin, digits_y, width, digits_h, shown, WHITE, 1))
        self.add(Paragraph(ui, small, margin, hint_y, width, hint_h, words("pairing.compare"), GREY, 2))
        self._answers(words("pairing.no"), words("pairing.yes"))
