"""What the watch shows while it erases itself, and then."""

from micropython import const

from watch.kernel.errors import WriteError
from watch.screens import message
from watch.screens.update import WipingScreen

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.system.services import Services
    from watch.system.unlocking import Spawn
    from watch.ui.context import Ui
    from watch.ui.screen import Screen


class WipeFlow:
    """Lies above all else until the watch starts anew."""

    def __init__(self, ui: "Ui", services: "Services", spawn: "Spawn", say: "Callable[[Screen], None]") -> None:
        """`say` shows a screen above all else, in the place of the last one."""
        self._ui = ui
        self._services = services
        self._spawn = spawn
        self._say = say

    def begin(self) -> None:
        """The state has changed; the vault is erased next."""
        reason = "passcode" if self._services.guard.tries_left() == 0 else "asked"
        if self._services.wiping.takes_long:
            screen = WipingScreen(self._ui, 0, _nothing)
            self._say(screen)
            self._spawn(self._finish(screen, reason))
        else:
            self._say(message.wiped(self._ui, reason, None))

    async def _finish(self, screen: WipingScreen, reason: str) -> None:
        try:
            await self._services.wiping.finish(screen.show)
        except WriteError as error:
            self._say(message.error(self._ui, error.code, None))
            raise
        self._say(message.wiped(self._ui, reason, None))


def _nothing() -> None:
    """There is nothing else to do meanwhile."""
