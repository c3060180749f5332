"""The television of the page: what its buttons do. Bluetooth is loaded with the first of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tapwatch.simulator.watch import SimulatedWatch

if TYPE_CHECKING:
    from tapwatch.simulator.tv.television import Television

ACTIONS = ("pair", "forget", "sleep", "wake", "lose")
_OFF = {"state": "off", "code": "", "problem": "", "name": ""}


class TvPanel:
    """`tell(kind, data)` sends `tv` with the state and `tv-input` with changed controls to the pages."""

    def __init__(self, watch: SimulatedWatch, tell: Callable[[str, object], None]) -> None:
        self._watch, self._tell = watch, tell
        self._set: Television | None = None

    def describe(self) -> dict[str, str]:
        """What the television does now."""
        return _OFF if self._set is None else self._set.describe()

    async def act(self, action: str) -> None:
        """Press one of its buttons. Raises ValueError for another."""
        if action not in ACTIONS:
            raise ValueError(f"a television can {', '.join(ACTIONS)}")
        television = self._television()
        if action == "pair":
            await television.pair()
        elif action == "forget":
            await television.forget()
        elif action == "lose":
            await television.hang_up()
        else:
            await television.suspend(action == "sleep")

    async def close(self) -> None:
        """Switch it off."""
        if self._set is not None:
            await self._set.forget()

    def _television(self) -> Television:
        if self._set is None:
            from tapwatch.simulator.tv.television import Television  # here: Bumble takes 0.4 s to import

            self._set = Television(self._watch.air, self._on_event)
        return self._set

    def _on_event(self, kind: str, data: object) -> None:
        self._tell("tv" if kind == "state" else "tv-input", data)
