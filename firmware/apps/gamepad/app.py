"""The pages: no television, one that is away, the choice of a way to control, and the controls."""

from micropython import const

from watch.apps.api import (
    CENTRE,
    CHOSEN,
    GREY,
    PLAIN,
    TICK,
    WHITE,
    App,
    Icon,
    Label,
    Paragraph,
    Row,
    RowList,
    icons,
)

from .controls import Controls
from .layouts import WAYS
from .tilt import Tilt

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.apps.api import Watch

_CONNECTED = const(2)  # of `Gamepad.state`
_WORDS_OF = ("none", "away")  # the states before that
_TILT_MS, _CALM_MS = const(50), const(250)
"""How often the app looks: at how it is held, or only at whether the television is there."""
_IN_USE_MS = const(180_000)
"""A controller that is not touched or tilted for so long has been laid down: the light may go out."""
_PICTURES = {"stick": icons.GAME, "cross": icons.GAME, "tilt": icons.AGAIN, "remote": icons.TV, "player": icons.MUSIC}
_TINT = const(0x8C7BFF)
_FEELS = const(3)
_FEEL = "feel"
_NO_TV = {
    # y of the picture, of the headline, of what to do and its height
    "large": (62, 190, 246, 190),
    "small": (8, 82, 116, 116),
}


class GamepadApp(App):
    """Follows the television: controls are there only while it is."""

    tick_ms = _CALM_MS

    def open(self, watch: "Watch") -> None:
        """Show what is possible now."""
        self._gamepad, self._words = watch.gamepad, watch.text
        self._tilt = Tilt()
        self._tilt.feel = min(max(watch.settings.get("feel", 1), 0), _FEELS - 1)
        way = watch.settings.get("way", WAYS[0])
        self._way = way if way in WAYS else WAYS[0]
        self._controls: "Optional[Controls]" = None
        self._list: "Optional[RowList]" = None
        self._tilts = False
        self._used = watch.time.ticks_ms()
        self._state = self._gamepad.state
        self._show()

    def close(self) -> None:
        """Keep what was chosen. The system lets go of every button."""
        self.watch.settings.set("way", self._way)
        self.watch.settings.set("feel", self._tilt.feel)

    def tick(self, now: int) -> None:
        """Follow the television and the hand, and let the light go out when nobody plays."""
        state = self._gamepad.state
        if state != self._state:
            self._state = state
            self._show()
        elif self._controls is not None:
            if self._tilts:
                self._follow_hand(self._controls)
            if self.watch.time.since_ms(self._used) >= _IN_USE_MS:
                self._rest()

    def finger(self, down: bool, x: int, y: int) -> None:
        """Hand it to the controls, first of all."""
        if self._controls is not None:
            self._controls.finger(down, x, y)
            self._use()

    def swipe(self, direction: str) -> bool:
        """Turn the page of the choice."""
        return self._list is not None and self._list.swipe(direction)

    def back(self) -> bool:
        """From the choice back to the controls."""
        if self._list is None:
            return False
        self._show()
        return True

    def _use(self) -> None:
        """Somebody plays: the light stays on."""
        self._used = self.watch.time.ticks_ms()
        if self._controls is not None:
            self.watch.light.keep(True)
            self._tilts = self._way == "tilt"

    def _rest(self) -> None:
        """Nobody plays: the hand that carries the watch away must not steer."""
        self.watch.light.keep(False)
        self._gamepad.release()
        self._tilts = False

    def _show(self) -> None:
        """The page for the state of the television."""
        self._gamepad.release()
        self._list = self._controls = None
        self._tilts = False
        self.watch.light.keep(False)
        self.pace(_CALM_MS)
        if self._state != _CONNECTED:
            self._show_missing()
            return
        self._controls = Controls(self, self._way, self._own)
        if self._way == "tilt":
            self.pace(_TILT_MS)
            self._centre()
        self._use()

    def _follow_hand(self, controls: Controls) -> None:
        tilt = self._tilt
        if self._gamepad.acceleration(tilt.gravity) and tilt.measure():
            self._gamepad.tilt(tilt.across, tilt.down)
            if controls.knob is not None:
                controls.knob.move(tilt.across, tilt.down)
            self._use()

    def _centre(self) -> None:
        """As the watch is held now is the middle."""
        self._gamepad.acceleration(self._tilt.gravity)
        self._tilt.centre()
        self._gamepad.tilt(0, 0)

    def _own(self, key: str) -> None:
        """A key of the app itself."""
        self.watch.haptics.play(TICK)
        if key == "centre":
            self._centre()
            if self._controls is not None and self._controls.knob is not None:
                self._controls.knob.move(0, 0)
        else:
            self._choose_way()

    def _choose_way(self) -> None:
        self._gamepad.release()
        self._controls, self._tilts = None, False
        self.watch.light.keep(False)
        words = self._words
        rows = [
            Row(
                way,
                words.get(way),
                mark=CHOSEN if way == self._way else PLAIN,
                icon=_PICTURES[way],
                colour=_TINT,
            )
            for way in WAYS
        ]
        rows.append(Row(_FEEL, words.get(_FEEL), words.get("feel-%d" % self._tilt.feel)))
        self._list = RowList(self, words.get("title"), rows, self._take, "", WAYS.index(self._way))

    def _take(self, key: str) -> None:
        """A row of the choice."""
        self.watch.haptics.play(TICK)
        if key == _FEEL:
            self._tilt.feel = (self._tilt.feel + 1) % _FEELS
            self._way = "tilt"
        else:
            self._way = key
        self._show()

    def _show_missing(self) -> None:
        """No television: what to do."""
        self.clear()
        ui, words = self.ui, self._words
        icon_y, title_y, text_y, height = _NO_TV[ui.metrics.panel]
        name, margin = _WORDS_OF[self._state], ui.metrics.margin
        width = ui.width - 2 * margin
        picture = self.add(Icon(ui, icons.LARGE + icons.TV, 0, icon_y, GREY))
        picture.x = (ui.width - picture.w) // 2
        self.add(Label(ui, ui.body_font, margin, title_y, width, words.get(name), WHITE, CENTRE))
        fonts = (ui.caption_font,)
        self.add(Paragraph(ui, fonts, margin, text_y, width, height, words.get(name + "-do"), GREY, 5))
