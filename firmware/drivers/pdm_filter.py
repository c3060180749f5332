"""Makes 16-bit samples at 16 kHz of one-bit samples at 2.048 MHz: a PDM microphone without hardware for it.

Two cascaded sinc^3 filters (E. B. Hogenauer, "An economical class of digital filters for decimation and
interpolation", 1981). The first one takes 8 bits a step by table, the second one is three integrators and a comb over
16 of its results. Everything is exact integer arithmetic modulo 2^32, so 32 and 64-bit processors give
the same samples.
"""

from array import array

import micropython
from micropython import const

BYTES_PER_SAMPLE = const(16)
"""128 bits make one sample."""
SETTLING_SAMPLES = const(4)
"""So many samples after a start belong to what was before it."""

_ENTRIES = const(256)
_SIDE = const(8)  # bits a step
_BIAS = const(336)
"""Added to each entry, so that none is negative: half words are loaded without a sign. The lowest one is -336."""

_WEIGHTS = (1, 3, 6, 10, 15, 21, 28, 36, 42, 46, 48, 48, 46, 42, 36, 28, 21, 15, 10, 6, 3, 1, 0, 0)
"""Three boxes of 8 convolved, the newest bit first; 512 in all."""

# Places of the state: sums of the integrators, the last two bytes, the delays of the comb, the slow mean.
_SUM = const(0)
_BYTES = const(3)
_DELAYS = const(5)
_MEAN = const(8)
_STATE_WORDS = const(9)


def tables() -> array:
    """Three tables of 256 entries, one after the other: the share of a byte, of the one before, of the one before that.

    The oldest bit of a byte is its highest. A bit of 1 counts 1, a bit of 0 counts -1.
    """
    made = array("H", bytes(3 * 2 * _ENTRIES))
    for place in range(3):
        weights = _WEIGHTS[place * _SIDE : (place + 1) * _SIDE]
        for byte in range(_ENTRIES):
            share = sum([weight if byte >> bit & 1 else -weight for bit, weight in enumerate(weights)])
            made[place * _ENTRIES + byte] = share + _BIAS
    return made


class PdmFilter:
    """The state of one microphone's filter."""

    def __init__(self, swapped: bool = False) -> None:
        """`swapped`: of each 8 bytes from I2S the last four are the older ones."""
        self._tables = tables()
        self._state = array("i", bytes(4 * _STATE_WORDS))
        self._order = 4 if swapped else 0
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        for place in range(_STATE_WORDS):
            self._state[place] = 0

    def run(self, raw: "bytearray | memoryview", into: "array[int] | memoryview", samples: int) -> None:
        """Make `samples` samples of `16 * samples` bytes of `raw`, as int16. Allocates nothing. Raises ValueError."""
        if samples * BYTES_PER_SAMPLE > len(raw) or samples > len(into):
            raise ValueError("microphone: buffers too short")
        decimate(raw, self._tables, self._state, self._order, into, samples)


@micropython.viper
def decimate(raw: ptr8, table: ptr16, state: ptr32, order: int, into: ptr16, samples: int):  # noqa: ANN201 - viper knows no None
    """`PdmFilter.run`. I2S gives words of 32 bits, the oldest bit first, in little-endian memory: bytes 3, 2, 1, 0."""
    s0 = state[0]
    s1 = state[1]
    s2 = state[2]
    b1 = state[3]
    b2 = state[4]
    d0 = state[5]
    d1 = state[6]
    d2 = state[7]
    mean = state[8]
    if mean & 0x800000:
        mean |= -1 << 23  # a word is loaded without its sign where a register is wider
    at = 0
    n = 0
    while n < samples:
        end = at + 16
        while at < end:
            b0 = int(raw[(at ^ 3) ^ order])
            s0 += int(table[b0]) + int(table[256 + b1]) + int(table[512 + b2])
            s1 += s0
            s2 += s1
            b2 = b1
            b1 = b0
            at += 1
        c0 = s2 - d0
        d0 = s2
        c1 = c0 - d1
        d1 = c0
        c2 = c1 - d2
        d2 = c1
        level = (c2 & 0xFFFFFF) - 0x3F0000  # 3 * 336 * 4096: what the bias of the tables adds up to
        level >>= 6
        # A slow mean is taken off: what it has of DC, and nothing above 20 Hz.
        mean += ((level << 7) - mean) >> 7
        level -= mean >> 7
        if level > 32767:
            level = 32767
        elif level < -32768:
            level = -32768
        into[n] = level
        n += 1
    state[0] = s0
    state[1] = s1
    state[2] = s2
    state[3] = b1
    state[4] = b2
    state[5] = d0
    state[6] = d1
    state[7] = d2
    state[8] = mean
