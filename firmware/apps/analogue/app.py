"""A dress watch: hands that mark only what they sweep, a ring of minutes, the four great hours."""

from micropython import const

from watch.apps.api import (
    BLACK,
    CENTRE,
    DEFAULT_ACCENT,
    GREY,
    WHITE,
    CardChip,
    Dial,
    Face,
    Hand,
    Hands,
    Label,
    mix,
    rgb,
)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

_LAYOUT = {
    # from edge to numeral, from centre up to the card, from centre down to the day, length of the hands, pin
    "large": (44, 104, 66, 94, 148, 9),
    "small": (22, 52, 30, 54, 84, 5),
}
_HALF_WIDTHS = {"large": (80, 112, 48), "small": (48, 66, 30)}  # 1/16 px at tail, belly and tip
_TAIL_16 = const(16)  # of the tail, in 1/16 px for each px of the pin
_MINUTES_PER_DAY = const(1440)
_SHADE = const(9)  # 32nds towards black: the half of a hand in the shade
_PIECE_PX = const(14)


class Analogue(Face):
    """Hands above the day and the card."""

    def open(self, watch: "Watch") -> None:
        """Build everything; `tick` fills it in."""
        ui = self.ui
        self._now, self._glance = watch.time, watch.glance
        self._minutes = self._day = -1
        self._card = self._locked = None
        edge, card_up, day_down, hour, minute, pin = _LAYOUT[ui.metrics.panel]
        x, y = ui.width // 2, ui.height // 2
        self._dial = self.add(Dial(ui, rgb(DEFAULT_ACCENT)))
        self._numerals(edge)
        margin = ui.metrics.margin * 2
        self._chip = self.add(CardChip(ui, y - card_up))
        self._date = self.add(Label(ui, ui.caption_font, margin, y + day_down, ui.width - 2 * margin, "", GREY, CENTRE))
        hands = [self._hand(x, y, length, pin) for length in (hour, minute)]
        self._hands = self.add(Hands(x, y, minute + 4, hands[0], hands[1], pin, rgb(DEFAULT_ACCENT)))

    def tick(self, now: int) -> None:
        """Compare what is shown with what is, and change what differs."""
        minutes, glance = self._now.minutes, self._glance
        if minutes != self._minutes:
            self._minutes = minutes
            self._hands.set(minutes % _MINUTES_PER_DAY)
            if minutes // _MINUTES_PER_DAY != self._day:
                self._day = minutes // _MINUTES_PER_DAY
                self._date.set(self.watch.text.date(minutes))
        if glance.card is not self._card or glance.locked != self._locked:
            self._show_card()

    def _numerals(self, edge: int) -> None:
        """12, 3, 6 and 9 inside the ring."""
        ui = self.ui
        font = ui.title_font
        w, h = font.line_height * 2, font.line_height
        middle_x, middle_y = (ui.width - w) // 2, (ui.height - h) // 2
        ink = mix(WHITE, BLACK, _SHADE)
        inset = (w - h // 2) // 2 - edge
        places = (("12", middle_x, edge), ("6", middle_x, ui.height - edge - h))
        places += (("9", -inset, middle_y), ("3", ui.width - w + inset, middle_y))
        for text, x, y in places:
            self.add(Label(ui, font, x, y, w, text, ink))

    def _hand(self, x: int, y: int, length: int, pin: int) -> Hand:
        tail, belly, tip = _HALF_WIDTHS[self.ui.metrics.panel]
        stations = ((-_TAIL_16 * 2 * pin, tail), (length * 8, belly), (length * 16, tip))
        return Hand(x, y, stations, _PIECE_PX, WHITE, mix(WHITE, BLACK, _SHADE))

    def _show_card(self) -> None:
        card, self._card, self._locked = self._glance.card, self._glance.card, self._glance.locked
        words = self.watch.text
        if self._locked:
            self._chip.set(words.get("locked"), 0, True)
        elif card is None:
            self._chip.set("", 0, False)
        else:
            self._chip.set("•••• " + card.last_four, rgb(card.colour), False)
        self._hands.recolour(rgb(card.colour if card else DEFAULT_ACCENT))
