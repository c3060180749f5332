"""The light of the screen: full, dim, off, or the always-on face; and what an input means while it is dark.

Wake is not unlock: a raised wrist shows the face, and nothing more. While the watch is locked the glass is deaf then
until a button is pressed. In water mode it is deaf until that mode ends. While a touch could mean nothing, not even
that it should be light, the touch controller sleeps.
"""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.kernel.power import Usage, WakeLocks

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from board.ports import Display, Touch
    from watch.kernel.clock import Clock
    from watch.storage.settings import Settings
    from watch.ui.stack import Stack

FULL, DIM, OFF, ALWAYS = "full", "dim", "off", "always-on"
"""States. In the last two the screen is dark: an input only wakes it."""
BUTTON, TOUCH, RAISE, CHARGER, ATTENTION = "button", "touch", "raise", "charger", "attention"
"""What wakes it. ATTENTION is news for the wearer: what became of a tap, a question, a notification."""

HOME_MS = const(120_000)
"""After this time without an act of the wearer the face comes back."""
_DIM_MS = const(5000)  # warning before the light goes out: time to see it and touch
_TICK_MS = const(1000)  # a screen that is seen looks at the time once a second
_LONGEST_MS = const(86_400_000)  # security time must be looked at before ticks wrap, after 12 days
_MINUTE_S = const(60)
_LEVELS = const(255)  # of ports.Display.brightness
_DIM_SHARE = const(4)  # dim is a quarter of the wearer's brightness
_ALWAYS_LEVEL = const(20)  # 8 %: readable indoors


