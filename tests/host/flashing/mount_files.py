"""Runs in unix MicroPython: mounts the file system in argv[1] as the port does, lists its files, writes one more."""

import hashlib
import os
import sys

import vfs

BLOCK_BYTES = 4096


class Partition:
    """A block device over a file, with what `esp32.Partition` offers."""

    def __init__(self, file):
        self._file = file
        self._blocks = file.seek(0, 2) // BLOCK_BYTES

    def readblocks(self, block, buffer, offset=0):
        self._file.seek(block * BLOCK_BYTES + offset)
        self._file.readinto(buffer)

    def writeblocks(self, block, buffer, offset=None):
        self._file.seek(block * BLOCK_BYTES + (offset or 0))
        self._file.write(buffer)

    def ioctl(self, command, argument):
        if command == 4:
            return self._blocks
        if command == 5:
            return BLOCK_BYTES
        if command == 6:
            self._file.seek(argument * BLOCK_BYTES)
            self._file.write(b"\xff" * BLOCK_BYTES)
        return 0


def tell(folder):
    for name, kind, *_ in os.ilistdir(folder):
        path = folder + "/" + name
        if kind == 0x4000:
            print(path, "folder")
            tell(path)
        else:
            with open(path, "rb") as file:
                print(path, hashlib.sha256(file.read()).digest().hex())


with open(sys.argv[1], "r+b") as image:
    vfs.mount(Partition(image), "/w")  # which file system it is, the port finds out by itself
    tell("/w")
    with open("/w/files/written.bin", "wb") as new:
        new.write(bytes(range(256)) * 40)
    vfs.umount("/w")
