"""The folder with somebody's keys: `NAME.key`, `NAME.pub`, `NAME.cert`; a root has its register and lists there too."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.signing import key_file, private_file, token
from tapwatch.signing.key_file import NAME, KeyFile, KeyFileProblem
from tapwatch.signing.keys import PrivateKey
from tapwatch.signing.register import Register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tapwatch.signing.passwords import Ask
    from tapwatch.signing.signer import Signer

KEY, PUBLIC, CERTIFICATE, REGISTER, REVOCATIONS = ".key", ".pub", ".cert", ".register", ".revocations"
"""Endings of the files of a key."""
_NO_KEY = "see what there is with `tapwatch keys list`, or make a key with `tapwatch keys new`"
_NO_FILE = "a file of this key is missing: take it from a backup"


def default_folder() -> Path:
    """Where keys are kept if nobody says otherwise: the platform's place for configuration."""
    if sys.platform == "darwin":
        base = Path("~/Library/Application Support")
    elif os.name == "nt":
        base = Path(os.environ.get("APPDATA") or "~")
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config")
    return base.expanduser() / "tapwatch" / "keys"


class KeyFolder:
    """Keys by name. `module`: the library of tokens, empty if the environment or the key's URI says."""

    def __init__(self, path: Path, module: str = "") -> None:
        self.path, self._module = path, module

    def file(self, name: str, ending: str) -> Path:
        """A file of a key. Raises UserError for a name that is none."""
        if not NAME.fullmatch(name):
            raise UserError(f"{name!r} is no name of a key", "letters, digits, `.`, `_`, `-`: at most 40", EXIT_USAGE)
        return self.path / (name + ending)

    def make(self) -> None:
        """Make the folder, for its owner alone, if it is not there. Raises UserError."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"the folder {self.path} cannot be made", "choose another one with --keys") from error

    def names(self) -> list[str]:
        """Names of all keys."""
        return sorted(path.name.removesuffix(KEY) for path in self.path.glob("[!.]*" + KEY))

    def read(self, name: str) -> KeyFile:
        """What the file of a key says. Raises UserError."""
        path = self.file(name, KEY)
        data = private_file.read(path, "the key file", _NO_KEY)
        return _parsed(data, path)

    def of_role(self, role: str, name: str | None = None) -> KeyFile:
        """The key of that name, which must have the role; without a name the only one. Raises UserError."""
        if name is not None:
            key = self.read(name)
            if key.role != role:
                raise UserError(f"{name} is a key for {key.role}, not for {role}", _NO_KEY, EXIT_USAGE)
            return key
        found = [key for key in map(self.read, self.names()) if key.role == role]
        if len(found) != 1:
            there = f"there are {len(found)} keys for {role}" if found else f"there is no key for {role}"
            raise UserError(f"{there} in {self.path}", f"say which with its name, or another --keys: {_NO_KEY}")
        return found[0]

    def add(self, key: KeyFile) -> None:
        """Write the files of a new key. Raises UserError if there is one of that name."""
        if self.file(key.name, PUBLIC).exists():
            raise UserError(
                f"{self.file(key.name, PUBLIC)} is there already and is not replaced", "choose another name"
            )
        private_file.create(self.file(key.name, KEY), key_file.secret_form(key))
        private_file.create(self.file(key.name, PUBLIC), key_file.public_form(key))

    def change(self, key: KeyFile) -> None:
        """Write the file of a key that is there anew. Raises UserError."""
        private_file.replace(self.file(key.name, KEY), key_file.secret_form(key))

    def certificate(self, name: str) -> bytes:
        """The certificate of a key. Raises UserError."""
        hint = "let the root certify it with `tapwatch keys certify`, and put the file there"
        return private_file.read_public(self.file(name, CERTIFICATE), "the certificate", hint)

    def register(self, root: str, create: bool = False) -> Register:
        """The register of a root key. Raises UserError."""
        return Register(self.file(root, REGISTER), create)

    @contextlib.contextmanager
    def opened(self, key: KeyFile, ask: Ask) -> Iterator[Signer]:
        """The key itself, ready to sign; a token is let go afterwards. Raises UserError."""
        if key.token:
            signer = token.open_key(key.token, ask, self._module)
            with contextlib.closing(signer):
                yield _same(key, signer)
        else:
            yield self.opened_file(key, ask)

    def opened_file(self, key: KeyFile, ask: Ask) -> PrivateKey:
        """As `opened`, of a key that is in a file."""
        if not key.pem:
            raise UserError(f"{key.name} has no private key here", _NO_FILE)
        password = ask(f"Password of {key.name}") if key.locked else None
        opened = PrivateKey.open(key.pem, password, str(self.file(key.name, KEY)))
        _same(key, opened)
        return opened


def read_public(path: Path) -> KeyFile:
    """The public half that somebody has sent. Raises UserError."""
    return _parsed(private_file.read_public(path, "the public key", "ask for the file NAME.pub"), path)


def _parsed(data: bytes, path: Path) -> KeyFile:
    try:
        return key_file.parse(data)
    except KeyFileProblem as problem:
        raise UserError(f"{path} is no key file of tapwatch", _NO_KEY) from problem


def _same(key: KeyFile, signer: Signer) -> Signer:
    if signer.public != key.public:
        raise UserError(f"{key.name} opens, but as another key than its file says", _NO_FILE)
    return signer
