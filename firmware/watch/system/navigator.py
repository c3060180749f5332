"""Where one starts, what the side button does, and what the passing time changes. Flows have files of their own."""

from micropython import const

from watch.access import states
from watch.screens.boot import BootScreen
from watch.screens.face import FaceScreen, FaceStatus
from watch.system.paying import Paying, card_face
from watch.system.unlocking import Unlocking
from watch.system.view import View

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from board.ports import Haptics, Motion, Power
    from watch.system.services import Services
    from watch.system.unlocking import Spawn
    from watch.ui.context import Ui
    from watch.ui.stack import Stack

_MINUTES_1970_TO_2000 = const(15_778_080)


class Navigator:
    """Holds the flows together. Screens only show and ask; decisions are made here and in the flows."""

    def __init__(
        self,
        ui: "Ui",
        stack: "Stack",
        services: "Services",
        power: "Power",
        motion: "Optional[Motion]",
        haptics: "Optional[Haptics]",
        spawn: "Spawn",
        wake: "Callable[[], None]",
    ) -> None:
        """Build on a stack and services.

        `spawn` starts a coroutine as a task; `wake` lets the screen task run soon.
        """
        self._ui = ui
        self._services = services
        self._power = power
        self._motion = motion
        self._wake = wake
        stack.listen(wake)
        self._view = View(ui, stack, services.clock, haptics)
        self._unlocking = Unlocking(self._view, services, spawn)
        self.paying = Paying(self._view, services, self._unlocking, self._show_active_card)
        """The witness of taps and notices."""
        self._status = FaceStatus()
        services.vault.listen(self._show_active_card)

    def start(self) -> None:
        """Show the face, or what has to be done before there can be one."""
        if self._services.guard.state == states.WIPING:
            self._unlocking.show_wiped()
            return
        face = FaceScreen(self._ui, self._status)
        face.target("face", 0, 0, self._ui.width, self._ui.height, self._unlocking.unlock_if_locked)
        self._show_active_card()
        self._update_status()
        self._view.ground(face)
        self._set_up()

    def tick(self) -> None:
        """To be called at least once a second."""
        self._update_status()
        services = self._services
        if self._view.name == "boot" and services.identity.provisioned():
            self._set_up()
        if self._motion is not None and self._motion.moving():
            services.guard.moved()
        if services.guard.check_session() is not None:
            self._view.home()
        self.paying.tick()
        self._view.tick()

    def button(self, kind: str) -> None:
        """The side button: a double press pays from anywhere, holding it locks; else the screen decides."""
        if kind == "double" and not self._services.wallet.armed:
            self.paying.pay()
        elif kind == "long" and self._services.guard.unlocked():
            self._lock()
        elif self._view.name == "face":
            self._unlocking.unlock_if_locked()
        else:
            self._view.top.button(kind)
        self._view.render()

    def _set_up(self) -> None:
        """Ask for what is still missing on a new watch: a manufacturer's certificate, then a passcode."""
        if not self._services.identity.provisioned():
            self._view.front(BootScreen(self._ui, "setup.do"))
        elif not self._services.guard.has_passcode():
            self._unlocking.first(self._set_up)
        else:
            self._view.home()

    def _update_status(self) -> None:
        services, status = self._services, self._status
        status.minutes = services.local_minutes() - _MINUTES_1970_TO_2000
        status.percent = self._power.percent()
        charging = self._power.charging()
        if charging and not status.charging:
            self._lock()  # nobody wears a watch on its charger
        status.charging = charging
        status.locked = not services.guard.unlocked()

    def _lock(self) -> None:
        """End the worn session, by hand or by the charger."""
        if self._services.guard.unlocked():
            self._services.guard.lock()
            self._view.home()

    def _show_active_card(self) -> None:
        token = self._services.wallet.active()
        self._status.card = None if token is None else card_face(token)
        if token is not None:
            self._ui.set_accent(token.accent)
        self._wake()
