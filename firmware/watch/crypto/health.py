"""Health tests of a raw entropy source. NIST SP 800-90B section 4.4.

The source is taken to give at least 4 bits of entropy per byte; a healthy one fails a test once in 2^30 runs.
"""

from micropython import const

from watch.kernel.errors import EntropyError

SAMPLE_BYTES = const(512)  # SP 800-90B 4.4.2: window for sources that are not binary
_REPEATS = const(9)  # 4.4.1: 1 + 30 / 4 equal bytes in a row
_PROPORTION = const(71)  # 4.4.2: 1 + critical binomial of (512, 2^-4, 1 - 2^-30)


def check(sample: bytearray) -> None:
    """Raise EntropyError if `sample` looks stuck: one byte too often in a row, or too often at all."""
    _check_repetition(sample)
    _check_proportion(sample)


def _check_repetition(sample: bytearray) -> None:
    run = 0
    last = -1
    for value in sample:
        run = run + 1 if value == last else 1
        last = value
        if run >= _REPEATS:
            raise EntropyError("source repeats itself")


def _check_proportion(sample: bytearray) -> None:
    counts = [0] * 256
    for value in sample:
        counts[value] += 1
    if max(counts) >= _PROPORTION:
        raise EntropyError("source favours one value")
