"""The store's keys, in a folder that only its owner can read; never in the database.

`store.pem`  signs reviews and licences; made here, and certified by the root somewhere else
`store.cert` that certificate, and `root.pub`, the root's public key
`link-key`   what links to statements are made of
"""

from __future__ import annotations

import secrets
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.bank.problems import SetupProblem
from tapwatch.folders import make_folder
from tapwatch.signing import certificates, private_file
from tapwatch.signing.envelope import SignatureProblem
from tapwatch.signing.keys import PrivateKey

if TYPE_CHECKING:
    from pathlib import Path

_PEM, _CERTIFICATE, _ROOT, _LINKS = "store.pem", "store.cert", "root.pub", "link-key"
_LINK_BYTES = 32


class _Secret:
    """Bytes that no log shows."""

    def __init__(self, value: bytes) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "<secret>"


@dataclass(frozen=True)
class Keyring:
    """The keys of one store, loaded. `repr` shows no secret."""

    key: PrivateKey
    certificate: bytes
    root_public: bytes
    link_key: _Secret


def prepare(folder: Path) -> bytes:
    """Make the store's key, or find it, and return its public key for the root to certify. Raises UserError."""
    make_folder(folder)
    if not (folder / _PEM).exists():
        PrivateKey.generate().save(folder / _PEM)
    return PrivateKey.load(_owned(folder / _PEM)).public


def adopt(folder: Path, key: PrivateKey, certificate: bytes, root_public: bytes, at: int) -> Keyring:
    """Fill a folder with a key that is certified already. Raises SetupProblem, UserError."""
    make_folder(folder)
    if not (folder / _PEM).exists():
        key.save(folder / _PEM)
    return install(folder, certificate, root_public, at)


def install(folder: Path, certificate: bytes, root_public: bytes, at: int) -> Keyring:
    """Put the root's certificate for the store's key into the folder. Raises SetupProblem if it does not fit."""
    public = PrivateKey.load(_owned(folder / _PEM)).public
    _check(certificate, root_public, public, at)
    if (folder / _ROOT).exists() and _read(folder / _ROOT) != root_public:
        raise SetupProblem("the store has a certificate of another root", "make a new store")
    private_file.replace(folder / _ROOT, root_public)
    private_file.replace(folder / _CERTIFICATE, certificate)
    if not (folder / _LINKS).exists():
        private_file.create(folder / _LINKS, secrets.token_bytes(_LINK_BYTES))
    return load(folder, at)


def load(folder: Path, at: int) -> Keyring:
    """Read the folder. Raises SetupProblem if a file is missing or readable by others, or the certificate not valid."""
    key = PrivateKey.load(_owned(folder / _PEM))
    certificate, root_public = _read(folder / _CERTIFICATE), _read(folder / _ROOT)
    _check(certificate, root_public, key.public, at)
    links = _read(folder / _LINKS)
    if len(links) != _LINK_BYTES:
        raise SetupProblem(f"{folder / _LINKS} is not a key file", "take it from a copy of the folder")
    return Keyring(key, certificate, root_public, _Secret(links))


def _check(certificate: bytes, root_public: bytes, public: bytes, at: int) -> None:
    try:
        subject = certificates.check(certificate, root_public, "store", at).public
    except (SignatureProblem, ValueError) as error:
        raise SetupProblem("the certificate of the store does not hold", "let the root certify its key") from error
    if subject != public:
        raise SetupProblem("the certificate is for another key than the store's", "let the root certify its key")


def _read(path: Path) -> bytes:
    try:
        return _owned(path).read_bytes()
    except OSError as error:
        raise SetupProblem(f"{path} cannot be read", "check the key folder and its rights") from error


def _owned(path: Path) -> Path:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise SetupProblem(f"the store has no {path.name}", "make a store with `tapwatch store init`") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SetupProblem(f"others may read {path}", f"run: chmod 600 {path}")
    return path
