"""Departures: what leaves from a stop, asked through the phone.

Shows the web, JSON that may be anything, and a page for each thing that can go wrong.
"""

from micropython import const

from watch.apps.api import AMBER, BLACK, CENTRE, GREY, LEFT, RIGHT, WHITE, App, Box, Label, Paragraph, line, parse_json

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Font, Watch

_ADDRESS = "https://departures.example/v1/stops/harbour"
"""Answers {"stop": "Harbour", "next": [{"line": "4", "to": "Airport", "min": 3}, ...]}."""
_AGAIN_MS = const(30_000)
_HOUR_MIN = const(60)
_LAYOUT = {
    # y of the stop, y of the first line, from line to line, how many; width and height of a badge, width of the time
    "large": (52, 104, 84, 4, 76, 52, 104),
    "small": (6, 34, 50, 4, 46, 32, 72),
}


class Departures(App):
    """The next four, asked for anew every half a minute."""

    def open(self, watch: "Watch") -> None:
        """Ask at once."""
        self._web, self._words, self._clock = watch.web, watch.text, watch.time
        self._ask()

    def tick(self, now: int) -> None:
        """Look whether the answer is there."""
        answer = self._web.answer()
        if answer is not None:
            self._show(answer)
        elif self._asked and self._web.failed:
            self._asked = False
            self._say("failed")
        elif not self._web.waiting and self._clock.since_ms(self._since) > _AGAIN_MS:
            self._ask()

    def tap(self, x: int, y: int) -> None:
        """Ask again."""
        if not self._web.waiting:
            self._ask()

    def _ask(self) -> None:
        self._asked = self._web.get(_ADDRESS)
        self._since = self._clock.ticks_ms()
        self._say("asking" if self._asked else "no_phone")

    def _say(self, key: str) -> None:
        self.clear()
        ui, margin = self.ui, self.ui.metrics.margin
        fonts = (ui.body_font, ui.caption_font)
        self.add(Paragraph(ui, fonts, margin, 0, ui.width - 2 * margin, ui.height, self._words.get(key), WHITE))

    def _show(self, answer: str) -> None:
        """What a stranger sent may lack anything, and be of any kind."""
        self._asked = False
        try:
            told = parse_json(answer)
            rows = [(str(one["line"]), str(one["to"]), int(one["min"])) for one in told["next"]]
            stop = str(told["stop"])
        except (ValueError, KeyError, TypeError):
            self.watch.log("strange answer", answer[:80])
            self._say("strange")
            return
        if rows:
            self._list(stop, sorted(rows, key=lambda row: row[2]))
        else:
            self._say("nothing")

    def _list(self, stop: str, rows: "list[tuple[str, str, int]]") -> None:
        self.clear()
        ui, margin = self.ui, self.ui.metrics.margin
        stop_y, y, pitch, most, _, _, _ = _LAYOUT[ui.metrics.panel]
        self.add(Label(ui, ui.caption_font, margin, stop_y, ui.width - 2 * margin, stop, GREY))
        for number, to, minutes in rows[:most]:
            self._add_row(number, to, minutes, y, pitch)
            y += pitch

    def _add_row(self, number: str, to: str, minutes: int, y: int, high: int) -> None:
        """A badge, where it goes in at most two lines, and when."""
        ui, margin, gap = self.ui, self.ui.metrics.margin // 2, self.ui.metrics.gap
        badge_w, badge_h, time_w = _LAYOUT[ui.metrics.panel][4:]
        small = ui.caption_font
        self.add(Box(margin, y + (high - badge_h) // 2, badge_w, badge_h, gap, AMBER))
        self.add(Label(ui, small, margin, y + (high - small.line_height) // 2, badge_w, number, BLACK, CENTRE))
        x = margin + badge_w + 2 * gap
        said = _two_lines(small, to, ui.width - margin - time_w - x)
        top = y + (high - len(said) * small.line_height) // 2
        for words in said:
            self.add(Label(ui, small, x, top, ui.width - margin - time_w - x, words, WHITE, LEFT))
            top += small.line_height
        self._add_time(minutes, ui.width - margin - time_w, y, time_w, high)

    def _add_time(self, minutes: int, x: int, y: int, w: int, high: int) -> None:
        """Minutes as long as they are few; else the time of day."""
        ui, words = self.ui, self._words
        unit = words.get("minutes") if 0 < minutes < _HOUR_MIN else ""
        shown = str(minutes) if unit else words.get("now")
        if minutes >= _HOUR_MIN:
            shown = words.time(self._clock.minutes + minutes)
        large, small = ui.body_font, ui.caption_font
        unit_w = line(small, unit).width + ui.metrics.gap if unit else 0
        if line(large, shown).width + unit_w > w:
            large = small
        self.add(Label(ui, large, x, y + (high - large.line_height) // 2, w - unit_w, shown, WHITE, RIGHT))
        self.add(Label(ui, small, x, y + (high - small.line_height) // 2, w, unit, GREY, RIGHT))


def _two_lines(font: "Font", text: str, width: int) -> "list[str]":
    """A name in as many lines as it needs, two at most; the second one is cut where it is too long."""
    if line(font, text).width <= width:
        return [text]
    gap = " " if " " in text else ""
    rest = text.split() if gap else list(text)
    first = ""
    while rest and line(font, first + rest[0]).width <= width:
        first += rest.pop(0) + gap
    return [first, gap.join(rest)] if first else [text]
