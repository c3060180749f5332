"""Asking for passwords and PINs: at the keyboard, or from a file for scripts; never from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.signing import private_file

if TYPE_CHECKING:
    from collections.abc import Callable

    Ask = Callable[[str], bytes]
    """Given what it is for, the password or PIN."""

LEAST = 8
"""Characters of a new password. It says nothing about how good one is."""


def asker(file: str | None) -> Ask:
    """Asks at the keyboard, or takes the first line of `file`."""
    return (lambda what: from_file(Path(file))) if file else _typed


def from_file(path: Path) -> bytes:
    """The first line of a file. Raises UserError when there is none."""
    data = private_file.read(path, "the password file", "write the password into it as its first line")
    line = data.split(b"\n", 1)[0].rstrip(b"\r")
    if not line:
        raise UserError(f"the first line of {path} is empty", "write the password there", EXIT_USAGE)
    return line


def new(what: str, file: str | None) -> bytes:
    """A new password, typed twice, or from `file`. Raises UserError if it is short or the two differ."""
    if file:
        first = from_file(Path(file))
    else:
        first = _typed(f"New password for {what}")
        if _typed("The same again") != first:
            raise UserError("the two passwords differ; nothing was written", "try again", EXIT_USAGE)
    if len(first.decode(errors="replace")) < LEAST:
        raise UserError(f"a password has at least {LEAST} characters", "better: six random words", EXIT_USAGE)
    return first


def _typed(what: str) -> bytes:
    from getpass import getpass

    try:
        typed = getpass(f"{what}: ")
    except EOFError as error:
        raise UserError(f"nobody was there to type: {what}", "use --password-file", EXIT_USAGE) from error
    return typed.encode()
