"""What source may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast

    from tapwatch.apps.faults import Fault
    from tapwatch.apps.project import Project


def judge(trees: dict[str, ast.Module], source: Project) -> list[Fault]:
    """Every fault of the modules of a project."""
    del trees, source
    return []
