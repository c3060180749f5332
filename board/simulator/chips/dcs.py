"""A panel with the MIPI display command set, register level: what a driver sees and what the glass would show.

It keeps registers, and of the picture no more than a part of a row: pixels go on to `show` as rectangles. What a
datasheet forbids is written down in `misuse`; what is allowed and unlucky, in `warnings`. Time is in milliseconds.
Sources: MIPI DCS 1.3; ST7789V 1.6 section 9.1.
"""

from micropython import const

from board.simulator.chips.timeline import Timeline

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable

    Show = Callable[[int, int, int, int, "bytes | bytearray | memoryview"], None]

SOFTWARE_RESET = const(0x01)
SLEEP_IN = const(0x10)
SLEEP_OUT = const(0x11)
DISPLAY_OFF = const(0x28)
DISPLAY_ON = const(0x29)
COLUMNS = const(0x2A)
ROWS = const(0x2B)
MEMORY_WRITE = const(0x2C)
ACCESS = const(0x36)
PIXEL_FORMAT = const(0x3A)
MEMORY_WRITE_ON = const(0x3C)

PARAMETERS = {
    SOFTWARE_RESET: 0,
    SLEEP_IN: 0,
    SLEEP_OUT: 0,
    DISPLAY_OFF: 0,
    DISPLAY_ON: 0,
    COLUMNS: 4,
    ROWS: 4,
    0x35: 1,
    ACCESS: 1,
    PIXEL_FORMAT: 1,
}
"""How many parameters a command has; a chip adds its own."""
_MOST_PARAMETERS = const(16)
_RGB565 = const(5)
_PIXEL_FORMAT_AT_RESET = const(0x66)
_FORMAT = const(0x07)
_PIXEL_BYTES = const(2)

_RESET_MS = const(120)
"""A reset has ended; before that nothing is heard. 5 ms would do for a panel that was asleep."""
_RESET_PULSE_MS = const(10)
_SLEEP_IN_MS = const(5)
_BETWEEN_SLEEPS_MS = const(120)


