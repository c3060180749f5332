"""Wiping: one buffer, or every free byte of the heap."""

import gc

import micropython
from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Union

_IMMUTABLE = (bytes, str)  # made once: a tuple display would allocate
_LARGEST_BYTES = const(1 << 20)  # the search for free memory starts over at each block, so few large ones cost less
_SMALLEST_BYTES = const(1 << 14)  # smaller gaps are filled by single blocks: only their search goes on where it was


@micropython.viper
def _fill_zero(buf: ptr8, length: int) -> object:
    i = 0
    while i < length:
        buf[i] = 0
        i += 1


def zero(buf: "Union[bytearray, memoryview]") -> None:
    """Overwrite a buffer of bytes with zeros. Allocates nothing. Raises TypeError for immutable bytes."""
    if isinstance(buf, _IMMUTABLE):
        raise TypeError("zero() needs a writable buffer")
    _fill_zero(buf, len(buf))


def scrub() -> None:
    """Collect garbage and overwrite all free heap, so that dropped copies of secrets are gone.

    MicroPython clears a block when it hands it out, so taking every free block is enough. Collection is off meanwhile:
    each refusal would otherwise cost a whole collection. Time grows with the size of the heap, never with its content.
    """
    gc.collect()
    automatic = gc.isenabled()
    gc.disable()
    try:
        _take_all_free()
    finally:
        gc.collect()
        if automatic:
            gc.enable()


def _take_all_free() -> None:
    """Hold pieces of falling sizes, then single blocks, until nothing is left; then let go."""
    held = None
    size = _LARGEST_BYTES
    while size >= _SMALLEST_BYTES:
        try:
            while True:
                held = [held, bytearray(size)]
        except MemoryError:
            size >>= 1
    try:
        while True:
            held = [held, None]  # a short list is two blocks, one by one
    except MemoryError:
        pass  # at most one block is left
    single = None
    try:
        while True:
            single = (single, None)  # a pair is exactly one block
    except MemoryError:
        single = None
    while held:  # cut each link: a stale pointer on the C stack must not keep the whole chain
        cell = held
        held = cell[0]
        cell[0] = cell[1] = None
