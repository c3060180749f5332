"""The vault partition of the simulated watch: a file that behaves like NOR flash and can be made to fail.

Every access goes straight to the file, so the image survives the death of both processes at any moment. It is not
forced to the disk each time: a power cut of the computer itself may lose the last seconds.
"""

from __future__ import annotations

import errno
import fcntl
import os
import random
from dataclasses import dataclass
from pathlib import Path

from tapwatch.errors import EXIT_FAILED, UserError

SIZE = 256 * 1024
"""Bytes in the vault partition."""
SECTOR = 4096
_ERASED = 0xFF


class PowerCut(UserError):
    """The planned power cut has come: the watch must stop at once."""

    def __init__(self) -> None:
        super().__init__("The power of the watch was cut, as planned.", "Start the watch again.", EXIT_FAILED)


@dataclass(frozen=True)
class Cut:
    """A power cut during one program or erase.

    Attributes:
        operation: which one from now on, counted from 1.
        mode: `before` (nothing is changed), `torn` (a random subset of the bits changes) or `after` (all of them do,
            but the watch is never told).
        seed: chooses the bits.
    """

    operation: int
    mode: str = "torn"
    seed: int = 0


class FlashImage:
    """One image file, held by one simulator at a time."""

    def __init__(self, path: Path) -> None:
        """Open the image, or make an erased one. Raises UserError when it is in use, unusable or of the wrong size."""
        self.operations = 0
        self._cut: Cut | None = None
        self._cut_at = 0
        self._failing = 0
        self._descriptor = _open(path)

    def close(self) -> None:
        """Bring everything to the disk and let another simulator have the image."""
        try:
            os.fsync(self._descriptor)
        finally:
            os.close(self._descriptor)

    def read(self, address: int, length: int) -> bytes:
        """`length` bytes from `address`. Raises OSError."""
        _check_range(address, length)
        return os.pread(self._descriptor, length, address)

    def program(self, address: int, data: bytes) -> None:
        """Clear the bits that are 0 in `data`. Raises OSError or PowerCut."""
        old = self.read(address, len(data))
        self._change(address, old, bytes(was & new for was, new in zip(old, data, strict=True)))

    def erase(self, address: int) -> None:
        """Set one sector to FF. Raises OSError or PowerCut."""
        if address % SECTOR:
            raise OSError(errno.EINVAL, "an erase must start at a sector")
        self._change(address, self.read(address, SECTOR), bytes([_ERASED]) * SECTOR)

    def cut_power(self, cut: Cut | None) -> None:
        """Plan a power cut, or take the plan back. Raises ValueError for an unknown mode."""
        if cut is not None and cut.mode not in ("before", "torn", "after"):
            raise ValueError(f"a power cut is before, torn or after, not {cut.mode!r}")
        self._cut = cut
        self._cut_at = self.operations + cut.operation if cut else 0

    def fail(self, count: int) -> None:
        """Let the next `count` programs and erases fail and change nothing."""
        self._failing = count

    def _change(self, address: int, old: bytes, new: bytes) -> None:
        if self._failing:
            self._failing -= 1
            raise OSError(errno.EIO, "injected write failure")
        self.operations += 1
        cut = self._cut if self._cut and self.operations == self._cut_at else None
        if cut is None:
            self._store(address, new)
            return
        self._cut = None
        if cut.mode != "before":
            self._store(address, new if cut.mode == "after" else _torn(old, new, cut.seed))
        raise PowerCut

    def _store(self, address: int, data: bytes) -> None:
        if os.pwrite(self._descriptor, data, address) != len(data):
            raise OSError(errno.ENOSPC, "the flash image could not be written whole")


def _torn(old: bytes, new: bytes, seed: int) -> bytes:
    """Each changing bit has changed or not, at random."""
    chosen = random.Random(seed).randbytes(len(old))  # noqa: S311 - a fault that can be repeated, not a secret
    return bytes(was ^ ((was ^ will) & bits) for was, will, bits in zip(old, new, chosen, strict=True))


def _check_range(address: int, length: int) -> None:
    if address < 0 or length < 0 or address + length > SIZE:
        raise OSError(errno.EINVAL, "outside the partition")


def _open(path: Path) -> int:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as problem:
        raise UserError(f"The flash image {path} cannot be opened.", "Choose another folder with --state.") from problem
    try:
        _prepare(path, descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _prepare(path: Path, descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as problem:
        hint = "Stop it, or choose another folder with --state."
        raise UserError(f"Another simulator uses {path.parent}.", hint) from problem
    size = os.fstat(descriptor).st_size
    if size == 0:
        _fill(path, descriptor)
    elif size != SIZE:
        hint = "It is damaged or belongs to another program; choose another folder with --state."
        raise UserError(f"The flash image {path} has {size} bytes instead of {SIZE}.", hint)


def _fill(path: Path, descriptor: int) -> None:
    try:
        if os.pwrite(descriptor, bytes([_ERASED]) * SIZE, 0) != SIZE:
            raise OSError(errno.ENOSPC, "the disk is full")
        os.fsync(descriptor)
    except OSError as problem:
        os.ftruncate(descriptor, 0)  # so that the next start does not take half an image for a damaged one
        raise UserError(f"The flash image {path} cannot be written.", "Free some disk space.") from problem
