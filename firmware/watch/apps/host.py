"""The screen that holds one app: it starts it, passes on what the wearer does, and ends it, whatever it does."""

import micropython
from micropython import const

from watch.apps import crash, folders
from watch.kernel.clock import ticks_diff
from watch.kernel.errors import InputError
from watch.ui.screen import Screen

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from watch.apps.api import App
    from watch.apps.capabilities import Watch
    from watch.apps.manifest import Manifest
    from watch.ui.button import Button
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui
    from watch.ui.screen import AnyWidget, Target

MOST_WIDGETS = const(96)
MOST_TARGETS = const(48)
_TICK_MS = (50, 1000)  # most and least often
_REPEAT_MS = const(125)
"""Between two times that a held button acts."""
_LONGEST_NAME = const(40)  # characters of an error's class


class Owner:
    """Who runs apps: the system. What an `AppScreen` needs of it."""

    def grant(self, screen: "AppScreen") -> "Watch":
        """Make the object that the app is handed. Raises WatchError."""
        raise NotImplementedError

    def withdraw(self, screen: "AppScreen") -> None:
        """The app is gone: keep its settings, switch off what it switched on. Raises nothing."""
        raise NotImplementedError

    def failed(self, screen: "AppScreen", error: BaseException) -> bool:
        """The app raised. True if it may not run again until the next start. Raises nothing."""
        raise NotImplementedError

    def left(self, screen: "AppScreen") -> None:
        """The wearer wants to leave the app."""
        raise NotImplementedError


