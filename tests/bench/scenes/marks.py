"""Cuts one run into named parts.

At each cut a sample is taken: of the heap, to learn what a part has allocated; of the clock; or none. Under callgrind
the call of `time.ticks_cpu` is the cut: `tests/bench/measure.py` has it write down the instructions since the last.
"""

import gc
import time

MOST = 4000
NOT_OURS = ""
"""Name of the parts that nobody counts: what the measurement itself does."""
CUT = "cut"
"""A part in which nothing happens: what one cut costs."""
SAMPLES = {"instructions": time.ticks_cpu, "bytes": gc.mem_alloc, "us": time.ticks_us}


class Marks:
    """The cuts of one run. Allocates nothing once it is made."""

    def __init__(self, what):
        self._sample = SAMPLES[what]
        self._names = [NOT_OURS] * MOST
        self._values = [0] * MOST
        self._count = 0
        self.cut(NOT_OURS)
        self.cut(CUT)

    def cut(self, name):
        """The part that ends here has this name."""
        value = self._sample()
        count = self._count
        self._values[count] = value
        self._names[count] = name
        self._count = count + 1

    def parts(self):
        """[name, sample before, sample after] of every part, in order; the first one is all before the first cut."""
        values, names = self._values, self._names
        return [[names[i], values[max(i - 1, 0)], values[i]] for i in range(self._count)]
