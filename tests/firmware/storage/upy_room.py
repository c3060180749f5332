"""How much room a file system has: never more than littlefs can give, and not less by much."""

import os

from tests.firmware.update.nor_disk import SECTOR, Chip, Mounted, Supply, formatted
from watch.kernel.errors import CorruptError
from watch.storage.room import free_bytes

_SECTORS = 128
_SLACK = 12 * SECTOR
"""What the folders are thought to take at most."""


def written(folder, least):
    """Bytes that can be written until it is full."""
    done = 0
    with open(folder + "/filler", "wb") as file:
        try:
            while True:
                file.write(bytes(SECTOR))
                done += SECTOR
        except OSError:
            return done


def test_it_is_what_can_be_written():
    with Mounted(formatted(Chip(Supply(), _SECTORS))) as folder:
        os.mkdir(folder + "/files")
        for name, size in (("/a.twi", 50_001), ("/files/x", 1), ("/files/y", 4096), ("/boot.py", 700)):
            with open(folder + name, "wb") as file:
                file.write(bytes(size))
        open_ones = [open(folder + "/a.twi", "rb") for _ in range(12)]  # noqa: SIM115 - they shall be open
        said = free_bytes(folder)
        for file in open_ones:
            file.close()
        done = written(folder, said)
        print("NOTE room: %d bytes said, %d could be written" % (said, done))
        assert done - _SLACK <= said <= done + 2 * SECTOR, (said, done)


def test_nobody_can_tell():
    try:
        free_bytes("/nowhere")
    except CorruptError:
        return
    raise AssertionError("a folder that is not there")
