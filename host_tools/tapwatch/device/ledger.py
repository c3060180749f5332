"""The book of a batch: which watch has which serial number, and how far it is. A CSV file that only grows.

A line is on the disk before what it says is begun or counts as done. A line that a crash has cut off was of no
consequence and is taken away.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import time
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_USAGE, UserError
from tapwatch.signing import file_lock
from tapwatch.signing.output import day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEGUN, PASSED, FAILED, RETURNED, WIPED = "begun", "passed", "failed", "returned", "wiped"
RESULTS = (BEGUN, PASSED, FAILED, RETURNED, WIPED)
_NUMBERED = re.compile(r"(.*?)(\d{1,9})")
_MOST_BYTES = 1 << 26
_FORMULAS = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Row:
    """One line. The last one of a watch counts."""

    time: str
    serial: str
    mac: str
    """First address of the chip: how a watch is known again."""
    result: str
    device_id: str = ""
    secret: str = ""
    firmware: str = ""
    micropython: str = ""
    """First digits of the SHA-256 of the stock image that runs, as the watch tells."""
    certificate: str = ""
    note: str = ""


@dataclass(frozen=True)
class Numbers:
    """Serial numbers of a batch: `TW-000001` and those that follow, as many digits each."""

    first: str
    count: int

    def at(self, place: int) -> str:
        """The serial number at a place from 0 on."""
        prefix, digits = self._parts()
        return f"{prefix}{int(digits) + place:0{len(digits)}d}"

    def check(self) -> None:
        """Raises UserError unless the last one has as many digits as the first."""
        digits = self._parts()[1]
        if not 0 < self.count <= 10 ** len(digits) - int(digits):
            hint = "write the first one with as many digits as the last one needs"
            raise UserError(f"{self.count} serial numbers do not follow {self.first}", hint, EXIT_USAGE)

    def _parts(self) -> tuple[str, str]:
        found = _NUMBERED.fullmatch(self.first)
        if not found:
            raise UserError(f"{self.first!r} does not end with a number", "such as TW-000001", EXIT_USAGE)
        return found.group(1), found.group(2)


@dataclass(frozen=True)
class Claim:
    """A serial number for one watch."""

    serial: str
    again: bool
    """An earlier run began with this watch and did not end well."""


class Ledger:
    """The file of one batch. Several programs, one for each port, may use it at once."""

    def __init__(self, path: Path, numbers: Numbers) -> None:
        """Raises UserError for serial numbers that cannot be counted."""
        numbers.check()
        self._path, self._numbers = path, numbers

    def rows(self) -> list[Row]:
        """Every line. Raises UserError if it is damaged."""
        with self._open() as file:
            return file.rows

    def last(self, mac: str) -> Row | None:
        """The line that counts for a watch."""
        return next((row for row in reversed(self.rows()) if row.mac == mac), None)

    def claim(self, mac: str) -> Claim:
        """The serial number of a watch that is to be made: the one it was begun with, else the next one.

        Raises UserError if it has been made, was sent back, or the batch has no more numbers.
        """
        with self._open() as file:
            row = next((row for row in reversed(file.rows) if row.mac == mac), None)
            if row is not None and row.result in (BEGUN, FAILED):
                return Claim(row.serial, again=True)
            if row is not None and row.result != WIPED:
                raise _made(row)
            used = {row.serial for row in file.rows}
            free = (self._numbers.at(place) for place in range(self._numbers.count))
            serial = next((number for number in free if number not in used), None)
            if serial is None:
                raise UserError(f"all {self._numbers.count} watches of the batch have a number", "", EXIT_FAILED)
            file.add(Row(_now(), serial, mac, BEGUN))
            return Claim(serial, again=False)

    def write(self, serial: str, mac: str, result: str, **more: str) -> None:
        """Add a line; it is on the disk afterwards. Raises UserError."""
        with self._open() as file:
            file.add(Row(_now(), serial, mac, result, **more))

    @contextlib.contextmanager
    def _open(self) -> Iterator[_File]:
        with file_lock.locked(self._path.with_name(self._path.name + ".lock")):
            try:
                with open(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644), "r+b") as file:
                    yield _File(file, str(self._path))
            except OSError as problem:
                raise UserError(
                    f"the book {self._path} cannot be read or written", "make room, or mend it"
                ) from problem


class _File:
    """The file while nobody else has it."""

    def __init__(self, file: io.BufferedRandom, name: str) -> None:
        """Read it; what follows its last whole line is taken away. Raises UserError, OSError."""
        self._file = file
        data = file.read(_MOST_BYTES)
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            file.truncate(len(whole))
        file.seek(len(whole))
        self.rows = list(_rows(whole, name))
        if not whole:
            self._append([field.name for field in fields(Row)])

    def add(self, row: Row) -> None:
        """Add a line. Raises OSError."""
        self._append(list(astuple(row)))
        self.rows.append(row)

    def _append(self, cells: list[str]) -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow(map(_plain, cells))
        self._file.write(text.getvalue().encode())
        self._file.flush()
        os.fsync(self._file.fileno())


def _plain(cell: str) -> str:
    """One line of text that no table program takes for a formula: some of it is what a watch says."""
    text = " ".join(cell.split())
    return f"'{text}" if text.startswith(_FORMULAS) else text


def _rows(data: bytes, name: str) -> Iterator[Row]:
    try:
        lines = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
        names = [field.name for field in fields(Row)]
        if lines and lines[0] != names:
            raise ValueError("its first line is another")
        for number, cells in enumerate(lines[1:], 2):
            if len(cells) != len(names) or cells[3] not in RESULTS:
                raise ValueError(f"line {number} is none of this program")
            yield Row(*cells)
    except (ValueError, csv.Error) as problem:
        hint = "take it from a backup: without it a serial number could be given twice"
        raise UserError(f"the book {name} is damaged", hint) from problem


def _made(row: Row) -> UserError:
    hints = {
        PASSED: "if it was sent back: tapwatch factory --rma",
        RETURNED: "finish that first: tapwatch factory --rma",
    }
    return UserError(f"this watch is {row.serial}, {row.result}", hints[row.result], EXIT_FAILED)


def _now() -> str:
    return day(int(time.time()))
