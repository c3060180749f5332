"""What all screens share: fonts, words, measures, colours and the list of what has to be drawn again."""

from micropython import const

from watch.ui.canvas import rgb
from watch.ui.damage import Damage
from watch.ui.font import Font
from watch.ui.han import PagedGlyphs
from watch.ui.text import Catalogue
from watch.ui.theme import DEFAULT_ACCENT, GREY, WHITE, legible, metrics

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.ports import Display

PRODUCT = "Tapwatch"
"""What a watch is called that no manufacturer calls anything else."""


class Ui:
    """Handed to every screen.

    Args:
        display: the panel, for its measures only; `Renderer` is who writes to it.
        assets: folder of the font files, ending without a slash.
        language: `en` or `zh`.
        test_mark: show the permanent mark of a development board or a software key on payment screens.

    Raises:
        StorageError: a font cannot be read.
        InputError: the language is unknown.
    """

    def __init__(self, display: "Display", assets: str, language: str = "en", test_mark: bool = False) -> None:
        self.width, self.height, self.corner = display.width, display.height, display.corner_px
        self.metrics = metrics(display.width)
        panel = self.metrics.panel
        pages = PagedGlyphs("%s/body.%s.twp" % (assets, panel))
        self.display_font = Font("%s/display.%s.twf" % (assets, panel), pages)
        self.figures_font = Font("%s/figures.%s.twf" % (assets, panel), pages)
        self.title_font = Font("%s/title.%s.twf" % (assets, panel), pages)
        self.body_font = Font("%s/body.%s.twf" % (assets, panel), pages)
        pages = PagedGlyphs("%s/caption.%s.twp" % (assets, panel))
        self.caption_font = Font("%s/caption.%s.twf" % (assets, panel), pages)
        self.icons = Font("%s/icons.%s.twf" % (assets, panel))
        self.damage = Damage(display.width, display.height, display.align)
        self.text = Catalogue(language)
        self.test_mark = test_mark
        self.developer_mark = False
        """A developer's key is enrolled: the screens that pay say so."""
        self.accent = rgb(DEFAULT_ACCENT)
        """Colour of the active card, RGB565."""
        self.product = PRODUCT
        """What the watch is called while it starts."""
        self.taps = True
        """A reader can find the card; else the screen that is armed says how to pay."""
        self.clock_24h = True
        self.high_contrast = self.large_text = False
        """How the wearer wants to see things; for screens built from now on."""
        self.reduced_motion = False
        """Nothing moves for its own sake: what would be animated stands still."""
        self.turned = False
        """The watch is worn the other way up, so that its crown points to the hand; see `turn`."""
        self.bump: "Callable[[], None]" = _nothing
        """Called when a list is asked to move beyond its end: the wearer should feel it."""
        self.clipped = 0
        """Texts that did not fit in any font: zero in every test."""

    @property
    def large(self) -> bool:
        """True on the 410 x 502 panel, False on the 240 x 240 one."""
        return self.metrics.panel == "large"

    @property
    def missing(self) -> int:
        """Characters drawn as a box so far."""
        large = self.display_font.missing + self.figures_font.missing + self.title_font.missing
        return large + self.body_font.missing + self.caption_font.missing + self.icons.missing

    def ink(self, colour: int) -> int:
        """The colour a text is drawn in: with high contrast nothing is grey."""
        return WHITE if self.high_contrast and colour == GREY else colour

    def ladder(self, fonts: "tuple[Font, ...]") -> "tuple[Font, ...]":
        """The fonts a text may take, largest first: with large text what is small grows where it fits.

        The headline font has the letters of headlines only, so body text stays as it is.
        """
        return (self.body_font,) + fonts if self.large_text and fonts[0] is self.caption_font else fonts

    def set_accent(self, colour: int) -> None:
        """Take the colour of a card, 0xRRGGBB; for screens built from now on."""
        self.accent = legible(colour)

    def set_language(self, language: str) -> None:
        """Speak another language; for screens built from now on. Raises InputError."""
        self.text = Catalogue(language)

    def turn(self, on: bool) -> None:
        """Draw upside down, or not, from now on. `Renderer` turns the pixels, `Gestures` the fingers."""
        if on != self.turned:
            self.turned = on
            self.damage.everything()


def _nothing() -> None:
    """Nobody feels it."""
