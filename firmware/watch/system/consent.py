"""Puts the questions of others before the wearer, one at a time: pairing, apps, developers, updating.

A sheet waits while something is paid, typed or rung, and gives way when a payment begins. It is answered on an open
watch only: on a locked one a yes asks for the passcode first, and then once more. Some questions want the passcode on
an open watch as well.
"""

from micropython import const

from watch.access import states
from watch.screens.ask import AskSheet, grouped
from watch.screens.install import InstallSheet
from watch.screens.pairing import PairSheet
from watch.screens.update import ProgressScreen, UpdateSheet, ended
from watch.services.offers import ACCEPTED, REFUSED
from watch.services.update_news import DONE
from watch.system.view import ATTENTION, FAILURE, SUCCESS, TICK

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from board.ports import Power
    from watch.screens.sheet import Sheet
    from watch.services.offers import Offer
    from watch.system.services import Services
    from watch.system.unlocking import Unlocking
    from watch.system.view import View
    from watch.ui.screen import Screen

_LEAST_PERCENT = const(30)  # an update writes all of the flash at full speed; an empty battery would cut it short
_BUSY = ("boot", "passcode", "new-passcode", "ringing")
"""Screens that no question covers, besides those that keep the light on for what they show."""

_COVERED = ("pair-open", "installed", "enrolled")
"""Screens that keep the light on, and that a question covers all the same: they say how the one before it ended."""


class Consent:
    """Shows what waits in `Offers`, and hands the answer back. Nothing here waits: it looks once a second.

    Args:
        view: where sheets come up.
        services: what is asked.
        unlocking: asks for the passcode.
        power: whether there is enough of it for an update.
        wake: lets the screen task run soon.
    """

    def __init__(
        self, view: "View", services: "Services", unlocking: "Unlocking", power: "Power", wake: "Callable[[], None]"
    ) -> None:
        self._view, self._services, self._unlocking, self._power = view, services, unlocking, power
        self._makers = {"pair": self._pairing, "install": self._install, "update": self._update}
        self._makers.update(remove=self._remove, developer=self._developer)
        self._offer: "Optional[Offer]" = None
        """What the sheet asks."""
        self._proved: "Optional[Offer]" = None
        """The question for which the passcode was entered."""
        self._sheet: "Optional[Sheet]" = None
        self._charged = True
        self._progress: "Optional[ProgressScreen]" = None
        self._end: "Optional[Screen]" = None
        services.offers.listen(wake)
        services.update_news.listen(wake)
        services.guard.listen(self._state_changed)

    def tick(self) -> None:
        """To be called about once a second, and when something is asked."""
        offers = self._services.offers
        offers.tick()
        if self._sheet is not None and (offers.front() is not self._offer or self._charged != self._enough()):
            self._take_away()
        if self._sheet is None and self._end is None and len(offers) and self._free():
            self._ask()
        self._follow_update()

    def give_way(self) -> None:
        """The wearer wants to pay: what is asked waits."""
        self._take_away()
        self._close_end()

    def _free(self) -> bool:
        """True if a question may come up now; in water mode no finger could answer it.

        The screen that lets a device pair waits for just that.
        """
        top, services = self._view.top, self._services
        held = top.keeps_light and not top.name.startswith("app-") and top.name not in _COVERED
        blocked = services.guard.state in states.UNDISTURBED or services.settings.get("water_mode")
        return not blocked and top.name not in _BUSY and not held

    def _ask(self) -> None:
        offer = self._services.offers.front()
        if offer is not None:
            self._charged = self._enough()
            self._offer, self._sheet = offer, self._makers[offer.kind](offer)
            self._view.play(ATTENTION)
            self._view.modal(self._sheet)

    def _pairing(self, offer: "Any") -> "Sheet":
        ticks_ms = self._services.clock.ticks_ms
        return PairSheet(self._view.ui, offer.name, offer.digits, offer.role, ticks_ms, self._yes, self._no)

    def _install(self, offer: "Any") -> "Sheet":
        return InstallSheet(self._view.ui, offer, self._services.clock.ticks_ms, self._yes, self._no)

    def _remove(self, offer: "Any") -> "Sheet":
        return AskSheet(self._view.ui, "remove", offer.name, "", self._services.clock.ticks_ms, self._yes, self._no)

    def _developer(self, offer: "Any") -> "Sheet":
        ui, ticks_ms = self._view.ui, self._services.clock.ticks_ms
        step = "" if self._proved is offer else "first"
        return AskSheet(
            ui, "enrol", offer.name, grouped(offer.key_id), ticks_ms, self._yes, self._no, warns=True, step=step
        )

    def _update(self, offer: "Any") -> "Sheet":
        ui, ticks_ms = self._view.ui, self._services.clock.ticks_ms
        notes = ui.text.get("update.from", offer.before)
        if offer.development:
            notes += " " + ui.text.get("update.development")
        return UpdateSheet(ui, offer.version, offer.size, notes, self._charged, ticks_ms, self._yes, self._no)

    def _enough(self) -> bool:
        """True if an update may begin."""
        return self._power.charging() or self._power.percent() >= _LEAST_PERCENT

    def _yes(self) -> None:
        """What the sheet asks is agreed to; where the passcode is missing it is asked for, and then the sheet again."""
        offers, offer = self._services.offers, self._offer
        if offer is None:
            return
        self._take_away()
        if not self._services.guard.unlocked() or (offer.by_passcode and self._proved is not offer):
            self._unlocking.ask(lambda: self._prove(offer))
            return
        self._proved = None
        self._view.play(SUCCESS)
        offers.answer(offer, ACCEPTED)
        if offer.kind == "update":
            self._progress = ProgressScreen(self._view.ui, 0, self._leave_progress)
            self._view.deeper(self._progress)

    def _prove(self, offer: "Offer") -> None:
        """The passcode was entered for this question, which has a minute again."""
        self._proved = offer
        self._services.offers.longer(offer)
        self._view.home()

    def _no(self) -> None:
        offer = self._offer
        self._take_away()
        if offer is not None:
            self._view.play(TICK)
            self._services.offers.answer(offer, REFUSED)

    def _take_away(self) -> None:
        """The sheet goes; what it asked may still wait."""
        sheet, self._sheet, self._offer = self._sheet, None, None
        if sheet is not None:
            self._view.close(sheet)

    def _follow_update(self) -> None:
        """Show how far an update is, and how it ended."""
        news = self._services.update_news
        if news.result and self._end is None and self._free():
            self._leave_progress()
            self._show_end()
        elif self._progress is not None:
            self._progress.show(news.percent)

    def _show_end(self) -> None:
        news, view = self._services.update_news, self._view
        self._end = ended(view.ui, news.result, news.version, self._close_end)
        view.play(SUCCESS if news.result == DONE else FAILURE)
        view.modal(self._end)

    def _close_end(self) -> None:
        screen, self._end = self._end, None
        if screen is not None:
            self._view.close(screen)
            self._services.update_news.read()

    def _leave_progress(self) -> None:
        screen, self._progress = self._progress, None
        if screen is not None:
            self._view.close(screen)

    def _state_changed(self, old: str, new: str) -> None:
        """Nothing lies over a payment, and nothing over the screen of a lost or wiped watch."""
        if new in states.UNDISTURBED and old not in states.UNDISTURBED:
            self.give_way()
