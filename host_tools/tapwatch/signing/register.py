"""The register of a root key: which serial numbers and lists it has given out, in a file beside it.

A number is written here, and is on the disk, before anything with it is signed. So a power cut may waste one, and
none is used twice, by however many commands at once.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from tapwatch.errors import UserError
from tapwatch.signing import file_lock, private_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HEADER = "tapwatch register"
_VERSION = 1
_HINT = "take it from a backup; a root without its register could use a serial number twice"


class RegisterProblem(ValueError):
    """The bytes are not what a register holds."""


@dataclass(frozen=True)
class Issued:
    """One certificate, planned or made."""

    serial: int
    role: str
    name: str
    public: str
    """64 bytes in hexadecimal digits."""
    not_before: int
    not_after: int
    certificate: str = ""
    """The envelope in hexadecimal digits; empty if a command was cut short before it was made."""


@dataclass(frozen=True)
class Contents:
    """What a register says."""

    issued: tuple[Issued, ...] = ()
    list_number: int = 0
    """The highest that a revocation list may have; 0 for none."""
    list_kept: int = 0
    """Of the latest list that is in its file for certain. A cut may leave it below `list_number`."""

    @property
    def last_serial(self) -> int:
        """The highest serial number in use, 0 for none."""
        return max((one.serial for one in self.issued), default=0)

    def find(self, serial: int) -> Issued | None:
        """The certificate with a serial number."""
        return next((one for one in self.issued if one.serial == serial), None)


class Register:
    """The file of one root key."""

    def __init__(self, path: Path, create: bool = False) -> None:
        """`create`: begin a register if there is none. Raises UserError if it cannot be written."""
        self._path = path
        self._locked = False
        if create and not path.exists():
            private_file.create(path, encode(Contents()))

    def read(self) -> Contents:
        """What it says now. Raises UserError if it is missing or damaged: that is never taken for an empty one."""
        data = private_file.read(self._path, "the register", _HINT)
        try:
            return decode(data)
        except RegisterProblem as problem:
            raise UserError(f"the register {self._path} is damaged", _HINT) from problem

    def reserve(self, role: str, name: str, public: bytes, not_before: int, not_after: int) -> int:
        """A serial number that nobody has had, with what it is for. Raises UserError."""
        with self._changing() as contents:
            serial = contents.last_serial + 1
            row = Issued(serial, role, name, public.hex(), not_before, not_after)
            self._write(replace(contents, issued=(*contents.issued, row)))
        return serial

    def complete(self, serial: int, certificate: bytes) -> None:
        """Keep the certificate that was made with a serial number of `reserve`. Raises UserError."""
        with self._changing() as contents:
            rows = [
                replace(row, certificate=certificate.hex()) if row.serial == serial else row for row in contents.issued
            ]
            self._write(replace(contents, issued=tuple(rows)))

    def reserve_list(self, at_least: int) -> int:
        """A number for the next revocation list, above all before it and not below `at_least`. Raises UserError."""
        with self._changing() as contents:
            number = max(contents.list_number + 1, at_least)
            self._write(replace(contents, list_number=number))
        return number

    def complete_list(self, number: int) -> None:
        """The list with a number of `reserve_list` is in its file. Raises UserError."""
        with self._changing() as contents:
            self._write(replace(contents, list_kept=number))

    def _write(self, contents: Contents) -> None:
        private_file.replace(self._path, encode(contents))

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """No other command changes the register, or what goes with it, inside. Raises UserError."""
        with file_lock.locked(self._path.with_name(self._path.name + ".lock")):
            self._locked = True
            try:
                yield
            finally:
                self._locked = False

    @contextlib.contextmanager
    def _changing(self) -> Iterator[Contents]:
        """What it says, while no other command may change it."""
        with contextlib.nullcontext() if self._locked else self.locked():
            yield self.read()


def encode(contents: Contents) -> bytes:
    """The file: a line of JSON for the register, then one for each certificate."""
    lists = {"list": contents.list_number, "kept": contents.list_kept}
    head = {"file": _HEADER, "version": _VERSION, **lists, "certificates": len(contents.issued)}
    return "".join(json.dumps(line) + "\n" for line in (head, *map(asdict, contents.issued))).encode()


def decode(data: bytes) -> Contents:
    """Read the file. Raises RegisterProblem."""
    try:
        head, *rows = [json.loads(line) for line in data.decode().splitlines()]
        issued = tuple(Issued(**row) for row in rows)
    except (ValueError, TypeError, RecursionError) as problem:
        raise RegisterProblem(str(problem)) from None
    wanted = {"file": _HEADER, "version": _VERSION, "certificates": len(issued)}
    if not isinstance(head, dict) or {name: head.get(name) for name in wanted} != wanted:
        raise RegisterProblem("its first line is another, or lines are missing")
    if not (_is_number(head.get("list")) and _is_number(head.get("kept")) and all(map(_is_whole, issued))):
        raise RegisterProblem("a number or text is none")
    serials = [one.serial for one in issued]
    if serials != sorted(set(serials)):
        raise RegisterProblem("serial numbers do not rise")
    return Contents(issued, head["list"], head["kept"])


def _is_whole(row: Issued) -> bool:
    numbers, texts = (row.serial, row.not_before, row.not_after), (row.role, row.name, row.public, row.certificate)
    return all(map(_is_number, numbers)) and all(isinstance(text, str) for text in texts)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
