"""What one run wrote, so that every cut of it can be made without running it again.

When the power goes at a write, what is on the flash depends on three things: what was there, the write, and how far it
came. Code that runs on in a dead watch changes nothing. The campaigns really play some of the cuts and compare.
"""

from tests.firmware.storage.norflash import SECTOR, Cut, NorFlash, PowerCut


class SameEveryTime:
    """Stands for `os` in the random generator, so that every attempt at a deed writes the same bytes."""

    @staticmethod
    def urandom(count):
        return bytes(count)


class Tape:
    """Stands for the fault of a flash: lets every write through, and keeps it."""

    def __init__(self, mark=int):
        """`mark()` says how far the run is; it is kept with each write."""
        self._mark = mark
        self.writes = []

    def strikes(self, operation):
        return True

    def program(self, flash, address, data):
        self.writes.append((self._mark(), address, data))
        flash.clear(address, data)

    def erase(self, flash, address):
        self.writes.append((self._mark(), address, None))
        flash.image[address : address + SECTOR] = b"\xff" * SECTOR

    def cuts(self, image, patterns):
        """Lose the power at each write in each of `patterns(at)`, where the run began with `image`.

        Gives the number of the write, the pattern, the mark, and the image that the next boot finds.
        """
        flash = NorFlash(len(image) // SECTOR, image)
        for at, (mark, address, data) in enumerate(self.writes):
            for pattern in patterns(at):
                yield at, pattern, mark, self._cut(flash, at, pattern)
            _write(flash, address, data)

    def _cut(self, flash, at, pattern):
        torn = flash.restored()
        torn.operations, torn.fault = at, Cut(at, pattern)
        try:
            _write(torn, *self.writes[at][1:])
        except PowerCut:
            return torn.image
        raise AssertionError("a cut that does not strike")


def _write(flash, address, data):
    if data is None:
        flash.erase(address)
    else:
        flash.program(address, data)
