"""The button of an app beneath the finger: it looks pressed, and one that repeats acts as long as it is held."""

from micropython import const

from watch.kernel.clock import ticks_diff

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

    from watch.ui.button import Button
    from watch.ui.screen import Target

REPEAT_MS = const(125)
"""Between two times that a held button acts."""


class HeldButton:
    """One finger, and what is beneath it. The app has put its button where it likes: use this in a turn of the app."""

    def __init__(self) -> None:
        self.target: "Optional[Target]" = None
        """What acts again and again, while it is held."""
        self._button: "Optional[Button]" = None
        self._acted_ms = 0

    def press(self, target: "Optional[Target]") -> None:
        """A finger came down on this target; let its button show that, if it has one."""
        if target is not None and target.button is not None:
            self._button = target.button
            target.button.press(True)

    def release(self) -> None:
        """The finger is gone: let the button show that."""
        button, self._button = self._button, None
        if button is not None:
            button.press(False)

    def forget(self) -> None:
        """The page with the button is gone."""
        self._button = None

    def hold(self, target: "Target", now: int) -> None:
        """The finger stays on a target that repeats; `now` in ticks."""
        self.target, self._acted_ms = target, now

    def repeat(self, now: int) -> None:
        """Let the target that is held act, if it is time."""
        if self.target is not None and ticks_diff(now, self._acted_ms) >= REPEAT_MS:
            self._acted_ms = now
            self.target.action()
