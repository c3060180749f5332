"""The front end: 512 samples in, 32 bytes out, one for each band. Whole numbers only, the same on every board."""

from array import array

from micropython import const

from watch.voice import bands, spectrum
from watch.voice.bands import BANDS
from watch.voice.spectrum import FRAME_SAMPLES

RATE_HZ = const(16000)
HOP_SAMPLES = const(320)
"""From one frame to the next, 20 ms: the caller sees to it."""
_NUMBERS = const(512)
_MAGNITUDE_BITS = const(16)
"""What a frame is shortened to, by `windowed`'s way of counting: 15 and a sign."""


class FrontEnd:
    """Tables, and room for one frame: 8 KB. A frame allocates nothing."""

    def __init__(self) -> None:
        points = spectrum.circle()
        self._hann = spectrum.window(points)
        self._turns = (spectrum.turns(points, 1), spectrum.turns(points, 4), spectrum.turns(points, 16))
        self._splits = spectrum.splits(points)
        self._order = spectrum.order()
        self._spans = bands.spans()
        self._logarithms = bands.logarithms()
        self._one = array("i", bytes(4 * _NUMBERS))
        self._other = array("i", bytes(4 * _NUMBERS))
        self._sums = array("i", bytes(4 * (BANDS + 1)))

    def frame(self, samples: "array[int] | memoryview", at: int, into: "bytearray | memoryview", offset: int) -> int:
        """Log-mel of `samples[at : at + 512]`, signed, 16 bits, into `into[offset : offset + 32]`.

        Each byte is 8 log2 of the power in a band, 0 to 255. Returns the same of all bands together. Silence gives 0.
        Raises ValueError if there are fewer samples or there is less room.
        """
        if at < 0 or at + FRAME_SAMPLES > len(samples) or offset < 0 or offset + BANDS > len(into):
            raise ValueError("a frame is 512 samples, and needs 32 bytes")
        seen = spectrum.windowed(0, self._hann, samples, self._one, at)
        shift = max(0, spectrum.length(seen) - _MAGNITUDE_BITS)
        spectrum.normalise(self._one, shift)
        one, other = self._one, self._other
        first, second, third = self._turns
        spectrum.stage(0, 0, one, other, first, 64, 1)
        spectrum.stage(0, 0, other, one, second, 16, 4)
        spectrum.stage(0, 0, one, other, third, 4, 16)
        spectrum.last_stage(0, 0, other, one, self._order)
        loudest = spectrum.powers(0, 0, one, self._splits)
        halvings = max(0, spectrum.length(loudest) - bands.LOUD_BITS)
        bands.sums(0, 0, one, halvings, self._spans, self._sums)
        return bands.levels(self._sums, self._logarithms, bands.level_add(shift, halvings), into, offset)

    def clear(self) -> None:
        """Forget the last frame: all room is 0. Allocates nothing."""
        spectrum.wipe(self._one, _NUMBERS)
        spectrum.wipe(self._other, _NUMBERS)
        spectrum.wipe(self._sums, BANDS + 1)
