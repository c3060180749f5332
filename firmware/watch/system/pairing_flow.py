"""Pairing as the wearer sees it: what is it, the watch can be found, six digits (see `Consent`), paired or why not.

The watch can be found for as long as this flow goes on, and no longer: a cancel, another screen, a lock, a payment or
two minutes end it.
"""

from micropython import const

from watch.ble.pairing import WINDOW_MS
from watch.ble.roles import ROLES
from watch.screens import pairing_open
from watch.screens.marks import marked
from watch.screens.rows import RowsScreen
from watch.system.view import FAILURE, SUCCESS, TICK
from watch.ui.dial import TICKS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.screens.pairing_open import PairOpenScreen
    from watch.system.pairing_desk import PairingDesk
    from watch.system.radio import Bluetooth
    from watch.system.services import Services
    from watch.system.view import View


class PairingFlow:
    """One device at a time.

    Args:
        view: where the screens come up.
        services: the tag that tells a phone how to reach the watch, and the state of the watch.
        bluetooth: what pairs.
    """

    def __init__(self, view: "View", services: "Services", bluetooth: "Bluetooth") -> None:
        self._view, self._tag, self._bluetooth = view, services.tag, bluetooth
        self._screen: "Optional[PairOpenScreen]" = None
        """What shows that the watch can be found."""
        self._roles: "Optional[RowsScreen]" = None
        """The choice beneath it."""
        services.guard.listen(self._state_changed)

    def choose(self) -> None:
        """Ask what the new device is: that decides what it may do, for as long as the watch knows it."""
        if not self._bluetooth.may_pair():
            self._view.result_above(pairing_open.failed(self._view.ui, "airplane", self._view.close_result))
            return
        text = self._view.ui.text.get
        rows = [
            marked(role, text("role." + role), text("role." + role + "-about"), what="role-" + role) for role in ROLES
        ]
        self._roles = RowsScreen(self._view.ui, "roles", text("bluetooth.role"), rows, self._open, self._view.back)
        self._view.deeper(self._roles)

    def tick(self) -> None:
        """To be called about once a second."""
        screen, desk = self._screen, self._bluetooth.pairing
        if screen is None or desk is None:
            return
        if desk.outcome:
            self._show_outcome(screen, desk)
        elif not self._view.holds(screen):
            self._stop()

    def _open(self, role: str) -> None:
        """Let the watch be found."""
        desk, name = self._bluetooth.pairing, self._bluetooth.name
        if desk is None or not self._bluetooth.may_pair():
            return
        desk.open(role)
        self._screen = pairing_open.PairOpenScreen(
            self._view.ui, name, role, lambda: desk.left_ms() * TICKS // WINDOW_MS, self._cancel
        )
        self._tag.pairing(True, name)
        self._view.deeper(self._screen)

    def _cancel(self) -> None:
        self._view.play(TICK)
        self._view.back()
        self._stop()

    def _stop(self) -> None:
        """The watch cannot be found any more."""
        self._screen = None
        self._tag.pairing(False)
        if self._bluetooth.pairing is not None:
            self._bluetooth.pairing.close()

    def _show_outcome(self, screen: "PairOpenScreen", desk: "PairingDesk") -> None:
        """Say how it ended, above the page where it began, unless the wearer has gone elsewhere."""
        seen, ui, done = self._view.holds(screen), self._view.ui, self._view.close_result
        self._stop()
        if not seen:
            return
        self._view.close(screen)
        if self._roles is not None:
            self._view.close(self._roles)
        if desk.bond is not None:
            self._view.play(SUCCESS)
            self._view.result_above(pairing_open.paired(ui, desk.bond.role, desk.bond.primary, done))
        else:
            self._view.play(FAILURE)
            self._view.result_above(pairing_open.failed(ui, desk.outcome, done))

    def _state_changed(self, old: str, new: str) -> None:
        """Nobody pairs with a watch that is shut or about to pay."""
        if self._screen is not None and not self._bluetooth.may_pair():
            self._view.close(self._screen)
            self._stop()