class Panel:
    """One panel. A chip's own model feeds it with `begin`, `data` and `end`. What it hears while it is busy is lost."""

    timings: "tuple[tuple[str, int, int], ...]" = (
        ("reset_pulse_ms", _RESET_PULSE_MS, 20),
        ("reset_ms", _RESET_MS, _RESET_MS),
        ("sleep_in_ms", _SLEEP_IN_MS, _SLEEP_IN_MS),
        ("between_sleeps_ms", _BETWEEN_SLEEPS_MS, _BETWEEN_SLEEPS_MS),
        ("waking_ms", _SLEEP_IN_MS, 120),
    )
    """Attributes that are times, what each is usually, and the longest that a driver has to bear."""

    def __init__(self, width: int, height: int, misuse: "list[str]", show: "Show") -> None:
        """`show(x, y, w, h, pixels)` gets every complete rectangle, the pixels lent for the call."""
        self.time = Timeline()
        self.misuse = misuse
        self.warnings: "list[str]" = []
        self.show = show
        self.on_dark: "Callable[[bool], None]" = _ignore
        """Called when the picture goes (True) or comes."""
        self.on_register: "Callable[[int, int], None]" = _ignore_register
        """Called with each command of one parameter, and that parameter."""
        self.width = width
        self.height = height
        self.align = 1
        self.waking_ms = _SLEEP_IN_MS
        """After sleep out, before any command."""
        self.reset_pulse_ms = _RESET_PULSE_MS
        """The shortest reset by its line that is one."""
        self.reset_ms = _RESET_MS
        """From the end of a reset to the first command."""
        self.sleep_in_ms = _SLEEP_IN_MS
        """After sleep in, before any command."""
        self.between_sleeps_ms = _BETWEEN_SLEEPS_MS
        """From sleep out to sleep in and back."""
        self._deaf = False  # to the command under way
        self.parameters = dict(PARAMETERS)
        self.column_gap = 0
        self._taken = bytearray(_MOST_PARAMETERS)
        self._row = bytearray(width * _PIXEL_BYTES)
        self._reset_fell_ms = -1
        self._reset()

    @property
    def row_gap(self) -> int:
        """Rows of the memory before the first one of the glass."""
        return 0

    @property
    def dark(self) -> bool:
        """True while nothing is shown."""
        return self.asleep or not self.on

    def _reset(self) -> None:
        self.registers = {PIXEL_FORMAT: _PIXEL_FORMAT_AT_RESET, ACCESS: 0}
        self.asleep = True
        self.on = False
        self.window = (0, 0, 0, 0)
        self._code = -1
        self._count = 0  # bytes of parameters
        self._sent = 0  # bytes of pixels since the memory write
        self._columns = (0, 0)
        self._rows = (0, 0)
        self._busy_until_ms = self.time.now + self.reset_ms
        self._slept_ms = self._woke_ms = self.time.now - self.between_sleeps_ms

    def reset(self, level: int) -> None:
        """The reset line."""
        if not level:
            self._reset_fell_ms = self.time.now
            self._set_dark(self._reset)
        elif self._reset_fell_ms >= 0:
            if self.time.now - self._reset_fell_ms < self.reset_pulse_ms:
                self.misuse.append("panel: reset pulse too short")
            self._reset_fell_ms = -1
            self._busy_until_ms = self.time.now + self.reset_ms

    def begin(self, code: int) -> None:
        """A command byte."""
        if self._code >= 0:
            self.end()
        self._code = code
        self._deaf = self._reset_fell_ms >= 0 or self.time.now < self._busy_until_ms
        if self._deaf:
            self.misuse.append("panel: command %02x while it is busy" % code)
        elif code == MEMORY_WRITE:
            self._begin_write()
        elif code != MEMORY_WRITE_ON:
            self._count = 0
            if code not in self.parameters:
                self.misuse.append("panel: unknown command %02x" % code)

    def data(self, piece: "bytes | bytearray | memoryview") -> None:
        """Parameters or pixels."""
        if self._deaf:
            return
        if self._code == MEMORY_WRITE or self._code == MEMORY_WRITE_ON:
            self._pixels(piece)
            return
        for byte in piece:
            if self._code < 0 or self._count == _MOST_PARAMETERS:
                self.misuse.append("panel: a parameter that nobody asked for")
                return
            self._taken[self._count] = byte
            self._count += 1

    def end(self) -> None:
        """The command is complete: chip select rises or the next command begins."""
        code, self._code = self._code, -1
        if self._deaf or code < 0 or code in (MEMORY_WRITE, MEMORY_WRITE_ON):
            return
        if self.parameters.get(code, self._count) != self._count:
            self.misuse.append("panel: command %02x with %d parameters" % (code, self._count))
        elif code == COLUMNS:
            self._columns = self._span(self.column_gap, self.width)
        elif code == ROWS:
            self._rows = self._span(self.row_gap, self.height)
        elif not self._count:
            self._set_dark(lambda: self._switch(code))
        elif self._count == 1:
            self.registers[code] = self._taken[0]
            self.on_register(code, self._taken[0])

    def _span(self, gap: int, size: int) -> "tuple[int, int]":
        """First pixel and how many, on the glass."""
        taken = self._taken
        first, last = taken[0] << 8 | taken[1], taken[2] << 8 | taken[3]
        if first > last or first < gap or last >= gap + size:
            self.misuse.append("panel: window %d to %d beside the glass" % (first, last))
        elif first % self.align or (last + 1) % self.align:
            self.misuse.append("panel: window %d to %d not aligned" % (first, last))
        return first - gap, last - first + 1

    def _set_dark(self, change: "Callable[[], None]") -> None:
        before = self.dark
        change()
        if self.dark != before:
            self.on_dark(self.dark)

    def _switch(self, code: int) -> None:
        now = self.time.now
        if code == SOFTWARE_RESET:
            self._reset()
        elif code == SLEEP_IN:
            if now - self._woke_ms < self.between_sleeps_ms:
                self.misuse.append("panel: sleep in too soon")
            self.asleep, self._slept_ms, self._busy_until_ms = True, now, now + self.sleep_in_ms
        elif code == SLEEP_OUT:
            if now - self._slept_ms < self.between_sleeps_ms:
                self.misuse.append("panel: sleep out too soon")
            self.asleep, self._woke_ms, self._busy_until_ms = False, now, now + self.waking_ms
        elif code in (DISPLAY_ON, DISPLAY_OFF):
            self.on = code == DISPLAY_ON

    def _begin_write(self) -> None:
        if 0 < self._sent < self._window_bytes():
            self.warnings.append("a window left unfinished")
        self.window = (self._columns[0], self._rows[0], self._columns[1], self._rows[1])
        self._sent = 0
        if self.registers[PIXEL_FORMAT] & _FORMAT != _RGB565:
            self.misuse.append("panel: pixels in another format")
        if self.asleep:
            self.warnings.append("pixels for a sleeping panel")  # the memory takes and keeps them

    def _window_bytes(self) -> int:
        return self.window[2] * self.window[3] * _PIXEL_BYTES

    def _pixels(self, piece: "bytes | bytearray | memoryview") -> None:
        """Hand whole rows on as they are; keep what is left of a row until its rest comes."""
        x, y, w, h = self.window
        size = len(piece)
        if self._sent + size > self._window_bytes():
            self.misuse.append("panel: more pixels than the window holds")
            return
        if not self._sent and size == self._window_bytes():
            self._sent = size
            self.show(x, y, w, h, piece)
            return
        self._rows_of(memoryview(piece), x, y, w * _PIXEL_BYTES)

    def _rows_of(self, piece: memoryview, x: int, y: int, row_bytes: int) -> None:
        done = 0
        while done < len(piece):
            row, have = self._sent // row_bytes, self._sent % row_bytes
            rows = 0 if have else (len(piece) - done) // row_bytes
            if rows:
                taken = rows * row_bytes
                self.show(x, y + row, row_bytes // _PIXEL_BYTES, rows, piece[done : done + taken])
            else:
                taken = min(row_bytes - have, len(piece) - done)
                self._row[have : have + taken] = piece[done : done + taken]
                if have + taken == row_bytes:
                    self.show(x, y + row, row_bytes // _PIXEL_BYTES, 1, memoryview(self._row)[:row_bytes])
            done += taken
            self._sent += taken


def _ignore(dark: bool) -> None:
    """Nobody looks."""


def _ignore_register(code: int, value: int) -> None:
    """Nobody looks."""
