"""Boots an image once, however many cuts leave it behind.

A cut before a write leaves what one after the write before it leaves, a refused write often what a cut leaves, and most
recoveries end at the same bytes. A boot depends on nothing but what is on the flash, so the same bytes need no second
look, and a boot that changes nothing needs no second boot.
"""

import hashlib


class Failed(Exception):
    """A promise was broken."""


class Verified:
    """Remembers by a hash what each image was found to be. One for each story, and for each way to recover."""

    def __init__(self, boot):
        """`boot(cells, where)` says what it found, what it wrote, and which cells the next boot would see.

        Cells are a tuple of buffers: all that a boot depends on.
        """
        self._boot = boot
        self._once = {}
        self._twice = {}

    def twice(self, cells, where):
        """What the first of two boots found, and what it wrote. Raises Failed if the second finds another thing.

        What `boot` raises is passed on. `where`: which cut it was.
        """
        name = digest(cells)
        if name not in self._twice:
            found, writes, after = self._boot(cells, where)
            if after != cells and self._found(after, where) != found:
                raise Failed(where + ": the second boot differs from the first")
            self._once[name] = found
            self._twice[name] = found, writes
        return self._twice[name]

    def _found(self, cells, where):
        name = digest(cells)
        if name not in self._once:
            self._once[name] = self._boot(cells, where)[0]
        return self._once[name]


def digest(cells):
    """A name for cells."""
    whole = hashlib.sha256(b"")
    for cell in cells:
        whole.update(cell)
    return whole.digest()
