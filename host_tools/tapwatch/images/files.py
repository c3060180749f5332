"""Reads and writes the files of the commands of this room."""

from __future__ import annotations

from pathlib import Path

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.folders import make_folder
from tapwatch.images import container
from tapwatch.images.container import Image, ImageProblem
from tapwatch.signing import private_file


def read(path: str) -> bytes:
    """The bytes of an image or a delta. Raises UserError."""
    return private_file.read_public(Path(path), "the file", "make an image with `tapwatch build`")


def taken_apart(path: str) -> Image:
    """The image of a file. Raises UserError if it is none."""
    try:
        return container.read(read(path))
    except ImageProblem as problem:
        raise UserError(f"{path} is no system image", "", EXIT_FAILED) from problem


def write(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all, in the place of one that may be there. Raises UserError."""
    make_folder(path.parent)
    private_file.replace(path, data, public=True)
