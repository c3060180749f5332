"""Runs a program on a whole watch with the heap of a board, and the bundles that it needs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tapwatch.apps.pack import Packed, pack
from tapwatch.compiled import search_path
from tapwatch.signing.keys import PrivateKey

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[2]
HEAP = "4M"
"""A board with 2 MB of PSRAM: objects are twice as large on 64 bits."""
LONG = bool(os.environ.get("TAPWATCH_LONG"))
_MICROPYTHON = Path(sys.executable).parent / "micropython"
_DEADLINE_S = 7200 if LONG else 120


def examples() -> list[Path]:
    """Folders of the example apps."""
    return sorted(path.parent for path in (ROOT / "examples").glob("*/app.toml"))


def place(name: str) -> Path:
    """Where a folder of this process is."""
    return ROOT / "build/tests" / f"{name}-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


def folder(name: str) -> Path:
    """An empty folder, from the root of the repository."""
    path = place(name)
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def packed(into: Path, projects: Iterable[Path]) -> list[Packed]:
    """Pack projects with a new key, which the watch is to enrol."""
    key, made = PrivateKey.generate(), []
    (into / "public").write_bytes(key.public)
    for project in projects:
        made.append(pack(project, key))
        (into / f"{project.name}.twb").write_bytes(made[-1].bundle)
    return made


def run(program: str, *arguments: object) -> tuple[list[dict[str, Any]], str]:
    """What a program of tests/firmware/support has said, line by line, and all that it printed."""
    environment = dict(os.environ, MICROPYPATH=search_path("tests/firmware"))
    command = [str(_MICROPYTHON), "-X", f"heapsize={HEAP}", f"tests/firmware/support/{program}", *map(str, arguments)]
    options = {"cwd": ROOT, "env": environment, "capture_output": True, "text": True, "timeout": _DEADLINE_S}
    done = subprocess.run(command, check=False, **options)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"')], done.stdout
