"""Choose a length in big steps and start. The watch keeps the timer and rings, whether the app is open or not."""

from micropython import const

from watch.apps.api import FAINT, FREE, OVER, PAUSED, RUNNING, TICK, WHITE, App, Dial, Label, icons

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

_LAYOUT = {
    # y of figures while setting, while counting, y of upper and lower keys, height, width of two keys, gap
    "large": (66, 150, 186, 330, 116, 144, 24),
    "small": (2, 56, 70, 154, 80, 100, 12),
}
_STEPS_S = (
    (10, 20, 30, 45, 60, 90, 120, 180, 240, 300, 360, 420, 480, 540, 600, 720, 900, 1200, 1500, 1800, 2100, 2400, 2700)
    + (3000, 3600, 4500, 5400, 6300, 7200, 9000, 10800, 14400, 18000, 21600, 28800, 36000, 43200)
)  # fmt: skip
"""Lengths from ten seconds to half a day, each a fair step from the next."""
_FIRST = const(9)  # five minutes
_KEYS = {
    # state of the timer: what the key beside it is called, its picture
    RUNNING: ("pause", icons.PAUSE),
    PAUSED: ("continue", icons.PLAY),
    OVER: ("again", icons.AGAIN),
}
_NONE = const(-1)
_RING = const(60)  # ticks of the ring
_S_PER_H, _S_PER_MIN = const(3600), const(60)
_MS = const(1000)


def figures(seconds: int) -> str:
    """A span as minutes and seconds, with hours if there are any."""
    if seconds >= _S_PER_H:
        return "%d:%02d:%02d" % (seconds // _S_PER_H, seconds // _S_PER_MIN % 60, seconds % 60)
    return "%02d:%02d" % (seconds // _S_PER_MIN, seconds % 60)


class TimerApp(App):
    """One timer: being set, counting, paused or over."""

    tick_ms = 250

    def open(self, watch: "Watch") -> None:
        """Show the timer that runs, or let a new one be set."""
        self._timers = watch.timers
        self._step = watch.settings.get("step", _FIRST) % len(_STEPS_S)
        self._number = self._running(watch.settings.get("number", _NONE))
        if self._number == _NONE:
            self._number = self._started_elsewhere()
        self._build()

    def close(self) -> None:
        """Find the same length and the same timer again."""
        self.watch.settings.set("step", self._step)
        self.watch.settings.set("number", self._number)

    def tick(self, now: int) -> None:
        """Show what is left."""
        if self._number == _NONE:
            self._number = self._started_elsewhere()
            if self._number != _NONE:
                self._build()
        else:
            state = self._timers.places[self._number].state
            if state != self._shown:
                self._number = self._running(self._number)
                self._build()
            else:
                self._count()

    def _running(self, number: int) -> int:
        """The number, if it is that of a timer in use; timers end with a restart of the watch."""
        places = self._timers.places
        return number if 0 <= number < len(places) and places[number].state != FREE else _NONE

    def _started_elsewhere(self) -> int:
        """A timer without a text that runs: the wearer has asked for it by a word."""
        for place in self._timers.places:
            if place.state in (RUNNING, PAUSED) and not place.label:
                return place.number
        return _NONE

    def _build(self) -> None:
        self.clear()
        if self._number == _NONE:
            self._build_setting()
        else:
            self._build_counting()

    def _build_setting(self) -> None:
        ui = self.ui
        top, _, upper, lower, h, w, gap = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        self._figures = self.add(Label(ui, ui.figures_font, margin, top, ui.width - 2 * margin, "", WHITE))
        left = (ui.width - 2 * w - gap) // 2
        face = h * 3 // 4
        inset = (h - face) // 2
        self.button("less", left, upper + inset, w, face, self._less, icon=icons.MEDIUM + icons.MINUS, repeats=True)
        self.button(
            "more", left + w + gap, upper + inset, w, face, self._more, icon=icons.MEDIUM + icons.PLUS, repeats=True
        )
        whole = 2 * w + gap
        self.button(
            "start", left, lower + inset, whole, face, self._start, icon=icons.MEDIUM + icons.PLAY, face=ui.accent
        )
        self._figures.set(figures(_STEPS_S[self._step]))

    def _build_counting(self) -> None:
        ui = self.ui
        _, top, _, lower, h, w, gap = _LAYOUT[ui.metrics.panel]
        timer = self._timers.places[self._number]
        self._shown = timer.state
        self._left_s = -1
        margin = ui.metrics.margin
        self._ring = self.add(Dial(ui, ui.accent if timer.state == RUNNING else FAINT))
        self._figures = self.add(Label(ui, ui.figures_font, margin, top, ui.width - 2 * margin, "", WHITE))
        if timer.state == OVER:
            y = top + ui.figures_font.line_height
            self.add(Label(ui, ui.caption_font, margin, y, ui.width - 2 * margin, self.watch.text.get("over"), WHITE))
        left = (ui.width - 2 * w - gap) // 2
        face = h * 3 // 4
        y = lower + (h - face) // 2 - ui.metrics.gap * 2
        self.button("cancel", left, y, w, face, self._cancel, icon=icons.MEDIUM + icons.CROSS)
        name, picture = _KEYS[timer.state]
        self.button(name, left + w + gap, y, w, face, self._go, icon=icons.MEDIUM + picture, face=ui.accent)
        self._count()

    def _count(self) -> None:
        left_ms = self._timers.left_ms(self._number)
        left_s = (left_ms + _MS - 1) // _MS
        if left_s != self._left_s:
            self._left_s = left_s
            self._figures.set(figures(left_s))
        self._ring.set(left_ms // _MS * _RING // max(self._timers.places[self._number].total_s, 1))

    def _less(self) -> None:
        self._choose(max(self._step - 1, 0))

    def _more(self) -> None:
        self._choose(min(self._step + 1, len(_STEPS_S) - 1))

    def _choose(self, step: int) -> None:
        self._step = step
        self.watch.haptics.play(TICK)
        self._figures.set(figures(_STEPS_S[step]))

    def _start(self) -> None:
        self._number = self._timers.start(_STEPS_S[self._step], self.watch.text.get("label"))
        self._build()

    def _go(self) -> None:
        """Pause, go on, or once more."""
        {RUNNING: self._timers.pause, PAUSED: self._timers.resume, OVER: self._timers.again}[self._shown](self._number)
        self._build()

    def _cancel(self) -> None:
        self._timers.cancel(self._number)
        self._number = _NONE
        self._build()
