"""A project folder, read once: everything after this works on what is in memory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tapwatch.apps import archive, manifest, toml_file, words
from tapwatch.apps.faults import Fault, PackProblem
from tapwatch.errors import EXIT_USAGE, UserError

MADE = (".twb", ".map.json", ".pyc")
"""What lies beside the sources and is made from them."""
KEPT = (".toml", ".py", ".png", ".md", ".txt", ".json")
"""Kinds of files that may be in a project; only the first three have a meaning."""
MOST_TEXT_BYTES = 65_536
"""Of a module or a TOML file: eight times what our own longest have. What is longer takes long to look at."""
_MODULE = re.compile(r"[a-z][a-z0-9_]{1,23}")
_PASSED_OVER = ("typings",)


@dataclass(frozen=True)
class Project:
    """What is in a project."""

    fields: manifest.AppFields
    words: dict[str, dict[str, str]]
    """By language, then by key."""
    modules: dict[str, bytes]
    """Sources by module name."""
    pictures: dict[str, bytes]
    """PNG files by name without `.png`."""
    archive: bytes
    """The source archive."""


def load(folder: Path) -> Project:
    """Read a folder. Raises PackProblem with all that is wrong with its files but the code."""
    return parse(read(folder), str(folder))


def read(folder: Path) -> dict[str, bytes]:
    """The files of a project, by name. Raises UserError for a folder that cannot be read, PackProblem."""
    if not (folder / manifest.FILE).is_file():
        hint = "make one with `tapwatch app new NAME`, or name its folder"
        raise UserError(f"{folder} is no project: it has no {manifest.FILE}", hint, EXIT_USAGE)
    found, faults = {}, []
    try:
        for path in sorted(folder.iterdir()):
            if path.name.startswith((".", "__pycache__")) or path.name.endswith(MADE) or path.name in _PASSED_OVER:
                continue
            if path.is_symlink() or not path.is_file() or not archive.NAME.fullmatch(path.name):
                message = "a project holds files only, with names of letters, digits, `_`, `.` and `-`"
                faults.append(Fault(path.name, 0, 0, "project-file", message))
            else:
                found[path.name] = path.read_bytes()
    except OSError as error:
        raise UserError(f"{folder} cannot be read", "check the folder and its files") from error
    if faults:
        raise PackProblem(str(folder), faults)
    return found


def parse(files: dict[str, bytes], label: str) -> Project:
    """The project of these files, such as those of a source archive. Raises PackProblem; `label` names it there."""
    faults = _lengths(files)
    if faults:
        raise PackProblem(label, faults)  # before anything of it is read
    faults = _sizes(files)
    modules = {name.removesuffix(".py"): data for name, data in files.items() if name.endswith(".py")}
    pictures = {name.removesuffix(".png"): data for name, data in files.items() if name.endswith(".png")}
    faults += [
        Fault(name + ".py", 0, 0, "module-name", "a module is called by 2 to 24 small letters, digits and `_`")
        for name in modules
        if not _MODULE.fullmatch(name)
    ]
    told, wrong = toml_file.read(manifest.FILE, files.get(manifest.FILE, b""))
    faults += wrong
    fields = None
    if not wrong:
        fields, wrong = manifest.check(told, set(modules), set(pictures))
        faults += wrong
    said, wrong = toml_file.read(words.FILE, files.get(words.FILE, b""))
    texts, more = words.check(said)
    faults += wrong + more
    if faults or fields is None:
        raise PackProblem(label, faults)
    return Project(fields, texts, modules, pictures, archive.write(files))


def _lengths(files: dict[str, bytes]) -> list[Fault]:
    return [
        Fault(name, 0, 0, "project-size", f"{len(data)} bytes; at most {MOST_TEXT_BYTES}")
        for name, data in files.items()
        if name.endswith((".py", ".toml")) and len(data) > MOST_TEXT_BYTES
    ]


def _sizes(files: dict[str, bytes]) -> list[Fault]:
    faults = [
        Fault(name, 0, 0, "project-file", f"what is this? A project holds files that end in {', '.join(KEPT)}")
        for name in files
        if not name.endswith(KEPT)
    ]
    if len(files) > archive.MOST_FILES:
        faults.append(Fault(manifest.FILE, 0, 0, "project-size", f"more than {archive.MOST_FILES} files"))
    if len(archive.write(files)) > archive.MOST_BYTES:
        faults.append(Fault(manifest.FILE, 0, 0, "project-size", f"more than {archive.MOST_BYTES} bytes of source"))
    return faults
