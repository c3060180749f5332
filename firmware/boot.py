"""Picks a slot, mounts its system image, and leaves it to the port to run the `main.py` in it: docs/updates.md."""

try:  # the port has just opened Ctrl-C; one that came meanwhile is raised at the first branch, which is the `or`
    import micropython

    _closed = micropython.kbd_intr(-1) or True
except KeyboardInterrupt:
    pass

import sys

if __name__ == "__main__":
    sys.path[:] = (".frozen",)  # else a file `os.py` in the root would be taken for the module

import io
import os
import struct
import time
from binascii import crc32

import esp32
import machine
import vfs

_EMPTY, _TRIAL, _PROVED, _FAILED = 0, 1, 2, 3
_SEQUENCE, _ACTIVE, _STATE, _TRIES, _LENGTH, _CRC = 4, 8, 9, 11, 12, 36  # where the fields of a record begin
_NEW = b"TWS1\0\0\0\0\0\2\2\2" + bytes(24)  # for a flash without a record: both proved, lengths not known
_SECTOR, _MARKS, _BEGUN, _UP, _CRASHES = 4096, 256, b"\x7f", 0, 3  # the last: starts in a row that did not come up
_HELD_MOST, _START_MS = 8192, 120_000  # bytes of a file read at once, as modules always are; time to come up


class _Window:
    """A large file of the image, read where it is."""

    def __init__(self, path: str, start: int, length: int) -> None:
        self._file, self._start, self._length = open(path, "rb"), start, length  # noqa: SIM115 (open as long as this)
        self.close, self.__exit__ = self._file.close, self._file.__exit__  # MicroPython finds all three here
        self.__enter__ = lambda: self
        self.seek(0)

    def seek(self, offset: int) -> int:
        self._left = max(0, self._length - offset)
        return self._file.seek(self._start + offset) - self._start

    def read(self, count: int = -1) -> bytes:
        data = self._file.read(self._left if count < 0 else min(count, self._left))
        self._left -= len(data)
        return data

    def readinto(self, into: bytearray, count: int = -1) -> int:
        count = self._file.readinto(into, min(len(into) if count < 0 else count, self._left))
        self._left -= count
        return count


class _Image:
    """The system image in a slot as a read-only file system. Raises OSError or ValueError if there is no whole one."""

    def __init__(self, record: bytearray, slot: int) -> None:
        self._path, self._main = ("/a.twi", "/b.twi")[slot], b""
        length = struct.unpack_from(">I", record, _LENGTH + 4 * slot)[0]
        self._file = open(self._path, "rb")  # noqa: SIM115 (open as long as this)
        head = self._file.read(6)
        if record[_STATE + slot] == _EMPTY or length not in (0, os.stat(self._path)[6]) or head[:4] != b"TWI1":
            raise ValueError(self._path)
        body = self._file.seek(6 + (head[4] << 8 | head[5]))
        self._files = {"": (0, -1)}  # place and length by path; a folder has none
        for line in self._file.read(int(self._file.read(9)) - 9).split(b"\n")[:-1]:
            name, offset, size = str(line, "ascii").split(" ")
            self._files[name] = (body + int(offset), int(size))
            while "/" in name:
                name = name.rpartition("/")[0]
                self._files[name] = self._files[""]
        self._main = self.open("main.py", "r").read()  # type: ignore[union-attr] # held: a read that fails would open the REPL
        compile(self._main, "main.py", "exec")
        self.mount = self.umount = self.chdir = lambda *_: None  # the port calls them; there is no folder but the root

    def stat(self, path: str) -> "tuple[int, ...]":
        if path.strip("/") not in self._files:
            raise OSError(2)  # ENOENT
        size = self._files[path.strip("/")][1]
        return (0x8000 if size >= 0 else 0x4000, 0, 0, 0, 0, 0, max(0, size), 0, 0, 0)

    def open(self, path: str, mode: str) -> "_Window | io.BytesIO":
        if self.stat(path)[0] == 0x4000 or mode.strip("rbt"):
            raise OSError(30)  # EROFS
        start, size = self._files[path.strip("/")]
        if size > _HELD_MOST and not path.endswith("py"):
            return _Window(self._path, start, size)
        self._file.seek(start)
        return io.BytesIO((path == "main.py" and self._main) or self._file.read(size))


def _read(partition: "esp32.Partition") -> "tuple[bytearray, int, bytes | None]":
    """The record that counts, its sector and the marks in it. A new one has none: it is not written yet."""
    best, counts, marks = bytearray(_NEW), 1, None
    for sector, data in ((0, bytearray(_SECTOR)), (1, bytearray(_SECTOR))):
        partition.readblocks(sector, data)
        crc = struct.unpack_from(">I", data, _CRC)[0]
        valid = data[:4] == b"TWS1" and data[_ACTIVE] < 2 and crc == crc32(data[:_CRC])
        if valid and (marks is None or data[:_ACTIVE] > best[:_ACTIVE]):
            best, counts, marks = data[:_CRC], sector, bytes(data[_MARKS:]).split(b"\xff", 1)[0]
    return best, counts, marks


def _write(partition: "esp32.Partition", record: bytearray, sector: int, marks: "bytes | None") -> None:
    """Write down what was decided, if anything, and that a start begins. Raises OSError."""
    if marks is None or len(marks) == _SECTOR - _MARKS:
        struct.pack_into(">I", record, _SEQUENCE, struct.unpack_from(">I", record, _SEQUENCE)[0] + 1)
        sector, marks = 1 - sector, b""
        partition.ioctl(6, sector)  # erase
        partition.writeblocks(sector, record + struct.pack(">I", crc32(record)), 0)
    if machine.reset_cause() != machine.SOFT_RESET:  # that is a computer at the REPL, which does not run main.py
        partition.writeblocks(sector, _BEGUN, _MARKS + len(marks))
        machine.WDT(timeout=_START_MS)  # ends a start that hangs; a system that is up calls it off


def _start(partition: "esp32.Partition") -> _Image:
    """Choose the image to start, and write down what was decided. Raises OSError if there is none."""
    record, sector, marks = _read(partition)
    slot, begun, trial = record[_ACTIVE], marks or b"", record[_STATE + record[_ACTIVE]] == _TRIAL
    spent = len(begun) >= record[_TRIES] if trial else len(begun) >= _CRASHES and _UP not in begun[-_CRASHES:]
    for chosen in (1 - slot, slot) if spent and record[_STATE + 1 - slot] == _PROVED else (slot, 1 - slot):
        try:
            image = _Image(record, chosen)
        except (OSError, ValueError, IndexError, MemoryError, SyntaxError):
            continue
        if chosen != slot:
            record[_ACTIVE], record[_STATE + slot], marks = chosen, _FAILED, None
        try:
            _write(partition, record, sector, marks)
        except OSError as error:
            print("slot record:", error)  # a flash that takes nothing must not keep the watch from starting
        return image
    raise OSError("neither slot holds a whole system image")


if __name__ == "__main__":
    problem = error = None  # names in place: the handler needs no memory
    while sys.path[0] != "/slot":  # never back to the port, which would open its REPL, whatever is raised
        try:
            if problem:
                print("Tapwatch cannot start: %s. Run: tapwatch flash --keep-state" % problem)
                time.sleep(5)
            vfs.mount(_start(esp32.Partition.find(esp32.Partition.TYPE_DATA, label="slots")[0]), "/slot")
            os.chdir("/slot")
            sys.path[:] = ("/slot", ".frozen")
        except Exception as error:  # noqa: BLE001, F811
            problem = error
