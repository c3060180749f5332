"""CST9217 touch controller on I2C. `ports.Touch`.

Registers have 16-bit addresses, high byte first. The report stands at D000; writing AB there acknowledges it, and an
acknowledged one begins with AB. Once asleep the chip only listens to its reset line. There is no public datasheet; what
is here was learnt from how the makers' own library uses the chip (lewisxhe/SensorLib, TouchDrvCST92xx).
"""

import errno

from micropython import const

from drivers.touch_panel import BAD, NONE, UP, TouchPanel

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Protocol

    from drivers.touch_panel import InterruptPin, Pin

    class I2c(Protocol):
        """What the driver uses of `machine.I2C`."""

        def writeto(self, addr: int, buf: "bytes | bytearray") -> object:
            """Send bytes. Raises OSError."""
            ...

        def readfrom_into(self, addr: int, buf: bytearray) -> object:
            """Fill the buffer. Raises OSError."""
            ...


ADDRESS = const(0x1A)
"""UNSURE-TOUCH-ADDRESS: some of them answer at 5Ah, where the DRV2605 is."""

_REPORT = b"\xd0\x00"
_ACKNOWLEDGE = b"\xd0\x00\xab"
_COMMAND_MODE = b"\xd1\x01"
_ENTER_COMMANDS = b"\xd1\x1e"
_SLEEP = b"\xd1\x05"
_NORMAL_MODE = b"\xd1\x09"
_ENTERED = b"\x00\x02"
_CHECK = b"\xd1\xfc"
_CHIP = b"\xd2\x04"

_REPORT_BYTES = const(10)
"""State, one finger and the mark; a second finger would follow."""
_VALID = const(0xAB)
_MARK_AT = const(6)
_COUNT_AT = const(5)
_COUNT = const(0x7F)
_FINGERS = const(2)
_EVENT = const(0x0F)
_EVENT_DOWN = const(6)
_PALM = const(0x80)

_CHECK_HIGH = b"\xca\xca"
_CHIPS = (b"\x17\x92", b"\x20\x92")
"""CST9217, and CST9220, which differs in nothing that matters here. Low byte first."""
_ENTERED_MARK, _ENTERED_AT = const(0x1E), const(1)
"""What the second byte there says, and that it is the second one."""
_ENTER_TRIES = const(10)

_PATIENCE = const(9)
"""So often a report may make no sense, in three calls of `read`. Then it is acknowledged all the same: some say that a
chip that waits for that tells nothing more (UNSURE-TOUCH-STUCK)."""

_RESET_MS = const(20)
_STARTING_MS = const(60)
_COMMAND_MS = const(10)


class Cst9217(TouchPanel):
    """One controller."""

    def __init__(
        self,
        i2c: "I2c",
        interrupt: "InterruptPin",
        reset: "Pin",
        delay_ms: "Callable[[int], object]",
        width: int,
        height: int,
        axes: int = 0,
        address: int = ADDRESS,
    ) -> None:
        """Size of the screen in pixels; `axes` of touch_panel.py say how the glass is mounted."""
        super().__init__(interrupt, width, height, axes)
        self._i2c = i2c
        self._reset = reset
        self._delay_ms = delay_ms
        self._address = address
        self._data = bytearray(_REPORT_BYTES)
        self._four = bytearray(4)
        self._bad = 0
        """Reports in a row that made no sense."""

    def start(self) -> None:
        """Reset the chip, see that it is the right one, and listen. Raises OSError, ENODEV if it is another one."""
        self._pulse()
        self._send(_COMMAND_MODE)
        self._delay_ms(_COMMAND_MS)
        if self._fetch(_CHECK)[2:] != _CHECK_HIGH or self._fetch(_CHIP)[2:] not in _CHIPS:
            raise OSError(errno.ENODEV)
        self._send(_NORMAL_MODE)
        self._watch()

    def _report(self) -> int:
        data = self._data
        self._send(_REPORT)
        self._i2c.readfrom_into(self._address, data)
        found = self._meaning(data)
        if found == BAD:
            self._bad += 1
            if self._bad < _PATIENCE:
                return BAD  # it stays, to be read again
            found = UP  # a finger that is still there is told of again in 20 ms
        self._bad = 0
        self._send(_ACKNOWLEDGE)
        return found

    def _meaning(self, data: bytearray) -> int:
        if data[0] == _VALID:
            return NONE  # acknowledged before
        count = data[_COUNT_AT] & _COUNT
        if data[_MARK_AT] != _VALID or count > _FINGERS:
            return BAD
        if not count or data[0] & _EVENT != _EVENT_DOWN:
            return UP
        if data[4] & _PALM:
            return NONE
        return self._down_at(data[1] << 4 | data[3] >> 4, data[2] << 4 | data[3] & 0x0F)

    def _rest(self) -> None:
        """Sleep is a command, and commands are heard in their own mode only. Raises OSError(ETIMEDOUT)."""
        for _ in range(_ENTER_TRIES):
            self._send(_ENTER_COMMANDS)
            self._send(_ENTER_COMMANDS)
            self._send(_ENTERED)
            self._i2c.readfrom_into(self._address, self._four)
            if self._four[_ENTERED_AT] == _ENTERED_MARK:
                self._send(_COMMAND_MODE)
                self._delay_ms(_COMMAND_MS)
                self._send(_SLEEP)
                return
            self._delay_ms(_COMMAND_MS)
        raise OSError(errno.ETIMEDOUT)

    def _rouse(self) -> None:
        self._pulse()
        self._send(_REPORT)  # one that did not wake answers nobody, and that must be told

    def _pulse(self) -> None:
        self._reset(0)
        self._delay_ms(_RESET_MS)
        self._reset(1)
        self._delay_ms(_STARTING_MS)

    def _send(self, data: bytes) -> None:
        self._i2c.writeto(self._address, data)

    def _fetch(self, register: bytes) -> bytes:
        self._send(register)
        self._i2c.readfrom_into(self._address, self._four)
        return bytes(self._four)
