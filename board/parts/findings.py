"""What was wrong with which chip at the start: a chip that fails must not keep the watch from starting."""

import errno

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable

_TRIES = const(2)
_TEXTS = {
    errno.ENODEV: "does not answer",
    errno.ETIMEDOUT: "does not come to an end",
    errno.EIO: "did not take what was written",
    errno.ENOENT: "is not there",
}


class Findings:
    """Collects (device, what is wrong) in the order of the start."""

    def __init__(self) -> None:
        self.all: "list[tuple[str, str]]" = []

    def add(self, device: str, text: str) -> None:
        """Write one down."""
        self.all.append((device, text))

    def add_once(self, device: str, text: str) -> None:
        """Write down what may happen again and again."""
        if (device, text) not in self.all:
            self.add(device, text)

    def attempt(self, device: str, action: "Callable[..., Any]", *arguments: object) -> bool:
        """Do it; False, and a finding, if it raised OSError or ValueError. A disturbed bus gets a second chance."""
        problem = ""
        for _ in range(_TRIES):
            try:
                action(*arguments)
                return True
            except OSError as error:
                problem = _TEXTS.get(error.errno or 0, "error " + str(error.errno))
            except ValueError as error:
                problem = str(error)
        self.add(device, problem)
        return False
