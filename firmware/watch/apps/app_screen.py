"""The screen that holds one app: it starts it, passes on what the wearer does, and ends it, whatever it does.

Every call into the app is a turn of `limits.Turn`, and is made only while its owner says that the app may run. What the
app raises, of whatever class, ends the app and not the watch. The same bracket stands in `draw`, `tick`, `finger` and
`_call`: the first three must not allocate, which arguments by number or a bound method would do.
"""

import micropython
from micropython import const

from watch.apps import crash, loader
from watch.apps.fuel import OutOfFuel
from watch.apps.held_button import REPEAT_MS, HeldButton
from watch.apps.limits import FUEL, Turn
from watch.apps.owner import Owner, Place
from watch.kernel.errors import AppError, InputError, StorageError
from watch.ui import image
from watch.ui.screen import Screen
from watch.ui.widget import Widget

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from watch.apps.api import App
    from watch.apps.capabilities import Watch
    from watch.apps.shelf.manifest import Manifest
    from watch.ui.canvas import Canvas
    from watch.ui.context import Ui
    from watch.ui.picture import Picture
    from watch.ui.screen import AnyWidget, Target

MOST_WIDGETS = const(96)
MOST_TARGETS = const(48)
_TICK_MS = (50, 1000)  # most and least often


class AppScreen(Screen):
    """Runs one app while it is in front. Covered, it ends; in front again, it starts anew.

    Args:
        ui: the shared context.
        manifest: of the app.
        owner: who is asked and told.
    """

    watch: "Watch"
    """What the app was granted, while it runs."""
    foreign = False
    """True for an app of a third party, which runs in the state of that name."""
    hidden = False
    """True for an app that works in the background, which nobody sees."""
    fuel = FUEL
    """Units that a call of it may use."""

    def __init__(self, ui: "Ui", manifest: "Manifest", owner: Owner) -> None:
        super().__init__(ui)
        self.name = "app-" + manifest.id
        self.manifest = manifest
        self._owner = owner
        self._app: "Optional[App]" = None
        self._granted = self._crashed = False
        self._turn = Turn(owner.limits, manifest.id, self.fuel)
        self._later: "list[Callable[[], None]]" = []
        self._broken: "Optional[BaseException]" = None
        self._finger, self._pace_ms = HeldButton(), _TICK_MS[1]

    @property
    def running(self) -> bool:
        """True while the app lives."""
        return self._app is not None

    def add(self, widget: "AnyWidget") -> "AnyWidget":
        """As `Screen.add`. Raises InputError for what is no widget, and when there are too many."""
        if not isinstance(widget, Widget) or len(self.widgets) >= MOST_WIDGETS:
            raise InputError("a page has at most %d widgets" % MOST_WIDGETS)
        Screen.add(self, widget)
        widget.mark()
        return widget

    def target(self, name: str, x: int, y: int, w: int, h: int, action: "Callable[[], None]") -> "Target":
        """As `Screen.target`. Raises InputError for what is no place on a screen, and when there are too many."""
        if type(name) is not str or not callable(action) or any(type(one) is not int for one in (x, y, w, h)):
            raise InputError("a place to touch has a name, four whole numbers and an action")
        if len(self.targets()) >= MOST_TARGETS:
            raise InputError("too many targets")
        return Screen.target(self, name, x, y, w, h, action)

    def clear(self) -> None:
        """As `Screen.clear`; no button is pressed any more, and no finger is followed."""
        Screen.clear(self)
        self.follows_finger = False
        self._finger.forget()
        self._let_go()

    def picture(self, name: str) -> "Picture":
        """A picture of the bundle, for this panel. Raises InputError if there is none of that name."""
        if type(name) is not str:
            raise InputError("a picture has a name")
        try:
            return image.parse(self._owner.picture(self, name), self.ui.large)
        except (AppError, StorageError):
            raise InputError("no picture " + name)

    def second_button(self, down: bool) -> None:
        """Tell the app."""
        if self._app is not None:
            self._answer(self._app.second_button, down)

    def pace(self, tick_ms: int) -> None:
        """Call the app's `tick` this often, as far as an app may ask for it. Raises InputError for no whole number."""
        if type(tick_ms) is not int:
            raise InputError("a pace is a whole number of milliseconds")
        self._pace_ms = min(max(tick_ms, _TICK_MS[0]), _TICK_MS[1])
        if self._finger.target is None:
            self.tick_ms = self._pace_ms

    def open(self) -> None:
        """Start the app, unless its crash card waits to be read."""
        if not self._crashed:
            self._owner.enter(self)
            self._begin()

    def close(self) -> None:
        """End the app."""
        try:
            self.end()
        finally:
            self._owner.rest(self)

    def end(self) -> None:
        """End the app in good order, if it runs; its memory comes back. One that may not run now is not asked."""
        app, self._app = self._app, None
        if app is None:
            return
        error, self._broken = self._broken, None
        if error is None and self._owner.allows(self):
            error = self._call(app.close)[0]
        if error is not None:
            self._owner.failed(self, error)  # it goes anyway; that it failed counts against it
        self._forget()

    def afterwards(self, work: "Callable[[], None]") -> None:
        """Do something of the system once no code of the app is under way; at once if none is."""
        if self._turn.under_way():
            self._later.append(work)
        else:
            work()

    @micropython.native  # as bytecode its frame would come from the heap
    def draw(self, canvas: "Canvas") -> None:
        """Draw what falls into the window. What a widget of the app raises ends the app with the next tick."""
        if self._app is None:
            Screen.draw(self, canvas)  # the crash card is ours
        elif self._owner.allows(self):
            turn = self._turn
            turn.begin()
            try:
                Screen.draw(self, canvas)
            except BaseException as error:  # noqa: BLE001
                self._broken = error
            if turn.end() and self._broken is None:
                self._broken = OutOfFuel()

    def frame_done(self) -> None:
        """Look at the memory once for a whole picture, before anything else of the watch runs."""
        failed = None if self._app is None else self._turn.look()
        if failed is not None:
            self._fail(failed)

    @micropython.native  # as bytecode its frame would come from the heap
    def tick(self, now: int) -> None:
        """Let the app look at the time. Allocates nothing of its own."""
        app, failed = self._app, self._broken
        if failed is None and app is not None and self._owner.allows(self):
            turn = self._turn
            turn.begin()
            try:
                if self._finger.target is not None:
                    self._finger.repeat(now)
                if self._app is app:
                    app.tick(now)
            except BaseException as error:  # noqa: BLE001
                failed = error
            if turn.end() and failed is None:
                failed = OutOfFuel()
            if turn.guarded and failed is None:
                failed = turn.look()
            if failed is None and self._later:
                self._do_later()
        elif failed is None and not self._crashed:
            self._return()
        if failed is not None:
            self._fail(failed)

    def press(self, x: int, y: int) -> None:
        """Show which button was noticed, and tell the app."""
        if self._app is None:
            self._show_pressed(x, y)
        else:
            self._answer(self._press, self._app, x, y)

    def release(self) -> None:
        """Show that the finger is gone, and tell the app."""
        self._let_go()
        if self._app is None:
            self._finger.release()
        else:
            self._answer(self._release, self._app)

    @micropython.native  # as bytecode its frame would come from the heap
    def finger(self, down: bool, x: int, y: int) -> None:
        """Let the app follow the finger. Allocates nothing of its own."""
        app, failed = self._app, None
        if app is not None and self._owner.allows(self):
            turn = self._turn
            turn.begin()
            try:
                app.finger(down, x, y)
            except BaseException as error:  # noqa: BLE001
                failed = error
            if turn.end() and failed is None:
                failed = OutOfFuel()
            if turn.guarded and failed is None:
                failed = turn.look()
            if failed is not None:
                self._fail(failed)
            elif self._later:
                self._do_later()

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
            self._finger.hold(target, self.watch.time.ticks_ms())
            self.tick_ms = REPEAT_MS
            self._answer(self._show_pressed, x, y)
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
        self.afterwards(self._go)

    def texts(self) -> "list[str]":
        """As `Screen.texts`; widgets of the app are asked in a turn of it."""
        if self._app is None:
            return Screen.texts(self)
        found: "Any" = self._answer(Screen.texts, self)
        return found if isinstance(found, list) else []

    def _go(self) -> None:
        self._owner.left(self)

    def _begin(self) -> None:
        """Start the app if it may run now and does not yet."""
        if self._app is None and self._owner.allows(self):
            self._turn = Turn(self._owner.limits, self.manifest.id, self.fuel)
            self.clear()
            self._answer(self._start)
            if self.foreign and self._app is not None and self._owner.limits.short():
                self._fail(MemoryError())

    def _return(self) -> None:
        """Code of the app could not run until now: perhaps it can."""
        if self.shown:
            self.open()

    def _start(self) -> None:
        if self.foreign:
            self._turn.guard()
        made = self._owner.load(self)(Place(self))
        self.watch = self._owner.grant(self)
        self._granted = True
        self._app = made
        self.pace(made.tick_ms)
        made.open(self.watch)

    def _press(self, app: "App", x: int, y: int) -> None:
        self._show_pressed(x, y)
        app.press(x, y)

    def _release(self, app: "App") -> None:
        self._finger.release()
        app.release()

    def _show_pressed(self, x: int, y: int) -> None:
        self._finger.press(self.find(x, y))

    def _let_go(self) -> None:
        """No button is held; the app gets its own pace again."""
        if self._finger.target is not None:
            self._finger.target = None
            self.tick_ms = self._pace_ms

    def _answer(self, call: "Callable[..., Any]", *arguments: "Any") -> "Any":
        """Call into the app; what it raises, or costs too much, ends it. True also if it may not run now."""
        if not self._owner.allows(self):
            return True
        failed, result = self._call(call, *arguments)
        if failed is not None:
            self._fail(failed)
        else:
            self._do_later()
        return result

    def _call(self, call: "Callable[..., Any]", *arguments: "Any") -> "tuple[Optional[BaseException], Any]":
        """One turn of the app: what it failed with, and what it answered."""
        failed, result, turn = None, True, self._turn
        turn.begin()
        try:
            result = call(*arguments)
        except BaseException as error:  # noqa: BLE001
            failed = error
        if turn.end() and failed is None:
            failed = OutOfFuel()
        return turn.look() if failed is None else failed, result

    def _do_later(self) -> None:
        while self._later and not self._turn.under_way():
            self._later.pop(0)()

    def _fail(self, error: BaseException) -> None:
        """Put the crash card in place of the app. A person who stops the program by Ctrl-C is not its error."""
        if isinstance(error, KeyboardInterrupt):
            raise error
        self._app = self._broken = None
        self._crashed = True
        self._owner.limits.drop_ballast()  # whatever it failed with, it may have used up everything
        try:
            disabled = self._owner.failed(self, error)
            self._forget()
        finally:
            self._owner.rest(self)
        self.tick_ms = _TICK_MS[1]
        text, manifest = self.ui.text, self.manifest
        mark = self._owner.mark(manifest)
        if isinstance(error, MemoryError):
            mark.picture = None  # where memory was short nothing more is read
        crash.show(self, manifest.name(text.language), mark, crash.reason(text, error), disabled, self.leave)

    def _forget(self) -> None:
        """Drop what belonged to the app."""
        self.clear()
        del self._later[:]
        loader.forget(self.manifest.id)
        self._owner.withdraw(self)
        if self._granted:
            self._granted = False
            self.watch = None  # type: ignore[assignment] # deleting alone would keep it
            del self.watch
