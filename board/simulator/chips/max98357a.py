"""MAX98357A and its speaker: the samples that came while it had a supply, and what tone they are."""

from array import array

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Callable, Optional, Protocol

    Buffer = bytes | bytearray | memoryview

    class Port(Protocol):
        """What sends: `machine.I2S`."""

        rate: int
        bits: int


_MOST_SAMPLES = const(96_000)
_BITS = const(16)
_SAMPLE_BYTES = const(2)
_US = const(1_000_000)


class Amplifier:
    """What a listener would hear. `misuse` gets what the chip would make noise of."""

    starting_us = 7_500
    """From supply and clocks to sound: what comes before is not heard. The longest of the data sheet; 7 ms usually."""

    def __init__(self, misuse: "list[str]", hears: "Optional[Callable[[Buffer], None]]" = None) -> None:
        """`hears` gets every part; without it the samples are kept in `heard`."""
        self.misuse = misuse
        self.hears = hears
        self.powered = False
        self.rate_hz = 0
        self.heard = array("h")
        self.missed = 0
        """Samples with sound in them that came before the chip was up."""
        self._clocked = 0
        """Samples since supply and clocks are there."""
        self._port: "Optional[Port]" = None

    def supply(self, level: int) -> None:
        """The supply goes on or off."""
        self.powered = bool(level)
        self._clocked = 0

    def take(self, port: "Port", buf: "Buffer") -> None:
        """Samples of 16 bits, one channel."""
        if port.bits != _BITS:
            self.misuse.append("amplifier: %d bits" % port.bits)
        self.rate_hz = port.rate
        if not self.powered:
            if any(buf):
                self.misuse.append("amplifier: sound without a supply")
            return
        buf = self._up(port, buf)
        if self.hears:
            self.hears(buf)
        elif len(self.heard) < _MOST_SAMPLES:
            self.heard.extend(array("h", bytes(buf)))

    def _up(self, port: "Port", buf: "Buffer") -> "Buffer":
        """What of it is heard: nothing before the chip is up, which begins anew with the clocks of a port."""
        if self._port is not port:
            self._port, self._clocked = port, 0
        asleep = max(self.starting_us * port.rate // _US - self._clocked, 0)
        self._clocked += len(buf) // _SAMPLE_BYTES
        if not asleep:
            return buf
        asleep = min(asleep, len(buf) // _SAMPLE_BYTES)
        sound = array("h", bytes(buf))
        for place in range(asleep):
            self.missed += sound[place] != 0
            sound[place] = 0
        return memoryview(sound)

    def frequency_hz(self) -> int:
        """From the rising crossings of zero, the first to the last."""
        crossings = [n for n in range(1, len(self.heard)) if self.heard[n - 1] < 0 <= self.heard[n]]
        if len(crossings) < 2:
            return 0
        return (len(crossings) - 1) * self.rate_hz // (crossings[-1] - crossings[0])

    def steepest(self) -> int:
        """The largest step from one sample to the next: a click is one."""
        return max([abs(self.heard[n] - self.heard[n - 1]) for n in range(1, len(self.heard))] or [0])
