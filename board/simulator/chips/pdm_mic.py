"""A PDM microphone as the receiver of an I2S port collects it: a second-order modulator, one bit each clock.

Sound goes in as a function of the number of the sample at 2.048 MHz, -32768 to 32767. The modulator is the usual one of
two integrators with a feedback of one bit (Candy, "A use of double integration in sigma delta modulation", 1985); it is
stable up to about 0.7 of full scale, as a real microphone distorts there.
"""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional

_FULL = const(32768)
_MOST = const(1 << 20)
"""Integrators saturate: a modulator that is overdriven must come back."""
_WORD_BYTES = const(4)
_CLOCKS_PER_MS = const(2048)


class Microphone:
    """What is on the data line, bit for bit."""

    starting_ms = 20
    """From its clock to bits; the line is low before. An estimate for TDK's family; Knowles gives less."""

    def __init__(self, sound: "Callable[[int], int]") -> None:
        self.sound = sound
        self.stuck: "Optional[int]" = None
        """0 or 1: the line does not move."""
        self._first = self._second = 0
        self._clock = 0
        self._port: object = None
        self._begun = 0
        """The bit at which the clock of this port began."""

    def give(self, port: object, buf: "bytearray | memoryview") -> None:
        """Fill whole words: the oldest bit is the highest one, the words are little-endian."""
        if self._port is not port:  # None: nobody's clock, which has run for long
            self._port, self._begun = port, self._clock
        for word in range(0, len(buf), _WORD_BYTES):
            bits = self._bits()
            for place in range(_WORD_BYTES):
                buf[word + place] = bits >> 8 * place & 0xFF

    def _bits(self) -> int:
        """The next 32."""
        bits = 0
        first, second, clock, sound = self._first, self._second, self._clock, self.sound
        for _ in range(8 * _WORD_BYTES):
            out = _FULL if second >= 0 else -_FULL
            first = max(-_MOST, min(_MOST, first + sound(clock) - out))
            second = max(-_MOST, min(_MOST, second + first - out))
            bits = bits << 1 | (1 if out > 0 else 0)
            clock += 1
        self._first, self._second, self._clock = first, second, clock
        if self._port is not None and clock - self._begun <= self.starting_ms * _CLOCKS_PER_MS:
            return 0
        if self.stuck is not None:
            return 0xFFFFFFFF if self.stuck else 0
        return bits
