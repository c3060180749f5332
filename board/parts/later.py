"""Calls back later, or again and again, by a timer of `machine`."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Protocol

    class Timer(Protocol):
        """What is used of `machine.Timer`."""

        def init(self, *, mode: int, period: int, callback: "Callable[[object], object]") -> object:
            """Call back, softly, after each `period` milliseconds, or once. Forgets what it was told before."""
            ...


_ONE_SHOT, _PERIODIC = const(0), const(1)
"""`machine.Timer.ONE_SHOT` and `PERIODIC` on the ESP32."""


class Later:
    """`after_ms` of one user: a new call takes the place of the last one."""

    def __init__(self, timer: "Timer") -> None:
        """The timer is nobody else's."""
        self._timer = timer

    def __call__(self, delay_ms: int, callback: "Callable[[], object]") -> None:
        """Call back once, `delay_ms` from now."""
        self._timer.init(mode=_ONE_SHOT, period=delay_ms, callback=lambda _: callback())


def every_ms(timer: "Timer", period_ms: int, callback: "Callable[[], object]") -> None:
    """Call back each `period_ms`."""
    timer.init(mode=_PERIODIC, period=period_ms, callback=lambda _: callback())
