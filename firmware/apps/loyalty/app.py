"""A list of cards, and each as a code on white at full light: black bars or modules of whole pixels.

The cards come from the phone; a finger that stays on one asks whether it shall go. The system opens this app on an
unlocked watch only: a code says who the wearer is.
"""

from micropython import const

from watch.apps.api import (
    BLACK,
    GREY,
    WHITE,
    App,
    BarCode,
    BarPicture,
    Box,
    Label,
    Paragraph,
    QrCode,
    QrPicture,
    Row,
    RowList,
    line,
    mix,
    page_after,
)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.apps.api import Watch

_BARS = "code128"
_QR_VERSION = const(8)
"""Holds 192 bytes at level L; a card has 160 at most."""
_LAYOUT = {
    # y and margin of the name, bars: y and height, text: y and height, QR code: x, y, side and radius of its white
    "large": (26, 88, 116, 220, 352, 84, 8, 76, 394, 100),
    "small": (2, 8, 44, 120, 172, 60, 16, 30, 208, 0),
}
_NOTE_PX = {"large": (60, 0), "small": (24, 18)}
"""y of the note that a code is no bar code, and what it takes from the QR code's side."""
_QUESTION = {
    # y of the question, y and height of the name, y and height of the upper key
    "large": (52, 120, 96, 268, 80),
    "small": (2, 34, 48, 88, 56),
}
_GROUP = const(4)


class LoyaltyCards(App):
    """The list, or one card."""

    def open(self, watch: "Watch") -> None:
        """Show the list."""
        self._seen = watch.loyalty.changes
        self._cards = watch.loyalty.cards()
        self._list: "Optional[RowList]" = None
        self._shown, self._asks = 0, False
        self._show_list()

    def tick(self, now: int) -> None:
        """Follow what the phone sends; a card that is shown stays."""
        if self._list is not None and self.watch.loyalty.changes != self._seen:
            self._seen = self.watch.loyalty.changes
            self._cards = self.watch.loyalty.cards()
            self._show_list()

    def swipe(self, direction: str) -> bool:
        """Turn the pages of the list; from a card, go on to its neighbour."""
        if self._list is not None:
            return self._list.swipe(direction)
        step = {"up": 1, "down": -1}.get(direction, 0)
        if step and not self._asks:
            place = page_after(self.ui, self._shown, step, len(self._cards))
            if place != self._shown:
                self._show_card(place)
        return step != 0

    def back(self) -> bool:
        """From the question to the card, from a card to the list."""
        if self._list is not None:
            return False
        if self._asks:
            self._show_card(self._shown)
        else:
            self._show_list()
        return True

    def hold(self, x: int, y: int) -> None:
        """Ask whether the card shall go."""
        if self._list is None and not self._asks:
            self._ask()

    def _show_list(self) -> None:
        self.watch.light.full(False)
        rows = [Row(str(place), card[1]) for place, card in enumerate(self._cards)]
        words = self.watch.text
        self._list = RowList(
            self, words.get("title"), rows, lambda key: self._show_card(int(key)), words.get("empty"), self._shown
        )

    def _show_card(self, place: int) -> None:
        """One card, all of the panel white: what is around a code must not be black."""
        self.clear()
        self.watch.light.full(True)
        self._list, self._shown, self._asks = None, place, False
        ui = self.ui
        _, name, kind, text = self._cards[place]
        self.add(Box(0, 0, ui.width, ui.height, ui.corner, WHITE))
        y, margin = _LAYOUT[ui.metrics.panel][:2]
        font = ui.body_font if line(ui.body_font, name).width <= ui.width - 2 * margin else ui.caption_font
        y += (ui.body_font.line_height - font.line_height) // 2
        self.add(Label(ui, font, margin, y, ui.width - 2 * margin, name, BLACK))
        if kind != _BARS:
            self._add_qr(text, 0)
        elif not self._add_bars(text):
            y, low = _NOTE_PX[ui.metrics.panel]
            note = self.watch.text.get("narrow")
            self._add_qr(text, low)
            self.add(Label(ui, ui.caption_font, margin, y, ui.width - 2 * margin, note, mix(WHITE, BLACK, 20)))
        self.target("card", 0, 0, ui.width, ui.height, self._show_list)

    def _ask(self) -> None:
        self.clear()
        self.watch.light.full(False)
        self._asks = True
        ui, words = self.ui, self.watch.text
        title_y, name_y, name_h, keys_y, key_h = _QUESTION[ui.metrics.panel]
        inset, margin = ui.metrics.margin + ui.corner // 3, ui.metrics.margin
        fonts = (ui.body_font, ui.caption_font)
        self.add(Label(ui, ui.body_font, inset, title_y, ui.width - 2 * inset, words.get("remove"), GREY))
        name = self._cards[self._shown][1]
        self.add(Paragraph(ui, fonts, margin, name_y, ui.width - 2 * margin, name_h, name, WHITE, 3))
        side = ui.width // 6
        wide, pitch = ui.width - 2 * side, ui.metrics.target
        self.button("remove", side, keys_y, wide, key_h, self._remove, words.get("yes"))
        self.button("keep", side, keys_y + pitch, wide, key_h, self._keep, words.get("no"), face=ui.accent)

    def _keep(self) -> None:
        self._show_card(self._shown)

    def _remove(self) -> None:
        self.watch.loyalty.remove(self._cards[self._shown][0])
        self._cards = self.watch.loyalty.cards()
        self._shown, self._asks = max(self._shown - 1, 0), False
        self._show_list()

    def _add_bars(self, text: str) -> bool:
        """The bars and their text. False if they are too thin for the panel."""
        ui = self.ui
        y, h, text_y, text_h = _LAYOUT[ui.metrics.panel][2:6]
        code = BarCode()
        code.encode(text)
        bars = BarPicture(0, y, ui.width, h, code, 0)
        if not bars.module_px:
            return False
        self.add(bars)
        fonts, margin = (ui.body_font, ui.caption_font), ui.metrics.margin
        self.add(Paragraph(ui, fonts, margin, text_y, ui.width - 2 * margin, text_h, _grouped(text), BLACK, 2))
        return True

    def _add_qr(self, text: str, low: int) -> None:
        """The QR code, `low` px lower and smaller than there is room for."""
        x, y, side, radius = _LAYOUT[self.ui.metrics.panel][6:]
        code = QrCode(_QR_VERSION)
        code.encode(text)
        self.add(QrPicture(x + low // 2, y + low, side - low, side - low, code, radius))


def _grouped(text: str) -> str:
    """Digits in fours, as one reads them aloud; anything else as it is."""
    if not text.isdigit():
        return text
    return " ".join([text[at : at + _GROUP] for at in range(0, len(text), _GROUP)])
