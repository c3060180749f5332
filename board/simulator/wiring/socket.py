"""Where a chip sits on a board: it is made anew whenever its supply comes, and answers nobody without."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from board.simulator.esp32s3.hardware import Hardware
    from board.simulator.esp32s3.net import Net

_FLOATING = const(0xFF)
"""What is read when nobody drives MISO."""


class Socket:
    """A chip model behind a supply, as the buses of chips/i2c.py and chips/spi.py want one."""

    def __init__(
        self,
        hardware: "Hardware",
        make: "Callable[[], Any]",
        per_ms: int = 1,
        line: "Net | None" = None,
        mode: "tuple[int, int]" = (0, 0),
        most_baud: int = 0,
    ) -> None:
        """`make` gives the model in the state after power-up; its time counts `per_ms` in a millisecond.

        `line` is the interrupt line it drives. `mode` and `most_baud`: of a chip on SPI.
        """
        self._hardware = hardware
        self._make = make
        self._per_ms = per_ms
        self._line = line
        self._selected = 1
        self.mode = mode
        self.most_baud = most_baud
        self.chip: "Any" = None
        """The model; None while it has no supply."""

    def power(self, on: bool) -> None:
        """The supply is there, or not."""
        if on and self.chip is None:
            self.chip = self._make()
            self._hardware.time.join(self.chip.time, self._per_ms)
        elif not on and self.chip is not None:
            self._hardware.time.leave(self.chip.time)
            self.chip = None
            if self._line:
                self._line.drive(None)

    def reset(self, level: int) -> None:
        """The reset line."""
        if self.chip:
            self.chip.reset(level)

    # I2C.

    def answers(self) -> bool:
        """True if the chip acknowledges its address now."""
        return self.chip is not None and self.chip.answers()

    def give(self, into: "bytearray | memoryview") -> None:
        """What is read from it."""
        self.chip.give(into)

    # SPI, and writes on both.

    def select(self, level: int) -> None:
        """The select line has changed."""
        if self.chip and level != self._selected:
            self.chip.select(level)
        self._selected = level

    def take(self, buf: "bytes | bytearray | memoryview") -> None:
        """What is written to it."""
        if self.chip:
            self.chip.take(buf)

    def exchange(self, byte: int) -> int:
        """One byte in, one byte out."""
        return self.chip.exchange(byte) if self.chip else _FLOATING


class Silent:
    """A chip on SPI that nobody talks to; it is there to be selected by mistake."""

    mode: "tuple[int, int]" = (0, 0)
    most_baud = 10_000_000

    def __init__(self, name: str, misuse: "list[str]") -> None:
        self._name = name
        self._misuse = misuse

    def select(self, level: int) -> None:
        """The select line has changed."""
        if not level:
            self._misuse.append(self._name + ": selected")

    def take(self, buf: "bytes | bytearray | memoryview") -> None:
        """It hears nothing."""

    def exchange(self, byte: int) -> int:
        """It says nothing."""
        return _FLOATING
