"""A watch in the hands of somebody who cuts its power: flash with weak cells, `firmware/boot.py`, the update room.

Every start runs the real boot.py on a flash of which littlefs, slot record and vault share one supply. The system that
it picks is played here, with the real classes of `watch.update`. Signatures are left out: others test them, and they
would take most of the time.
"""

import os
import sys

import micropython
import vfs

from board.counting.devices import Entropy
from board.software_secret import SECRET_BYTES, SoftwareSecret
from tests.firmware.storage.norflash import SECTOR, PowerCut
from tests.firmware.update.boot_kit import BOOT, SAID, Disk, Esp32, Machine, Partition, say
from tests.firmware.update.image_kit import BOARD, HEALTHY, MACHINE, SICK, contents, delta, image, record_of
from tests.power.weakflash import WeakFlash
from watch.access.device import DeviceKeys
from watch.access.records import DeviceRecords
from watch.crypto.hashes import sha256
from watch.crypto.random import Random
from watch.kernel.errors import WatchError
from watch.kernel.steps import finish
from watch.storage.journal import Journal
from watch.update.check import Check
from watch.update.check import System as Running
from watch.update.files import Places
from watch.update.floor import Floor
from watch.update.slots import FAILED, Slots
from watch.update.starts import Starts
from watch.update.updates import RESTARTING, Updates

_DISK, _SLOTS, _VAULT = 24, 2, 4
_NAMES = ("/a.twi", "/b.twi")


class Waits(BaseException):
    """boot.py waits for somebody who resets the watch."""


class Time:
    """The module `time` of a watch that nobody waits for."""

    @staticmethod
    def sleep(seconds):
        raise Waits(SAID[-1])


class Supply:
    """What all chips hang on: counts operations, and strikes at one of them."""

    def __init__(self, fault=None):
        self.operations, self.fault, self.dead = 0, fault, False


