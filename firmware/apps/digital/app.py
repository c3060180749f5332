"""The time and the day, what comes next, a line of facts, and whether one can pay."""

from micropython import const

from watch.apps.api import (
    DEFAULT_ACCENT,
    GREY,
    HOUR,
    RED,
    SKIES,
    WHITE,
    Box,
    CardChip,
    Dial,
    Face,
    Facts,
    Label,
    TimeFigures,
    icons,
    line,
    rgb,
)

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

_LAYOUT = {
    # y of the mark for messages and its size, y of day, time, next thing, facts, card
    "large": (50, 12, 88, 154, 296, 352, 408),
    "small": (22, 8, 36, 62, 136, 162, 192),
}
_WORDS = const(2)
"""Words of apps that stand side by side, if there is room."""
_OUTSIDE, _CHARGE = const(0), const(1)  # places of the facts: the weather, or steps without one
_MINUTES_PER_HOUR = const(60)
_MINUTES_PER_DAY = const(1440)
_HALF_DAY = const(720)


class Digital(Face):
    """Figures in the middle, a ring of sixty ticks around them."""

    complications = 2

    def open(self, watch: "Watch") -> None:
        """Make everything; `tick` fills it in."""
        ui = self.ui
        self._now, self._glance = watch.time, watch.glance
        dot, size, day, time, upcoming, facts, card = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        small = ui.body_font if ui.large else ui.caption_font
        self._dial = Dial(ui, rgb(DEFAULT_ACCENT))
        self._unread = Box((ui.width - size) // 2, dot, size, size, size // 2, 0)
        self._date = Label(ui, small, margin, day, width, "", GREY)
        self._time = TimeFigures(ui, time, WHITE)
        self._upcoming = Label(ui, small, margin, upcoming, width, "", GREY)
        self._said = Facts(ui, upcoming, _WORDS, margin)
        self._facts = Facts(ui, facts, 2, margin)
        self._chip = CardChip(ui, card)
        self._dark_date = Label(ui, small, margin, day, width, "", HOUR)
        self._dark_time = TimeFigures(ui, time, GREY)
        self.build()

    def build(self) -> None:
        """The whole face, or in the dark the time and the day."""
        if self.dimmed:
            shown = (self._dark_date, self._dark_time)
        else:
            shown = (self._dial, self._unread, self._date, self._time, self._upcoming, self._said)
            shown += (self._facts, self._chip)
        for widget in shown:
            self.add(widget)
        self._minutes = self._half = self._steps = self._temperature = -1
        self._sky = self._next = self._words = self._own = None
        self._card = self._locked = None

    def tick(self, now: int) -> None:
        """Compare what is shown with what is, and change what differs."""
        minutes, glance = self._now.minutes, self._glance
        if minutes != self._minutes:
            self._show_minutes(minutes)
        if self.dimmed:
            return
        if glance.card is not self._card or glance.locked != self._locked:
            self._show_card()
        if glance.temp_c != self._temperature or glance.sky != self._sky or glance.steps != self._steps:
            self._show_outside()
        self._facts.set_battery(_CHARGE, glance.percent, glance.charging)
        if glance.upcoming != self._next or glance.complications is not self._words or glance.chosen != self._own:
            self._show_next()
        self._unread.recolour(RED if glance.unread else 0)

    def _show_minutes(self, minutes: int) -> None:
        self._minutes = minutes
        (self._dark_time if self.dimmed else self._time).set(minutes % _MINUTES_PER_DAY)
        if not self.dimmed:
            self._dial.set(minutes % _MINUTES_PER_HOUR + 1)
        if minutes // _HALF_DAY != self._half:
            self._half = minutes // _HALF_DAY
            words = self.watch.text
            half = words.half(minutes)
            text = words.date(minutes) + ("  " + half if half else "")
            (self._dark_date if self.dimmed else self._date).set(text)

    def _show_next(self) -> None:
        """What the wearer has chosen; else what comes next; while nothing does, what apps have to say."""
        glance, said = self._glance, self._said
        self._next, self._words, self._own = glance.upcoming, glance.complications, glance.chosen
        upcoming = "" if glance.chosen else glance.upcoming
        self._upcoming.set(upcoming)
        font, gap = self.ui.caption_font, self.ui.metrics.gap
        room, words = said.w, () if upcoming else glance.complications
        for place in range(_WORDS):
            icon, text = words[place][1:] if place < len(words) else (0, "")
            room -= line(font, text).width + font.line_height + 2 * gap
            said.set(place, icon, text if room >= 0 or not place else "")

    def _show_outside(self) -> None:
        glance = self._glance
        self._temperature, self._sky, self._steps = glance.temp_c, glance.sky, glance.steps
        if glance.temp_c is not None:
            self._facts.set(_OUTSIDE, SKIES.get(glance.sky, icons.CLOUDS), "%d°" % glance.temp_c)
        else:
            self._facts.set(_OUTSIDE, icons.STEPS, "" if glance.steps < 0 else _grouped(glance.steps))

    def _show_card(self) -> None:
        card, self._card, self._locked = self._glance.card, self._glance.card, self._glance.locked
        words = self.watch.text
        if self._locked:
            self._chip.set(words.get("locked"), 0, True)
        elif card is None:
            self._chip.set(words.get("empty"), 0, False)
        else:
            self._chip.set("•••• " + card.last_four, card.ink, False)
        self._dial.recolour(card.ink if card else rgb(DEFAULT_ACCENT))


def _grouped(number: int) -> str:
    """A number with its thousands apart."""
    return "%d,%03d" % (number // 1000, number % 1000) if number >= 1000 else str(number)
