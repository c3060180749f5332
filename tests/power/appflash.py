"""The two flashes of a watch on one supply: the journal's, and a littlefs for files, that lose power together.

The littlefs is the interpreter's own, over blocks in RAM. Like those of the journal its writes are cut clean, half way,
or at random bytes.
"""

import vfs

from tests.firmware.storage.norflash import CLEAN, HALF, Cut, NorFlash, PowerCut, noise

BLOCK = 4096
_COUNT, _SIZE, _ERASE = 4, 5, 6
_EIO = 5
PLACE = "/cut"
"""Where the files are mounted."""
WRITES = (("nor", "program"), ("nor", "erase"), ("blocks", "change"))
"""All that changes what is on the flashes."""


class Supply:
    """Counts the writes of both flashes, and fails where it is told to: power goes, or a write is refused."""

    def __init__(self, at=-1, pattern=CLEAN, refuse=False, lasting=False):
        """`refuse`: writes fail with an error and power stays; `lasting`: and every later one too."""
        self.at, self.pattern, self.refuse, self.lasting = at, pattern, refuse, lasting
        self.count = 0
        self.dead = False

    def strikes(self, operation=None):
        """Whether the next write fails. After a cut every one does."""
        if self.dead:
            raise PowerCut
        self.count += 1
        return self.count - 1 == self.at or (self.lasting and self.count - 1 > self.at >= 0)

    def program(self, flash, address, data):
        """The journal's flash was to be written. `norflash.Cut` says what is there then."""
        self.erase(flash, address, Cut.program, data)

    def erase(self, flash, address, how=Cut.erase, *data):
        """The journal's flash was to be erased."""
        if self.refuse:
            raise OSError(_EIO)
        self.dead = True
        how(Cut(self.at, self.pattern), flash, address, *data)


class Blocks:
    """A block device for littlefs: partial writes, explicit erase.

    Without power every call gives an error and allocates nothing: the collector may close a file that a cut left open.
    """

    def __init__(self, supply, image=None, blocks=24):
        self.image = bytearray(image) if image else bytearray(b"\xff" * (blocks * BLOCK))
        self.supply = supply

    def readblocks(self, block, into, offset=0):
        """Fill a buffer."""
        if self.supply.dead:
            return -_EIO
        start = block * BLOCK + offset
        into[:] = memoryview(self.image)[start : start + len(into)]
        return 0

    def writeblocks(self, block, data, offset=0):
        """Write part of a block."""
        if self.supply.dead:
            return -_EIO
        return self.change(block * BLOCK + offset, data)

    def ioctl(self, operation, argument):
        """What littlefs asks of a device."""
        if operation == _COUNT:
            return len(self.image) // BLOCK
        if operation == _SIZE:
            return BLOCK
        if operation != _ERASE:
            return 0
        if self.supply.dead:
            return -_EIO
        return self.change(argument * BLOCK, b"\xff" * BLOCK)

    def change(self, start, data):
        """Write bytes, or as many of them as the supply lets through. Returns what littlefs is told."""
        struck = self.supply.strikes()
        keep = self._kept(len(data)) if struck else len(data)
        self.image[start : start + keep] = data[:keep]
        return self._failed() if struck else 0

    def _kept(self, length):
        """How much of a write that fails is done."""
        if self.supply.refuse or self.supply.pattern == CLEAN:
            return 0
        if self.supply.pattern == HALF:
            return length // 2
        return noise(self.supply.pattern, self.supply.at, 1)[0] * length // 256

    def _failed(self):
        self.supply.dead = not self.supply.refuse
        return -_EIO


class Flashes:
    """Both of them; a context in which the files are mounted at PLACE."""

    def __init__(self, images=None, supply=None, sectors=12):
        """`images`: what `images()` of earlier flashes gave. Without, both are new."""
        self.supply = supply or Supply()
        nor, files = images or (None, None)
        self.nor = NorFlash(sectors, nor)
        self.blocks = Blocks(self.supply, files)
        if files is None:
            vfs.VfsLfs2.mkfs(self.blocks)
        self.nor.fault = self.supply
        self.supply.count = 0

    def images(self):
        """What is on both, for the next boot."""
        return bytes(self.nor.image), bytes(self.blocks.image)

    def record(self):
        """From now on each write of either is kept in the list that is returned. `cuts` can do it again."""
        writes = []
        for device, name in WRITES:
            setattr(getattr(self, device), name, self._recorded(writes, device, name))
        return writes

    def _recorded(self, writes, device, name):
        plain = getattr(getattr(self, device), name)

        def recorded(place, *data):
            writes.append((device, name, place) + tuple([bytes(one) for one in data]))
            return plain(place, *data)

        return recorded

    def write(self, device, name, *arguments):
        """Do a recorded write again."""
        getattr(getattr(self, device), name)(*arguments)

    def __enter__(self):
        vfs.mount(vfs.VfsLfs2(self.blocks), PLACE)
        return self

    def __exit__(self, *_):
        vfs.umount(PLACE)
        self.supply.dead = True


def cuts(images, writes, patterns):
    """Lose the power at each recorded write in each of `patterns(at)`, where the run began with `images`.

    Gives the number of the write, the pattern, and the images that the next boot finds.
    """
    flashes = Flashes(images)
    for at, write in enumerate(writes):
        chosen = patterns(at)
        before = flashes.images() if chosen else None
        for pattern in chosen:
            yield at, pattern, _cut(Flashes(before, Supply(at, pattern)), at, write)
        flashes.write(*write)


def _cut(torn, at, write):
    torn.supply.count = at
    try:
        torn.write(*write)
        alive = not torn.supply.dead  # the files' flash gives an error, as littlefs wants it
    except PowerCut:
        alive = False
    if alive:
        raise AssertionError("a cut that does not strike")
    return torn.images()
