"""A payment card: the bank's picture, or one drawn from its colour; label and last four digits. No scheme logo."""

import micropython
from micropython import const

from watch.ui.canvas import mix, rgb
from watch.ui.layout import elided, line
from watch.ui.theme import BLACK, WHITE, legible, luma
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui
    from watch.ui.picture import Picture

_BRIGHT = const(140)
"""Luma from which black text reads better than white."""
_DARK = const(40)
"""Luma up to which a card would have no edge on a black screen."""


class CardFace:
    """What a screen needs to know of a card.

    Args:
        label: name of the card.
        last_four: last four digits of the number printed on the plastic card.
        colour: accent, 0xRRGGBB.
        art: the bank's picture of the card, or None for a drawn one.
    """

    def __init__(self, label: str, last_four: str, colour: int, art: "Picture | None" = None) -> None:
        self.label, self.last_four, self.colour, self.art = label, last_four, colour, art
        self.ink = legible(colour)
        """The accent as marks and words on black have it, RGB565."""


class CardArt(Widget):
    """The card, as large as the box it gets."""

    def __init__(self, ui: "Ui", x: int, y: int, w: int, h: int, card: CardFace) -> None:
        super().__init__(x, y, w, h)
        self._art = card.art
        base = rgb(card.colour) if luma(card.colour) > _DARK else mix(rgb(card.colour), WHITE, 6)
        self._top, self._low = mix(base, WHITE, 4), mix(base, BLACK, 6)
        self._ink = BLACK if luma(card.colour) > _BRIGHT else WHITE
        self._wave = mix(base, WHITE, 6)
        self._gap = 2 * ui.metrics.gap
        self._radius = w // 14
        self._label = elided(ui.caption_font, card.label, w - 2 * self._gap)
        font = ui.body_font if ui.large else ui.caption_font
        self._number = line(font, "•••• " + card.last_four)

    @micropython.native
    def draw(self, canvas: "Canvas") -> None:
        """Draw it: the picture, or the colour with three waves that spread from the upper right; then the words."""
        gap = self._gap
        if self._art is None:
            canvas.gradient(self.x, self.y, self.w, self.h, self._top, self._low)
        if canvas.clip(self.x, self.y, self.w, self.h):
            if self._art is None:
                self._draw_waves(canvas)
            else:  # a box smaller than the picture shows its middle
                art = self._art
                canvas.picture(art, self.x - (art.width - self.w) // 2, self.y - (art.height - self.h) // 2)
            canvas.unclip()
        canvas.round_off(self.x, self.y, self.w, self.h, self._radius)
        canvas.run(self._label, self.x + gap, self.y + gap * 3 // 4, self._ink)
        low = self.y + self.h - gap * 3 // 4 - self._number.font.line_height
        canvas.run(self._number, self.x + gap, low, self._ink)

    def _draw_waves(self, canvas: "Canvas") -> None:
        for wave in range(2, 5):
            outer = self.h * wave * 4
            canvas.ring((self.x + self.w) << 4, self.y << 4, outer, outer - self.h // 3, self._wave)

    def texts(self) -> "list[str]":
        """Label and number."""
        return [self._label.text, self._number.text]
