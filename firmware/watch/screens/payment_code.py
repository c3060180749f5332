"""Payment codes for a merchant's scanner: a white field with the code, the card it pays with, and the time left.

The large panel shows bar code, digits and QR code at once. The small one has two pages: the QR code, and the bar code
with the digits; a tap or a swipe turns them.
"""

from micropython import const

from watch.kernel.clock import ticks_add, ticks_diff
from watch.screens.parts import add_test_mark, is_marked
from watch.ui import qr
from watch.ui.code128 import BarCode
from watch.ui.code_pictures import BarPicture, QrPicture
from watch.ui.dial import TICKS, Dial
from watch.ui.layout import line
from watch.ui.screen import Screen
from watch.ui.theme import BLACK, FAINT, GREY, WHITE
from watch.ui.widget import LEFT, RIGHT, Box, Label, Paragraph

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.card_art import CardFace
    from watch.ui.context import Ui
    from watch.ui.widget import Widget

SHOWN_MS = const(60_000)
"""How long one code stays: docs/formats.md "Payment codes"."""
OPEN_MS = const(180_000)
"""How long the screen stays."""
_PRESENTED_VERSION = const(15)
"""Holds 520 bytes at level L: more than the 512 characters that a presented code may have."""

# Small panel: header, pages, dots.
_HEADER_H = const(22)
_SECONDS_W = const(48)
_DOTS_H = const(10)
_DOT = const(6)
_MARK_H = const(22)


