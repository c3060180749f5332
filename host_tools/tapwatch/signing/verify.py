"""`tapwatch verify`: what signs a file, link by link, and whether all of it holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import EXIT_FAILED, EXIT_OK, EXIT_USAGE, UserError
from tapwatch.signing import certificates, envelope, key_folder, private_file, revocations
from tapwatch.signing.actions import folder_of
from tapwatch.signing.chain import Context, Link, certificate_link, signature_link
from tapwatch.signing.envelope import Envelope, SignatureProblem
from tapwatch.signing.forms import form_problems, plain, readable
from tapwatch.signing.key_folder import CERTIFICATE, PUBLIC, REVOCATIONS, KeyFolder
from tapwatch.signing.manifest_form import manifest_problems
from tapwatch.signing.output import parse_time, show, table
from tapwatch.signing.public import PUBLIC_BYTES, check_public, key_id
from tapwatch.signing.roles import ROOT, signer_of

if TYPE_CHECKING:
    from argparse import Namespace

    from tapwatch.signing.certificates import Certificate

_MAGIC = b"TWB1"
_APP = "tapwatch/app"


def verify(arguments: Namespace) -> int:
    """Check a file and print what was checked; EXIT_FAILED if anything is wrong."""
    folder = folder_of(arguments)
    data = private_file.read_public(Path(arguments.file), "the file", "name a bundle or an envelope")
    context, links = _context(folder, arguments)
    if data.startswith(_MAGIC):
        from tapwatch.signing.bundle_check import check_bundle

        found, facts = check_bundle(data, context, lambda signer: _key_of(signer, folder, arguments.signer))
    else:
        found, facts = _check_envelope(data, folder, arguments, context)
    links += found
    good = all(link.good for link in links)
    _print(links, {"file": arguments.file, "good": good, **facts}, arguments.json)
    return EXIT_OK if good else EXIT_FAILED


def _context(folder: KeyFolder, arguments: Namespace) -> tuple[Context, list[Link]]:
    """The root and its revocations, with a link for each."""
    name, public = root_of(folder, arguments.root)
    at = parse_time(arguments.at)
    root = Link("root", "nothing: the rest is judged by it", ROOT, name, key_id(public).hex(), note="trusted")
    path = Path(arguments.revocations) if arguments.revocations else None
    if path is None and name:
        path = folder.file(name, REVOCATIONS)
        path = path if path.exists() else None
    if path is None:
        return Context(public, at), [root, Link("revocations", "nothing", note="there is no list")]
    link = Link("revocations", "root's signature, form", ROOT, path.name)
    try:
        listed = revocations.check(private_file.read_public(path, "the list", "check the name"), public)
    except SignatureProblem as problem:
        link.problems.append(str(problem))
        return Context(public, at), [root, link]
    link.checked += f": list {listed.number}"
    return Context(public, at, listed), [root, link]


def root_of(folder: KeyFolder, said: str | None) -> tuple[str, bytes]:
    """Name (empty if it has none here) and public key of a root, from its name, NAME.pub or public key.

    Raises UserError.
    """
    if said is not None and (public := _hexadecimal(said)) is not None:
        return "", public
    if said is not None and Path(said).suffix == PUBLIC:
        key = key_folder.read_public(Path(said))
        if key.role != ROOT:
            raise UserError(f"{said} is a key for {key.role}, not for {ROOT}", "", EXIT_USAGE)
        return "", key.public
    key = folder.of_role(ROOT, said)
    return key.name, key.public


def _hexadecimal(text: str) -> bytes | None:
    if len(text) != 2 * PUBLIC_BYTES:
        return None
    try:
        public = bytes.fromhex(text)
        check_public(public)
    except ValueError as problem:
        raise UserError(f"{text[:16]}… is no public key", str(problem), EXIT_USAGE) from problem
    return public


def _check_envelope(
    data: bytes, folder: KeyFolder, arguments: Namespace, context: Context
) -> tuple[list[Link], dict[str, object]]:
    try:
        parsed = envelope.parse(data)
    except SignatureProblem as problem:
        return [Link("envelope", "form", problems=[str(problem)])], {}
    if parsed.kind == certificates.KIND:
        return _check_certificate(data, context)
    role = signer_of(parsed.kind)
    if role == ROOT:
        links, public = [], context.root
    else:
        links, public = _signer(parsed, role, folder, arguments.signer, context)
    links.append(signature_link(f"signature of the {parsed.kind.removeprefix('tapwatch/')}", data, public, parsed.kind))
    problems = _payload_problems(parsed)
    links.append(Link("payload", "every field", problems=problems))
    return links, {"kind": parsed.kind, **({} if problems else readable(parsed.kind, parsed.payload))}


def _check_certificate(data: bytes, context: Context) -> tuple[list[Link], dict[str, object]]:
    role = _role_of(data)
    link, certificate = certificate_link("certificate", data, role, context)
    if certificate is None:
        return [link], {"kind": certificates.KIND}
    said = {"kind": certificates.KIND, "public": certificate.public.hex(), "attributes": plain(certificate.attributes)}
    return [link], said


def _role_of(data: bytes) -> str:
    try:
        return certificates.read(envelope.parse(data)).role
    except SignatureProblem:
        return ""  # the link says what is wrong


def _signer(
    parsed: Envelope, role: str, folder: KeyFolder, said: str | None, context: Context
) -> tuple[list[Link], bytes | None]:
    """Who signed: a certificate that was named or lies in the folder, or a bare public key."""
    if said is not None and (public := _given(said)) is not None:
        link = Link("signer", "nothing: its key was given", role, id=key_id(public).hex(), note="trusted")
        return [link], public
    path = Path(said) if said else _certificate_of(parsed.key_id, folder)
    if path is None:
        return [], None
    data = private_file.read_public(path, "the certificate", "check the name")
    link, certificate = certificate_link(f"certificate {path.name}", data, role, context)
    return [link], certificate.public if certificate else None


def _key_of(signer: bytes, folder: KeyFolder, said: str | None) -> bytes | None:
    """The public key with that id: the one that was given, or one of the folder."""
    given = _given(said) if said else None
    keys = [*([given] if given else []), *(folder.read(name).public for name in folder.names())]
    return next((public for public in keys if key_id(public) == signer), None)


def _given(said: str) -> bytes | None:
    """The public key in hexadecimal digits or in a file NAME.pub; None for another file."""
    if Path(said).suffix == PUBLIC:
        return key_folder.read_public(Path(said)).public
    return _hexadecimal(said)


def _certificate_of(signer: bytes, folder: KeyFolder) -> Path | None:
    for path in sorted(folder.path.glob("*" + CERTIFICATE)):
        data = private_file.read_public(path, "the certificate", "check the folder")
        certificate = _readable_certificate(data)
        if certificate is not None and certificate.subject == signer:
            return path
    return None


def _readable_certificate(data: bytes) -> Certificate | None:
    try:
        return certificates.read(envelope.parse(data))
    except SignatureProblem:
        return None  # another file of that ending; the one that is looked for may still come


def _payload_problems(parsed: Envelope) -> list[str]:
    if parsed.kind == _APP:
        return manifest_problems(parsed.payload)
    if parsed.kind != revocations.KIND:
        return form_problems(parsed.kind, parsed.payload)
    try:
        revocations.read(parsed.payload)
    except SignatureProblem as problem:
        return [str(problem)]
    return []


def _print(links: list[Link], facts: dict[str, object], as_json: bool) -> None:
    if as_json:
        rows = [{**vars(link), "good": link.good, "result": link.result} for link in links]
        show({**facts, "links": rows}, True)
        return
    heading = ("what", "role", "name", "id", "serial", "good from and to", "checked", "result")
    table([heading, *(_cells(link) for link in links)])
    print()
    show({**facts, "good": "all of it is good" if facts["good"] else "NOT GOOD: see the last column"}, False)


def _cells(link: Link) -> tuple[str, ...]:
    serial = "" if link.serial is None else str(link.serial)
    return (link.what, link.role, link.name, link.id, serial, link.dates, link.checked, link.result)
