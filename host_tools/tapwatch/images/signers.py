"""Signatures of a manufacturer's update keys, in files or tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_USAGE, UserError
from tapwatch.images.container import MOST_SIGNATURES, Entry, Image, write
from tapwatch.images.statement import KIND
from tapwatch.signing import envelope
from tapwatch.signing.certify import read_certificate
from tapwatch.signing.key_folder import CERTIFICATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tapwatch.signing.key_folder import KeyFolder
    from tapwatch.signing.passwords import Ask

ROLE = "update"


def entries(payload: bytes, folder: KeyFolder, names: Sequence[str], ask: Ask) -> list[Entry]:
    """A signature by each of these keys; without names by the only update key of the folder. Raises UserError."""
    if len(names) > MOST_SIGNATURES or len(set(names)) != len(names):
        raise UserError(f"an image has at most {MOST_SIGNATURES} signatures, of different keys", "", EXIT_USAGE)
    return [_entry(payload, folder, name, ask) for name in (names or [None])]


def added(image: Image, folder: KeyFolder, name: str | None, ask: Ask) -> bytes:
    """The image with one more signature; nothing else of it changes. Raises UserError."""
    if len(image.entries) == MOST_SIGNATURES:
        raise UserError(f"the image has {MOST_SIGNATURES} signatures already", "", EXIT_FAILED)
    fresh = _entry(image.payload, folder, name, ask)
    signer = envelope.parse(fresh.envelope).key_id
    if signer in {envelope.parse(entry.envelope).key_id for entry in image.entries}:
        raise UserError("this key has signed the image already", "another person signs with another key", EXIT_FAILED)
    return write([*image.entries, fresh], image.body)


def _entry(payload: bytes, folder: KeyFolder, name: str | None, ask: Ask) -> Entry:
    key = folder.of_role(ROLE, name)
    certificate = folder.certificate(key.name)
    path = str(folder.file(key.name, CERTIFICATE))
    said = read_certificate(certificate, path)
    if said.public != key.public or said.role != ROLE:
        raise UserError(f"{path} is not the certificate of {key.name}", "let the root certify this key", EXIT_USAGE)
    with folder.opened(key, ask) as signer:
        return Entry(certificate, signer.sign_bytes(KIND, payload))