class CodeScreen(Screen):
    """What both kinds of payment code have in common: the card, the time, and how the screen ends.

    Args:
        ui: the shared context.
        card: the card that pays.
        now_ms: ticks at which the code was made.
        on_over: the minute is over.
        on_close: the wearer is done: side button, or a swipe up or down.
        bright: called with True when the screen comes to the front, with False when it goes.
    """

    keeps_light = "code"

    def __init__(
        self,
        ui: "Ui",
        card: "CardFace",
        now_ms: int,
        on_over: "Callable[[], None]",
        on_close: "Callable[[], None]",
        bright: "Callable[[bool], None]",
        mark_room: int = 0,
    ) -> None:
        """`mark_room`: px below the test mark on the small panel."""
        super().__init__(ui)
        self._on_over, self._on_close, self._bright = on_over, on_close, bright
        self._until_ms = ticks_add(now_ms, SHOWN_MS)
        self._over = False
        self._left = -1
        self._dial: "Dial | None" = None
        self._seconds: "Label | None" = None
        if ui.large:
            self._dial = self.add(Dial(ui, card.ink, TICKS))
            self._add_card(card, ui.width // 2 - 144, 35, 288, True)
            add_test_mark(self, 442)
        else:
            self._add_card(card, 4, 0, ui.width - 8 - _SECONDS_W, False)
            x = ui.width - _SECONDS_W - 4
            self._seconds = self.add(Label(ui, ui.caption_font, x, 0, _SECONDS_W, "", WHITE, RIGHT))
            add_test_mark(self, ui.height - _MARK_H - mark_room)
        self.tick(now_ms)

    def open(self) -> None:
        """Light up."""
        self._bright(True)

    def close(self) -> None:
        """Let the light go back."""
        self._bright(False)

    def tick(self, now: int) -> None:
        """Count down; at the end of the minute tell so, once."""
        left_ms = ticks_diff(self._until_ms, now)
        self._show_left(min(max((left_ms + 999) // 1000, 0), TICKS))
        if left_ms <= 0 and not self._over:
            self._over = True
            self._on_over()

    def swipe(self, direction: str) -> None:
        """Up or down: done."""
        if direction in ("up", "down"):
            self._on_close()

    def button(self, kind: str) -> None:
        """Done."""
        if kind == "single":
            self._on_close()

    def restart(self, now_ms: int) -> None:
        """Another code was made at this time."""
        self._until_ms = ticks_add(now_ms, SHOWN_MS)
        self._over = False
        self.tick(now_ms)

    def _show_left(self, seconds: int) -> None:
        if seconds == self._left:
            return
        self._left = seconds
        if self._dial is not None:
            self._dial.set(seconds)
        if self._seconds is not None:
            self._seconds.set(self.ui.text.get("code.seconds", seconds))

    def _add_card(self, card: "CardFace", x: int, y: int, w: int, centred: bool) -> None:
        """Name and last four digits in one line. The name may be cut, the digits may not."""
        font, gap = self.ui.caption_font, self.ui.metrics.gap
        digits_w = line(font, card.last_four).width
        name_w = min(line(font, card.label).width + 1, w - gap - digits_w)
        if centred:
            x += (w - name_w - gap - digits_w) // 2
        self.add(Label(self.ui, font, x, y, name_w, card.label, WHITE, LEFT))
        self.add(Label(self.ui, font, x + name_w + gap, y, digits_w, card.last_four, GREY, LEFT))


class PaymentCodeScreen(CodeScreen):
    """18 digits, as a QR code, as a bar code, and to be read. Arguments as `CodeScreen`, and the digits."""

    name = "payment-code"

    def __init__(
        self,
        ui: "Ui",
        card: "CardFace",
        digits: str,
        now_ms: int,
        on_next: "Callable[[], None]",
        on_close: "Callable[[], None]",
        bright: "Callable[[bool], None]",
    ) -> None:
        """`on_next` is asked for another code each minute, and answers with `show`; after OPEN_MS it is `on_close`."""
        self._end_ms = ticks_add(now_ms, OPEN_MS)
        self._now_ms = now_ms
        self._on_next = on_next
        super().__init__(ui, card, now_ms, self._minute_over, on_close, bright, _DOTS_H)
        self._qr, self._bars = qr.QrCode(1), BarCode()
        self._encode(digits)
        self._pages: "list[list[Widget]]" = []
        self._common = list(self.widgets)
        self.page = 0
        """Which page of the small panel is shown."""
        if ui.large:
            self._build_large(digits)
        else:
            self._build_small(digits)

    def show(self, digits: str, now_ms: int) -> None:
        """Show another code, made at this time."""
        self._encode(digits)
        self._qr_picture.show()
        self._bar_picture.show()
        self._digits.set(self._grouped(digits))
        self.restart(now_ms)

    def tick(self, now: int) -> None:
        """Keep the time, for the end."""
        self._now_ms = now
        super().tick(now)

    def swipe(self, direction: str) -> None:
        """Sideways: the other page."""
        if direction in ("left", "right") and self._pages:
            self._turn(1 if direction == "left" else 0)
        else:
            super().swipe(direction)

    def tap(self, x: int, y: int) -> None:
        """The other page."""
        if self._pages:
            self._turn(1 - self.page)

    def _minute_over(self) -> None:
        if ticks_diff(self._now_ms, self._end_ms) >= 0:
            self._on_close()
        else:
            self._on_next()

    def _encode(self, digits: str) -> None:
        self._qr.encode(digits, qr.QUARTILE)
        self._bars.encode(digits)

    def _grouped(self, digits: str) -> str:
        """For one line of three groups, or two lines."""
        size = 6 if self.ui.large else 3
        return " ".join([digits[at : at + size] for at in range(0, len(digits), size)])

    def _build_large(self, digits: str) -> None:
        """One white field: the bar code above, as on Chinese phones, then the digits, then the QR code.

        The field and its corners keep clear of the ring; both codes have their quiet zones inside of it.
        """
        self.add(Box(36, 72, 338, 372, 40, WHITE))
        self._bar_picture = self.add(BarPicture(51, 88, 308, 64, self._bars, 0))
        font = (self.ui.caption_font,)
        self._digits = self.add(Paragraph(self.ui, font, 40, 154, 330, 32, self._grouped(digits), BLACK, 1))
        self._qr_picture = self.add(QrPicture(74, 182, 262, 262, self._qr))

    def _build_small(self, digits: str) -> None:
        ui = self.ui
        low = ui.height - _DOTS_H - (_MARK_H if is_marked(ui) else 0)
        side = low - _HEADER_H
        self._qr_picture = self.add(QrPicture((ui.width - side) // 2, _HEADER_H, side, side, self._qr))
        self._bar_picture = self.add(BarPicture(0, _HEADER_H + 12, ui.width, 84, self._bars, 8))
        top = _HEADER_H + 100
        fonts = (ui.body_font, ui.caption_font)
        self._digits = self.add(Paragraph(ui, fonts, 8, top, ui.width - 16, low - top, self._grouped(digits), WHITE, 2))
        self._dots = [self._dot(0), self._dot(1)]
        dots: "list[Widget]" = list(self._dots)
        self._pages = [dots + [self._qr_picture], dots + [self._bar_picture, self._digits]]
        self._turn(0)

    def _dot(self, place: int) -> Box:
        x = self.ui.width // 2 + (place * 2 - 1) * _DOT - _DOT // 2
        return self.add(Box(x, self.ui.height - _DOT - 2, _DOT, _DOT, _DOT // 2, FAINT))

    def _turn(self, page: int) -> None:
        self.page = page
        self.widgets = self._common + self._pages[page]
        for place, dot in enumerate(self._dots):
            dot.recolour(WHITE if place == page else FAINT)
        if self.shown:
            self.ui.damage.everything()


class PresentedCodeScreen(CodeScreen):
    """The QR code with a cryptogram in it. It is good for one payment and is shown for a minute.

    Arguments as `CodeScreen`, and the text of the code. Raises InputError if that is too long for a QR code.
    """

    name = "presented-code"

    def __init__(
        self,
        ui: "Ui",
        card: "CardFace",
        text: str,
        now_ms: int,
        on_close: "Callable[[], None]",
        bright: "Callable[[bool], None]",
    ) -> None:
        super().__init__(ui, card, now_ms, on_close, on_close, bright)
        code = qr.QrCode(_PRESENTED_VERSION)
        code.encode(text)
        if ui.large:
            self.add(QrPicture(36, 88, 338, 338, code, 28))
        else:
            side = ui.height - _HEADER_H - (_MARK_H if is_marked(ui) else 2)
            self.add(QrPicture((ui.width - side) // 2, _HEADER_H, side, side, code))
