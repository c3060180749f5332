"""Beacon: a lighthouse by day and night, the time, and what three apps have to say.

Shows a face, a picture for each panel, an icon of one's own, and words of apps.
"""

from micropython import const

from watch.apps.api import GREY, WHITE, Face, Facts, Image, Label, TimeFigures, charge_ink

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

_LAYOUT = {
    # y of the day, the time, the picture, the words of apps, the charge; side of the picture
    "large": (34, 76, 196, 408, 450, 200),
    "small": (4, 28, 96, 190, 216, 88),
}
_PLACES = const(3)
_MINUTES_PER_DAY = const(1440)


class Beacon(Face):
    """The picture stands in the middle; in the dark only the time is left."""

    complications = _PLACES

    def open(self, watch: "Watch") -> None:
        """Read the picture once; it is kept as long as the face."""
        self._time, self._glance = watch.time, watch.glance
        self._tower = self.image("tower")
        self.build()

    def build(self) -> None:
        """Make the widgets; called again when the light goes, and when it comes back."""
        ui, margin = self.ui, self.ui.metrics.margin
        wide = ui.width - 2 * margin
        day_y, time_y, tower_y, words_y, charge_y, side = _LAYOUT[ui.metrics.panel]
        self._figures = self.add(TimeFigures(ui, time_y, GREY if self.dimmed else WHITE))
        self._day = self.add(Label(ui, ui.caption_font, margin, day_y, wide, "", GREY))
        self._minutes = self._percent = -1
        self._shown = None
        if not self.dimmed:
            self.add(Image((ui.width - side) // 2, tower_y, self._tower))
            self._words = self.add(Facts(ui, words_y, _PLACES, margin))
            self._charge = self.add(Label(ui, ui.caption_font, margin, charge_y, wide, "", GREY))

    def tick(self, now: int) -> None:
        """Change what differs."""
        if self._time.minutes != self._minutes:
            self._minutes = self._time.minutes
            self._figures.set(self._minutes % _MINUTES_PER_DAY)
            self._day.set(self.watch.text.date(self._minutes))
        if not self.dimmed:
            self._look()

    def _look(self) -> None:
        """Words of apps are another tuple when one has changed."""
        glance = self._glance
        if glance.complications is not self._shown:
            self._shown = glance.complications
            for place in range(_PLACES):
                there = place < len(self._shown)
                _, icon, text = self._shown[place] if there else ("", 0, "")
                self._words.set(place, icon, text, WHITE)
        if glance.percent != self._percent:
            self._percent = glance.percent
            self._charge.set(f"{glance.percent}%", charge_ink(glance.percent, glance.charging))
