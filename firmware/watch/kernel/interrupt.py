"""Where long work of the watch may end early, because who asked for it has had its time.

What is done for an app in one call of the API takes none of the app's own steps, so nobody would look at the clock.
Work whose length an app chooses has points; what looks there is set by `watch.apps.limits`.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable


def _nothing() -> None:
    """Nobody is in a hurry."""


_check = [_nothing]


def point() -> None:
    """The work may end here: raises what the check raises. Allocates nothing."""
    _check[0]()


def watch(check: "Callable[[], None]") -> None:
    """Call `check` at each point from now on."""
    _check[0] = check
