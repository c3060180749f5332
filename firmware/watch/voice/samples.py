"""Small loops over samples and features that must allocate nothing."""

import micropython
from micropython import const

_LOUDEST = const(32000)
"""From this distance to zero on a sample counts as one at full scale."""
_SPAN = const(1536)  # 65536 - 2 * 32000: as unsigned numbers, both ends of the scale lie side by side


@micropython.viper
def put(into: ptr16, to: int, source: ptr16, start: int, count: int):  # noqa: ANN201 - viper knows no None
    """Copy samples, the first one first: they may move down within one buffer."""
    i = 0
    while i < count:
        into[to + i] = source[start + i]
        i += 1


@micropython.viper
def clipped(samples: ptr16, start: int, count: int) -> int:
    """How many samples are at full scale."""
    found = 0
    i = start
    while i < start + count:
        past = int(samples[i]) - _LOUDEST
        if past >= 0 and past <= _SPAN:
            found += 1
        i += 1
    return found


@micropython.viper
def constant(samples: ptr16, start: int, count: int) -> bool:
    """True if all samples are the same: nobody is at the other end."""
    level = int(samples[start])
    i = start
    while i < start + count:
        if int(samples[i]) != level:
            return False
        i += 1
    return True


@micropython.viper
def wipe(buffer: ptr8, count: int):  # noqa: ANN201 - viper knows no None
    """Overwrite bytes with zeros."""
    i = 0
    while i < count:
        buffer[i] = 0
        i += 1


@micropython.viper
def copy_frame(into: ptr8, to: int, source: ptr8, start: int, count: int):  # noqa: ANN201 - viper knows no None
    """Copy bytes."""
    i = 0
    while i < count:
        into[to + i] = source[start + i]
        i += 1


@micropython.viper
def total(source: ptr8, start: int, count: int) -> int:
    """Sum of bytes."""
    found = 0
    i = start
    while i < start + count:
        found += source[i]
        i += 1
    return found
