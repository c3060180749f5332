"""`tapwatch sign`: a bundle or an envelope under another key, or a bundle countersigned by a store."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE, UserError
from tapwatch.signing import envelope, private_file
from tapwatch.signing.actions import ask_of, folder_of
from tapwatch.signing.certify import read_certificate
from tapwatch.signing.envelope import SignatureProblem
from tapwatch.signing.forms import FORMS, problems
from tapwatch.signing.key_folder import CERTIFICATE, KeyFolder
from tapwatch.signing.output import show
from tapwatch.signing.roles import signer_of

if TYPE_CHECKING:
    from argparse import Namespace

    from tapwatch.apps.bundle import BundleFile
    from tapwatch.signing.key_file import KeyFile

_REVIEW = "tapwatch/app-review"
_MAGIC = b"TWB1"


def sign(arguments: Namespace) -> int:
    """Sign a file anew, or countersign it, and write the result."""
    if (arguments.key is None) == (arguments.store is None):
        raise UserError("one of --key and --store says who signs", "", EXIT_USAGE)
    folder = folder_of(arguments)
    data = private_file.read_public(Path(arguments.file), "the file", "name a bundle or an envelope")
    if not data.startswith(_MAGIC):
        signed, key = _envelope(folder, data, arguments)
    elif arguments.store is not None:
        signed, key = _countersigned(folder, data, arguments)
    else:
        signed, key = _resigned(folder, data, arguments)
    target = arguments.out or arguments.file
    private_file.replace(Path(target), signed)
    facts = {"file": target, "bytes": len(signed), "signer": key.name, "role": key.role, "key_id": key.key_id.hex()}
    show(facts, arguments.json)
    return EXIT_OK


def _resigned(folder: KeyFolder, data: bytes, arguments: Namespace) -> tuple[bytes, KeyFile]:
    """A bundle with the same manifest and files, by another developer. A review of the old one goes."""
    from tapwatch.apps import bundle

    read = _bundle(data, arguments.file)
    key = folder.of_role("developer", arguments.key)
    certificate = _certificate(folder, key, arguments, False)
    payload = envelope.parse(read.envelope).payload_bytes
    with folder.opened(key, ask_of(arguments)) as signer:
        signed = signer.sign_bytes(bundle.KIND, payload)
    try:
        return bundle.write(signed, read.files, certificate), key
    except bundle.BundleProblem as problem:
        raise UserError(f"{arguments.file} cannot be signed", str(problem), EXIT_FAILED) from problem


def _countersigned(folder: KeyFolder, data: bytes, arguments: Namespace) -> tuple[bytes, KeyFile]:
    """A bundle with a review by a store. Nothing is packed here: who signs says that it was reviewed."""
    from tapwatch.apps import bundle

    read = _bundle(data, arguments.file)
    key = folder.of_role("store", arguments.store)
    certificate = _certificate(folder, key, arguments, True)
    payload = {1: read.digest, 2: int(time.time()), 3: _payee(arguments.payee)}
    wrong = problems(FORMS[_REVIEW], payload)
    if wrong:
        raise UserError("no review can say that", wrong[0], EXIT_USAGE)
    with folder.opened(key, ask_of(arguments)) as signer:
        review = signer.sign(_REVIEW, payload)
    try:
        return bundle.countersigned(data, review, certificate or b""), key
    except bundle.BundleProblem as problem:
        raise UserError(f"{arguments.file} cannot be countersigned", str(problem), EXIT_FAILED) from problem


def _envelope(folder: KeyFolder, data: bytes, arguments: Namespace) -> tuple[bytes, KeyFile]:
    """The same payload under another key that may sign this type."""
    try:
        parsed = envelope.parse(data)
    except SignatureProblem as problem:
        raise UserError(f"{arguments.file} is neither a bundle nor an envelope", str(problem), EXIT_USAGE) from problem
    key = folder.of_role(signer_of(parsed.kind), arguments.key or arguments.store)
    with folder.opened(key, ask_of(arguments)) as signer:
        return signer.sign_bytes(parsed.kind, parsed.payload_bytes, parsed.nonce), key


def _bundle(data: bytes, name: str) -> BundleFile:
    from tapwatch.apps import bundle

    try:
        return bundle.read(data)
    except bundle.BundleProblem as problem:
        raise UserError(f"{name} is no bundle", str(problem), EXIT_FAILED) from problem


def _certificate(folder: KeyFolder, key: KeyFile, arguments: Namespace, needed: bool) -> bytes | None:
    """The certificate of the key that signs. Raises UserError if it is another's, or missing and needed."""
    path = Path(arguments.certificate) if arguments.certificate else folder.file(key.name, CERTIFICATE)
    if not needed and not arguments.certificate and not path.exists():
        return None
    data = private_file.read_public(path, "the certificate", "let the root make one with `tapwatch keys certify`")
    certificate = read_certificate(data, str(path))
    if certificate.public != key.public or certificate.role != key.role:
        raise UserError(f"{path} is not the certificate of {key.name}", "", EXIT_USAGE)
    return data


def _payee(text: str | None) -> dict[int, object] | None:
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 4 or not parts[3].isdigit():
        raise UserError(
            f"{text!r} names no payee", "account, name, country, currency number: 12,Shop,CN,156", EXIT_USAGE
        )
    return {1: parts[0], 2: parts[1], 3: parts[2], 4: int(parts[3])}
