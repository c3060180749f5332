"""Stand-ins of the tests of voice: a network, a front end, a place for records, microphones, and sounds."""

import errno
import math
import random
from array import array

from watch.kernel.errors import StorageError
from watch.voice.decision import Recogniser
from watch.voice.prototypes import Prototypes

RATE_HZ = 16_000
PART = 320
SIZE = 8
CENTRE = bytes(SIZE - 1) + b"\xff"
"""Of a network whose words have nothing in common."""
WORDS = ("payment", "timer", "next", "yes", "zero")
FULL = 32767


class Network:
    """Gives the logits and the embedding that a test has written into it, and keeps its windows' sums."""

    words = WORDS
    embedding_size = SIZE
    thresholds = (0.5, 0.7, 0.9)
    scale = 0.5
    pull = 8.0
    near = 0.75

    def __init__(self):
        self.logits = [0] * (len(WORDS) + 1)
        self.embedding = [1] * SIZE
        self.windows = []
        self.activations = bytearray(64)

    def run(self, window, logits, embedding):
        self.windows.append(bytes(window))
        for n, value in enumerate(self.logits):
            logits[n] = value
        for n, value in enumerate(self.embedding):
            embedding[n] = value
        self.activations[:] = window[-64:]

    def clear(self):
        self.activations[:] = bytes(64)


class Keep:
    """Records in RAM, which can fail."""

    def __init__(self):
        self.records = {}
        self.broken = False

    def _check(self):
        if self.broken:
            raise StorageError()

    def read(self, language):
        self._check()
        return [(word, data) for (owner, word), data in self.records.items() if owner == language]

    def write(self, language, word, data):
        self._check()
        self.records[(language, word)] = bytes(data)

    def delete(self, language, word):
        self._check()
        self.records.pop((language, word), None)


def recogniser(network=None, keep=None):
    """A recogniser over a network that answers what it is told."""
    return Recogniser(network or Network(), Prototypes(keep or Keep(), "en", CENTRE))


class Front:
    """A front end of one number: the mean of the distances to zero, on the scale of levels, in all bands."""

    def __init__(self):
        self.kept = array("h", bytes(64))

    def frame(self, samples, at, into, offset):
        total = 0
        for n in range(at, at + 512):
            total += abs(samples[n])
        for n in range(32):
            self.kept[n] = samples[at + n]
        level = 40 + int(16 * math.log(1 + total / 512) / math.log(2))
        for band in range(32):
            into[offset + band] = level
        return level

    def clear(self):
        for n in range(len(self.kept)):
            self.kept[n] = 0


class Microphone:
    """Plays samples as time goes by; more than that in time are silence with a little noise.

    `fail` is the number of the call of `read` that raises; `dry` is the sample after which nothing comes any more;
    for `busy` starts the speaker has the pin.
    """

    def __init__(self, clock, samples=(), fail=-1, dry=-1, start_fails=False, stop_fails=False, busy=0):
        self.clock = clock
        self.samples = samples
        self.fail, self.dry = fail, dry
        self.start_fails, self.stop_fails, self.busy = start_fails, stop_fails, busy
        self.running = False
        self.starts = self.stops = self.reads = 0
        self.given = self.began_ms = 0
        self.noise = array("h", [random.randrange(-9, 10) for _ in range(997)])

    def start(self):
        self.starts += 1
        if self.busy:
            self.busy -= 1
            raise OSError(errno.EAGAIN)
        if self.start_fails:
            raise OSError(errno.EIO)
        self.running = True
        self.given, self.began_ms = 0, self.clock.ticks_ms()

    def read(self, into):
        if not self.running:
            raise OSError(errno.EPERM)
        self.reads += 1
        if self.reads == self.fail:
            raise OSError(errno.EIO)
        due = (self.clock.ticks_ms() - self.began_ms) * RATE_HZ // 1000 // PART * PART
        if self.dry >= 0:
            due = min(due, self.dry)
        count = min(len(into), due - self.given)
        for n in range(count):
            at = self.given + n
            into[n] = self.samples[at] if at < len(self.samples) else self.noise[at % 997]
        self.given += count
        return count

    def stop(self):
        self.stops += 1
        self.running = False
        if self.stop_fails:
            raise OSError(errno.EIO)


def limited(value):
    """A sample within 16 bits."""
    return max(-FULL - 1, min(FULL, int(value)))


def sound(ms, make):
    """Samples of a function of the number of the sample."""
    return array("h", [limited(make(n)) for n in range(ms * RATE_HZ // 1000)])


def quiet(ms, loud=9):
    """Noise of a quiet place."""
    return sound(ms, lambda n: random.randrange(-loud, loud + 1))


def voice(ms, hz=130, loud=3000):
    """Something like a vowel: a pulse train with its harmonics, formed a little."""
    period = RATE_HZ // hz
    shape = [
        loud * math.exp(-n / 18) * math.cos(2 * math.pi * n * 600 / RATE_HZ)
        + loud / 3 * math.exp(-n / 12) * math.cos(2 * math.pi * n * 1700 / RATE_HZ)
        for n in range(period)
    ]
    return sound(ms, lambda n: shape[n % period] + random.randrange(-9, 10))


def hiss(ms, loud=2000):
    """White noise."""
    return sound(ms, lambda n: random.randrange(-loud, loud + 1))


def joined(*parts):
    """One sound after the other."""
    made = array("h")
    for part in parts:
        made.extend(part)
    return made
