"""The bank's secrets, in a folder that only its owner can read; never in the database.

`token-service.pem`  signs packages, notices and token states
`token-service.cert` its certificate by the manufacturer root, and `root.pub`, that root's public key
`issuer-keys.json`   one issuer master key per profile (EMV Book 2 annex A1.4); new profiles get theirs when it is read
`operator-token`     what an operator sends as bearer token over HTTP
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.bank.problems import SetupProblem
from tapwatch.bank.profiles import PROFILES
from tapwatch.signing import certificates, private_file
from tapwatch.signing.envelope import SignatureProblem
from tapwatch.signing.keys import PrivateKey

if TYPE_CHECKING:
    from collections.abc import Mapping

_PEM, _CERTIFICATE, _ROOT, _MASTERS, _OPERATOR = (
    "token-service.pem",
    "token-service.cert",
    "root.pub",
    "issuer-keys.json",
    "operator-token",
)
_RENEW = "let the root certify token-service.pub again: `tapwatch bank key`, `tapwatch bank keys --certificate`"
_MASTER_BYTES = 16  # double-length TDES
_OPERATOR_BYTES = 24


class Keyring:
    """The secrets of one bank, loaded. `repr` shows none of them."""

    def __init__(
        self,
        service: PrivateKey,
        certificate: bytes,
        root_public: bytes,
        masters: Mapping[str, bytes],
        operator_token: str,
    ) -> None:
        self.service = service
        self.certificate = certificate
        self.root_public = root_public
        self.operator_token = operator_token
        self._masters = masters

    def master(self, profile: str) -> bytes:
        """Return the issuer master key of a profile, 16 bytes."""
        return self._masters[profile]

    def __repr__(self) -> str:
        return f"<Keyring {self.service.key_id.hex()}>"


def prepare(folder: Path) -> bytes:
    """Make new random keys in a new folder, or find them; return the public key for a root to certify.

    The folder appears whole or not at all. One that is there is used as it is: keys are never overwritten. Raises
    SetupProblem if it cannot be made.
    """
    if not folder.exists():
        partial = folder.with_name(folder.name + ".partial")
        try:
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(mode=0o700, parents=True)
            _fill(partial)
            partial.rename(folder)
        except OSError as error:
            raise SetupProblem(f"the key folder {folder} cannot be made", "choose another folder") from error
    return PrivateKey.load(_owned(folder / _PEM)).public


def install(folder: Path, certificate: bytes, root_public: bytes, at: int) -> Keyring:
    """Put a root's certificate for the token service into the folder, the first one or a renewed one.

    Raises SetupProblem if it does not hold for this key, or is of another root than the one before.
    """
    _check(certificate, root_public, PrivateKey.load(_owned(folder / _PEM)).public, at)
    if (folder / _ROOT).exists() and _read(folder / _ROOT) != root_public:
        raise SetupProblem(f"the keys in {folder} were certified by another root", "choose a new folder")
    private_file.replace(folder / _ROOT, root_public)
    private_file.replace(folder / _CERTIFICATE, certificate)
    return load(folder, at)


def create(folder: Path, root: PrivateKey, name: str, not_before: int, not_after: int, url: str = "") -> Keyring:
    """Make new random keys, which the manufacturer root certifies here and now.

    `url`, if there is one, is the public address of the bank, which the certificate tells watches. A folder that is
    there, from a start that was cut short, is used as it is. Raises SetupProblem if it cannot be made, or is of another
    root.
    """
    public = prepare(folder)
    if not (folder / _CERTIFICATE).exists():
        attributes = {"url": url} if url else {}
        facts = (name, not_before, not_after, secrets.randbits(62), attributes)
        install(folder, certificates.issue(root, "token-service", public, *facts), root.public, not_before)
    ring = load(folder, not_before)
    if ring.root_public != root.public:
        raise SetupProblem(f"the keys in {folder} were certified by another root", "choose a new folder")
    return ring


def _fill(folder: Path) -> None:
    PrivateKey.generate().save(folder / _PEM)
    _write(folder / _MASTERS, _with_every_profile({}))
    _write(folder / _OPERATOR, secrets.token_urlsafe(_OPERATOR_BYTES).encode())


def load(folder: Path, at: int) -> Keyring:
    """Read the folder; profiles that its bank did not know when it was made get their master keys now.

    Raises SetupProblem if a file is missing or readable by others, or the certificate not valid.
    """
    service = PrivateKey.load(_owned(folder / _PEM))
    certificate = _read(folder / _CERTIFICATE)
    root_public = _read(folder / _ROOT)
    _check(certificate, root_public, service.public, at)
    try:
        masters = {profile: bytes.fromhex(key) for profile, key in _complete_masters(folder).items()}
    except (ValueError, AttributeError, TypeError):
        raise SetupProblem(f"{folder / _MASTERS} is not a key file") from None
    if any(len(key) != _MASTER_BYTES for key in masters.values()):
        raise SetupProblem(f"{folder / _MASTERS} holds a key of another length than {_MASTER_BYTES} bytes")
    if set(masters) != set(PROFILES):
        raise SetupProblem(f"the files in {folder} do not belong together")
    return Keyring(service, certificate, root_public, masters, _operator_token(folder))


def _check(certificate: bytes, root_public: bytes, public: bytes, at: int) -> None:
    try:
        subject = certificates.check(certificate, root_public, "token-service", at).public
    except (SignatureProblem, ValueError) as error:
        raise SetupProblem(f"the certificate of the token service does not hold: {error}", _RENEW) from error
    if subject != public:
        raise SetupProblem(
            "the certificate is for another key than the token service's", "let the root certify its key"
        )


def _operator_token(folder: Path) -> str:
    token = _read(folder / _OPERATOR)
    if not token or not token.isascii():
        raise SetupProblem(f"{folder / _OPERATOR} is no operator token")
    return token.decode("ascii")


def _complete_masters(folder: Path) -> dict[str, str]:
    """The master keys in hex, by profile. Missing ones are added to the file, by one process at a time."""
    path = folder / _MASTERS
    present = json.loads(_read(path))
    if set(present) >= set(PROFILES):
        return present
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # ends with the descriptor
        complete = _with_every_profile(json.loads(_read(path)))
        beside = path.with_suffix(".new")
        beside.unlink(missing_ok=True)  # of a process that died here
        _write(beside, complete)
        beside.rename(path)
        os.fsync(descriptor)
    except OSError as error:
        raise SetupProblem(f"{path} cannot be written", "the bank must add keys for new kinds of cards") from error
    finally:
        os.close(descriptor)
    return json.loads(complete)


def _with_every_profile(present: Mapping[str, str]) -> bytes:
    """The content of the key file: the keys there are, and random ones for the other profiles."""
    fresh = {profile: _random_master().hex() for profile in PROFILES}
    return json.dumps({**fresh, **present}).encode()


def _random_master() -> bytes:
    """A random TDES key with odd parity whose halves differ, so that it is not single DES in disguise."""
    while True:
        key = bytes(byte & 0xFE | (byte >> 1).bit_count() % 2 ^ 1 for byte in secrets.token_bytes(_MASTER_BYTES))
        if key[:8] != key[8:]:
            return key


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> bytes:
    try:
        return _owned(path).read_bytes()
    except OSError as error:
        raise SetupProblem(f"{path} cannot be read", "make a bank with `tapwatch bank init`") from error


def _owned(path: Path) -> Path:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise SetupProblem(f"the bank has no {path.name}", "make a bank with `tapwatch bank init`") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SetupProblem(f"others may read {path}", f"run: chmod 600 {path}")
    return path
