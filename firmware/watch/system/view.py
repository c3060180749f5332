"""What is in front of the wearer: the face at the bottom, a flow above it, results that close by themselves."""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.kernel.errors import WatchError
from watch.screens import message
from watch.system import light as lights

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.kernel.clock import Clock
    from watch.system.feel import Feel
    from watch.system.light import Light
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui
    from watch.ui.screen import Screen
    from watch.ui.stack import Stack

_RESULT_MS = const(30_000)  # how long a result stays before the face comes back
_ABOVE_APP_MS = const(6_000)  # above an app, whose wearer wants to go on: long enough to read an amount and a name
_APP = "app-"
"""How the names of apps' screens begin."""

TICK, SUCCESS, FAILURE, ATTENTION = const(0), const(1), const(2), const(3)  # patterns of ports.Haptics


class View:
    """The screen stack as flows use it, and the motor that goes with it."""

    def __init__(
        self,
        ui: "Ui",
        stack: "Stack",
        clock: "Clock",
        light: "Light",
        haptics: "Optional[Feel]",
    ) -> None:
        self.ui = ui
        self._light = light
        self._stack = stack
        self._clock = clock
        self._haptics = haptics
        self._result: "Optional[Screen]" = None
        self._result_ms = 0
        self._above_app = False
        """The latest result lies above an app."""
        self._opened_ms = 0
        ui.bump = self._bump
        self.aside: "Callable[[], None]" = _nothing
        """Ends what a third party runs in front, for a flow that begins now and will cover it."""

    @property
    def name(self) -> str:
        """Name of the screen in front."""
        return self._stack.top.name

    @property
    def top(self) -> "Screen":
        """The screen in front."""
        return self._stack.top

    def ground(self, screen: "Screen") -> None:
        """Put the face at the bottom, beneath what is in front."""
        self._stack.ground(screen)

    def home(self) -> None:
        """Back to the face."""
        self._result = None
        self._stack.home()

    def front(self, screen: "Screen") -> None:
        """Put a screen directly above the face; a flow begins."""
        self._result = None
        self._light.wake(lights.ATTENTION)
        self._opened_ms = self._clock.ticks_ms()
        self._stack.front(screen)

    def only(self, screen: "Screen") -> None:
        """Take away what lies between the face and the screen in front."""
        if not self._stack.is_lowest(screen):
            self._stack.front(screen)

    def deeper(self, screen: "Screen") -> None:
        """Put a screen above the one in front, to come back to. Whoever opens one wants it to be seen."""
        self._light.wake(lights.ATTENTION)
        self._opened_ms = self._clock.ticks_ms()
        self._stack.push(screen)

    def age_ms(self) -> int:
        """Milliseconds since a screen was opened last: what is touched too soon was meant for the one before."""
        return ticks_diff(self._clock.ticks_ms(), self._opened_ms)

    def at_rest(self) -> bool:
        """True while the wearer is in the middle of nothing: the face, or news or a result that goes away by itself."""
        return self.name in ("face", "news") or (self._result is not None and not self._above_app)

    def back(self) -> None:
        """One screen back."""
        self._stack.pop()

    def close(self, screen: "Screen") -> None:
        """Take this screen away, wherever it is."""
        self._stack.close(screen)

    def screens(self) -> "list[Screen]":
        """All that are open, the lowest first."""
        return self._stack.screens()

    def holds(self, screen: "Screen") -> bool:
        """True while a screen is open, whatever lies above it."""
        return self._stack.holds(screen)

    def modal(self, screen: "Screen") -> None:
        """Put a screen above everything, for good or until it is closed."""
        self._light.wake(lights.ATTENTION)
        self._stack.modal(screen)

    def result(self, screen: "Screen") -> None:
        """Show what became of something; it goes away by itself, and the face is there again, or the app there was."""
        screen.keeps_light = "outcome"
        if self.name.startswith(_APP) or (self._above_app and self.shows_result):
            self._result_above_app(screen)
            return
        self.front(screen)
        self._note_result(screen)

    def result_above(self, screen: "Screen") -> None:
        """Show what became of something above the page on which it began; it goes away by itself, back to there."""
        screen.keeps_light = "outcome"
        self.deeper(screen)
        self._note_result(screen)

    def _result_above_app(self, screen: "Screen") -> None:
        """In place of the result that is there already: the app beneath would start for a moment."""
        if self.shows_result:
            self._light.wake(lights.ATTENTION)
            self._stack.replace(screen)
        else:
            self.deeper(screen)
        self._note_result(screen)
        self._above_app = True

    def _note_result(self, screen: "Screen") -> None:
        self._result, self._above_app = screen, False
        self._result_ms = self._clock.ticks_ms()

    @property
    def shows_result(self) -> bool:
        """True while a result is in front."""
        return self._result is not None and self._stack.top is self._result

    def result_age_ms(self) -> int:
        """Milliseconds since the latest result came up."""
        return ticks_diff(self._clock.ticks_ms(), self._result_ms)

    def close_result(self) -> None:
        """Take the result away, if one is shown."""
        if self._result is not None:
            self._stack.close(self._result)
            self._result = None

    def close_old_result(self) -> None:
        """Take the result away once it has been there long enough."""
        if self.result_age_ms() >= (_ABOVE_APP_MS if self._above_app else _RESULT_MS):
            self.close_result()

    def error(self, code: str) -> None:
        """Say what happened and what to do; `code` of a WatchError, or a result of a tap."""
        self.result(message.error(self.ui, code, self.close_result))

    def done(self, work: "Callable[[], None]") -> bool:
        """Do something that may fail; if it does, the wearer is told."""
        try:
            work()
        except WatchError as error:
            self.error(error.code)
            return False
        return True

    def play(self, pattern: int) -> None:
        """Let the watch be felt."""
        if self._haptics is not None and not self._would_be_heard(pattern):
            self._haptics.play(pattern)

    def ring(self, pattern: int) -> None:
        """Let the watch be felt, also when it is silent."""
        if self._haptics is not None and not self._would_be_heard(pattern):
            self._haptics.ring(pattern)

    def _would_be_heard(self, pattern: int) -> bool:
        """True for a call or an alarm that rings on while its wearer speaks to it."""
        return pattern == ATTENTION and self._stack.top.listens

    def _bump(self) -> None:
        self.play(TICK)

    @property
    def canvas(self) -> "Canvas":
        """What every screen is drawn on."""
        return self._stack.canvas

    def bright(self, on: bool) -> None:
        """Full light for a scanner, or the usual one."""
        self._light.scanner(on)

    def tick(self) -> None:
        """Let the front screen look at the time, and draw."""
        self._stack.tick(self._clock.ticks_ms())

    def breathe(self) -> None:
        """Between two pieces of work that take long: let a reader in that has come."""
        self._stack.breathe()

    def render(self) -> None:
        """Draw what changed."""
        self._stack.render()


def _nothing() -> None:
    """No third party runs."""
