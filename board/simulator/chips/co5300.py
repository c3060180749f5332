"""CO5300 on one data line of its quad SPI: the frame around each command, and its light. See dcs.py."""

from micropython import const

from board.simulator.chips.dcs import SLEEP_OUT, Panel

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    from board.simulator.chips.dcs import Show

_HEADER_BYTES = const(4)
_WRITE = const(0x02)
_FLOATING = const(0xFF)
_BRIGHTNESS = const(0x51)
_CONTROL = const(0x53)
_CONTROL_ON = const(0x20)
_OWN = {0xFE: 1, 0xC4: 1, 0x44: 2, _BRIGHTNESS: 1, _CONTROL: 1, 0x63: 1}
_SETTINGS = ((0xFE, 0x00), (0xC4, 0x80), (_CONTROL, _CONTROL_ON))
"""Without these there is no picture."""


class Chip(Panel):
    """The chip and its glass. `mode` and `most_baud` are what it needs of its bus."""

    mode: "tuple[int, int]" = (0, 0)
    most_baud = 50_000_000

    def __init__(self, misuse: "list[str]", show: "Show", on_light: "Callable[[int], None]") -> None:
        """`on_light(level)` is called when the brightness changes."""
        super().__init__(410, 502, misuse, show)
        self.align = 2
        self.column_gap = 22
        self.waking_ms = 120
        self.forgets = False
        """True: sleep out loads the registers of its light anew."""
        self.parameters.update(_OWN)
        self.on_register = self._on_register
        self.on_light = on_light
        self._header = bytearray(_HEADER_BYTES)
        self._have = 0
        self._light = 0

    def select(self, level: int) -> None:
        """The select line."""
        if level:
            self.end()
        self._have = 0

    def take(self, buf: "bytes | bytearray | memoryview") -> None:
        """Bytes on D0."""
        rest = 0
        while self._have < _HEADER_BYTES and rest < len(buf):
            self._header[self._have] = buf[rest]
            self._have += 1
            rest += 1
            if self._have == _HEADER_BYTES:
                self._open()
        if rest < len(buf):
            self.data(memoryview(buf)[rest:] if rest else buf)

    def exchange(self, byte: int) -> int:
        """Nothing can be read on one line."""
        self.misuse.append("panel: read")
        return _FLOATING

    def _open(self) -> None:
        header = self._header
        if header[0] != _WRITE or header[1] or header[3]:
            self.misuse.append("panel: not a write on one line")
        if header[2] == 0x2C and not self.asleep:
            for code, value in _SETTINGS:
                if self.registers.get(code) != value:
                    self.misuse.append("panel: pixels before it is set up")
        self.begin(header[2])

    def _switch(self, code: int) -> None:
        super()._switch(code)
        if code == SLEEP_OUT and self.forgets:
            for register in (_CONTROL, _BRIGHTNESS):
                self.registers[register] = 0
                self._on_register(register, 0)

    def _on_register(self, code: int, value: int) -> None:
        if code in (_BRIGHTNESS, _CONTROL):
            lit = self.registers.get(_CONTROL, 0) & _CONTROL_ON
            light = self.registers.get(_BRIGHTNESS, 0) if lit else 0
            if light != self._light:
                self._light = light
                self.on_light(light)
