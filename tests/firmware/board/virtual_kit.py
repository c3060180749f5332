"""A real board.py on virtual hardware: flash in memory, chips of its wiring, a file system of its own."""

import os
import struct
import sys

import vfs

from board.simulator.esp32s3 import hardware as esp32s3
from board.simulator.esp32s3 import time_module
from board.simulator.esp32s3.flash import SECTOR, FlashChip
from board.simulator.wiring import lilygo_twatch_ultra
from tests.firmware.drivers.motion_kit import FIRMWARE

ROOT = "/virtual"
_BY_TIME = ("board.lilygo", "board.waveshare", "board.parts.esp32s3", "board.parts.esp_wires", "board.parts.axp_board")
"""Modules that have taken functions of the stand-in `time`."""
TABLE = (
    ("nvs", 1, 2, 0x9000, 0x6000),
    ("phy_init", 1, 1, 0xF000, 0x1000),
    ("factory", 0, 0, 0x10000, 0x1F0000),
    ("vault", 1, 0x40, 0x200000, 0x40000),
    ("slots", 1, 0x41, 0x240000, 0x2000),
    ("vfs", 1, 0x81, 0x242000, 0xDBE000),
)
"""docs/updates.md, "Where things are on the flash"."""


class Sparse:
    """A store of 16 MB that keeps the sectors that are not FF."""

    def __init__(self, size=0x1000000):
        self._size, self._at, self.sectors = size, 0, {}

    def seek(self, offset, whence=0):
        self._at = offset if whence == 0 else self._size + offset
        return self._at

    def readinto(self, into):
        done = 0
        while done < len(into):
            sector, at, count = self._piece(len(into) - done)
            into[done : done + count] = sector[at : at + count]
            done += count
        return done

    def write(self, data):
        done = 0
        while done < len(data):
            sector, at, count = self._piece(len(data) - done)
            sector[at : at + count] = data[done : done + count]
            done += count
        return done

    def _piece(self, most):
        """What is in one sector from here on; goes on behind it."""
        sector = self.sectors.setdefault(self._at // SECTOR, bytearray(b"\xff" * SECTOR))
        at = self._at % SECTOR
        count = min(most, SECTOR - at)
        self._at += count
        return sector, at, count


class Blocks:
    """A block device in memory."""

    def __init__(self, count):
        self._data = bytearray(count * SECTOR)

    def readblocks(self, block, buf, offset=0):
        at = block * SECTOR + offset
        buf[:] = memoryview(self._data)[at : at + len(buf)]

    def writeblocks(self, block, buf, offset=0):
        at = block * SECTOR + offset
        self._data[at : at + len(buf)] = buf

    def ioctl(self, op, arg):
        return {4: len(self._data) // SECTOR, 5: SECTOR}.get(op, 0)


class Facts:
    """The module `facts` of an image."""

    BOARD = "lilygo_twatch_ultra"
    VERSION = "1.2.3"
    BUILT_S = 1_795_305_600
    POSTURE = "development"


def flash_of(table=TABLE):
    """A flash chip with this partition table and nothing else."""
    store = Sparse()
    store.seek(0x8000)
    for label, kind, subtype, offset, size in table:
        store.write(struct.pack("<2sBBII16sI", b"\xaa\x50", kind, subtype, offset, size, label.encode(), 0))
    return FlashChip(store)


class Bench:
    """Hardware and wiring, without a board yet. Use it in a `with` block, which leaves no trace."""

    def __init__(self, flash=None, keys=None, wiring=lilygo_twatch_ultra, hub=True, **more):
        """`hub`: the firmware of the sensor hub is among the files; `more` is for the wiring."""
        self.shown, self.lights, self.darks = [], [], []
        self.hardware = esp32s3.Hardware(flash or flash_of())
        self.misuse = self.hardware.misuse
        esp32s3.install(self.hardware)
        time_module.install()
        self._wires = wiring
        self.wiring = wiring.Wiring(self.hardware, self.show, self.lights.append, self.darks.append, keys=keys, **more)
        blocks = Blocks(8)
        vfs.VfsLfs2.mkfs(blocks)
        vfs.mount(blocks, ROOT)
        os.mkdir(ROOT + "/files")
        if hub:
            with open(ROOT + "/files/bhi260.bin", "wb") as file:
                file.write(FIRMWARE)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        vfs.umount(ROOT)
        time_module.remove()
        esp32s3.install(None)
        for name in [name for name in sys.modules if name.startswith(_BY_TIME)]:
            del sys.modules[name]

    def show(self, x, y, w, h, pixels):
        """Keep which rectangles the glass was shown."""
        self.shown.append((x, y, w, h))

    def build(self, facts=Facts):
        """The real board that this wiring is about."""
        name = self._wires.__name__.split(".")[-1]
        return __import__("board.%s.board" % name, None, None, ("build",)).build(facts, ROOT)

    def wait_ms(self, ms):
        """Let time pass."""
        self.hardware.time.advance_us(ms * 1000)
