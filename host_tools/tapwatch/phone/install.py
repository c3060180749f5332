"""`tapwatch phone install`: files to the watch, one after the other, with a result for each."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.apps.bundle import MOST_BYTES
from tapwatch.errors import UserError
from tapwatch.phone.app_desk import AppRefused
from tapwatch.phone.kinds import Kind, kind_of
from tapwatch.phone.progress import Bar
from tapwatch.simulator.frames import LinkError
from tapwatch.simulator.messages import WatchRefused

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from typing import TextIO

    from tapwatch.phone.desk import PhoneDesk
    from tapwatch.phone.relay import Phone

INSTALLED = "installed"
"""Name of the fact that says whether a file is on the watch."""
_READ_BYTES = MOST_BYTES + 1
"""No kind of file is longer, and of one that is no more is needed to refuse it."""
_GIVEN_UP = "Not sent: the watch was lost at a file before."
_AGAIN = "Run the command again."


@dataclass
class _File:
    """One file on its way: what it is, and what became of it."""

    path: Path
    data: bytes = b""
    kind: Kind | None = None
    installed: bool = False
    says: str = ""

    def failed(self, problem: UserError) -> None:
        """Keep what happened and what to do."""
        self.says = f"{problem.message} {problem.hint}".strip()

    def facts(self) -> dict[str, object]:
        """For the table and for JSON."""
        kind = self.kind.name if self.kind is not None else ""
        size = len(self.data) if len(self.data) < _READ_BYTES else f"over {MOST_BYTES}"
        return {"file": str(self.path), "kind": kind, "bytes": size, INSTALLED: self.installed, "says": self.says}


async def install(desk: PhoneDesk, arguments: Namespace) -> list[dict[str, object]]:
    """Look at every file, then bring those that are good; a bad one keeps no other back."""
    shown = io.StringIO() if arguments.json else sys.stderr
    return await installed(desk.phone, arguments.files, shown)


async def installed(phone: Phone, paths: Sequence[Path], shown: TextIO) -> list[dict[str, object]]:
    """The facts of each file, in order. The bar goes to `shown` if that is a terminal."""
    files = [_looked_at(path) for path in paths]
    here = True
    for file in files:
        if file.kind is None or file.says:
            continue
        if here:
            here = await _bring(phone, file, file.kind, shown)
        else:
            file.failed(UserError(_GIVEN_UP, _AGAIN))
    return [file.facts() for file in files]


def _looked_at(path: Path) -> _File:
    """Read and check a file; what is wrong with it is in `says`."""
    file = _File(path)
    try:
        file.data = _read(path)
        file.kind = kind_of(file.data)
        file.kind.check(file.data)
    except UserError as problem:
        file.failed(problem)
    return file


def _read(path: Path) -> bytes:
    """The content, or as much as is needed to see that it is too long. Raises UserError."""
    try:
        if path.is_dir():
            raise UserError("It is a folder.", "Name the files in it.")
        if path.exists() and not path.is_file():
            raise UserError("It is no file.", "A device or a pipe cannot be brought.")
        with path.open("rb") as file:
            return file.read(_READ_BYTES)
    except OSError as problem:
        raise UserError(
            f"It cannot be read: {problem.strerror}.", "Is the name right, and may you read it?"
        ) from problem


async def _bring(phone: Phone, file: _File, kind: Kind, shown: TextIO) -> bool:
    """Send a file; False if there is no watch for the next one."""
    bar = Bar(file.path.name, shown)
    try:
        await kind.bring(phone, file.data, bar)
        file.installed, file.says = True, kind.done
    except WatchRefused as refused:
        said = (refused.message, refused.hint)
        file.failed(UserError(*(said if isinstance(refused, AppRefused) else kind.refusals.get(refused.status, said))))
    except LinkError:
        file.failed(UserError("The watch's answer makes no sense.", "Is it a watch of this version?"))
        return False
    except UserError as problem:
        file.failed(problem)
        return False
    finally:
        bar.end()
    return True