class AppScreen(Screen):
    """Runs one app while it is in front. Covered, it ends; in front again, it starts anew.

    Args:
        ui: the shared context.
        manifest: of the app.
        owner: who is asked and told.
    """

    watch: "Watch"
    """What the app was granted, while it runs."""

    def __init__(self, ui: "Ui", manifest: "Manifest", owner: Owner) -> None:
        super().__init__(ui)
        self.name = "app-" + manifest.id
        self.manifest = manifest
        self._owner = owner
        self._app: "Optional[App]" = None
        self._granted = self._crashed = False
        self._broken: "Optional[BaseException]" = None
        self._pressed: "Optional[Button]" = None
        self._held: "Optional[Target]" = None
        self._acted, self._pace_ms = 0, _TICK_MS[1]

    @property
    def running(self) -> bool:
        """True while the app lives."""
        return self._app is not None

    def add(self, widget: "AnyWidget") -> "AnyWidget":
        """As `Screen.add`. Raises InputError when there are too many."""
        if len(self.widgets) >= MOST_WIDGETS:
            raise InputError("too many widgets")
        Screen.add(self, widget)
        widget.mark()
        return widget

    def target(self, name: str, x: int, y: int, w: int, h: int, action: "Callable[[], None]") -> "Target":
        """As `Screen.target`. Raises InputError when there are too many."""
        if len(self.targets()) >= MOST_TARGETS:
            raise InputError("too many targets")
        return Screen.target(self, name, x, y, w, h, action)

    def clear(self) -> None:
        """As `Screen.clear`; no button is pressed any more, and no finger is followed."""
        Screen.clear(self)
        self.follows_finger = False
        self._pressed = None
        self._let_go()

    def pace(self, tick_ms: int) -> None:
        """Call the app's `tick` this often, as far as an app may ask for it."""
        self._pace_ms = min(max(tick_ms, _TICK_MS[0]), _TICK_MS[1])
        if self._held is None:
            self.tick_ms = self._pace_ms

    def open(self) -> None:
        """Start the app, unless its crash card waits to be read."""
        if self._app is None and not self._crashed:
            self.clear()
            self._answer(self._start)

    def close(self) -> None:
        """End the app."""
        self.end()

    def end(self) -> None:
        """End the app in good order, if it runs; its memory comes back."""
        app, self._app = self._app, None
        if app is None:
            return
        try:
            app.close()
        except BaseException as error:  # noqa: BLE001
            # It goes anyway; that it failed counts against it.
            self._owner.failed(self, _not_ours(error))
        self._forget()

    @micropython.native  # as bytecode its frame would come from the heap
    def draw(self, canvas: "Canvas") -> None:
        """Draw what falls into the window. What a widget of the app raises ends the app with the next tick."""
        try:
            Screen.draw(self, canvas)
        except BaseException as error:  # noqa: BLE001
            self._broken = _not_ours(error)

    @micropython.native  # as bytecode its frame would come from the heap
    def tick(self, now: int) -> None:
        """Let the app look at the time. Allocates nothing of its own."""
        if self._broken is not None:
            self._fail(self._broken)
        elif self._app is not None:
            try:
                if self._held is not None:
                    self._repeat(self._held, now)
                self._app.tick(now)
            except BaseException as error:  # noqa: BLE001
                self._fail(_not_ours(error))

    def press(self, x: int, y: int) -> None:
        """Show which button was noticed."""
        self._show_pressed(x, y)
        if self._app is not None:
            self._answer(self._app.press, x, y)

    def release(self) -> None:
        """Show that the finger is gone."""
        self._let_go()
        if self._pressed is not None:
            self._pressed.press(False)
            self._pressed = None
        if self._app is not None:
            self._answer(self._app.release)

    @micropython.native  # as bytecode its frame would come from the heap
    def finger(self, down: bool, x: int, y: int) -> None:
        """Let the app follow the finger. Allocates nothing of its own."""
        if self._app is not None:
            try:
                self._app.finger(down, x, y)
            except BaseException as error:  # noqa: BLE001
                self._fail(_not_ours(error))

    def tap(self, x: int, y: int) -> None:
        """Do what the target says, or ask the app."""
        target = self.find(x, y)
        if self._app is None:
            if target is not None:
                target.action()  # the crash card is ours
        elif target is not None:
            self._answer(target.action)
        else:
            self._answer(self._app.tap, x, y)

    def hold(self, x: int, y: int) -> None:
        """Let a button that repeats act until the finger is gone, or ask the app."""
        target = self.find(x, y)
        if self._app is None:
            return
        if target is not None and target.repeats:
            self._show_pressed(x, y)
            self._held, self._acted = target, self.watch.time.ticks_ms()
            self.tick_ms = _REPEAT_MS
        else:
            self._answer(self._app.hold, x, y)

    def swipe(self, direction: str) -> None:
        """Ask the app; a swipe to the right that it has no use for goes back."""
        used = self._app is not None and self._answer(self._app.swipe, direction)
        if not used and direction == "right":
            self.back()

    def back(self) -> None:
        """One page back in the app, or out of it."""
        if self._app is None or not self._answer(self._app.back):
            self._owner.left(self)

    def button(self, kind: str) -> None:
        """Leave: the way out that no app can close."""
        if kind == "single":
            self._owner.left(self)

    def leave(self) -> None:
        """The app, or its crash card, is done."""
        self._owner.left(self)

    def _start(self) -> None:
        made = folders.entry(self.manifest)(self)
        self.watch = self._owner.grant(self)
        self._granted = True
        self._app = made
        self.pace(made.tick_ms)
        made.open(self.watch)

    def _show_pressed(self, x: int, y: int) -> None:
        target = self.find(x, y)
        if target is not None and target.button is not None:
            self._pressed = target.button
            target.button.press(True)

    def _repeat(self, target: "Target", now: int) -> None:
        """Let a held button act, if it is time."""
        if ticks_diff(now, self._acted) >= _REPEAT_MS:
            self._acted = now
            target.action()

    def _let_go(self) -> None:
        """No button is held; the app gets its own pace again."""
        if self._held is not None:
            self._held = None
            self.tick_ms = self._pace_ms

    def _answer(self, call: "Callable[..., Any]", *arguments: "Any") -> "Any":
        """Call into the app; what it raises ends it."""
        try:
            return call(*arguments)
        except BaseException as error:  # noqa: BLE001
            self._fail(_not_ours(error))
            return True

    def _fail(self, error: BaseException) -> None:
        """Put the crash card in place of the app."""
        self._app = self._broken = None
        self._crashed = True
        disabled = self._owner.failed(self, error)
        self._forget()
        self.tick_ms = _TICK_MS[1]
        name = self.manifest.name(self.ui.text.language)
        crash.show(self, name, type(error).__name__[:_LONGEST_NAME], disabled, self.leave)

    def _forget(self) -> None:
        """Drop what belonged to the app."""
        self.clear()
        if self._granted:
            self._granted = False
            self._owner.withdraw(self)
            del self.watch
        folders.forget(self.manifest.id)


def _not_ours(error: BaseException) -> BaseException:
    """An error of the app. A person who stops the program by Ctrl-C is not one: that goes on."""
    if isinstance(error, KeyboardInterrupt):
        raise error
    return error
