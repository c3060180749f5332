"""Devices that do nothing but count; see board/ports.py for what each stands for."""

import errno
import hashlib

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from collections.abc import Callable

_FLASH_BYTES = const(262_144)
_SECTOR = const(4096)
_TICKS_MASK = const(0x3FFF_FFFF)
"""Ticks wrap at 2^30 on the board."""


class _Quiet:
    """Something that can be listened to."""

    def __init__(self) -> None:
        self.callback = None

    def listen(self, callback: "Callable[[], None]") -> None:
        """Keep the callback; the measurement calls it when it has news."""
        self.callback = callback


class Touch(_Quiet):
    """Gives the events put into `events`, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self.events = []
        self.asleep = False

    def sleep(self, on: bool) -> None:
        """Remember it."""
        self.asleep = on

    def read(self, point: "list[int]") -> bool:
        """The next event, or False."""
        if not self.events:
            return False
        point[:] = self.events.pop(0)
        return True


class Buttons(_Quiet):
    """Gives the bits put into `events`, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self.events = []

    def read(self) -> int:
        """The next change, or -1."""
        return self.events.pop(0) if self.events else -1


class Nfc(_Quiet):
    """A reader that sends the frames put into `frames`, oldest first, and then goes away."""

    def __init__(self) -> None:
        super().__init__()
        self.frames = []
        self.sent = 0
        self.sent_bytes = 0
        self.armed = False

    def arm(self, uid: bytes, atqa: bytes, sak: int) -> None:
        """Answer the reader."""
        self.armed = True

    def disarm(self) -> None:
        """Answer no more."""
        self.armed = False

    def field(self) -> bool:
        """True while there are frames left."""
        return bool(self.frames)

    def receive(self, frame: bytearray, timeout_us: int) -> int:
        """Copy the next frame; -1 when there is none left."""
        if not self.frames:
            return -1
        data = self.frames.pop(0)
        for index in range(len(data)):
            frame[index] = data[index]
        return len(data)

    def transmit(self, frame: bytearray, length: int) -> None:
        """Count one answer."""
        self.sent += 1
        self.sent_bytes += length

    def halt(self) -> None:
        """Stay silent: nothing to do."""


class Power(_Quiet):
    """A full battery, no charger."""

    def percent(self) -> int:
        """Always 100."""
        return 100

    def charging(self) -> bool:
        """Always False."""
        return False

    def restart(self) -> None:
        """Nothing to start anew."""

    def off(self) -> None:
        """Nothing to switch off."""


class Clock:
    """Time that moves when `now_us` is changed."""

    def __init__(self, unix_s: int) -> None:
        """Start at `unix_s` seconds since 1970."""
        self.now_us = 0
        self._unix_s = unix_s

    def ticks_ms(self) -> int:
        """Milliseconds that wrap at 2^30."""
        return self.now_us // 1000 & _TICKS_MASK

    def ticks_us(self) -> int:
        """Microseconds that wrap at 2^30."""
        return self.now_us & _TICKS_MASK

    def unix_s(self) -> int:
        """Seconds since 1970."""
        return self._unix_s + self.now_us // 1_000_000

    def set_unix_s(self, seconds: int) -> None:
        """Set the time of day."""
        self._unix_s = seconds - self.now_us // 1_000_000


class Motion(_Quiet):
    """A watch that lies on a table."""

    def moving(self) -> bool:
        """Always False."""
        return False

    def raised(self) -> bool:
        """Always False."""
        return False

    def steps(self) -> int:
        """Always 0."""
        return 0

    def acceleration(self, into: "list[int]") -> bool:
        """Store what a table does."""
        into[0], into[1], into[2] = 0, 0, 1000
        return True


class Haptics:
    """Counts vibrations."""

    def __init__(self) -> None:
        self.played = 0

    def play(self, pattern: int) -> None:
        """Count one."""
        self.played += 1


class Speaker:
    """Counts tones."""

    def __init__(self) -> None:
        self.played = 0

    def tone(self, frequency_hz: int, duration_ms: int, volume_percent: int) -> None:
        """Count one."""
        self.played += 1


class Entropy:
    """The same bytes in every run: SHA-256 of a counter. For measuring only; nothing made from it is secret."""

    def __init__(self) -> None:
        self._counter = 0

    def running(self) -> bool:
        """Always True."""
        return True

    def read(self, into: bytearray) -> None:
        """Fill the buffer with the next bytes of the sequence."""
        for start in range(0, len(into), 32):
            self._counter += 1
            block = hashlib.sha256(self._counter.to_bytes(8, "big")).digest()
            count = min(32, len(into) - start)
            into[start : start + count] = block[:count]


class Flash:
    """NOR flash in RAM."""

    def __init__(self) -> None:
        self.size = _FLASH_BYTES
        self.sector = _SECTOR
        self.reads = 0
        self.programs = 0
        self.programmed_bytes = 0
        self.erases = 0
        self._image = bytearray(b"\xff" * _FLASH_BYTES)

    def read(self, address: int, into: bytearray) -> None:
        """Copy out. Raises OSError outside the partition."""
        _check_range(address, len(into))
        self.reads += 1
        into[:] = memoryview(self._image)[address : address + len(into)]

    def program(self, address: int, data: bytes) -> None:
        """Clear bits. Raises OSError outside the partition."""
        _check_range(address, len(data))
        self.programs += 1
        self.programmed_bytes += len(data)
        for index in range(len(data)):
            self._image[address + index] &= data[index]

    def erase(self, address: int) -> None:
        """Set a sector to FF. Raises OSError for an address that starts none."""
        if address % _SECTOR:
            raise OSError(errno.EINVAL)
        _check_range(address, _SECTOR)
        self.erases += 1
        self._image[address : address + _SECTOR] = b"\xff" * _SECTOR


class Usb(_Quiet):
    """Gives the bytes put into `waiting`, counts what is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = bytearray()
        self.sent_bytes = 0

    def read(self, into: bytearray) -> int:
        """Move bytes from `waiting` into the buffer."""
        count = min(len(into), len(self.waiting))
        into[:count] = memoryview(self.waiting)[:count]
        self.waiting = self.waiting[count:]
        return count

    def write(self, data: bytes) -> None:
        """Count."""
        self.sent_bytes += len(data)


def _check_range(address: int, length: int) -> None:
    if address < 0 or address + length > _FLASH_BYTES:
        raise OSError(errno.EINVAL)
