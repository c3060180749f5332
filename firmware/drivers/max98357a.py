"""MAX98357A: an amplifier that plays what comes by I2S. One tone at a time, without clicks. `ports.Speaker`.

The chip has no registers: it is silent without a clock, and its supply is switched by the board. Nobody waits for a
tone: the I2S port asks for the next part whenever one has been taken. Source: Analog Devices, MAX98357A data sheet.
"""

import math
from array import array

import micropython
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    class I2s(Protocol):
        """What the driver uses of `machine.I2S`."""

        def irq(self, handler: "Callable[[object], None]") -> object:
            """From now on `write` returns at once, and the handler is called when its buffer was taken."""
            ...

        def write(self, buf: "bytearray | memoryview") -> object:
            """Play the buffer."""
            ...

        def deinit(self) -> object:
            """Stop."""
            ...


RATE_HZ = const(32_000)
LEAST_HZ = const(20)
MOST_HZ = const(12_000)

_PART_SAMPLES = const(640)  # 20 ms, two buffers of it
QUEUE_BYTES = const(2560)
"""What the I2S port itself may hold: two parts."""
_LEAD_PARTS = const(1)
"""Silence before a tone that opens the port: the chip needs up to 7.5 ms from supply and clocks to sound (data sheet,
turn-on time), and would begin in the middle of a swing, which clicks."""
_TAIL_PARTS = const(3)
"""Silence behind a tone: what the port holds has been played by then."""
_STEPS = const(256)
"""Samples of a period in the table."""
_PEAK = const(32_767)
_SAMPLES_PER_MS = const(32)
_PHASE_BITS = const(24)

# Places of the state.
_PHASE, _STEP, _GAIN, _TARGET, _LEFT = const(0), const(1), const(2), const(3), const(4)
_STATE_WORDS = const(5)


class Max98357a:
    """One amplifier with its speaker."""

    def __init__(self, open_i2s: "Callable[[], I2s]", supply: "Callable[[int], object]") -> None:
        """`open_i2s` gives a transmitter of 16-bit mono at RATE_HZ; `supply` switches the amplifier on (1) and off."""
        self._open = open_i2s
        self._supply = supply
        self._i2s: "Optional[I2s]" = None
        self._table = array("h", [int(_PEAK * math.sin(2 * math.pi * n / _STEPS)) for n in range(_STEPS)])
        self._state = array("i", [0] * _STATE_WORDS)
        self._parts = (bytearray(2 * _PART_SAMPLES), bytearray(2 * _PART_SAMPLES))
        self._silence = bytearray(2 * _PART_SAMPLES)
        self._turn = 0
        self._tail = 0
        self._lead = 0

    def tone(self, frequency_hz: int, duration_ms: int, volume_percent: int) -> None:
        """Play a tone in the place of one that plays; a volume of 0 is silence. Returns at once.

        Raises ValueError for a frequency outside 20 to 12,000 Hz or another number that makes no sense, OSError.
        """
        if not LEAST_HZ <= frequency_hz <= MOST_HZ or not 0 <= volume_percent <= 100 or duration_ms < 0:
            raise ValueError("speaker: 20 to 12000 Hz, 0 to 100 percent")
        state = self._state
        state[_STEP] = (frequency_hz << _PHASE_BITS) // RATE_HZ
        state[_TARGET] = _PEAK * volume_percent // 100
        state[_LEFT] = duration_ms * _SAMPLES_PER_MS if volume_percent else 0
        self._tail = _TAIL_PARTS
        if self._i2s is None and volume_percent:
            self._begin()

    def stop(self) -> None:
        """Be silent at once, and give the port back. Asking again is safe. Raises OSError."""
        i2s, self._i2s = self._i2s, None
        self._state[_GAIN] = self._state[_LEFT] = 0
        if i2s is not None:
            i2s.deinit()
            self._supply(0)

    def playing(self) -> bool:
        """True while the port is in use."""
        return self._i2s is not None

    def _begin(self) -> None:
        i2s = self._open()
        self._i2s = i2s
        try:
            self._supply(1)
            self._lead = _LEAD_PARTS
            i2s.irq(self._sent)
            self._sent(i2s)
        except OSError:
            self._i2s = None
            i2s.deinit()
            raise

    def _sent(self, i2s: object) -> None:
        """A part was taken: the next one, or the end."""
        if self._i2s is None:
            return
        if self._lead:
            self._lead -= 1
            self._i2s.write(self._silence)
            return
        state = self._state
        if not state[_LEFT] and not state[_GAIN]:
            if not self._tail:
                self.stop()
                return
            self._tail -= 1
        self._turn ^= 1
        part = self._parts[self._turn]
        fill(part, self._table, state, _PART_SAMPLES)
        self._i2s.write(part)


@micropython.viper
def fill(into: ptr16, table: ptr16, state: ptr32, samples: int):  # noqa: ANN201 - viper knows no None
    """The next samples. The gain goes to its target in small steps, and to 0 when nothing is left of the tone."""
    phase = state[0]
    step = state[1]
    gain = state[2]
    left = state[4]
    slope = 256  # 4 ms from silence to full: a shorter ramp is heard as a click
    n = 0
    while n < samples:
        target = 0
        if left > 0:
            target = state[3]
            left -= 1
        if gain < target:
            gain += slope
            if gain > target:
                gain = target
        elif gain > target:
            gain -= slope
            if gain < target:
                gain = target
        level = int(table[phase >> 16])
        if level & 0x8000:
            level -= 0x10000
        into[n] = (level * gain) >> 15
        phase = (phase + step) & 0xFFFFFF
        n += 1
    state[0] = phase
    state[2] = gain
    state[4] = left
