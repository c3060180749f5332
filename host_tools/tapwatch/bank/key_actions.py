"""What `tapwatch bank` does about its keys: made here, certified somewhere else, renewed. The store does the same."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tapwatch.bank import keyring
from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.signing import certificates, key_file, private_file
from tapwatch.signing.envelope import key_id
from tapwatch.signing.public import PUBLIC_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from tapwatch.bank.service import Bank

ROLE = "token-service"
PUBLIC = "token-service.pub"
_DAY_S = 86_400


def make(folder: Path) -> dict[str, Any]:
    """Make the keys of a bank in `folder`, or find them, and leave the file that `tapwatch keys certify` takes."""
    public = keyring.prepare(folder / "keys")
    leave_public(folder / PUBLIC, "bank", ROLE, public)
    return {"public": public.hex(), "file": str(folder / PUBLIC)}


def renew(folder: Path, certificate: Path, root_public: bytes) -> None:
    """Put a renewed certificate in the place of the present one; a server takes it when it starts again."""
    keyring.install(folder / "keys", read(certificate), root_public, int(time.time()))


def about(bank: Bank) -> dict[str, Any]:
    """Whose keys a bank has, and how long its certificate lasts."""
    return certified(bank.certificate, bank.root_public, ROLE, bank.now())


def certified(certificate: bytes, root_public: bytes, role: str, at: int) -> dict[str, Any]:
    """What a certificate says, for people. Raises SignatureProblem."""
    subject = certificates.check(certificate, root_public, role, at)
    facts = {"name": subject.name, "key_id": subject.subject.hex(), "serial": subject.serial}
    return {**facts, "days_left": (subject.not_after - at) // _DAY_S, "root": key_id(root_public).hex()}


def leave_public(path: Path, name: str, role: str, public: bytes) -> None:
    """Write the public half of a key as a file for a root."""
    made = time.strftime("%Y-%m-%d", time.gmtime())
    private_file.replace(path, key_file.public_form(key_file.KeyFile(name, role, public, made)))


def read(path: Path) -> bytes:
    """The bytes of a file that was handed over. Raises UserError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read", "check its name and its rights", EXIT_USAGE) from error


def read_root(path: Path) -> bytes:
    """A public key: NAME.pub of `tapwatch keys`, or 64 bytes. Raises UserError."""
    data = read(path)
    if len(data) == PUBLIC_BYTES:
        return data
    try:
        return key_file.parse(data).public
    except key_file.KeyFileProblem as error:
        raise UserError(f"{path} is no public key: {error}", "take NAME.pub of the root", EXIT_USAGE) from error