class Chip(WeakFlash):
    """A flash on that supply, whose weak cells read anew each time."""

    def __init__(self, supply, sectors, image=None, weak=None, boots=0):
        WeakFlash.__init__(self, sectors, image, weak, boots)
        self.supply = supply

    def again(self, supply):
        return Chip(supply, self.size // SECTOR, self.image, self.weak, self.boots + 1)

    def _next_fault(self):
        self.supply.operations += 1
        fault = self.supply.fault
        if fault is not None and fault.strikes(self.supply.operations - 1):
            self.supply.dead = True
            return fault
        return None

    def _expect_power(self):
        if self.supply.dead:
            raise PowerCut


class Flash:
    """Everything that outlives the battery."""

    def __init__(self, chips=None, fault=None):
        self.supply = Supply()
        if chips is None:
            self.disk, self.slots, self.vault = [Chip(self.supply, count) for count in (_DISK, _SLOTS, _VAULT)]
        else:
            self.disk, self.slots, self.vault = [chip.again(self.supply) for chip in chips]
        self.supply.fault = fault

    def again(self, fault=None):
        return Flash((self.disk, self.slots, self.vault), fault)

    def sealed(self):
        journal = Journal(self.vault)
        journal.mount()
        random = Random(Entropy())
        random.seed()
        return DeviceRecords(journal, DeviceKeys(SoftwareSecret(bytearray(range(SECRET_BYTES)))), random)


class Nobody:
    """Signers that are all good."""

    def judging(self, head):
        yield

    judging_again = judging


class System:
    """One system: its image, and what it does."""

    def __init__(self, name, version, floor, does="good", size=600):
        self.name, self.version, self.floor, self.does = name, version, floor, does
        files = contents(size, fill=name.encode() + b" ")
        files["main.py"] = b"# " + name.encode() + b"\n"
        self.data = image(files, f2=list(version), f3=list(floor))
        self.hash = sha256(self.data)


class Dead(Exception):
    """Nothing starts."""


class Started:
    """boot.py has run, and the root is that of the watch while the `with` lasts."""

    def __init__(self, flash):
        self._flash = flash

    def __enter__(self):
        self._host, self._path = os.getcwd(), sys.path[:]
        self._aside = {}
        for name, module in (("esp32", Esp32), ("machine", Machine), ("time", Time)):
            self._aside[name] = sys.modules.get(name)
            sys.modules[name] = module
        Partition.found = [Partition(self._flash.slots)]
        self._disk = Disk(self._flash.disk)
        vfs.umount("/")
        try:
            vfs.mount(vfs.VfsLfs2(self._disk), "/")
            os.chdir("/")
            sys.path[:] = ["", ".frozen", "/lib"]
            exec(BOOT, {"__name__": "__main__", "print": say})  # noqa: S102
        except BaseException as error:
            self.__exit__()
            if self._flash.supply.dead:
                raise PowerCut
            if isinstance(error, PowerCut):
                raise
            raise Dead("%s: %s" % (type(error).__name__, error))
        return self

    def __exit__(self, *error):
        self._disk.off = True
        for point in ("/slot", "/"):
            try:
                vfs.umount(point)
            except OSError:
                pass  # not mounted
        vfs.mount(vfs.VfsPosix(), "/")
        micropython.kbd_intr(3)
        for name, module in self._aside.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
        os.chdir(self._host)
        sys.path[:] = self._path


class Story:
    """A watch with one system that is to get another one."""

    def __init__(self, old, new, by_delta=False):
        self.old, self.new = old, new
        self.systems = {one.name: one for one in (old, new)}
        self.brought = delta(old.data, new.data) if by_delta else new.data
        self.starts = 0

    def flash(self):
        """Before anything: the old system proved in slot a."""
        flash = Flash()
        vfs.VfsLfs2.mkfs(Disk(flash.disk))
        disk = Disk(flash.disk)
        vfs.mount(vfs.VfsLfs2(disk), "/nor")
        with open("/nor/a.twi", "wb") as file:
            file.write(self.old.data)
        disk.off = True
        vfs.umount("/nor")
        flash.slots.program(0, record_of(self.old.data))
        Floor(flash.sealed()).raise_to(self.old.floor)
        return flash

    def floor(self, flash):
        """What the watch would say now, on another supply."""
        return Floor(flash.again().sealed()).read()

    def start(self, flash, plays=True):
        """One time of power: the name of what ran. Raises PowerCut, Dead, AssertionError."""
        self.starts += 1
        with Started(flash):
            try:
                return self._run(flash, plays)
            except (OSError, WatchError) as error:
                if flash.supply.dead:
                    raise PowerCut
                raise error

    def _run(self, flash, plays):
        with open("main.py", "rb") as file:
            system = self.systems[str(file.read(), "utf-8").split("\n")[0][2:]]
        for path in _NAMES:  # nobody asks the record: what runs is whole, if its file is
            try:
                with open(path, "rb") as file:
                    whole = file.read() == system.data
            except OSError:
                whole = False
            if whole:
                break
        else:
            raise Dead("what runs (%s) is not whole" % system.name)
        assert system.version >= self.floor(flash), "%s runs below the floor" % system.name
        if plays:
            self._play(system, flash)
        if flash.supply.dead:
            raise PowerCut
        return system.name

    def _play(self, system, flash):
        places, slots = Places(""), Slots(flash.slots)
        check = Check(Nobody(), Floor(flash.sealed()), Running(BOARD, system.version, "development", MACHINE))
        starts = Starts(places, slots, check)
        if system.does in ("crash", "hang"):
            return
        if system.does == "liar":
            slots.up()
            slots.prove()
            return
        starts.started()
        starts.tidy()
        updates = Updates(places, slots, check)
        updates.resume()
        if not finish(starts.confirming(SICK if system.does == "sick" else HEALTHY)):
            return
        record = slots.record()
        if system is self.old and record.states[1 - record.active] != FAILED:  # nobody tries that again
            try:
                self._bring(updates)
            except WatchError:
                if flash.supply.dead or not (any(flash.disk.weak) or any(flash.slots.weak)):
                    raise  # else it was refused: bytes of it read otherwise

    def _bring(self, updates):
        data, digest = self.brought, sha256(self.brought)
        at = updates.incoming.held if updates.incoming.digest == digest else 0
        while at < len(data):
            at = updates.take(digest, at, len(data), data[at : at + 2048])
        finish(updates.looking(digest))
        finish(updates.installing())
        assert updates.state(digest)[0] == RESTARTING
