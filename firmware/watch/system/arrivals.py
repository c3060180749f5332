"""A notification has come: the watch is felt, lights up and shows a short card, unless the wearer is busy.

Wake is not unlock: of a locked watch the card says only which app it is from.
"""

from micropython import const

from watch.access import states
from watch.kernel.clock import ticks_diff
from watch.screens.news import NewsScreen
from watch.system.view import ATTENTION, TICK

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    from watch.services.notifications import Notification
    from watch.system.light import Light
    from watch.system.services import Services
    from watch.system.view import View
    from watch.ui.app_mark import AppMark
    from watch.ui.mixed import Pieces

    Words = tuple[str, str, str, int, Pieces, Optional[AppMark]]

CARD_MS = const(8000)
"""How long a card is shown."""
BUZZ_MS = const(5000)
"""The motor runs once in this time, however many come."""
_UPDATE_MS = const(1000)  # a card in a burst changes once a second: nobody reads faster


class Arrivals:
    """Looks at `Notifications.arrived`.

    Args:
        view: where the card is shown.
        services: what has come, and what the wearer wants to see of it.
        light: whether anybody looks.
        on_open: called with the id of the one to read.
        mark: what an app on the watch is known by, from its id.
    """

    def __init__(
        self,
        view: "View",
        services: "Services",
        light: "Light",
        on_open: "Callable[[int], None]",
        mark: "Callable[[str], AppMark]",
    ) -> None:
        self._view, self._services, self._light = view, services, light
        self._on_open, self._mark = on_open, mark
        self._screen: "Optional[NewsScreen]" = None
        self._number = 0
        """Id of the notification on the card."""
        self._seen = services.notifications.arrived
        self._before = 0
        """What had arrived before the one that brought the card."""
        self._since_ms = self._updated_ms = self._buzzed_ms = services.clock.ticks_ms()
        self._private = False
        """The card shows what only its wearer may see."""
        self._calm = True
        """Nothing has buzzed for so long that the next one may."""
        services.guard.listen(self._state_changed)

    def tick(self) -> None:
        """Announce what has come; take an old card away. To be called about once a second, and when one comes."""
        services = self._services
        if services.notifications.arrived != self._seen:
            self._view.breathe()
        now_ms = services.clock.ticks_ms()
        self._calm = self._calm or not 0 <= ticks_diff(now_ms, self._buzzed_ms) < BUZZ_MS
        if self._screen is not None:
            self._follow_card(self._screen, now_ms)
        state = services.guard.state
        if services.notifications.arrived == self._seen or state in states.PAYING:
            return
        if self._light.wet or state in states.BARRED:
            self._seen = services.notifications.arrived
        elif self._calm and self._screen is None:
            self._announce(now_ms)

    def _announce(self, now_ms: int) -> None:
        """With a card, unless the wearer is in the middle of something: then it is only felt."""
        if self._view.name == "face" or self._light.dark:
            self._buzz(ATTENTION, now_ms)
            self._show(now_ms)
        elif not self._view.at_rest():
            self._buzz(TICK, now_ms)
            self._seen = self._services.notifications.arrived

    def _buzz(self, pattern: int, now_ms: int) -> None:
        self._calm = False
        self._buzzed_ms = now_ms
        self._view.play(pattern)

    def _show(self, now_ms: int) -> None:
        notifications = self._services.notifications
        if not len(notifications):
            self._seen = notifications.arrived  # the phone has taken it back
            return
        self._before = self._seen
        app, title, text, more, pieces, mark = self._words()
        self._screen = NewsScreen(self._view.ui, app, title, text, more, self._open, self._close, pieces, mark)
        self._since_ms = now_ms
        self._view.deeper(self._screen)

    def _follow_card(self, screen: NewsScreen, now_ms: int) -> None:
        """Let the card go in time, or when the phone takes it back; let it show the newest."""
        notifications = self._services.notifications
        old = not 0 <= ticks_diff(now_ms, self._since_ms) < CARD_MS
        if old or self._view.top is not screen or notifications.find(self._number) is None:
            self._close()
        elif notifications.arrived != self._seen and ticks_diff(now_ms, self._updated_ms) >= _UPDATE_MS:
            screen.show(*self._words())

    def _words(self) -> "Words":
        """App, title, text, how many more, the text with its pictures, and whose it is; as far as all may see it."""
        services, text = self._services, self._view.ui.text.get
        note = services.notifications.at(0)
        self._number, self._seen = note.id, services.notifications.arrived
        self._updated_ms = services.clock.ticks_ms()
        more = self._seen - self._before - 1
        mark = self._mark(note.source) if note.local else None
        self._private = services.guard.unlocked()
        if not self._private:
            return "", note.app or text("notes.unnamed"), text("news.locked"), more, (), mark
        title = note.title or text("notes.unnamed")
        if services.settings.get("notifications") != "content":
            return _app(note), title, "", more, (), mark
        return _app(note), title, note.body, more, note.pieces, mark

    def _open(self) -> None:
        number = self._number
        self._close()
        self._on_open(number)

    def _close(self) -> None:
        if self._screen is not None:
            self._view.close(self._screen)
            self._screen = None

    def _state_changed(self, old: str, new: str) -> None:
        """An armed card is always on the screen; and what was shown to its wearer stays on no locked watch."""
        if new in states.UNDISTURBED or (new == states.LOCKED and self._private):
            self._close()


def _app(note: "Notification") -> str:
    """Which app, unless the title says it already."""
    return "" if note.app == note.title else note.app
