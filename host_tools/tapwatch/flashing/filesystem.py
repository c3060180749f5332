"""The partition `vfs`: a littlefs that MicroPython mounts, made or changed on this computer.

Sizes follow `extmod/vfs_lfs.c` and `extmod/vfs_lfsx.c` of MicroPython: reads and programs of 32 bytes, look-ahead 32,
caches of four reads. The cache matters: littlefs keeps a small file inside its directory if it fits a cache, and the
watch reads such a file into its own one. The version on the flash is 2.0, which every release of the port reads; the
port raises it by itself when it writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from littlefs import LittleFS, LittleFSError

from tapwatch.flashing.volume import BLOCK_BYTES, ERASED, Run, Volume, runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BOOT, SLOT_A = "/boot.py", "/a.twi"
OLD_SYSTEM = ("/a.twi", "/b.twi", "/update.part", "/new.twi")
"""What a watch may have of systems and of parts of them."""
FILES = "/files"
_UNIT_BYTES = 32  # LFS_READ_SIZE and LFS_PROG_SIZE, vfs_lfs.c
_CACHE_BYTES = 4 * _UNIT_BYTES  # vfs_lfsx.c
_LOOKAHEAD_BYTES = 32
_BLOCK_CYCLES = 100  # vfs_lfsx.c
_DISK_VERSION = 0x00020000
_NEWEST = 0  # what the library knows
_ROOT_BLOCKS = (0, 1)


class FilesystemError(ValueError):
    """There is no room in it."""


class NoFilesystem(FilesystemError):
    """There is none that can be read."""


def _unmounted(volume: Volume, disk_version: int) -> LittleFS:
    return LittleFS(
        volume,
        mount=False,  # or the library would format what it cannot mount
        block_size=BLOCK_BYTES,
        block_count=len(volume.buffer) // BLOCK_BYTES,
        read_size=_UNIT_BYTES,
        prog_size=_UNIT_BYTES,
        cache_size=_CACHE_BYTES,
        lookahead_size=_LOOKAHEAD_BYTES,
        block_cycles=_BLOCK_CYCLES,
        disk_version=disk_version,
    )


def _mounted(volume: Volume) -> LittleFS:
    """What is there, in the version it has: a port that knows only the older one must go on reading it.

    Raises NoFilesystem.
    """
    reason: Exception | None = None
    for version in (_DISK_VERSION, _NEWEST):
        system = _unmounted(volume, version)
        try:
            system.mount()
        except LittleFSError as problem:
            reason = problem
        else:
            return system
    raise NoFilesystem("there is no file system that can be read") from reason


def build(files: Mapping[str, bytes], size: int) -> bytes:
    """A new file system of `size` bytes with these files and an empty folder `/files`. Raises FilesystemError."""
    volume = Volume(size)
    system = _unmounted(volume, _DISK_VERSION)
    system.format()
    system.mount()
    system.mkdir(FILES)
    _write(system, files)
    system.unmount()
    return volume.image()


def fetch_kept(volume: Volume) -> None:
    """Read all that stays when the system is renewed. Then `volume.image()` is a copy of it. Raises NoFilesystem."""
    for _ in _contents(volume, without=OLD_SYSTEM):
        pass


def renew(volume: Volume, files: Mapping[str, bytes]) -> None:
    """Take the old systems out and write these files anew; all else stays.

    Raises NoFilesystem if it cannot be mounted, FilesystemError if it has no room.
    """
    system = _mounted(volume)
    try:
        present = set(system.listdir("/"))
        for path in OLD_SYSTEM:
            if path[1:] in present:
                system.remove(path)
        if FILES[1:] not in present:
            system.mkdir(FILES)
    except LittleFSError as problem:
        raise NoFilesystem("the file system is damaged") from problem
    _write(system, files)
    system.unmount()


def _write(system: LittleFS, files: Mapping[str, bytes]) -> None:
    for path, data in files.items():
        try:
            with system.open(path, "wb") as file:
                file.write(data)
        except LittleFSError as problem:
            raise FilesystemError(f"there is no room for {path}, {len(data)} bytes") from problem


def used(image: bytes) -> list[Run]:
    """What of a file system has to be on the flash: blocks with something in them, and both blocks of the root.

    The rest may hold anything: littlefs erases a block before it uses it, and nothing names an old one. The blocks of
    the root are written even when they are empty: an old one there would be taken for the newer half of the pair.
    """
    blocks = range(len(image) // BLOCK_BYTES)
    filled = {block for block in blocks if image[block * BLOCK_BYTES : (block + 1) * BLOCK_BYTES] != ERASED}
    return runs(image, filled.union(_ROOT_BLOCKS))


def contents(image: bytes) -> dict[str, bytes]:
    """Every file of a file system, by path. Raises NoFilesystem."""
    volume = Volume(len(image))
    volume.buffer[:] = image
    return dict(_contents(volume))


def _contents(volume: Volume, without: tuple[str, ...] = ()) -> Iterator[tuple[str, bytes]]:
    system = _mounted(volume)
    try:
        for folder, _, names in system.walk("/"):
            for name in names:
                path = f"{folder.rstrip('/')}/{name}"
                if path not in without:
                    with system.open(path, "rb") as file:
                        yield path, file.read()
    except LittleFSError as problem:
        raise NoFilesystem("the file system is damaged") from problem
