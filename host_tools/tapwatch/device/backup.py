"""`tapwatch backup` and `tapwatch restore`: what the wearer has set, as a file."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tapwatch.device import development
from tapwatch.errors import EXIT_FAILED, EXIT_OK, UserError
from tapwatch.signing import private_file

if TYPE_CHECKING:
    import argparse

FORM, VERSION = "tapwatch-backup", 1
MOST_BYTES = 8192
"""Of what is sent to a watch: it refuses more."""
_SAVE = "from watch.system.workbench.backup import backup\nbackup(watch.services)"
_RESTORE = "from watch.system.workbench.backup import restore\nrestore(watch.services, %r)"
_MOST_FILE_BYTES = 65_536
_REFUSED = "docs/doctor.md says what a backup is; make one with `tapwatch backup`"


def backup(arguments: argparse.Namespace) -> int:
    """Run the command. Raises UserError."""
    path = Path(arguments.file)
    if path.exists() and not arguments.force:
        raise UserError(f"{path} is there already", "name another file, or add --force")
    with development.opened(arguments) as repl:
        development.expect_watch(repl)
        said = b"".join(repl.blocks(_SAVE))
    try:
        content = json.loads(said)
        alarms, settings = len(content["alarms"]), len(content["settings"])
    except (ValueError, TypeError, KeyError) as problem:
        raise UserError("the watch sent no backup", "is its system of this version?", EXIT_FAILED) from problem
    private_file.replace(path, (written(content, int(time.time())) + "\n").encode())
    print(f"{path}: {settings} settings, {alarms} alarms")
    return EXIT_OK


def restore(arguments: argparse.Namespace) -> int:
    """Run the command: exit code 1 if the watch refused a part. Raises UserError."""
    content = opened(_read(Path(arguments.file)))
    with development.opened(arguments) as repl:
        development.expect_watch(repl)
        said = b"".join(repl.blocks(_RESTORE % compact(content)))
        repl.restart = True  # what is read once at the start counts then too
    return _tell(said)


def written(content: dict[str, Any], made_s: int) -> str:
    """The file of a backup."""
    digest = hashlib.sha256(compact(content).encode()).hexdigest()
    return json.dumps(
        {"form": FORM, "version": VERSION, "made": made_s, "sha256": digest, "content": content}, indent=1
    )


def opened(text: str) -> dict[str, Any]:
    """What a file of a backup holds. Raises UserError if it is none, is of another version, or has changed."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise UserError("this file is no backup", _REFUSED, EXIT_FAILED) from problem
    if not isinstance(said, dict) or said.get("form") != FORM or not isinstance(said.get("content"), dict):
        raise UserError("this file is no backup", _REFUSED, EXIT_FAILED)
    if said.get("version") != VERSION:
        raise UserError(
            f"this backup is of version {said.get('version')!r}", "use a tapwatch that knows it", EXIT_FAILED
        )
    if said.get("sha256") != hashlib.sha256(compact(said["content"]).encode()).hexdigest():
        raise UserError("this backup has changed since it was made", _REFUSED, EXIT_FAILED)
    if len(compact(said["content"])) > MOST_BYTES:
        raise UserError("this backup is too large for a watch", _REFUSED, EXIT_FAILED)
    return said["content"]


def compact(content: dict[str, Any]) -> str:
    """The content as it is sent and hashed: ASCII, sorted, without spaces."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def _tell(said: bytes) -> int:
    try:
        told = [(str(what), str(problem)) for what, problem in json.loads(said)]
    except (ValueError, TypeError) as problem:
        raise UserError("the watch did not say what it has taken", _REFUSED, EXIT_FAILED) from problem
    refused = [(what, problem) for what, problem in told if problem]
    print(f"{len(told) - len(refused)} of {len(told)} taken; the watch starts anew")
    for what, problem in refused:
        print(f"  refused: {what}: {problem}")
    return EXIT_FAILED if refused else EXIT_OK


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_FILE_BYTES + 1)
    except OSError as problem:
        raise UserError(f"{path} cannot be read", "name a file that `tapwatch backup` has made") from problem
    if len(data) > _MOST_FILE_BYTES:
        raise UserError(f"{path} is too large for a backup", _REFUSED, EXIT_FAILED)
    return data.decode("utf-8", "replace")
