"""Two pages: the sky and how warm it is; then rain, wind, humidity and sun. What is too old is not shown as weather."""

from micropython import const

from watch.apps.api import GREY, WHITE, App, Icon, PageDots, Paragraph, icons, page_after

from .pages import add_details, add_now

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.apps.api import Label, Watch

_LAYOUT = {
    # y of the picture of no weather, of its headline and its height, of what to do and its height
    "large": (70, 206, 42, 262, 168),
    "small": (14, 92, 32, 128, 96),
}
_UNKNOWN, _OLD, _KNOWN = const(0), const(1), const(2)
_PAGES = const(2)
_HOUR_MIN = const(60)
_DAY_MIN = const(1440)
_NIGHT_FROM_MIN, _NIGHT_TO_MIN = const(1200), const(360)
"""A clear sky between eight and six has a moon: the phone does not say when the sun sets."""


class WeatherApp(App):
    """Follows what the phone says, and how long ago that was."""

    def open(self, watch: "Watch") -> None:
        """Show the sky."""
        self._weather, self._words = watch.weather, watch.text
        self._page = 0
        self._age: "Optional[Label]" = None
        self._build()

    def tick(self, now: int) -> None:
        """Show new weather when there is some, and how old it is."""
        weather = self._weather
        if weather.changes != self._changes or self._state() != self._shown:
            self._build()
        elif self._age is not None and weather.age_min() != self._minutes:
            self._minutes = weather.age_min()
            self._age.set(self._ago())

    def swipe(self, direction: str) -> bool:
        """The other page."""
        if direction not in ("up", "down"):
            return False
        pages = _PAGES if self._shown == _KNOWN else 1
        page = page_after(self.ui, self._page, 1 if direction == "up" else -1, pages)
        if page != self._page:
            self._page = page
            self._build()
        return True

    def _state(self) -> int:
        if self._weather.fresh():
            return _KNOWN
        return _UNKNOWN if self._weather.age_min() < 0 else _OLD

    def _build(self) -> None:
        weather, ui = self._weather, self.ui
        self._changes, self._shown, self._minutes = weather.changes, self._state(), weather.age_min()
        self._age = None
        self.clear()
        if self._shown != _KNOWN:
            self._page = 0
            self._add_nothing("none" if self._shown == _UNKNOWN else "old")
            return
        if self._page == 0:
            minute = self.watch.time.minute_of_day()
            night = minute >= _NIGHT_FROM_MIN or minute < _NIGHT_TO_MIN
            self._age = add_now(self, weather.now(), night)
            self._age.set(self._ago())
        else:
            add_details(self, weather.now())
        self.add(PageDots(ui, ui.height - ui.metrics.margin // 2 - ui.metrics.gap, _PAGES, self._page))

    def _add_nothing(self, key: str) -> None:
        """There is nothing to show: why, and what to do."""
        ui, words = self.ui, self._words
        icon_y, title_y, title_h, text_y, height = _LAYOUT[ui.metrics.panel]
        margin, fonts = ui.metrics.margin, (ui.body_font, ui.caption_font)
        width = ui.width - 2 * margin
        picture = self.add(Icon(ui, icons.LARGE + icons.CLOUDS, 0, icon_y, GREY))
        picture.x = (ui.width - picture.w) // 2
        self.add(Paragraph(ui, fonts, margin, title_y, width, title_h, words.get(key), WHITE, 1))
        text = words.get(key + "-do", self._span())
        self.add(Paragraph(ui, fonts[1:], margin, text_y, width, height, text, GREY, 5))

    def _ago(self) -> str:
        return self._words.get("ago", self._span()) if self._minutes > 0 else self._words.get("just")

    def _span(self) -> str:
        """The age of the weather in words."""
        words, minutes = self._words, self._minutes
        if minutes < _HOUR_MIN:
            return words.get("minutes", minutes)
        if minutes < _DAY_MIN:
            return words.get("hours", minutes // _HOUR_MIN)
        return words.get("days", minutes // _DAY_MIN)
