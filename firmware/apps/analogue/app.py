"""A dress watch: hands that mark only what they sweep, the day in a window, the charge as a ring."""

from micropython import const

from watch.apps.api import DEFAULT_ACCENT, AnalogueDial, CardChip, Face, rgb

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

_CARD_UP = {"large": 112, "small": 66}  # from the centre up to the line of the card
_MINUTES_PER_DAY = const(1440)
_DAY = const(2)  # place of the day in a date


class Analogue(Face):
    """The dial in the colour of the card, with the card above the middle."""

    def open(self, watch: "Watch") -> None:
        """Build everything; `tick` fills it in."""
        ui = self.ui
        self._now, self._glance = watch.time, watch.glance
        self._minutes = self._day = -1
        self._card = self._locked = None
        self._dial = AnalogueDial(ui, rgb(DEFAULT_ACCENT))
        self._chip = self.add(CardChip(ui, ui.height // 2 - _CARD_UP[ui.metrics.panel]))
        for widget in self._dial.widgets:
            self.add(widget)

    def tick(self, now: int) -> None:
        """Compare what is shown with what is, and change what differs."""
        minutes, glance = self._now.minutes, self._glance
        if minutes != self._minutes:
            self._minutes = minutes
            self._dial.set_time(minutes % _MINUTES_PER_DAY)
            if minutes // _MINUTES_PER_DAY != self._day:
                self._day = minutes // _MINUTES_PER_DAY
                self._dial.set_day(self._now.date()[_DAY])
        if glance.card is not self._card or glance.locked != self._locked:
            self._show_card()
        self._dial.set_battery(glance.percent, glance.charging)

    def _show_card(self) -> None:
        card, self._card, self._locked = self._glance.card, self._glance.card, self._glance.locked
        if self._locked:
            self._chip.set(self.watch.text.get("locked"), 0, True)
        elif card is None:
            self._chip.set("", 0, False)
        else:
            self._chip.set("•••• " + card.last_four, rgb(card.colour), False)
        self._dial.recolour(rgb(card.colour if card else DEFAULT_ACCENT))
