"""One parser under many inputs, in either interpreter: what it may raise, how long it may take, what it may keep.

How many inputs: in the long form (`TAPWATCH_LONG`) LONG_COUNT, or as many as `TAPWATCH_FUZZ` says; otherwise the test's
own short form counts. A campaign whose inputs cost more than a millisecond or so says by how much fewer it takes.
"""

import gc
import os
import time

LONG_COUNT = 100_000
MOST_MS = 50
"""Longest that one input may take, of the processor: another program may have it meanwhile."""
_HEAP_BYTES = 1_024
"""What the last input may leave in buffers and on the stack."""
_TRIES = 3
"""A collection of the heap may fall into one: an input is slow only if it is slow every time."""
_processor_s = getattr(time, "clock", None) or time.process_time
_mem_alloc = getattr(gc, "mem_alloc", None)


def count(short, fewer=1):
    """How many inputs this run tries. `fewer`: the long forms are divided by this."""
    told = os.getenv("TAPWATCH_FUZZ")
    if told:
        return max(short, int(told) // fewer)
    return max(short, LONG_COUNT // fewer) if os.getenv("TAPWATCH_LONG") else short


def in_use():
    """Bytes of the heap in use; 0 where the interpreter does not tell."""
    if _mem_alloc is None:
        return 0
    gc.collect()
    return _mem_alloc()


class Campaign:
    """Tries one parser. `take(data)` is called with each input."""

    def __init__(self, name, take, declared, most_ms=MOST_MS, heap_bytes=_HEAP_BYTES):
        """`declared`: the error or errors that `take` may raise. `heap_bytes`: what may be in use afterwards."""
        self.name = name
        self.tried = self.accepted = 0
        self.longest_us = 0
        self._take = take
        self._declared = declared
        self._most_ms = most_ms
        self._heap_bytes = heap_bytes

    def run(self, make, short, fewer=1):
        """Try what `make()` gives, as often as `count` says; then tell what came of it. Returns the share accepted."""
        for _ in range(20):  # names are made and caches are filled once
            self.one(make())
        self.tried = self.accepted = self.longest_us = 0
        before = in_use()
        wanted = count(short, fewer)
        while self.tried < wanted:
            self.one(make())
        grown = in_use() - before
        self.note(f"heap growth: {grown} bytes" if _mem_alloc else "")
        assert grown <= self._heap_bytes, f"{self.name} keeps {grown} bytes"
        return self.accepted / self.tried

    def one(self, data):
        """Try one input; True if it was accepted."""
        good, took_us = self._timed(data)
        for _ in range(_TRIES - 1):
            if took_us <= self._most_ms * 1000:
                break
            took_us = min(took_us, self._timed(data)[1])
        assert took_us <= self._most_ms * 1000, f"{self.name}: {took_us} us for {data!r}"
        self.longest_us = max(self.longest_us, took_us)
        self.tried += 1
        self.accepted += good
        return good

    def _timed(self, data):
        started = _processor_s()
        try:
            self._take(data)
            good = True
        except self._declared:
            good = False
        except BaseException:
            print(f"NOTE fuzz, {self.name}: failed at {data!r}")
            raise
        return good, int((_processor_s() - started) * 1_000_000)

    def note(self, more=""):
        """Print the numbers."""
        line = f"NOTE fuzz, {self.name}: {self.tried} inputs, {self.accepted} accepted, slowest {self.longest_us} us"
        print(line + (", " + more if more else ""))
