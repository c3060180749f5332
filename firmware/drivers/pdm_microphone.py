"""A PDM microphone (TDK T3902, Knowles SPM1423) on an I2S port that knows no PDM. `ports.Microphone`.

The port is a receiver of 32-bit stereo at 32 kHz, so its bit clock is 2.048 MHz, within the 1 to 3.25 MHz of both
microphones; the "data" that it collects are the bits of the microphone, one each clock. Sources: MicroPython's
machine.I2S for the ESP32 (standard mode only); data sheets of T3902 and SPM1423.

Nobody has heard this on a board yet. UNSURE-PDM-ORDER: which of the two words of a frame is the older one (`swapped`).
UNSURE-PDM-HALF: whether the microphone drives the line in the half of the clock that is sampled; if not, all is noise.
"""

import errno
from array import array

import micropython
from micropython import const

from drivers.pdm_filter import SETTLING_SAMPLES, PdmFilter

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    class I2s(Protocol):
        """What the driver uses of `machine.I2S`."""

        def irq(self, handler: "Callable[[object], None]") -> object:
            """From now on `readinto` returns at once, and the handler is called when its buffer is full."""
            ...

        def readinto(self, buf: "bytearray | memoryview") -> object:
            """Fill the buffer."""
            ...

        def deinit(self) -> object:
            """Stop."""
            ...


RATE_HZ = const(16_000)
I2S_RATE_HZ = const(32_000)
"""Rate of the I2S port: 64 bits a frame."""

_PART_SAMPLES = const(320)  # 20 ms
_PART_BYTES = const(5120)  # of raw bits
_DEAF_PARTS = const(2)
"""What comes in the first 40 ms is thrown away: the microphones need about 20 ms from their clock to sound (an estimate
for the family of the T3902; Knowles gives less), and the step at its end would be a bang."""
_PARTS = const(16)
"""320 ms: the collector may pause for 0.3 s."""


class PdmMicrophone:
    """One microphone."""

    def __init__(self, open_i2s: "Callable[[], I2s]", swapped: bool = False) -> None:
        """`open_i2s` gives a new receiver as described above, or raises OSError while another has the port."""
        self._open = open_i2s
        self._i2s: "Optional[I2s]" = None
        self._filter = PdmFilter(swapped)
        self._raw = bytearray(_PARTS * _PART_BYTES)
        self._views = [memoryview(self._raw)[n * _PART_BYTES : (n + 1) * _PART_BYTES] for n in range(_PARTS)]
        self._filling = 0
        """The part that is being filled; those between it and `_next` are full."""
        self._next = 0
        """The part that is read next."""
        self._at = 0
        """Samples of it that were read."""
        self._samples = array("h", bytes(2 * _PART_SAMPLES))
        self._ready = False  # the samples of that part are made
        self._settling = 0
        self._deaf = 0
        """Parts that are still to be thrown away."""
        self.lost = 0
        """Parts of 20 ms that nobody fetched in time, since `start`."""
        self.stuck = False
        """The line has not moved for a whole part: no microphone, or a dead one."""

    def start(self) -> None:
        """Begin to listen; asking again is safe. Raises OSError."""
        if self._i2s is not None:
            return
        self._filling = self._next = self._at = 0
        self._ready = self.stuck = False
        self._settling = SETTLING_SAMPLES
        self._deaf = _DEAF_PARTS
        self.lost = 0
        self._filter.reset()
        i2s = self._open()
        try:
            i2s.irq(self._full)
            i2s.readinto(self._views[0])
        except OSError:
            i2s.deinit()
            raise
        self._i2s = i2s

    def read(self, into: "array[int] | memoryview") -> int:
        """Store samples that wait, at most the length of `into`; how many. Raises OSError. Allocates nothing."""
        if self._i2s is None:
            raise OSError(errno.EPERM)
        stored = 0
        while stored < len(into) and (self._ready or self._take()):
            count = _PART_SAMPLES - self._at
            if count > len(into) - stored:
                count = len(into) - stored
            copy(into, stored, self._samples, self._at, count)
            stored += count
            self._at += count
            if self._at == _PART_SAMPLES:
                self._ready = False
        return stored

    def stop(self) -> None:
        """Stop, and overwrite what was heard. Asking again is safe. Raises OSError; it is overwritten all the same."""
        i2s, self._i2s = self._i2s, None
        try:
            if i2s is not None:
                i2s.deinit()
        finally:
            wipe(self._raw, len(self._raw) >> 2)
            wipe(self._samples, _PART_SAMPLES >> 1)
            self._filter.reset()

    def _full(self, i2s: object) -> None:
        """A part is full: go on with the next one, or with the same again if nobody has fetched the others."""
        if self._i2s is None:
            return
        following = (self._filling + 1) % _PARTS
        if following == self._next:
            self.lost += 1
        else:
            self._filling = following
        self._i2s.readinto(self._views[self._filling])

    def _take(self) -> bool:
        """Make samples of the next full part; False if there is none."""
        while self._deaf and self._next != self._filling:
            self._deaf -= 1
            wipe(self._views[self._next], _PART_BYTES >> 2)
            self._next = (self._next + 1) % _PARTS
        if self._next == self._filling:
            return False
        raw = self._views[self._next]
        self.stuck = not moves(raw, _PART_BYTES >> 2)
        self._filter.run(raw, self._samples, _PART_SAMPLES)
        wipe(raw, _PART_BYTES >> 2)
        self._next = (self._next + 1) % _PARTS
        self._at = self._settling
        self._settling = 0
        self._ready = True
        return True


@micropython.viper
def moves(raw: ptr32, words: int) -> bool:
    """False if all words are zeros, or all are ones."""
    some = 0
    every = -1
    i = 0
    while i < words:
        word = int(raw[i])
        some |= word
        every &= word
        i += 1
    return bool(some & 0xFFFF) and (every & 0xFFFF) != 0xFFFF


@micropython.viper
def copy(into: ptr16, to: int, source: ptr16, start: int, count: int):  # noqa: ANN201 - viper knows no None
    """Copy samples."""
    i = 0
    while i < count:
        into[to + i] = source[start + i]
        i += 1


@micropython.viper
def wipe(words: ptr32, count: int):  # noqa: ANN201 - viper knows no None
    """Overwrite words with zeros."""
    i = 0
    while i < count:
        words[i] = 0
        i += 1
