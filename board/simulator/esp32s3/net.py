"""One wire at a GPIO: the processor at one end, chips at the other."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

_RISING = const(1)
_FALLING = const(2)
"""`machine.Pin.IRQ_RISING` and `IRQ_FALLING` on the ESP32."""


class Net:
    """Who drives the wire, and its level. Chip models take it for the `InterruptPin` that they drive."""

    def __init__(self, gpio: int, misuse: "list[str]") -> None:
        """Nobody drives it yet."""
        self.gpio = gpio
        self.level = 0
        self.open_drain = False
        self.listeners: "list[Callable[[int], object]]" = []
        """Inputs of chips; called when the level changes."""
        self.handler: "Callable[[int], object] | None" = None
        """Called with the edge by a changed level."""
        self.held = False
        """The pad keeps what it puts out while the processor sleeps."""
        self.deaf = False
        """The pad belongs to the clock domain since a sleep: the processor reads 0 and hears no edge."""
        self._locked = False
        """It is also held there, and must be let go."""
        self._asleep = False
        self._misuse = misuse
        self._output: "int | None" = None
        self._chip: "int | None" = None
        self._pull: "int | None" = None
        self._resistor: "int | None" = None
        self._sleep_pull: "int | None" = None

    @property
    def driven(self) -> bool:
        """True while the processor drives it."""
        return self._output is not None

    def drive(self, level: "int | None") -> None:
        """The chip's side; None lets go."""
        self._chip = level
        self._settle()

    def output(self, level: "int | None", open_drain: bool = False) -> None:
        """The processor's side; None lets go."""
        self.open_drain = open_drain
        self._output = None if open_drain and level else level
        self._settle()

    def pull(self, level: "int | None") -> None:
        """The processor's resistor to this level, None for none."""
        self._pull = level
        self._settle()

    def resistor(self, level: int) -> None:
        """One on the board, which pulls whatever the processor does."""
        self._resistor = level
        self._settle()

    def read(self) -> int:
        """What the processor reads."""
        return 0 if self.deaf else self.level

    # Sleep of the processor.

    def asleep(self, on: bool) -> None:
        """The processor falls asleep, or wakes up: its side of the pad lets go meanwhile, unless it is held."""
        self._asleep = on
        self._sleep_pull = None
        self._settle()

    def take(self, pull: "int | None", locked: bool) -> None:
        """The clock domain takes the pad, with this resistor; `locked` as ext1 does."""
        self.deaf = True
        self._locked = self._locked or locked
        self._sleep_pull = pull
        self._settle()

    def give_back(self, let_go: bool) -> None:
        """The pin is set up again; a pad that is held needs to be let go as well."""
        self._locked = self._locked and not let_go
        self.deaf = self.deaf and self._locked

    def _settle(self) -> None:
        output, pull = self._output, self._pull
        if self._asleep and not self.held:
            output, pull = None, self._sleep_pull
        both = output is not None and self._chip is not None and output != self._chip
        if both and not self.open_drain:
            self._misuse.append("GPIO %d: driven against a chip" % self.gpio)
        level = self._chip if output is None else output
        if level is None:
            level = (self._resistor if pull is None else pull) or 0
        if level == self.level:
            return
        self.level = level
        for listener in self.listeners:
            listener(level)
        if self.handler and not self._asleep and not self.deaf:
            self.handler(_RISING if level else _FALLING)


class OpenDrain:
    """The output of a chip that pulls its line low and never high."""

    def __init__(self, net: Net) -> None:
        self._net = net

    @property
    def level(self) -> int:
        """That of the line."""
        return self._net.level

    def drive(self, level: "int | None") -> None:
        """As `Net.drive`, where high is letting go."""
        self._net.drive(None if level else level)