class Light:
    """One state machine for the light. The screen task lets it `tick`; whoever has news for the wearer calls `wake`."""

    def __init__(
        self, display: "Display", touch: "Touch", stack: "Stack", clock: "Clock", settings: "Settings"
    ) -> None:
        """Full light, as at boot."""
        self._display = display
        self._touch = touch
        self._stack = stack
        self._clock = clock
        self._settings = settings
        self.locks = WakeLocks(clock.ticks_ms)
        """Who keeps the light on."""
        self.usage = Usage(clock.ticks_ms)
        self.state = FULL
        self._act_ms = clock.ticks_ms()
        self._level = -1
        self._scanner = False
        self._deaf = False
        self._touch_rests = False
        self._press_woke = False
        self._claim = ""

    @property
    def dark(self) -> bool:
        """True while nobody is meant to look: off, or the always-on face."""
        return self.state == OFF or self.state == ALWAYS

    @property
    def deaf(self) -> bool:
        """True while a touch must not reach the screen in front."""
        return self._deaf or self.dark or self.wet

    @property
    def wet(self) -> bool:
        """True in water mode."""
        return self._settings.get("water_mode")

    def wake(self, reason: str, locked: bool = False) -> None:
        """Something asks for light. `locked`: the watch is, so a raised wrist may look and not touch."""
        if reason == RAISE and not self._settings.get("wake_on_raise"):
            return
        if reason == TOUCH and self.deaf and not self._touch_wakes():
            return
        if reason == BUTTON:
            self._press_woke = self._press_woke or self.dark
            self._deaf = False
        elif self.dark:
            self._deaf = reason == RAISE and locked
        self._act_ms = self._clock.ticks_ms()
        self._enter(FULL)

    def pressed(self, kind: str) -> bool:
        """True if a press of the button is to be acted on. A single press that found the screen dark only woke it."""
        woke, self._press_woke = self._press_woke, False
        return not (woke and kind == "single")

    def scanner(self, on: bool) -> None:
        """All the light there is, for a merchant's scanner, or the usual one."""
        self._scanner = on
        self._shine()

    def hold(self, owner: str, on: bool) -> None:
        """The owner needs the light on, or no longer; saying it twice changes nothing."""
        if self.locks.holds(owner) == on:
            return
        if on:
            self.locks.acquire(owner)
            self.wake(ATTENTION)
        else:
            self._act_ms = self._clock.ticks_ms()
            self.locks.release(owner)

    def left_open(self) -> bool:
        """True when the wearer has left a screen open long enough for the face to come back."""
        if self.locks.held():
            return False
        early = self.dark and self._settings.get("always_on")
        return early or self._age_ms() >= HOME_MS

    def tick(self) -> None:
        """Let time pass. Call it after the front screen has been drawn: what wakes is shown with its new picture."""
        self._follow_front()
        self._dim_front()
        if self.locks.held():
            self._act_ms = self._clock.ticks_ms()
            self._enter(FULL)
        else:
            self._enter(self._due())
        self._shine()
        self._rest_touch()
        self.usage.show(self._owner())

    def wait_ms(self) -> int:
        """How long nothing of the light needs a tick."""
        if not self.dark:
            return _TICK_MS
        wait_ms = _LONGEST_MS
        if self.state == ALWAYS:
            wait_ms = (_MINUTE_S - self._clock.display_s() % _MINUTE_S) * 1000
        if self._stack.top.name != "face" and self._age_ms() < HOME_MS:
            wait_ms = min(wait_ms, HOME_MS - self._age_ms())
        return wait_ms

    def _touch_wakes(self) -> bool:
        """True if a finger on the dark glass makes light; what touches a lit one that is deaf was not meant."""
        return self.dark and not self.wet and self._settings.get("wake_on_touch")

    def _rest_touch(self) -> None:
        """Let the touch controller sleep while it is dark and touching would not change that."""
        rests = self.dark and not self._touch_wakes()
        if rests == self._touch_rests:
            return
        try:
            self._touch.sleep(rests)
            self._touch_rests = rests
        except OSError:
            pass  # it is as it was, and the next tick asks again

    def _dim_front(self) -> None:
        """Let the face in front, which may be another one by now, show what is right for the light."""
        always = self.state == ALWAYS
        self._stack.top.dim(always)
        if always:
            self._stack.render()  # now: the next look at the time is a minute away

    def _follow_front(self) -> None:
        """The screen in front says by itself whether it needs the light."""
        claim = self._stack.top.keeps_light
        if claim != self._claim:
            before, self._claim = self._claim, claim
            if claim:
                self.locks.acquire(claim)
            if before:
                self.locks.release(before)

    def _due(self) -> str:
        """The state that the settings want by now. What is dark never lights up by time alone."""
        if not self.dark:
            left_ms = self._settings.get("screen_timeout_s") * 1000 - self._age_ms()
            if left_ms > 0:
                return FULL
            if left_ms > -_DIM_MS and self._settings.get("dim_before_off"):
                return DIM
        at_face = self._stack.top.name == "face"
        return ALWAYS if at_face and self._settings.get("always_on") else OFF

    def _age_ms(self) -> int:
        """Milliseconds since somebody did something. After six days ticks look like the future: then a long time."""
        age_ms = ticks_diff(self._clock.ticks_ms(), self._act_ms)
        return age_ms if age_ms >= 0 else HOME_MS

    def _enter(self, state: str) -> None:
        was, self.state = self.state, state
        if state == was:
            return
        if state == OFF:
            self._shine()
            self._stack.sleep(True)
            self._display.sleep(True)
        elif was == OFF:
            self._display.sleep(False)
            self._stack.sleep(False)
        self._dim_front()

    def _shine(self) -> None:
        """Bring the panel to the brightness of the state."""
        level = self._wanted()
        if level != self._level:
            self._level = level
            self._display.brightness(level)

    def _wanted(self) -> int:
        usual = self._settings.get("brightness_percent") * _LEVELS // 100
        if self.state == FULL:
            return _LEVELS if self._scanner else usual
        if self.state == DIM:
            return usual // _DIM_SHARE
        return _ALWAYS_LEVEL if self.state == ALWAYS else 0

    def _owner(self) -> str:
        """Who uses the screen: the name of what is in front."""
        if self.state == OFF:
            return ""
        return ALWAYS if self.state == ALWAYS else self._stack.top.name
