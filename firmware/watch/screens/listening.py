"""The watch listens: always to be seen while the microphone is open, then the word, or why there is none."""

from micropython import const

from watch.ui import icons
from watch.ui.level import LevelBars
from watch.ui.screen import Screen
from watch.ui.theme import AMBER, BLACK, FAINT, GREEN, GREY, WHITE
from watch.ui.widget import Box, Icon, Label, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Sequence

    from watch.ui.context import Ui

TICK_MS = const(100)
"""How often the level is looked at."""
EXAMPLES = const(4)
"""Words that are shown as examples, most."""
_LAYOUT = {
    # disc: y and size; bars: middle; title: y and height; caption y; examples: y and height
    "large": (40, 132, 222, 262, 64, 336, 374, 76),
    "small": (2, 80, 101, 119, 32, 152, 176, 48),
}
_RESULT = {
    # disc: y and size; title: y and height; reason: y and height
    "large": (64, 132, 222, 72, 304, 132),
    "small": (6, 80, 94, 52, 148, 74),
}
_WORD_LOWER = {"large": 56, "small": 32}
"""A word without a reason stands in the middle: so much lower."""
_STEPS = {"large": (18, 14, 456), "small": (10, 8, 226)}
"""Size of the dots that count, from one to the next beyond that, y."""


class ListeningScreen(Screen):
    """A microphone, how loud it is, and words that one may say here.

    Args:
        ui: the shared context.
        examples: words as the wearer reads them; the first `EXAMPLES` are shown.
        level: how loud it is, 0 to 100.
        on_cancel: a finger came down, or the button was pressed.
        title: above the examples; empty for the usual one.
        caption: what to do, in the place of examples.
        steps: how many there are, and how many are done, for what is said several times.
    """

    name = "listening"
    keeps_light = "voice"
    tick_ms = TICK_MS

    def __init__(
        self,
        ui: "Ui",
        examples: "Sequence[str]",
        level: "Callable[[], int]",
        on_cancel: "Callable[[], None]",
        title: str = "",
        caption: str = "",
        steps: "tuple[int, int]" = (0, 0),
    ) -> None:
        super().__init__(ui)
        self.listens = True
        self._level, self._on_cancel, self._steps = level, on_cancel, steps
        self._bars: "LevelBars | None" = None
        disc_y, size, bars_y, title_y, title_h, caption_y, text_y, text_h = _LAYOUT[ui.metrics.panel]
        margin, words = ui.metrics.margin, ui.text.get
        width = ui.width - 2 * margin
        self._disc(disc_y, size, icons.MICROPHONE, ui.accent)
        self._bars = self.add(LevelBars(ui, ui.width // 2, bars_y, ui.accent))
        fonts = (ui.title_font, ui.body_font, ui.caption_font)
        shown = title or words("voice.title")
        self._title = self.add(Paragraph(ui, fonts, margin, title_y, width, title_h, shown, WHITE, 1))
        said = words("voice.example") if examples else ""
        self._caption = self.add(Label(ui, ui.caption_font, margin, caption_y, width, said, GREY))
        if caption:
            height = text_y - caption_y + text_h
            self.add(Paragraph(ui, (ui.caption_font,), margin, caption_y, width, height, caption, GREY, 3))
        for line in range(2):
            text = words("voice.between").join(examples[:EXAMPLES][2 * line : 2 * line + 2])
            y, height = text_y + line * text_h // 2, text_h // 2
            fonts = (ui.body_font, ui.caption_font) if ui.large else (ui.caption_font,)
            self.add(Paragraph(ui, fonts, margin, y, width, height, text, WHITE, 1))
        self._dots()

    def typed(self, text: str) -> None:
        """What has been heard so far, while it goes on listening."""
        self._title.set(text)
        self._caption.set(self.ui.text.get("voice.heard"))

    def heard(self, word: str, text: str = "") -> None:
        """A word was heard, and nobody listens any more. `text`: what follows from it."""
        self._end(icons.CHECK, GREEN, word, text)

    def again(self, reason: str) -> None:
        """No word was heard. `reason`: key of the text `voice.<reason>`."""
        words = self.ui.text.get
        self._end(icons.MICROPHONE, AMBER, words("voice-again.title"), words("voice." + reason))

    def tick(self, now: int) -> None:
        """Show how loud it is."""
        if self._bars is not None:
            self._bars.set(self._level())

    def press(self, x: int, y: int) -> None:
        """A finger ends it at once."""
        self._on_cancel()

    def button(self, kind: str) -> None:
        """So does a press."""
        self._on_cancel()

    def _end(self, icon: int, ink: int, title: str, text: str) -> None:
        self.clear()
        self.listens, self._bars = False, None
        ui = self.ui
        disc_y, size, title_y, title_h, text_y, text_h = _RESULT[ui.metrics.panel]
        lower = 0 if text else _WORD_LOWER[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        self._disc(disc_y + lower, size, icon, ink)
        fonts = (ui.title_font, ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, fonts, margin, title_y + lower, width, title_h, title, WHITE, 2))
        inset = margin + ui.corner // 3
        fonts = (ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, fonts, inset, text_y, ui.width - 2 * inset, text_h, text, GREY, 3))
        self._dots()

    def _disc(self, y: int, size: int, icon: int, ink: int) -> None:
        """A large mark in a disc."""
        ui = self.ui
        x = (ui.width - size) // 2
        self.add(Box(x, y, size, size, size // 2, ink))
        picture = self.add(Icon(ui, icons.LARGE + icon, 0, 0, BLACK))
        picture.x, picture.y = x + (size - picture.w) // 2, y + (size - picture.h) // 2

    def _dots(self) -> None:
        """How many of the steps are done."""
        count, done = self._steps
        if count:
            ui = self.ui
            size, gap, y = _STEPS[ui.metrics.panel]
            x = (ui.width - count * size - (count - 1) * gap) // 2
            for step in range(count):
                self.add(Box(x, y, size, size, size // 2, GREEN if step < done else FAINT))
                x += size + gap
