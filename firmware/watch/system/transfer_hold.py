"""Keeps the radio on while a message is received, worked on or answered: no window closes in the middle."""

from micropython import const

from watch.kernel.clock import ticks_diff
from watch.kernel.errors import DeadlineError
from watch.kernel.loop import Flag, deadline

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from watch.ble.transfers import Transfers

OWNER = "transfer"
"""Who holds the radio."""
MOST_MS = const(60_000)
"""However much goes on: a device that never comes to an end does not empty the battery. A package of keys takes 2 s."""
_NOT = const(-1)


class TransferHold:
    """Takes hold at once; its task lets go.

    Args:
        transfers: what is under way.
        ticks_ms: of the clock.
        hold: `Bluetooth.hold`.
    """

    def __init__(
        self, transfers: "Transfers", ticks_ms: "Callable[[], int]", hold: "Callable[[str, bool], None]"
    ) -> None:
        self._transfers, self._ticks_ms, self._hold = transfers, ticks_ms, hold
        self._since_ms = _NOT
        self._news = Flag()
        transfers.moved = self._moved

    async def serve(self) -> None:
        """The task."""
        while True:
            wait_ms = self._follow()
            if wait_ms < 0:
                await self._news.wait()
                continue
            try:
                await deadline(wait_ms, self._news.wait())
            except DeadlineError:
                continue  # quiet for too long, or held for too long

    def _moved(self) -> None:
        """Something has been received, or sent. Called from the tasks of the radio, which lets go by itself never."""
        if self._since_ms == _NOT and self._transfers.busy_ms():
            self._follow()
        self._news.set()

    def _follow(self) -> int:
        """Hold or let go. Gives the ms until one has to look again, -1 if only news can change anything."""
        busy_ms, now_ms = self._transfers.busy_ms(), self._ticks_ms()
        if not busy_ms:
            self._since_ms = _NOT
            self._hold(OWNER, False)
            return -1
        if self._since_ms == _NOT:
            self._since_ms = now_ms
        left_ms = MOST_MS - ticks_diff(now_ms, self._since_ms)
        self._hold(OWNER, left_ms > 0)
        return min(busy_ms, left_ms) if left_ms > 0 else busy_ms
