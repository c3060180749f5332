"""Departures: what leaves from a stop, asked through the phone.

Shows the web, JSON that may be anything, and a page for each thing that can go wrong.
"""

from micropython import const

from watch.apps.api import AMBER, GREY, LEFT, RIGHT, WHITE, App, Label, Paragraph, parse_json

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

_ADDRESS = "https://departures.example/v1/stops/harbour"
"""Answers {"stop": "Harbour", "next": [{"line": "4", "to": "Airport", "min": 3}, ...]}."""
_AGAIN_MS = const(30_000)
_LAYOUT = {
    # y of the stop, y of the first line, height of a line, how many, width of line number and minutes
    "large": (56, 122, 62, 5, 70, 100),
    "small": (6, 42, 38, 5, 40, 64),
}


class Departures(App):
    """The next five, asked for anew every half a minute."""

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
        stop_y, y, high, most, line_w, minutes_w = _LAYOUT[ui.metrics.panel]
        self.add(Label(ui, ui.caption_font, margin, stop_y, ui.width - 2 * margin, stop, GREY))
        wide = ui.width - 2 * margin
        for line, to, minutes in rows[:most]:
            left = self._words.get("minutes", minutes)
            self.add(Label(ui, ui.body_font, margin, y, line_w, line, AMBER, LEFT))
            self.add(Label(ui, ui.body_font, margin + line_w, y, wide - line_w - minutes_w, to, WHITE, LEFT))
            self.add(Label(ui, ui.body_font, margin + wide - minutes_w, y, minutes_w, left, WHITE, RIGHT))
            y += high
