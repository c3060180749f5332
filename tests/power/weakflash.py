"""A NOR flash whose interrupted writes leave cells that read either way until they are written again."""

from tests.firmware.storage.norflash import SECTOR, NorFlash, PowerCut, combine, noise

FEW = (2, 3, 4, 5)
"""Patterns of WeakCut that leave one to four weak places in what is otherwise done."""


class WeakCut:
    """Lose power at operation `at`.

    Patterns up to 5: all done but for one to four weak cells. Above: some bits done, some weak, some untouched.
    """

    FIXED = ()

    def __init__(self, at, pattern):
        self.at = at
        self.pattern = pattern

    def strikes(self, operation):
        return operation == self.at

    def program(self, flash, address, data):
        if self.pattern <= 5:
            reached = data
            weak = self._few(len(data))
        else:
            reached = combine(data, noise(2 * self.pattern, self.at, len(data)), "or")
            weak = combine(inverted(reached), noise(2 * self.pattern + 1, self.at, len(data)), "and")
        flash.weaken(address, reached, combine(weak, inverted(data), "and"))
        self._cut(flash)

    def erase(self, flash, address):
        blank = b"\xff" * SECTOR
        flash.image[address : address + SECTOR] = (
            blank if self.pattern <= 5 else noise(2 * self.pattern, self.at, SECTOR)
        )
        weak = self._few(SECTOR) if self.pattern <= 5 else noise(2 * self.pattern + 1, self.at, SECTOR)
        flash.weaken(address, blank, weak)
        self._cut(flash)

    def _few(self, length):
        """A mask with whole bytes set in `pattern - 1` places."""
        places = noise(self.pattern, self.at, 2 * (self.pattern - 1))
        mask = bytearray(length)
        for step in range(self.pattern - 1):
            mask[(places[2 * step] << 8 | places[2 * step + 1]) % length] = 1 << step | 16 << step
        return mask

    def _cut(self, flash):
        flash.dead = True
        raise PowerCut


class WeakFlash(NorFlash):
    """NOR flash with weak cells; every read of one gives something else."""

    def __init__(self, sectors=8, image=None, weak=None, boots=0):
        NorFlash.__init__(self, sectors, image)
        self.weak = bytearray(weak) if weak else bytearray(self.size)
        self.boots = boots
        self.doubtful = any(self.weak)

    def restored(self):
        """The flash at the next boot; its weak cells read anew."""
        return WeakFlash(self.size // SECTOR, self.image, self.weak, self.boots + 1)

    def cells(self):
        """All that a boot depends on: also what its weak cells read as, where there are some."""
        return (self.image, self.weak, str(self.boots if self.doubtful else 0).encode())

    def weaken(self, address, reached, weak):
        """Clear the bits that are 0 in `reached` and make some cells weak."""
        end = address + len(reached)
        before = self.image[address:end]
        changing = combine(weak, before, "and")
        self.image[address:end] = combine(combine(before, reached, "and"), inverted(changing), "and")
        self.weak[address:end] = combine(self.weak[address:end], changing, "or")
        self.doubtful = True

    def read(self, address, into):
        NorFlash.read(self, address, into)
        if self.doubtful:
            weak = self.weak[address : address + len(into)]
            if any(weak):
                into[:] = combine(into, combine(weak, noise(self.boots, self.reads, len(into)), "and"), "or")

    def erase(self, address):
        self.weak[address : address + SECTOR] = bytes(SECTOR)
        NorFlash.erase(self, address)

    def clear(self, address, data):
        end = address + len(data)
        before = self.weak[address:end]
        self.image[address:end] = combine(self.image[address:end], before, "or")
        NorFlash.clear(self, address, data)
        self.weak[address:end] = combine(before, data, "and")
        self.image[address:end] = combine(self.image[address:end], inverted(combine(before, data, "and")), "and")


def inverted(data):
    """All bits turned over."""
    return (int.from_bytes(bytes(data), "little") ^ (1 << 8 * len(data)) - 1).to_bytes(len(data), "little")
