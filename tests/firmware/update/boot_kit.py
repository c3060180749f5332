"""A watch that has nothing but flash: the port's start, `firmware/boot.py` itself, and tiny systems to run.

The start is that of ports/esp32/main.c: littlefs at `/`, `boot.py`, then `main.py` of the current folder. Which system
ran, and what it did, is told by a `Witness` outside of it: the port has read its `main.py`, the panel has shown its
name or not, the chips have been asked or not. What a system says of itself counts for nothing.
"""

import binascii
import errno
import os
import struct
import sys

import micropython
import vfs

from tests.firmware.storage.norflash import SECTOR, PowerCut
from tests.firmware.update.nor_disk import Chip, Mounted, NorDisk, Supply, formatted
from watch.update.slots import EMPTY, PROVED, Slots

CHIPS = ("panel", "touch", "radio", "vault")
FILES = ("/a.twi", "/b.twi")
_BLOCKS = 10
with open("firmware/boot.py") as _file:
    TEXT = _file.read()
BOOT = compile(TEXT, "boot.py", "exec")
DIGEST = bytes(range(8))


class Disk(NorDisk):
    """Tells littlefs of a cut as of any error, so that it closes its files and leaves nothing to the collector."""

    def writeblocks(self, block, data, offset=None):
        try:
            return NorDisk.writeblocks(self, block, data, offset)
        except PowerCut:
            return -errno.EIO

    def ioctl(self, operation, argument):
        try:
            return NorDisk.ioctl(self, operation, argument)
        except PowerCut:
            return -errno.EIO


class Written(Mounted):
    """littlefs on a chip for what the running system writes."""

    def __init__(self, chip):
        Mounted.__init__(self, chip)
        self._disk = Disk(chip)


class Partition(NorDisk):
    """`esp32.Partition`: it raises where the block device of the tests only says so."""

    TYPE_DATA = 1
    found = []

    @classmethod
    def find(cls, kind, label):
        assert (kind, label) == (cls.TYPE_DATA, "slots")
        return cls.found

    def _dead(self):
        return False  # the chip itself raises


_KEPT = 32


def _keep(news, one):
    """A campaign has a million starts; a list of all would need one piece of the heap, which it has cut up."""
    news.append(one)
    if len(news) > _KEPT:
        del news[0]


class Esp32:
    """The module `esp32`."""

    Partition = Partition


class Machine:
    """The module `machine`: why the processor has started."""

    PWRON_RESET, SOFT_RESET = 1, 5
    cause = PWRON_RESET
    watched = []
    """Times of the watchdog, the last ones."""

    @classmethod
    def reset_cause(cls):
        return cls.cause

    @classmethod
    def WDT(cls, timeout):  # noqa: N802 (so called by the port)
        _keep(cls.watched, timeout)


class Waits(BaseException):
    """boot.py has told the computer what to do, and waits for it."""


class Time:
    """The module `time` of a watch that nobody waits for."""

    @staticmethod
    def sleep(seconds):
        raise Waits


SAID = []
"""What boot.py has printed, the last of it."""


def say(*words):
    _keep(SAID, " ".join([str(word) for word in words]))


class Witness:
    """The module `witness` of the tiny systems: panel and chips, as seen from outside."""

    def __init__(self, slots, dead):
        self.slots = slots
        self.dead = dead
        """Chips that give no answer."""
        self.shown = []
        self.asked = []

    def show(self, text):
        """The panel takes pixels, if it lives."""
        if "panel" not in self.dead:
            self.shown.append(text)

    def ask(self, chip):
        """True if the chip answers."""
        self.asked.append(chip)
        return chip not in self.dead

    def healthy(self, name):
        """What a system must have done to call itself proved."""
        return name in self.shown and not self.dead and all(chip in self.asked for chip in CHIPS)


def image(name, main, files=()):
    """A system image as docs/updates.md has it, with a head that nobody looks at here."""
    content = {"main.py": b"# " + name.encode() + b"\nNAME = '" + name.encode() + b"'\n" + main, "facts.py": b""}
    content.update(dict(files))
    length = 9
    while True:
        index, at = "%08d\n" % length, length
        for path in sorted(content):
            index += "%s %d %d\n" % (path, at, len(content[path]))
            at += len(content[path])
        if len(index) == length:
            break
        length = len(index)
    return b"TWI1\0\1\x80" + index.encode() + b"".join([content[path] for path in sorted(content)])


_ASK = b"import witness\nwitness.show(NAME)\nwell = all([witness.ask(chip) for chip in %r])\n" % (CHIPS,)
GOOD = _ASK + b"witness.slots.up()\nif well:\n    witness.slots.prove()\n"
UNWELL = _ASK + b"witness.slots.up()\n"
"""Comes up, and never proves itself."""
CRASH = b"import witness\nraise ValueError(NAME)\n"
LIAR = b"import witness\nwitness.slots.up()\nwitness.slots.prove()\n"
"""Calls itself proved at once."""


