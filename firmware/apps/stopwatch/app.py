"""Counts on while the app is closed: the time is kept by the watch, the app only shows it."""

from micropython import const

from watch.apps.api import GREY, LEFT, RIGHT, TICK, WHITE, App, Label, icons

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Watch

_LAYOUT = {
    # y of the time, of the newest lap, laps shown, edge of the laps, y and height of the keys, width of a key, gap
    "large": (84, 208, 4, 56, 372, 96, 148, 18),
    "small": (8, 84, 3, 20, 162, 70, 104, 8),
}
_RUNNING_MS, _RESTING_MS = const(100), const(1000)
_MS_PER_TENTH = const(100)
_MS_PER_S = const(1000)
_S_PER_MIN = const(60)
_S_PER_H = const(3600)


def figures(ms: int) -> str:
    """A span as minutes, seconds and tenths; as hours, minutes and seconds from one hour on."""
    seconds = ms // _MS_PER_S
    if seconds >= _S_PER_H:
        return "%d:%02d:%02d" % (seconds // _S_PER_H, seconds // _S_PER_MIN % 60, seconds % 60)
    return "%02d:%02d.%d" % (seconds // _S_PER_MIN, seconds % 60, ms % _MS_PER_S // 100)


class StopwatchApp(App):
    """Right key: start and stop. Left key: a lap while it runs, back to zero while it does not."""

    def open(self, watch: "Watch") -> None:
        """Show what has been counted."""
        ui = self.ui
        self._watch = watch.timers.stopwatch
        y, lap_y, count, edge, key_y, key_h, key_w, gap = _LAYOUT[ui.metrics.panel]
        margin = ui.metrics.margin
        self._time = self.add(Label(ui, ui.figures_font, margin, y, ui.width - 2 * margin, "", WHITE))
        self._laps = []
        self._tenths = -1
        for place in range(count):
            top = lap_y + place * ui.caption_font.line_height
            width = ui.width // 2 - edge
            name = self.add(Label(ui, ui.caption_font, edge, top, width, "", GREY, LEFT))
            time = self.add(Label(ui, ui.caption_font, ui.width // 2, top, width, "", WHITE, RIGHT))
            self._laps.append((name, time))
        left = (ui.width - 2 * key_w - gap) // 2
        self._left = self.button("left", left, key_y, key_w, key_h, self._lap, icon=icons.MEDIUM + icons.FLAG)
        self._right = self.button("right", left + key_w + gap, key_y, key_w, key_h, self._toggle, face=ui.accent)
        self._show_keys()
        self._show_laps()
        self.tick(0)

    def tick(self, now: int) -> None:
        """Show the time, if it has changed."""
        tenths = self._watch.elapsed_ms() // _MS_PER_TENTH
        if tenths != self._tenths:
            self._tenths = tenths
            self._time.set(figures(tenths * _MS_PER_TENTH))

    def _toggle(self) -> None:
        watch = self._watch
        if watch.running:
            watch.stop()
        else:
            watch.start()
        self.watch.haptics.play(TICK)
        self._show_keys()
        self.tick(0)

    def _lap(self) -> None:
        watch = self._watch
        if watch.running:
            watch.lap()
        else:
            watch.reset()
        self.watch.haptics.play(TICK)
        self._show_laps()
        self.tick(0)

    def _show_keys(self) -> None:
        running = self._watch.running
        self._right.show("", icons.MEDIUM + (icons.PAUSE if running else icons.PLAY), self.ui.accent)
        self._left.show("", icons.MEDIUM + (icons.FLAG if running else icons.AGAIN))
        self.pace(_RUNNING_MS if running and not self.ui.reduced_motion else _RESTING_MS)

    def _show_laps(self) -> None:
        """The newest laps, each with its own length."""
        laps = self._watch.laps
        for place, (name, time) in enumerate(self._laps):
            number = len(laps) - place
            if number > 0:
                before = laps[number - 2] if number > 1 else 0
                name.set(self.watch.text.get("lap", number))
                time.set(figures(laps[number - 1] - before))
            else:
                name.set("")
                time.set("")
