"""A memory card that has its supply: in the mode for SD until CMD0 comes with its select line low, then deaf."""

from micropython import const

from board.simulator.chips.timeline import Timeline

_FLOATING = const(0xFF)
_CLOCKS = const(74)
_PATIENCE = const(2048)
"""Clocks until a card that nobody has hushed is held to be forgotten."""
_GO_IDLE = b"\x40\x00\x00\x00\x00\x95"
_WAIT_BYTES = const(2)
"""Bytes before its answer; 8 at most."""


class Chip:
    """One card. In the mode for SD it may disturb others: `misuse` says whose bytes it heard."""

    timings: "tuple[tuple[str, int, int], ...]" = (("wait_bytes", _WAIT_BYTES, 8),)
    """Attributes that are times, what each is usually, and the longest that a driver has to bear."""

    mode: "tuple[int, int]" = (0, 0)
    most_baud = 400_000

    def __init__(self, misuse: "list[str]", deaf: int = 0) -> None:
        """`deaf`: so many CMD0 it does not answer, as some cards do."""
        self.time = Timeline()
        self.misuse = misuse
        self.in_spi_mode = False
        self.wait_bytes = _WAIT_BYTES
        """Bytes before its answer."""
        self._deaf = deaf
        self._clocks = 0
        self._heard = bytearray()
        self._wait = -1
        self._holds_line = False
        self._selected = False

    def select(self, level: int) -> None:
        """The select line has changed."""
        self._selected = not level
        self._heard = bytearray()
        self._wait = -1
        if not level:
            self._holds_line = True

    def drives(self) -> bool:
        """True while it drives MISO: after it was selected until eight clocks without."""
        return self._holds_line

    def overhear(self, count: int) -> None:
        """Bytes for somebody else, or for nobody."""
        if count:
            self._holds_line = False
        self._clocks += 8 * count
        if not self.in_spi_mode and self._clocks > _PATIENCE:
            self.misuse.append("SD: hears what is meant for others")

    def take(self, buf: "bytes | bytearray | memoryview") -> None:
        """Bytes in."""
        for byte in buf:
            self.exchange(byte)

    def exchange(self, byte: int) -> int:
        """One byte in, one byte out."""
        self._heard.append(byte)
        if bytes(self._heard) == _GO_IDLE:
            if self._clocks < _CLOCKS:
                self.misuse.append("SD: CMD0 after %d clocks" % self._clocks)
            elif self._deaf:
                self._deaf -= 1
            else:
                self.in_spi_mode = True
                self._wait = self.wait_bytes
            return _FLOATING
        if self._wait >= 0:
            self._wait -= 1
            if self._wait < 0:
                return 1
        return _FLOATING
