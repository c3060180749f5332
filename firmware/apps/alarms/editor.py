"""The pages on which one alarm is set: time, days, a word, and away with it. Every choice is kept at once."""

from micropython import const

from watch.apps.api import (
    CHOSEN,
    FAILURE,
    GREY,
    PLAIN,
    RED,
    SUCCESS,
    TICK,
    WHITE,
    Label,
    Paragraph,
    Row,
    RowList,
    TimeChooser,
    icons,
)

from .days import DAYS, days_text

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from watch.apps.api import App

NEW = const(-1)
"""Number of an alarm that is not kept yet."""
_DAY_PAGE = {
    # y of the headline, of the first row of days, width and height of a target, width and height of a key
    "large": (36, 96, 116, 116, 100, 100),
    "small": (0, 0, 80, 80, 72, 72),
}
_PICTURES = {
    "time": (icons.CLOCK, 0x5AB8FF),
    "days": (icons.CALENDAR, 0xFFB627),
    "word": (icons.BOOK, 0xB58CFF),
    "delete": (icons.TRASH, 0xFF5247),
}
_COLUMNS = const(3)
_WORDS = const(8)


class Editor:
    """Fills the app's page until `on_close` is called.

    Args:
        app: whose page it takes.
        alarms: what the app was granted.
        alarm: number or `NEW`, minute of the day, days and word.
        on_close: back to the list.
    """

    def __init__(
        self, app: "App", alarms: "Any", alarm: "tuple[int, int, int, str]", on_close: "Callable[[], None]"
    ) -> None:
        self._app, self._alarms, self._text = app, alarms, app.watch.text
        self._number, self._minute, self._days, self._word = alarm
        self._on_close = on_close
        self._rows: "Optional[RowList]" = None
        self._earlier = on_close
        if self._number == NEW:
            self._open_time()
        else:
            self._open()

    def swipe(self, direction: str) -> bool:
        """Turn the page, if there are several."""
        return self._rows is not None and self._rows.swipe(direction)

    def back(self) -> None:
        """One page back."""
        self._earlier()

    def _open(self) -> None:
        """What there is to set."""
        text = self._text
        self._earlier = self._on_close
        rows = (
            _row("time", text.get("time"), text.time(self._minute)),
            _row("days", text.get("repeat"), days_text(text, self._days) or text.get("once")),
            _row("word", text.get("word"), self._word or text.get("none")),
            _row("delete", text.get("delete")),
        )
        ways = {"time": self._open_time, "days": self._open_days, "word": self._open_words, "delete": self._delete}
        self._rows = RowList(self._app, text.time(self._minute), rows, lambda key: ways[key]())

    def _open_time(self) -> None:
        self._rows = None
        self._earlier = self._on_close if self._number == NEW else self._open
        TimeChooser(self._app, self._minute, self._take_time)

    def _take_time(self, minute: int) -> None:
        self._minute = minute
        self._keep()

    def _open_days(self) -> None:
        """Seven keys to switch on and off, and one that is done."""
        self._rows, self._earlier = None, self._open
        app, ui = self._app, self._app.ui
        app.clear()
        y, first, w, h, key_w, key_h = _DAY_PAGE[ui.metrics.panel]
        left = (ui.width - _COLUMNS * w) // 2
        if ui.large:
            app.add(
                Label(
                    ui,
                    ui.body_font,
                    ui.metrics.margin,
                    y,
                    ui.width - 2 * ui.metrics.margin,
                    self._text.get("repeat"),
                    GREY,
                )
            )
        for day in range(DAYS):
            x, top = left + day % _COLUMNS * w + (w - key_w) // 2, first + day // _COLUMNS * h + (h - key_h) // 2
            self._add_day(day, x, top, key_w, key_h)
        x, top = left + w + (w - key_w) // 2, first + DAYS // _COLUMNS * h + (h - key_h) // 2
        app.button("done", x, top, w + key_w, key_h, self._open, icon=icons.MEDIUM + icons.CHECK, face=WHITE)

    def _add_day(self, day: int, x: int, y: int, w: int, h: int) -> None:
        name, accent = self._text.days[day], self._app.ui.accent

        def toggle() -> None:
            self._days ^= 1 << day
            button.show(name, 0, accent if self._days >> day & 1 else -1)
            self._app.watch.haptics.play(TICK)
            if not self._alarms.change(self._number, self._minute, self._days, self._word):
                self._refused()

        button = self._app.button("day-%d" % day, x, y, w, h, toggle, name, 0, accent if self._days >> day & 1 else -1)

    def _open_words(self) -> None:
        """A few words to choose from; a watch has no keyboard."""
        text = self._text
        self._earlier = self._open
        names = [""] + [text.get("word-%d" % number) for number in range(_WORDS)]
        rows = [
            Row(name, name or text.get("none"), "", GREY, CHOSEN if name == self._word else PLAIN) for name in names
        ]
        first = names.index(self._word) if self._word in names else 0
        self._rows = RowList(self._app, text.get("word"), rows, self._take_word, "", first)

    def _take_word(self, word: str) -> None:
        self._word = word
        self._keep()

    def _delete(self) -> None:
        if self._alarms.remove(self._number):
            self._app.watch.haptics.play(TICK)
            self._on_close()
        else:
            self._refused()

    def _keep(self) -> None:
        """Keep what was chosen, and show it."""
        if self._number == NEW:
            self._number = self._alarms.add(self._minute, self._days, self._word)
            kept = self._number != NEW
        else:
            kept = self._alarms.change(self._number, self._minute, self._days, self._word)
        if kept:
            self._app.watch.haptics.play(SUCCESS)
            self._open()
        else:
            self._refused()

    def _refused(self) -> None:
        """The watch did not keep it: the wearer must not rely on it."""
        app, ui = self._app, self._app.ui
        app.watch.haptics.play(FAILURE)
        app.clear()
        self._rows, self._earlier = None, self._on_close
        margin, fonts = ui.metrics.margin, (ui.body_font, ui.caption_font)
        size = ui.metrics.target
        app.add(
            Paragraph(
                ui,
                fonts,
                margin,
                margin,
                ui.width - 2 * margin,
                ui.height - 2 * margin - size,
                self._text.get("unkept"),
                RED,
            )
        )
        y = ui.height - margin - size
        app.button("ok", (ui.width - 2 * size) // 2, y, 2 * size, size, self._on_close, icon=icons.MEDIUM + icons.CHECK)


def _row(key: str, name: str, detail: str = "") -> Row:
    """A thing to set, with its picture."""
    icon, colour = _PICTURES[key]
    return Row(key, name, detail, icon=icon, colour=colour)
