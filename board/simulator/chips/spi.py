"""A SPI bus and pins as `machine` has them, joined to chip models instead of wires.

What a real bus would answer with silence or nonsense (a wrong mode, two chips selected, none selected) is written down
in a list of misuse that tests read.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    class Chip(Protocol):
        """What the bus needs of a chip model."""

        mode: "tuple[int, int]"
        """Clock polarity and phase."""
        most_baud: int

        def select(self, level: int) -> None:
            """The select line has changed."""
            ...

        def exchange(self, byte: int) -> int:
            """One byte in, one byte out."""
            ...

        def take(self, buf: "bytes | bytearray | memoryview") -> None:
            """Bytes in; what comes out is not looked at."""
            ...

    class Neighbour(Chip, Protocol):
        """A chip that can disturb the others on its bus."""

        def drives(self) -> bool:
            """True while it drives MISO."""
            ...

        def overhear(self, count: int) -> None:
            """So many bytes have passed that were not for it."""
            ...


_RISING = const(1)
_FALLING = const(2)
"""`machine.Pin.IRQ_RISING` and `IRQ_FALLING` on the ESP32."""
_FLOATING = const(0xFF)
"""What is read when nobody drives MISO."""


class SelectPin:
    """A chip select line, high until it is set."""

    def __init__(self, chip: "Chip") -> None:
        self.level = 1
        self.chip = chip

    def __call__(self, level: int) -> None:
        """Set the level."""
        self.level = level
        self.chip.select(level)


class InterruptPin:
    """An input that a chip drives, with one handler."""

    def __init__(self, level: int = 0) -> None:
        """`level` is that of a chip with nothing to say."""
        self.level = level
        self.handler: "Optional[Callable[[object], None]]" = None
        self._trigger = 0

    def __call__(self) -> int:
        """The level."""
        return self.level

    def irq(self, handler: "Callable[[object], None]", trigger: int) -> None:
        """Call the handler at rising edges, falling ones or both."""
        self.handler = handler
        self._trigger = trigger

    def drive(self, level: int) -> None:
        """The chip's side of the wire."""
        edge = 0 if level == self.level else _RISING if level else _FALLING
        self.level = level
        if edge & self._trigger and self.handler:
            self.handler(self)


class SpiBus:
    """The wires: who is selected, and what went wrong."""

    def __init__(self, misuse: "list[str]") -> None:
        """Errors are appended to `misuse`."""
        self.misuse = misuse
        self._pins: "list[SelectPin]" = []
        self._neighbours: "list[tuple[SelectPin, Neighbour]]" = []

    def attach(self, chip: "Chip") -> SelectPin:
        """Put a chip on the bus; returns its select line."""
        pin = SelectPin(chip)
        self._pins.append(pin)
        return pin

    def attach_neighbour(self, chip: "Neighbour") -> SelectPin:
        """Put a chip on the bus that may disturb others. Idle clocks, with nobody selected, are meant for it then."""
        pin = self.attach(chip)
        self._neighbours.append((pin, chip))
        return pin

    def selected(self, mode: "tuple[int, int]", baud: int, count: int) -> "Optional[Chip]":
        """The one chip that hears a transfer of `count` bytes, None if there is not exactly one that can follow."""
        chips = [pin.chip for pin in self._pins if not pin.level]
        if self._neighbours:
            self._share(chips, count)
        if len(chips) != 1:
            if chips or not self._neighbours:
                self.misuse.append("bus: %d chips selected" % len(chips))
        elif chips[0].mode != mode:
            self.misuse.append("bus: wrong clock polarity or phase")
        elif baud > chips[0].most_baud:
            self.misuse.append("bus: clock too fast")
        else:
            return chips[0]
        return None

    def _share(self, chips: "list[Chip]", count: int) -> None:
        """Who drives MISO besides the chips that are meant, and who hears what is not for it."""
        for pin, chip in self._neighbours:
            if not pin.level:
                continue
            if chips and chip.drives():
                self.misuse.append("bus: two chips drive MISO")
            chip.overhear(count)


class Spi:
    """`machine.SPI` on a modelled bus."""

    def __init__(self, bus: SpiBus, baudrate: int = 10_000_000, polarity: int = 0, phase: int = 1) -> None:
        self._bus = bus
        self._baud = baudrate
        self._mode = (polarity, phase)

    def write(self, buf: "bytes | bytearray | memoryview") -> None:
        """Send bytes."""
        chip = self._bus.selected(self._mode, self._baud, len(buf))
        if chip:
            chip.take(buf)

    def readinto(self, buf: "bytearray | memoryview", write: int = 0) -> None:
        """Fill the buffer while sending `write` again and again."""
        chip = self._bus.selected(self._mode, self._baud, len(buf))
        for index in range(len(buf)):
            buf[index] = chip.exchange(write) if chip else _FLOATING

    def write_readinto(self, write_buf: "bytes | bytearray | memoryview", read_buf: "bytearray | memoryview") -> None:
        """Send bytes, and keep what comes back meanwhile."""
        chip = self._bus.selected(self._mode, self._baud, len(write_buf))
        for index in range(len(write_buf)):
            read_buf[index] = chip.exchange(write_buf[index]) if chip else _FLOATING
