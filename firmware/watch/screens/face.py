"""The watch face: the time, the day, and whether one can pay."""

from micropython import const

from watch.ui.battery import Battery
from watch.ui.canvas import rgb
from watch.ui.card_chip import CardChip
from watch.ui.dial import Dial
from watch.ui.figures import TimeFigures
from watch.ui.screen import Screen
from watch.ui.theme import DEFAULT_ACCENT, GREY, WHITE
from watch.ui.widget import Label

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ui.card_art import CardFace
    from watch.ui.context import Ui

_LAYOUT = {
    # y of battery, day, time, next thing, card
    "large": (54, 106, 172, 316, 396),
    "small": (18, 44, 74, 148, 186),
}
_MINUTES_PER_HOUR = const(60)
_MINUTES_PER_DAY = const(1440)


class FaceStatus:
    """What the face shows. The owner changes the fields; the face looks at them on every tick."""

    def __init__(self) -> None:
        self.minutes = 0
        """Minutes since 2000-01-01 00:00 local time: a small integer, so looking at it costs nothing."""
        self.percent = 100
        self.charging = False
        self.locked = True
        self.card: "CardFace | None" = None
        """The active card. Give another object when it changes."""
        self.upcoming = ""
        """The next thing of the day, one line."""


class FaceScreen(Screen):
    """The home screen.

    Args:
        ui: the shared context.
        status: what to show.
        on_swipe: called with `left`, `right`, `up` or `down`.
    """

    name = "face"

    def __init__(self, ui: "Ui", status: FaceStatus, on_swipe: "Callable[[str], None]") -> None:
        super().__init__(ui)
        self._status, self._on_swipe = status, on_swipe
        self._minutes = self._day = -1
        self._card: "CardFace | None" = None
        self._locked = None
        battery, day, time, upcoming, card = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        width = ui.width - 2 * margin
        small = ui.body_font if ui.large else ui.caption_font
        accent = rgb(DEFAULT_ACCENT)
        self._dial = self.add(Dial(ui, accent))
        self._battery = self.add(Battery(ui, battery))
        self._date = self.add(Label(ui, small, margin, day, width, "", GREY))
        self._time = self.add(TimeFigures(ui, time, WHITE))
        self._upcoming = self.add(Label(ui, small, margin, upcoming, width, "", GREY))
        self._chip = self.add(CardChip(ui, card))

    def open(self) -> None:
        """Show the present state at once."""
        self.tick(0)

    def tick(self, now: int) -> None:
        """Compare the status with what is shown, and change what differs."""
        status = self._status
        if status.minutes != self._minutes:
            self._show_minutes(status.minutes)
        if status.card is not self._card or status.locked != self._locked:
            self._show_card()
        self._battery.set(status.percent, status.charging)
        self._upcoming.set(status.upcoming)

    def swipe(self, direction: str) -> None:
        """Go somewhere."""
        self._on_swipe(direction)

    def _show_minutes(self, minutes: int) -> None:
        self._minutes = minutes
        self._time.set(minutes % _MINUTES_PER_DAY)
        self._dial.set(minutes % _MINUTES_PER_HOUR + 1)
        if minutes // _MINUTES_PER_DAY != self._day:
            self._day = minutes // _MINUTES_PER_DAY
            self._date.set(self.ui.text.date(minutes))

    def _show_card(self) -> None:
        card, self._card, self._locked = self._status.card, self._status.card, self._status.locked
        words = self.ui.text
        if self._locked:
            self._chip.set(words.get("face.locked"), 0, True)
        elif card is None:
            self._chip.set(words.get("face.empty"), 0, False)
        else:
            self._chip.set("•••• " + card.last_four, rgb(card.colour), False)
        self._dial.recolour(rgb(card.colour if card else DEFAULT_ACCENT))
