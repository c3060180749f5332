"""What each call into an app costs: fuel, memory, widgets. For `tapwatch app profile`; counting takes time itself."""

import gc

from micropython import const

from watch.apps import fuel
from watch.apps.app_screen import AppScreen

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable

CALLS = ("open", "close", "tick", "draw", "press", "release", "tap", "hold", "swipe", "back", "finger")
"""Ways into an app, by the method of `AppScreen` that leads there."""
_KEPT = const(200)
"""Calls of each kind that are remembered, the latest ones."""


class Counts:
    """Listens to every call from now on. There is one for a run of the simulator, for it cannot be taken away again."""

    def __init__(self, app: str) -> None:
        """`app`: whose calls count."""
        self._rows: "dict[str, list[tuple[int, int]]]" = {}
        self._totals: "dict[str, int]" = {}
        self._name = ""
        self._app = app
        self._widgets = 0
        for name in CALLS:
            self._follow(name)
        self._measure()

    def table(self) -> "dict[str, Any]":
        """By name of the call: how many, and [fuel, bytes] of the latest; and the most widgets there were."""
        calls = {name: [self._totals[name], [list(row) for row in rows]] for name, rows in self._rows.items()}
        return {"calls": calls, "widgets": self._widgets}

    def _follow(self, name: str) -> None:
        """Remember by which way a call went in; the outermost counts."""
        inner: "Callable[..., Any]" = getattr(AppScreen, name)

        def outer(screen: AppScreen, *arguments: "Any") -> "Any":
            if self._name or screen.manifest.id != self._app:
                return inner(screen, *arguments)
            self._name = name
            try:
                return inner(screen, *arguments)
            finally:
                self._widgets = max(self._widgets, len(screen.widgets))
                self._name = ""

        setattr(AppScreen, name, outer)

    def _measure(self) -> None:
        """Read the tank where a call begins and ends."""
        start, shut, state = fuel.Tank.open, fuel.Tank.shut, [0, 0]

        def opened(tank: fuel.Tank, now_ms: int) -> None:
            start(tank, now_ms)
            state[0], state[1] = fuel._cell[0], gc.mem_alloc()

        def closed(tank: fuel.Tank) -> bool:
            self._note(state[0] - fuel._cell[0], gc.mem_alloc() - state[1])
            return shut(tank)

        setattr(fuel.Tank, "open", opened)  # noqa: B010 - a method is replaced on purpose
        setattr(fuel.Tank, "shut", closed)  # noqa: B010

    def _note(self, used: int, added: int) -> None:
        if self._name:
            rows = self._rows.setdefault(self._name, [])
            rows.append((used, added))
            del rows[:-_KEPT]
            self._totals[self._name] = self._totals.get(self._name, 0) + 1
