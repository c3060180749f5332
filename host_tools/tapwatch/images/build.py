"""Makes the system image of a board: the same bytes from the same source, wherever and by whomever."""

from __future__ import annotations

import os
import subprocess
import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_USAGE, UserError
from tapwatch.images import boards, compiling, container, contents, development, posture, report
from tapwatch.images.container import Entry, ImageProblem
from tapwatch.images.source_digest import FOLDERS, source_digest
from tapwatch.images.statement import DEVELOPMENT, RELEASE, XTENSAWIN, Statement, Version, parse_version, version_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tapwatch.images.boards import Board
    from tapwatch.images.brand import Brand
    from tapwatch.images.report import Rooms

    Sign = Callable[[bytes], Sequence[Entry]]
    """Signatures of a payload."""

KEPT = "build/images/mpy"
"""Modules that were compiled for a development image."""
_EPOCH = "SOURCE_DATE_EPOCH"
"""https://reproducible-builds.org/specs/source-date-epoch/"""
_LAST_S = (1 << 32) - 1


@dataclass(frozen=True)
class Plan:
    """What is to be made."""

    root: Path
    """The source tree."""
    board: Board
    version: Version
    floor: Version = (0, 0, 0)
    posture: str = DEVELOPMENT
    machine: str = XTENSAWIN
    brand: Brand | None = None


@dataclass(frozen=True)
class Built:
    """What was made."""

    image: bytes
    statement: Statement
    files: dict[str, bytes]
    rooms: Rooms


def plan(
    root: Path,
    board: str,
    version: str = "",
    floor: str = "",
    posture: str = DEVELOPMENT,
    machine: str = XTENSAWIN,
    brand: Brand | None = None,
) -> Plan:
    """A plan from texts; the version is that of pyproject.toml unless said. Raises UserError."""
    facts = boards.read(board, root)
    least = parse_version(floor or "0.0.0")
    number = parse_version(version or _version_of(root))
    if least > number:
        raise UserError("the floor is above the version", "no watch could install this image again", EXIT_USAGE)
    return Plan(root, facts, number, least, posture, machine, brand)


def build(wanted: Plan, sign: Sign | None = None) -> Built:
    """Compile, put together, sign: with the development key unless told otherwise. Raises UserError."""
    if wanted.posture == RELEASE:
        _check_committed(wanted.root)
    built_s = built_time(wanted.root)
    try:
        source = source_digest(wanted.root)
        files = _files(wanted, built_s)
        if source_digest(wanted.root) != source:
            raise UserError("a source changed while the image was made", "build again", EXIT_FAILED)
    except OSError as error:
        raise UserError("a file of the source tree cannot be read, or a compiled one kept") from error
    if wanted.posture == RELEASE:
        _check_posture(wanted, files)
    try:
        body = container.write_body(files)
    except ImageProblem as problem:
        raise UserError("no watch could take such an image", str(problem), EXIT_FAILED) from problem
    statement = Statement(
        wanted.board.name,
        wanted.version,
        wanted.floor,
        built_s,
        wanted.posture,
        len(body),
        sha256(body).digest(),
        source,
        wanted.machine,
    )
    payload = statement.encoded()
    image = container.write(sign(payload) if sign else [development.entry(payload)], body)
    report.check_room(len(image), wanted.board)
    return Built(image, statement, files, report.by_room(files, len(image)))


def _check_posture(wanted: Plan, files: dict[str, bytes]) -> None:
    links = posture.judge(files, wanted.board.name, version_text(wanted.version))
    problems = [problem for link in links for problem in link.problems]
    if problems:
        raise UserError("this image is not fit for a release: " + problems[0], "; ".join(problems[1:]), EXIT_FAILED)


def _files(wanted: Plan, built_s: int) -> dict[str, bytes]:
    """Every file of the image. A release is compiled anew, whatever is kept."""
    sources = contents.sources(wanted.root, wanted.board, wanted.posture)
    modules = {path: source for path, source in sources.items() if path.endswith(".mpy")}
    kept = None if wanted.posture == RELEASE else wanted.root / KEPT
    files = compiling.compile_all(modules, wanted.machine, kept)
    files |= {path: source.read_bytes() for path, source in sources.items() if path not in modules}
    files[contents.FACTS] = contents.facts(wanted.board.name, wanted.version, built_s, wanted.posture, wanted.brand)
    return files


def built_time(root: Path) -> int:
    """Seconds since 1970: SOURCE_DATE_EPOCH, else the time of the newest commit. Raises UserError without either."""
    said = os.environ.get(_EPOCH) or _git(root, "log", "-1", "--format=%ct") or ""
    if not said:
        hint = f"set {_EPOCH} to seconds since 1970, or build in a git checkout"
        raise UserError("nothing says when this source was made", hint, EXIT_USAGE)
    if not (said.isascii() and said.isdigit()) or int(said) > _LAST_S:
        raise UserError(f"{_EPOCH} is {said!r}", "seconds since 1970", EXIT_USAGE)
    return int(said)


def _check_committed(root: Path) -> None:
    """Raise UserError if the checkout holds what no commit does: nobody could make the same image."""
    changed = _git(root, "status", "--porcelain", "--", *FOLDERS)
    if changed:
        first = changed.splitlines()[0][3:]
        raise UserError(f"{first} is not as it was committed", "a release is made of a commit", EXIT_FAILED)


def _git(root: Path, *words: str) -> str | None:
    """What git says; None if this is the root of no checkout, or there is no git."""
    if not (root / ".git").exists():
        return None
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, check=False, text=True)
    except OSError:
        return None  # the caller says what else would do
    return done.stdout.rstrip() if done.returncode == 0 else None


def _version_of(root: Path) -> str:
    try:
        return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    except (OSError, ValueError, KeyError) as error:
        raise UserError("pyproject.toml does not say the version", "say it with --version X.Y.Z") from error
