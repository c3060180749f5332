"""Lock, passcode, erasing: what the wearer does with the watch itself."""

from micropython import const

from watch.kernel.errors import WatchError
from watch.payment.own_limit import CHOICES
from watch.screens.marks import marked
from watch.screens.question import QuestionScreen
from watch.screens.rows import Row, RowsScreen
from watch.system.view import SUCCESS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.system.apps.developers import DevelopersFlow
    from watch.system.services import Services
    from watch.system.unlocking import Unlocking
    from watch.system.view import View

_READ_MS = const(1000)  # a question has been on the screen this long before a touch answers yes
_ROWS = ("lock", "ask", "change", "developers", "wipe")


class Security:
    """The security menu. Everything in it but locking needs an open watch."""

    def __init__(
        self,
        view: "View",
        services: "Services",
        unlocking: "Unlocking",
        lock: "Callable[[], None]",
        developers: "DevelopersFlow",
    ) -> None:
        """`lock` ends the worn session and shows the face. `developers`: shows whom the watch trusts."""
        self._developers = developers
        self._view = view
        self._services = services
        self._unlocking = unlocking
        self._actions = {
            "lock": lock,
            "ask": self._ask_above,
            "change": unlocking.change,
            "developers": developers.open,
            "wipe": self._ask_wipe,
        }

    def open(self) -> None:
        """Show the menu, asking for the passcode first if the watch is locked."""
        if self._services.guard.unlocked():
            self._show()
        else:
            self._unlocking.ask(self._show)

    def _show(self) -> None:
        text = self._view.ui.text.get
        rows = [marked(key, text("security." + key), self._detail(key)) for key in _ROWS]
        self._view.front(
            RowsScreen(self._view.ui, "security", text("security.title"), rows, self._choose, self._view.home)
        )

    def _choose(self, key: str) -> None:
        self._actions[key]()

    def _detail(self, key: str) -> str:
        """What a row is set to."""
        if key == "ask":
            return self._asks()
        count = self._developers.count() if key == "developers" else 0
        return str(count) if count else ""

    def _asks(self, units: "Optional[int]" = -1) -> str:
        """From which amount the wearer is asked, in words: the present choice, or `units`."""
        text = self._view.ui.text.get
        if units == -1:
            units = self._services.wallet.own_limit.units
        if units is None:
            return text("ask.card")
        return text("ask.above", units) if units else text("ask.always")

    def _ask_above(self) -> None:
        choices: "dict[str, Optional[int]]" = {"none": None}
        choices.update({str(units): units for units in CHOICES})
        rows = [Row(key, self._asks(choices[key])) for key in sorted(choices, key=_least_first)]
        title = self._view.ui.text.get("security.ask")

        def choose(key: str) -> None:
            try:
                self._services.wallet.own_limit.choose(choices[key])
            except WatchError as error:
                self._view.error(error.code)
                return
            self._view.play(SUCCESS)
            self._show()

        self._view.deeper(RowsScreen(self._view.ui, "ask-above", title, rows, choose, self._view.back))

    def _ask_wipe(self) -> None:
        self._view.deeper(QuestionScreen(self._view.ui, "wipe", self._wipe, self._view.back))

    def _wipe(self) -> None:
        """Yes; unless it came too soon to be an answer: the row that was touched lies where the button is now."""
        if self._view.age_ms() < _READ_MS:
            return
        try:
            self._services.guard.wipe()
        except WatchError as error:
            self._view.error(error.code)  # the next start goes on with it


def _least_first(key: str) -> int:
    """Choices in order of amount, the card's own last."""
    return int(key) if key != "none" else CHOICES[-1] + 1
