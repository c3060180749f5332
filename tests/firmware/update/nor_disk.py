"""A partition of NOR flash as a block device, with power cuts, for file systems in tests.

It is what `esp32.Partition` is to littlefs: the extended interface of MicroPython's block devices, over a flash that
enforces the rules of NOR. Several of them may share one supply (`Supply`), so that operation number n of all is cut.
"""

import errno
import os

import vfs

from tests.firmware.storage.norflash import SECTOR, Cut, NorFlash, PowerCut

_COUNT, _SIZE, _ERASE = 4, 5, 6  # MicroPython's `vfs.AbstractBlockDev.ioctl`


class Supply:
    """One battery for several chips: counts their operations together, and hands the fault to the one that it hits."""

    def __init__(self, fault=None):
        self.operations = 0
        self.fault = fault
        self.dead = False


class Chip(NorFlash):
    """A NOR flash on a supply."""

    def __init__(self, supply, sectors=8, image=None):
        NorFlash.__init__(self, sectors, image)
        self.supply = supply

    def again(self, supply):
        """The same flash at the next start."""
        return Chip(supply, self.size // SECTOR, self.image)

    def _next_fault(self):
        supply = self.supply
        supply.operations += 1
        if supply.fault and supply.fault.strikes(supply.operations - 1):
            supply.dead = isinstance(supply.fault, Cut)
            return supply.fault
        return None

    def _expect_power(self):
        if self.supply.dead:
            raise PowerCut


class NorDisk:
    """The block device over a chip.

    A refused operation is a negative number, as littlefs wants it. So is one without power: files that a cut left open
    are closed by the collector of the heap, which prints what is raised there. Whoever cuts looks at `Supply.dead`.
    """

    def __init__(self, chip):
        self.chip = chip
        self.off = False

    def readblocks(self, block, into, offset=0):
        if self._dead():
            return -errno.EIO
        try:
            self.chip.read(block * SECTOR + offset, into)
        except OSError as error:
            return -error.errno
        return 0

    def writeblocks(self, block, data, offset=None):
        """Program; without an offset erase first, as the simple interface wants it."""
        if self._dead():
            return -errno.EIO
        try:
            if offset is None:
                self.chip.erase(block * SECTOR)
            self.chip.program(block * SECTOR + (offset or 0), bytes(data))
        except OSError as error:
            return -error.errno
        return 0

    def ioctl(self, operation, argument):
        if operation == _COUNT:
            return self.chip.size // SECTOR
        if operation == _SIZE:
            return SECTOR
        if operation == _ERASE:
            return self._erase(argument)
        return 0

    def _erase(self, block):
        if self._dead():
            return -errno.EIO
        try:
            self.chip.erase(block * SECTOR)
        except OSError as error:
            return -error.errno
        return 0

    def _dead(self):
        return self.off or self.chip.supply.dead


def formatted(chip):
    """Make an empty littlefs on a chip."""
    vfs.VfsLfs2.mkfs(NorDisk(chip))
    return chip


class Mounted:
    """littlefs on a chip, mounted while the `with` lasts: `with Mounted(chip, "/nor") as folder`."""

    def __init__(self, chip, folder="/nor"):
        self._disk, self._folder = NorDisk(chip), folder

    def __enter__(self):
        vfs.mount(vfs.VfsLfs2(self._disk), self._folder)
        return self._folder

    def __exit__(self, *error):
        self._disk.off = True
        vfs.umount(self._folder)


def content(folder):
    """Names of files and their lengths."""
    return {name: os.stat(folder + "/" + name)[6] for name in os.listdir(folder)}
