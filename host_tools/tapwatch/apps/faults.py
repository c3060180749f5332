"""What is wrong with a project: where, by which rule, and what to do instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, UserError

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong. `line` and `column` begin at 1; 0 where a file has no such place."""

    file: str
    line: int
    column: int
    rule: str
    message: str

    def __str__(self) -> str:
        place = self.file + (f":{self.line}:{self.column}" if self.line else "")
        return f"{place}: {self.rule}: {self.message}"

    def record(self) -> dict[str, object]:
        """The fault as a JSON object."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "rule": self.rule,
            "message": self.message,
        }


class PackProblem(UserError):
    """A project that cannot be made into a bundle. `faults`: everything that was found, in the order of the files."""

    def __init__(self, project: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        lines = "".join(f"\n{fault}" for fault in self.faults)
        super().__init__(f"{project} cannot be packed:{lines}", exit_code=EXIT_FAILED)
