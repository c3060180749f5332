"""The key of a developer: a file of their own, or one that is made at the first time."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.folders import make_folder

if TYPE_CHECKING:
    import argparse

    from tapwatch.signing.keys import PrivateKey

_GROUP = 4
_NAME_CHARACTERS = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How a command is told which key signs."""
    what = "your key: NAME.key of `tapwatch keys`, or PEM (default: one that is made for you)"
    parser.add_argument("--key", type=Path, metavar="FILE", help=what)


def own_key(path: Path | None) -> PrivateKey:
    """The key in a file; without one the key of this user, made at the first time. Raises UserError."""
    from tapwatch.signing.keys import PrivateKey  # here: its library takes 60 ms to import

    if path is not None:
        return PrivateKey.load(path)
    path = default_path()
    if not path.exists():
        make_folder(path.parent)
        PrivateKey.generate().save(path)
    return PrivateKey.load(path)


def certificate(path: Path | None, key: PrivateKey) -> bytes | None:
    """The certificate of a developer in a file; None without one. Raises UserError for one of another key."""
    if path is None:
        return None
    from tapwatch.signing.certify import read_certificate

    try:
        data = path.read_bytes()
    except OSError as problem:
        raise UserError(f"{path} cannot be read.", "Is the name right?", EXIT_USAGE) from problem
    if read_certificate(data, str(path)).public != key.public:
        raise UserError(f"{path} is the certificate of another key.", "Name the key it is for with --key.", EXIT_USAGE)
    return data


def default_path() -> Path:
    """Where the key of this user lies."""
    base = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return base / "tapwatch" / "developer.pem"


def own_name() -> str:
    """What the watch calls this developer: the name of the account."""
    try:
        return getpass.getuser()[:_NAME_CHARACTERS] or "developer"
    except (OSError, KeyError):
        return "developer"


def grouped(key: PrivateKey) -> str:
    """The key id as the watch shows it: `A1B2 C3D4 E5F6 0718`."""
    digits = key.key_id.hex().upper()
    return " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))
