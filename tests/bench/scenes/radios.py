"""The two radios that taps are measured on, with a cut at each border between firmware and radio.

What is done behind the border is not counted: there the board has a chip, and the estimate counts its transfers.
"""

from board.counting.devices import Nfc
from board.counting.radio import CannedRadio, on_air
from tests.bench.scenes.marks import NOT_OURS
from tests.bench.scenes.reader import LEAVE


class PlainRadio(Nfc):
    """`ports.Nfc` without a driver: for the cost of the card alone. Air bytes of each frame are in `air`."""

    def __init__(self, marks):
        super().__init__()
        self.port = self
        self.air = {}
        self.name = LEAVE
        self._marks = marks
        self._names = []
        self._prefix = ""

    def play(self, prefix, names, frames):
        """The reader to come sends these frames, which have these names."""
        self._prefix = prefix
        self._names = [prefix + name for name in names + [LEAVE]]
        self.name = self._names[0]
        for i in range(len(frames)):
            self.air[self._names[i]] = [len(frames[i]), 0]
        self.frames = frames[:]

    def receive(self, frame, timeout_us):
        """As its base; what came before belongs to the frame before."""
        self._marks.cut(self.name)
        self.name = self._names[-1 - len(self.frames)]
        length = super().receive(frame, timeout_us)
        self._marks.cut(NOT_OURS)
        return length

    def transmit(self, frame, length):
        """As its base."""
        self._marks.cut(self.name)
        super().transmit(frame, length)
        self.air[self.name][1] = length
        self._marks.cut(NOT_OURS)


class DrivenRadio(CannedRadio):
    """The real driver over a chip that only counts. SPI transfers and bytes of each frame are in `spi`."""

    def __init__(self, marks):
        self.spi = {"": [0, 0]}
        self.name = ""
        self._marks = marks
        self._names = [""]
        super().__init__()

    def play(self, prefix, names, frames):
        """The reader to come sends these frames, which have these names."""
        self._names = [prefix + name for name in names + [LEAVE]]
        self.name = self._names[0]
        for name in self._names:
            self.spi[name] = [0, 0]
        self.put([on_air(frame) for frame in frames])

    def write(self, buf):
        """As its base."""
        super().write(buf)
        self._count(len(buf))

    def readinto(self, buf, write=0):
        """As its base; it may bring the next frame."""
        super().readinto(buf, write)
        left = self._next and not self._on
        self.name = self._names[-1 if left else max(self._next - 1, 0)]
        self._count(len(buf))

    def _select(self, level):
        """From low to high it is the chip's time, with what little the driver does between."""
        if level == 0:
            self._marks.cut(self.name)
        CannedRadio._select(self, level)  # super() would cost a closure, and the chip's pin has none
        if level:
            self._marks.cut(NOT_OURS)

    def _count(self, size):
        entry = self.spi[self.name]
        entry[0] += 1
        entry[1] += size