def packed(sequence=1, active=0, states=(PROVED, EMPTY), tries=2, lengths=(0, 0)):
    """A record, made by neither of the two that are tested."""
    body = b"TWS1" + struct.pack(">IBBBBII", sequence, active, states[0], states[1], tries, lengths[0], lengths[1])
    body += 2 * DIGEST
    return body + struct.pack(">I", binascii.crc32(body))


def sector(record, marks=b""):
    """A sector of the slot record."""
    text = record + b"\xff" * (256 - len(record)) + marks
    return text + b"\xff" * (SECTOR - len(text))


BLANK = b"\xff" * SECTOR


class Flash:
    """Both partitions on one supply."""

    def __init__(self, slots, disk, fault=None, dead=()):
        self.supply = Supply(fault)
        self.slots, self.disk = slots.again(self.supply), disk.again(self.supply)
        self.dead = dead

    def again(self, fault=None):
        """The same flash at the next start."""
        return Flash(self.slots, self.disk, fault, self.dead)

    def cells(self):
        return self.slots.image, self.disk.image

    def record(self):
        """What the record says, by the class of the watch."""
        return Slots(self.slots).record()


def flash(files, slots=BLANK + BLANK, dead=(), blocks=_BLOCKS):
    """A flash with these files in the root of `vfs`, and these two sectors."""
    supply = Supply()
    disk = formatted(Chip(supply, blocks))
    with Written(disk) as folder:
        for path in sorted(files):
            _write(folder, path, files[path])
    return Flash(Chip(supply, 2, slots), disk, dead=dead)


def _write(folder, path, data):
    """A file, and the folders that it needs."""
    parts = path.strip("/").split("/")
    for depth in range(1, len(parts)):
        try:
            os.mkdir(folder + "/" + "/".join(parts[:depth]))
        except OSError:
            pass  # it is there
    with open(folder + path, "wb") as file:
        file.write(data)


class Ran:
    """What a start came to."""

    def __init__(self, name, witness, error, proved):
        self.name = name
        """The system whose `main.py` the port has run; None if there was none."""
        self.witness = witness
        self.error = error
        self.proved = proved
        """The record calls the system that ran proved, and did not before."""

    def lied(self):
        """True for a system that was called proved although nobody outside has seen it do what that takes."""
        return self.proved and not self.witness.healthy(self.name)


class Started:
    """The start of the watch up to `main.py`: within the `with` its root is that of the host process."""

    def __init__(self, on, boot=BOOT, say=say):
        self._on, self._boot, self._print = on, boot, say
        self._modules = {}

    def __enter__(self):
        """Run boot.py. Raises what it raises; gives the globals that it leaves."""
        self._host = os.getcwd(), sys.path[:]
        self.witness = Witness(Slots(self._on.slots), self._on.dead)
        for name, module in (("esp32", Esp32), ("machine", Machine), ("time", Time), ("witness", self.witness)):
            self._modules[name] = sys.modules.get(name)
            sys.modules[name] = module
        Partition.found = [Partition(self._on.slots)]
        self._disk = NorDisk(self._on.disk)
        vfs.umount("/")
        try:
            vfs.mount(vfs.VfsLfs2(self._disk), "/")
            os.chdir("/")
            sys.path[:] = ["", ".frozen", "/lib"]
            names = {"__name__": "__main__", "print": self._print}
            exec(self._boot, names)  # noqa: S102 (as the port does)
            return names
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *error):
        self._disk.off = True
        for point in ("/slot", "/"):
            try:
                vfs.umount(point)
            except OSError:
                pass  # it was not mounted
        vfs.mount(vfs.VfsPosix(), "/")
        micropython.kbd_intr(3)
        for name, module in self._modules.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
        os.chdir(self._host[0])
        sys.path[:] = self._host[1]


def start(on, boot=BOOT, say=say):
    """One start of the watch, as the port does it; what came of it. Raises PowerCut. `say`: what is `print` there."""
    name, error, before, started = None, None, None, Started(on, boot, say)
    try:
        with started as names:
            before = on.record()
            with open("main.py", "rb") as file:
                source = str(file.read(), "utf-8")
            name = source.split("\n")[0][2:]
            exec(source, names)  # noqa: S102 (as the port does)
    except PowerCut:
        raise
    except (Exception, Waits) as caught:
        error = caught
    if on.supply.dead:
        raise PowerCut
    return Ran(name, started.witness, error, _proved(on.record()) and not _proved(before))


def _proved(record):
    """True if the active slot is proved."""
    return record is not None and record.states[record.active] == PROVED
