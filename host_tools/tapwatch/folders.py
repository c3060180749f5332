"""Folders that a command is told to work in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, where they are missing. Raises UserError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UserError(f"the folder {folder} cannot be made", "choose another folder") from problem
