"""A SX1262 as far as the watch goes: reset, standby, sleep, and how it is woken by mistake. Time in microseconds."""

from micropython import const

from board.simulator.chips.timeline import Timeline

_FLOATING = const(0xFF)
_STARTING_US = const(3500)
"""From the end of a reset until it is not busy any more."""
_RESET_US = const(100)
_SLEEP_GAP_US = const(500)
_SET_SLEEP = const(0x84)
_GET_STATUS = const(0xC0)
STANDBY, ASLEEP = const(2), const(0)
_OK = const(0x22)  # standby on the RC oscillator; no command has failed


class Chip:
    """One radio. `misuse` gets what the data sheet forbids."""

    timings: "tuple[tuple[str, int, int], ...]" = (
        ("reset_us", _RESET_US, _RESET_US),
        ("starting_us", _STARTING_US, _STARTING_US),
        ("sleep_gap_us", _SLEEP_GAP_US, _SLEEP_GAP_US),
    )
    """Attributes that are times, what each is usually, and the longest that a driver has to bear."""

    mode: "tuple[int, int]" = (0, 0)
    most_baud = 16_000_000

    def __init__(self, misuse: "list[str]") -> None:
        self.time = Timeline()
        self.misuse = misuse
        self.reset_us = _RESET_US
        """The shortest reset that is one."""
        self.starting_us = _STARTING_US
        """From the end of a reset until it is not busy any more."""
        self.sleep_gap_us = _SLEEP_GAP_US
        """From SetSleep until its select line may fall."""
        self.hangs = False
        """True once it was selected too soon after SetSleep: only a reset ends that."""
        self.state = STANDBY
        self._ready_us = _STARTING_US
        self._fell_us = -1
        self._slept_us = -1
        self._command = bytearray()
        self._selected = False

    def reset(self, level: int) -> None:
        """The reset line."""
        if not level:
            self._fell_us = self.time.now
        elif self._fell_us >= 0:
            fell_us, self._fell_us = self._fell_us, -1
            if self.time.now - fell_us < self.reset_us:
                self.misuse.append("LoRa: reset too short")
                return
            self.state = STANDBY
            self.hangs = False
            self._ready_us = self.time.now + self.starting_us

    def busy(self) -> int:
        """The line that says so; high while it sleeps or is in reset."""
        return int(self.hangs or self.state == ASLEEP or self._fell_us >= 0 or self.time.now < self._ready_us)

    def select(self, level: int) -> None:
        """The select line has changed."""
        self._selected = not level
        if self._fell_us >= 0:
            return
        if not level:
            self._command = bytearray()
            if self.state == ASLEEP:
                early = self.hangs = self.time.now - self._slept_us < self.sleep_gap_us
                self.misuse.append("LoRa: selected too soon after sleep" if early else "LoRa: woken by its select line")
                self.state = STANDBY
        elif self._command[:1] == bytes((_SET_SLEEP,)) and len(self._command) == 2:
            self.state = ASLEEP
            self._slept_us = self.time.now

    def drives(self) -> bool:
        """True while it drives MISO."""
        return self._selected and self._fell_us < 0 and self.state != ASLEEP

    def overhear(self, count: int) -> None:
        """Bytes for somebody else."""

    def take(self, buf: "bytes | bytearray | memoryview") -> None:
        """Bytes in."""
        for byte in buf:
            self.exchange(byte)

    def exchange(self, byte: int) -> int:
        """One byte in, one byte out."""
        if self.busy():
            if self._fell_us < 0:
                self.misuse.append("LoRa: spoken to while busy")
            return _FLOATING
        self._command.append(byte)
        return _OK if len(self._command) == 2 and self._command[0] == _GET_STATUS else 0
