"""The passcode: asked for, set, changed. Digits are checked in a task of their own, so that the screen stays alive."""

from micropython import const

from watch.crypto.scrub import zero
from watch.kernel.errors import LockedError, PasscodeError, WatchError, WipedError
from watch.screens import message
from watch.screens.passcode import NewPasscodeScreen, ReplacePasscodeScreen, UnlockScreen
from watch.system.view import FAILURE, SUCCESS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Coroutine

    from watch.system.services import Services
    from watch.system.view import View

    Spawn = Callable[[Coroutine[Any, Any, None]], object]


class Unlocking:
    """Brings up the passcode screens and goes on with what the passcode was asked for."""

    def __init__(self, view: "View", services: "Services", spawn: "Spawn") -> None:
        """`spawn` starts a coroutine as a task."""
        self._view = view
        self._services = services
        self._spawn = spawn

    def unlock_if_locked(self) -> None:
        """Ask for the passcode unless the watch is open."""
        if not self._services.guard.unlocked():
            self.ask(self._view.home)

    def ask(self, then: "Callable[[], None]") -> None:
        """Ask for the passcode, then go on with `then`."""

        def entered(code: bytearray) -> None:
            self._spawn(self._unlock(code, screen, then))

        screen = UnlockScreen(self._view.ui, entered, self._view.home, self._wait_s)
        self._view.front(screen)

    def first(self, failed: "Callable[[], None]") -> None:
        """Ask for the first passcode; `failed` is called before an error is shown."""

        def entered(code: bytearray) -> None:
            self._spawn(self._set(code, screen, failed))

        screen = NewPasscodeScreen(self._view.ui, entered, _nothing)
        self._view.front(screen)

    def change(self) -> None:
        """Ask for the old passcode, then for the new one."""
        view = self._view

        def old_entered(old: bytearray) -> None:
            def entered(old: bytearray, new: bytearray) -> None:
                self._spawn(self._change(old, new, screen))

            screen = ReplacePasscodeScreen(view.ui, old, entered, view.home)
            view.front(screen)

        view.front(UnlockScreen(view.ui, old_entered, view.home, self._wait_s, "passcode.old"))

    async def _unlock(self, code: bytearray, screen: UnlockScreen, then: "Callable[[], None]") -> None:
        guard = self._services.guard
        try:
            await guard.unlock(code)
            self._services.unlocked()
        except (PasscodeError, LockedError):
            self._view.play(FAILURE)
            screen.wrong(guard.tries_left())
        except WipedError:
            pass  # the guard's listener shows it
        except WatchError as error:
            self._view.error(error.code)
        else:
            self._view.play(SUCCESS)
            if self._view.top is screen:
                then()  # not for a wearer who has gone elsewhere meanwhile
        finally:
            zero(code)
            screen.again()

    async def _change(self, old: bytearray, new: bytearray, screen: ReplacePasscodeScreen) -> None:
        try:
            await self._services.guard.change_passcode(old, new)
            self._view.play(SUCCESS)
            self._view.result(message.passcode_changed(self._view.ui, self._view.close_result))
        except WatchError as error:
            self._view.play(FAILURE)
            self._view.error(error.code)
        finally:
            zero(old)
            zero(new)
            screen.again()

    async def _set(self, code: bytearray, screen: NewPasscodeScreen, failed: "Callable[[], None]") -> None:
        try:
            await self._services.guard.set_passcode(code)
            self._view.play(SUCCESS)
            self._view.home()
        except WatchError as error:
            failed()
            self._view.error(error.code)
        finally:
            zero(code)
            screen.again()

    def _wait_s(self) -> int:
        return (self._services.guard.wait_ms() + 999) // 1000


def _nothing() -> None:
    """A new watch cannot be used without a passcode: there is nowhere to go back to."""
