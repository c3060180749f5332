"""Flow control: when the phone shall pause (XOFF), and when it may go on (XON).

It pauses while too much waits, and while somebody holds it: a payment is under way, or flash is being written.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Optional

XON, XOFF = b"\x11", b"\x13"
"""One notification each, by itself."""
HIGH_BYTES = const(8192)
"""From here on the phone pauses; what its queue has sent already still finds room."""
LOW_BYTES = const(1024)
"""From here down it may go on."""
HIGH_LINES = const(24)
LOW_LINES = const(4)


class Flow:
    """What the phone was told, and what it has to be told."""

    def __init__(self, holders: "Optional[set[str]]" = None) -> None:
        """It may send. `holders`: of whom each lets it pause; several phones share them."""
        self.paused = False
        """It was told to pause."""
        self._full = False
        self._holders = set() if holders is None else holders
        self.pauses = 0
        """How often it was told to."""

    def hold(self, owner: str, on: bool) -> None:
        """Let the phone pause for as long as `owner` needs it."""
        if on:
            self._holders.add(owner)
        else:
            self._holders.discard(owner)

    @property
    def held(self) -> bool:
        """Somebody holds it: lines wait until that is over."""
        return len(self._holders) > 0

    def news(self, held_bytes: int, held_lines: int) -> bytes:
        """What the phone has to be told now that so much waits; empty for nothing. `told` says that it was."""
        if held_bytes >= HIGH_BYTES or held_lines >= HIGH_LINES:
            self._full = True
        elif held_bytes <= LOW_BYTES and held_lines <= LOW_LINES:
            self._full = False
        wanted = self._full or self.held
        if wanted == self.paused:
            return b""
        return XOFF if wanted else XON

    def told(self, byte: bytes) -> None:
        """The phone has got it."""
        self.paused = byte == XOFF
        self.pauses += self.paused
