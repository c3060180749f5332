"""What is done before the processor sleeps, in order, and undone after it, from the end.

A step that fails is told and stops none of the others: a chip that did not fall asleep costs some current, a step that
was left out may cost the wake-up. The step that clears the interrupts of the power chip belongs at the end of the
table: the line must be free when the processor goes to sleep.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

    Action = Optional[Callable[[], object]]
    Step = tuple[str, Action, Action]
    """Name, before sleep, after it; None for nothing to do."""


class SleepOrder:
    """Runs a table of steps."""

    def __init__(self, steps: "tuple[Step, ...]", failed: "Callable[[str, OSError], object]") -> None:
        """`failed` is told the name and the error of a step that did not work."""
        self._steps = steps
        self._failed = failed

    def before(self) -> None:
        """Go to sleep, first step first."""
        for name, down, _ in self._steps:
            self._run(name, down)

    def after(self) -> None:
        """Wake up, last step first."""
        for index in range(len(self._steps) - 1, -1, -1):
            name, _, up = self._steps[index]
            self._run(name, up)

    def _run(self, name: str, action: "Action") -> None:
        if action is None:
            return
        try:
            action()
        except OSError as error:
            self._failed(name, error)
