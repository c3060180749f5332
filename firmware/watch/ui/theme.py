"""Colours, and the measures that differ between the two panel classes."""

from micropython import const

from watch.ui.canvas import mix, rgb

BLACK = const(0)
WHITE = rgb(0xFFFFFF)
GREY = rgb(0x9A9AA2)
"""Second rank of text: 7:1 against black."""
FAINT = rgb(0x303037)
"""Unlit marks and the faces of keys."""
HOUR = rgb(0x77777F)
"""Unlit marks of the five-minute ticks."""
PRESSED = rgb(0x55555E)
GREEN = rgb(0x32D26A)
RED = rgb(0xFF5247)
AMBER = rgb(0xFFB627)
DEFAULT_ACCENT = const(0x3DD6C3)
"""The accent of a watch without a card, 0xRRGGBB."""
LEAST_LUMA = const(96)
"""A colour darker than this can hardly be seen on black: about 3:1, what WCAG 2 asks of marks and large text."""
LARGE_FROM_PX = const(360)
"""Panels at least this wide get the large layouts."""


def luma(colour: int) -> int:
    """Brightness of 0xRRGGBB as the eye sees it, 0 to 255 (ITU-R BT.601)."""
    return ((colour >> 16) * 299 + (colour >> 8 & 0xFF) * 587 + (colour & 0xFF) * 114) // 1000


def legible(colour: int) -> int:
    """RGB565 of 0xRRGGBB for marks and words on black: a colour that is too dark for that becomes lighter."""
    bright = luma(colour)
    if bright >= LEAST_LUMA:
        return rgb(colour)
    return mix(rgb(colour), WHITE, 1 + 32 * (LEAST_LUMA - bright) // (255 - bright))


class Metrics:
    """Pixels of one panel class. Everything stands on a grid of 8 px, or 4 px on the small panel."""

    def __init__(self, panel: str, target: int, margin: int, gap: int, dial: "tuple[int, ...]") -> None:
        self.panel = panel
        """Part of the font file names: `large` or `small`."""
        self.target = target
        """Side of the smallest touch target: 9 mm on the glass."""
        self.margin = margin
        """From the edge of the panel to text."""
        self.gap = gap
        """One step of the grid."""
        self.dial = dial
        """Ring of sixty ticks: inset, corner radius, length of a tick, of an hour tick, thickness in 1/16 px."""


LARGE = Metrics("large", 112, 40, 8, (10, 106, 12, 20, 56))
"""410 x 502 on 2.06 inches: 12.4 px/mm."""
SMALL = Metrics("small", 80, 16, 4, (5, 40, 6, 10, 36))
"""240 x 240 on 1.54 inches: 8.7 px/mm."""


def metrics(width: int) -> Metrics:
    """The measures for a panel of this width."""
    return LARGE if width >= LARGE_FROM_PX else SMALL
