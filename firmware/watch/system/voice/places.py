"""What a word leads to that no key of the screen in front does: an app, the cards, the player of the phone.

Each place has a question, whether it can be gone to now, and a deed. The deeds are the ways that a finger goes, so a
locked watch asks for the passcode where it would ask a finger.
"""

from micropython import const

from watch.voice.vocabulary import DIGITS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.system.services import Services
    from watch.system.view import View

    Place = tuple[Callable[[], bool], Callable[[str], None]]

_APPS = {
    "timer": "timer",
    "stopwatch": "stopwatch",
    "alarm": "alarms",
    "weather": "weather",
    "music": "music",
    "phone": "phone",
}
"""Words and the apps that they open."""
_KEYS = {
    "next": "next",
    "previous": "previous",
    "pause": "pause",
    "continue": "play",
    "louder": "volumeup",
    "quieter": "volumedown",
}
"""Words and the keys of the phone's player."""
_S_PER_MIN = const(60)


class Places:
    """Every place, by name.

    Args:
        view: what is in front.
        services: the player, the telephone, the timers.
        open_app: opens an app by its id.
        ways: what opens `payment`, `wallet`, `balance`, `history` and `settings`.
        press: touches a target of the screen in front.
    """

    def __init__(
        self,
        view: "View",
        services: "Services",
        open_app: "Callable[[str], None]",
        ways: "dict[str, Callable[[], None]]",
        press: "Callable[[str], bool]",
    ) -> None:
        self._view, self._services, self._open_app, self._ways = view, services, open_app, ways
        calls, stopwatch = services.companion.calls, services.timers.stopwatch
        self._table: "dict[str, Place]" = {
            "back": (_always, lambda word: view.top.back()),
            "home": (_always, lambda word: view.home()),
            "minutes": (self._can_count, self._count),
            "answer": (self._can_answer, lambda word: self._tell(calls.accept)),
            "decline": (self._can_answer, lambda word: self._tell(calls.reject)),
            "run": (lambda: not stopwatch.running, lambda word: _touched(press("right"))),
            "halt": (lambda: stopwatch.running, lambda word: _touched(press("right"))),
        }
        self._table.update(dict.fromkeys(_APPS, (_always, self._open)))
        self._table.update(dict.fromkeys(_KEYS, (self._can_play, self._play)))
        self._table.update(dict.fromkeys(ways, (_always, self._go)))

    def can(self, name: str) -> bool:
        """True if a place can be gone to now. Raises KeyError for one that is not there."""
        return self._table[name][0]()

    def go(self, name: str, word: str) -> None:
        """Go there, because the wearer has said this word. Raises KeyError, WatchError."""
        self._table[name][1](word if name in ("minutes",) else name)

    def names(self) -> "list[str]":
        """All of them."""
        return list(self._table)

    def _open(self, word: str) -> None:
        self._open_app(_APPS[word])

    def _go(self, word: str) -> None:
        self._ways[word]()

    def _can_play(self) -> bool:
        """What plays is the wearer's own business: the app that shows it opens on an unlocked watch only."""
        return self._services.guard.unlocked() and self._services.phone.connected

    def _can_answer(self) -> bool:
        """Of a call that was silenced no key is left, so on a locked watch nobody answers it, by voice neither."""
        return self._services.guard.unlocked() and self._services.companion.calls.ringing

    def _play(self, word: str) -> None:
        if not self._services.music.command(_KEYS[word]):
            self._view.error("timeout")

    def _can_count(self) -> bool:
        """The timer is being set: it has a key that starts it."""
        return any(target[0] == "start" for target in self._view.top.targets())

    def _count(self, word: str) -> None:
        """So many minutes from now."""
        self._services.timers.start(DIGITS.index(word) * _S_PER_MIN)

    def _tell(self, answer: "Callable[[], bool]") -> None:
        if not answer():
            self._view.error("timeout")


def _always() -> bool:
    return True


def _touched(there: bool) -> None:
    """A key that was there when the word was allowed may have gone: then nothing happens."""
