"""From the screen in front to the words it takes now, and from one of these words to what it does there.

Whatever the words do, a finger could do: a word touches a key of the screen, or goes a way that a finger goes. Who may
say what on which screen is data: `masks`.
"""

from micropython import const

from watch.system.voice import masks
from watch.system.voice.places import Places

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.system.services import Services
    from watch.system.view import View
    from watch.system.voice.masks import Rule

_TURNS = ("half", "turn", "half")
"""Keys that show other keys, in the order in which they are tried for a digit."""


class Actions:
    """Knows the screen in front, and the places beside it."""

    def __init__(
        self,
        view: "View",
        services: "Services",
        open_app: "Callable[[str], None]",
        ways: "dict[str, Callable[[], None]]",
    ) -> None:
        """As for `Places`."""
        self._view = view
        self.places = Places(view, services, open_app, ways, self.press)

    def words(self) -> "tuple[str, ...]":
        """What one may say now, in the order of the table."""
        found: "list[str]" = []
        for rule in self._rules():
            if rule[0] not in found and self._possible(rule):
                found.append(rule[0])
        return tuple(found)

    def types(self) -> bool:
        """True if digits fill a field here: they follow one another in one push."""
        return any(rule[1] == masks.TYPE for rule in self._rules())

    def do(self, word: str) -> bool:
        """Do what a word means on the screen in front; False if it means nothing there now. Raises WatchError."""
        for rule in self._rules():
            if rule[0] == word and self._possible(rule):
                return self._act(rule)
        return False

    def press(self, name: str) -> bool:
        """Touch a target of the screen in front, in its middle; False if there is none."""
        screen = self._view.top
        for target, x, y, w, h in screen.targets():
            if target == name:
                screen.tap(x + w // 2, y + h // 2)
                return True
        return False

    def _rules(self) -> "tuple[Rule, ...]":
        screen = self._view.top
        return masks.rules(type(screen).__name__, screen.name)

    def _possible(self, rule: "Rule") -> bool:
        _, kind, name = rule
        if kind == masks.GO:
            return self.places.can(name)
        here = [target[0] for target in self._view.top.targets()]
        return name in here or (kind == masks.TYPE and any(turn in here for turn in _TURNS))

    def _act(self, rule: "Rule") -> bool:
        word, kind, name = rule
        if kind == masks.GO:
            self.places.go(name, word)
        elif kind == masks.TYPE:
            return self._type(name)
        else:
            return self.press(name)
        return True

    def _type(self, digit: str) -> bool:
        """The key of a digit; if it lies on another page of the keys, that page first."""
        for turn in _TURNS:
            if self.press(digit):
                return True
            self.press(turn)
        return self.press(digit)
