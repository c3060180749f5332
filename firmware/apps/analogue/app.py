"""A dress watch: hands that mark only what they sweep, the day in a window, the charge as a ring.

The second hand rests in the dark, and where the wearer wants nothing to move.
"""

from micropython import const

from watch.apps.api import DEFAULT_ACCENT, GREY, RED, AnalogueDial, Box, CardChip, Face, rgb

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

_CARD_UP = {"large": 112, "small": 66}  # from the centre up to the line of the card
_UNREAD = {"large": (158, 12), "small": (96, 8)}  # from the centre left to the mark for messages, and its size
_MINUTES_PER_DAY = const(1440)
_HIDDEN = const(-1)  # no second hand
_DAY = const(2)  # place of the day in a date


class Analogue(Face):
    """The dial in the colour of the card, with the card above the middle."""

    def open(self, watch: "Watch") -> None:
        """Make everything; `tick` fills it in."""
        ui = self.ui
        self._now, self._glance = watch.time, watch.glance
        middle, (left, size) = ui.height // 2, _UNREAD[ui.metrics.panel]
        self._dial = AnalogueDial(ui, rgb(DEFAULT_ACCENT), seconds=True)
        self._chip = CardChip(ui, middle - _CARD_UP[ui.metrics.panel])
        self._unread = Box(ui.width // 2 - left - size // 2, middle - size // 2, size, size, size // 2, 0)
        self.build()

    def build(self) -> None:
        """The whole dial, or in the dark its marks and hands."""
        dial = self._dial.widgets
        for widget in (dial[0], dial[-1]) if self.dimmed else [self._chip, self._unread] + dial:
            self.add(widget)
        self._minutes = self._day = -1
        self._card = self._locked = None
        if self.dimmed:
            self._dial.recolour(GREY)
            self._dial.set_second(_HIDDEN)

    def tick(self, now: int) -> None:
        """Compare what is shown with what is, and change what differs."""
        minutes, glance = self._now.minutes, self._glance
        if minutes != self._minutes:
            self._minutes = minutes
            self._dial.set_time(minutes % _MINUTES_PER_DAY)
            if minutes // _MINUTES_PER_DAY != self._day:
                self._day = minutes // _MINUTES_PER_DAY
                self._dial.set_day(self._now.date()[_DAY])
        if self.dimmed:
            return
        self._dial.set_second(_HIDDEN if self.ui.reduced_motion else self._now.second)
        if glance.card is not self._card or glance.locked != self._locked:
            self._show_card()
        self._dial.set_battery(glance.percent, glance.charging)
        self._unread.recolour(RED if glance.unread else 0)

    def _show_card(self) -> None:
        card, self._card, self._locked = self._glance.card, self._glance.card, self._glance.locked
        if self._locked:
            self._chip.set(self.watch.text.get("locked"), 0, True)
        elif card is None:
            self._chip.set("", 0, False)
        else:
            self._chip.set("•••• " + card.last_four, card.ink, False)
        self._dial.recolour(card.ink if card else rgb(DEFAULT_ACCENT))
