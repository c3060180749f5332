"""The microphone of pdm_mic.py, fast enough for live sound: the same modulator, compiled, with blocks of 16 kHz.

Each sample of sound lasts for 128 bits. Together with the filter of the driver that leaves 3.5 dB less at 4 kHz than at
the lowest pitch, and 8.9 dB at 7 kHz; the filter alone takes 2.7 and 8.8 dB.
"""

from array import array

import micropython
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Protocol

    class Sound(Protocol):
        """What is around the microphone."""

        def enter(self) -> None:
            """The microphone has a clock. Raises OSError where a port could not be opened."""
            ...

        def hear(self, into: bytearray, samples: int) -> int:
            """Store the next samples (int16, native order), silence too. What the line does: a constant below."""
            ...

        def leave(self) -> None:
            """It has no clock any more."""
            ...


ALIVE, LOW, HIGH = const(0), const(1), const(2)
"""The line carries bits; it is stuck at 0, or not connected; it is stuck at 1."""

_SAMPLE_BYTES = const(16)
"""128 bits."""
_SAMPLES_PER_MS = const(16)
_SEED = const(1)
_WHISPER = const(3)
"""Mask of two draws for each sample: together -3 to 3, -86 dB of full scale. The T3902 has 64 dB(A) below 94 dB SPL,
that is -90 dB of full scale (data sheet)."""


class LiveMicrophone:
    """What is on the data line, part by part."""

    starting_ms = 20
    """As in pdm_mic.py."""

    def __init__(self, sound: "Sound", whisper: int = _WHISPER) -> None:
        """`whisper`: 0 for a microphone without noise of its own."""
        self._sound = sound
        self._state = array("i", (0, 0, _SEED, whisper))
        self._samples = bytearray()
        self._asleep = 0
        """Samples until it is up."""

    def enter(self) -> None:
        """A clock begins: it starts, as ever the same. Raises OSError."""
        self._sound.enter()
        self._state[0] = self._state[1] = 0
        self._state[2] = _SEED
        self._asleep = self.starting_ms * _SAMPLES_PER_MS

    def leave(self) -> None:
        """The clock ends."""
        self._sound.leave()

    def give(self, buf: "bytearray | memoryview") -> None:
        """Fill whole samples: the oldest bit is the highest one, the words are little-endian."""
        samples = len(buf) // _SAMPLE_BYTES
        if len(self._samples) != 2 * samples:
            self._samples = bytearray(2 * samples)
        line = self._sound.hear(self._samples, samples)
        if line == ALIVE:
            modulate(self._samples, samples, self._state, buf)
        else:
            buf[:] = (b"\0" if line == LOW else b"\xff") * len(buf)
        asleep = min(self._asleep, samples)
        self._asleep -= asleep
        if asleep:
            buf[: asleep * _SAMPLE_BYTES] = bytes(asleep * _SAMPLE_BYTES)


@micropython.viper
def modulate(samples: ptr16, count: int, state: ptr32, into: ptr32):  # noqa: ANN201 - viper knows no None
    """Four words of bits for each sample. State: both integrators, the seed and the mask of the noise. Unix only."""
    first = int(state[0])
    second = int(state[1])
    if first & 0x1000000:
        first |= -1 << 24  # a word is loaded without its sign
    if second & 0x1000000:
        second |= -1 << 24
    seed = int(state[2])
    mask = int(state[3])
    at = 0
    n = 0
    while n < count:
        seed = seed * 22695477 + 1 & 0x3FFFFFFF
        sound = int(samples[n])
        if sound & 0x8000:
            sound -= 0x10000
        sound += (seed >> 16 & mask) + (seed >> 20 & mask) - mask
        if sound > 32767:
            sound = 32767
        elif sound < -32768:
            sound = -32768
        up = sound + 32768
        down = sound - 32768
        end = at + 4
        while at < end:
            bits = 1  # this bit falls out at the top after 32 others
            while bits >> 32 == 0:
                if second < 0:
                    first += up
                    if first > 1048576:
                        first = 1048576
                    second += first + 32768
                    bits <<= 1
                else:
                    first += down
                    if first < -1048576:
                        first = -1048576
                    second += first - 32768
                    bits = bits << 1 | 1
                if second > 1048576:
                    second = 1048576
                elif second < -1048576:
                    second = -1048576
            into[at] = bits
            at += 1
        n += 1
    state[0] = first
    state[1] = second
    state[2] = seed
