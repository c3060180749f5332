"""The time, the day, and whether one can pay."""

from micropython import const

from watch.apps.api import DEFAULT_ACCENT, GREY, WHITE, Battery, CardChip, Dial, Face, Label, TimeFigures, rgb

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

_LAYOUT = {
    # y of battery, day, time, next thing, card
    "large": (54, 106, 172, 316, 396),
    "small": (18, 44, 74, 148, 186),
}
_MINUTES_PER_HOUR = const(60)
_MINUTES_PER_DAY = const(1440)


class Digital(Face):
    """Figures in the middle, a ring of sixty ticks around them."""

    def open(self, watch: "Watch") -> None:
        """Build everything; `tick` fills it in."""
        ui = self.ui
        self._now, self._glance = watch.time, watch.glance
        self._minutes = self._day = -1
        self._card = self._locked = None
        battery, day, time, upcoming, card = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        small = ui.body_font if ui.large else ui.caption_font
        self._dial = self.add(Dial(ui, rgb(DEFAULT_ACCENT)))
        self._battery = self.add(Battery(ui, battery))
        self._date = self.add(Label(ui, small, margin, day, width, "", GREY))
        self._time = self.add(TimeFigures(ui, time, WHITE))
        self._upcoming = self.add(Label(ui, small, margin, upcoming, width, "", GREY))
        self._chip = self.add(CardChip(ui, card))

    def tick(self, now: int) -> None:
        """Compare what is shown with what is, and change what differs."""
        minutes, glance = self._now.minutes, self._glance
        if minutes != self._minutes:
            self._show_minutes(minutes)
        if glance.card is not self._card or glance.locked != self._locked:
            self._show_card()
        self._battery.set(glance.percent, glance.charging)
        self._upcoming.set(glance.upcoming)

    def _show_minutes(self, minutes: int) -> None:
        self._minutes = minutes
        self._time.set(minutes % _MINUTES_PER_DAY)
        self._dial.set(minutes % _MINUTES_PER_HOUR + 1)
        if minutes // _MINUTES_PER_DAY != self._day:
            self._day = minutes // _MINUTES_PER_DAY
            self._date.set(self.watch.text.date(minutes))

    def _show_card(self) -> None:
        card, self._card, self._locked = self._glance.card, self._glance.card, self._glance.locked
        words = self.watch.text
        if self._locked:
            self._chip.set(words.get("locked"), 0, True)
        elif card is None:
            self._chip.set(words.get("empty"), 0, False)
        else:
            self._chip.set("•••• " + card.last_four, rgb(card.colour), False)
        self._dial.recolour(rgb(card.colour if card else DEFAULT_ACCENT))
