"""A bundle before a computer: all that docs/bundles.md lets a watch check, but for the bytecode."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from tapwatch.apps import bundle
from tapwatch.apps.bundle import BundleFile, BundleProblem
from tapwatch.apps.system_key import system_key
from tapwatch.signing import envelope
from tapwatch.signing.chain import REVOKED, Context, Link, certificate_link, signature_link
from tapwatch.signing.envelope import SignatureProblem
from tapwatch.signing.forms import form_problems
from tapwatch.signing.manifest_form import file_problems, manifest_problems
from tapwatch.signing.revocations import APP_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.signing.certificates import Certificate

SYSTEM, REVIEWED, DEVELOPER, NONE = "system", "reviewed", "developer", "none"
REVIEW = "tapwatch/app-review"


def check_bundle(
    data: bytes, context: Context, key_of: Callable[[bytes], bytes | None]
) -> tuple[list[Link], dict[str, object]]:
    """Judge a bundle: a link for everything that was checked, and what it says of itself.

    `key_of` finds the public key of a key id, for bundles without a certificate.
    """
    form = Link("bundle", "form, lengths, hash of each file", "", id=hashlib.sha256(data).hexdigest()[:16])
    try:
        read = bundle.read(data)
    except BundleProblem as problem:
        form.problems.append(str(problem))
        return [form], {"level": NONE}
    links = [form, _manifest_link(read, context)]
    level = _system_level(read)
    if level is None:
        signers, level = _signers(read, context, key_of)
        links += signers
    else:
        links.append(signature_link("signature of the manifest", read.envelope, system_key().public, bundle.KIND))
    links += [_file_link(name, content) for name, content in read.files.items()]
    if not all(link.good for link in links):
        level = NONE
    return links, {"level": level, **_facts(read)}


def _manifest_link(read: BundleFile, context: Context) -> Link:
    name = read.manifest[6].get("en", "") if isinstance(read.manifest[6], dict) else ""
    link = Link("manifest", "every field, revocations", "", str(name), read.digest[:8].hex())
    link.problems += manifest_problems(read.manifest)
    if context.revocations is not None and read.digest[:APP_BYTES] in context.revocations.apps:
        link.problems.append(f"{REVOKED} by list {context.revocations.number}")
    return link


def _system_level(read: BundleFile) -> str | None:
    """`system` if the development system key signed it: the firmware pins that key, or another one."""
    return SYSTEM if envelope.parse(read.envelope).key_id == system_key().key_id else None


def _signers(read: BundleFile, context: Context, key_of: Callable[[bytes], bytes | None]) -> tuple[list[Link], str]:
    """Developer, store and their signatures."""
    if read.certificate is None:
        public = key_of(envelope.parse(read.envelope).key_id)
        return [signature_link("signature of the manifest", read.envelope, public, bundle.KIND)], DEVELOPER
    first, developer = certificate_link("certificate of the developer", read.certificate, "developer", context)
    signed = signature_link("signature of the manifest", read.envelope, _public(developer), bundle.KIND)
    if read.review is None or read.store_certificate is None:
        return [first, signed], DEVELOPER
    third, store = certificate_link("certificate of the store", read.store_certificate, "store", context)
    return [first, signed, third, _review_link(read, read.review, _public(store))], REVIEWED


def _public(certificate: Certificate | None) -> bytes | None:
    return certificate.public if certificate is not None else None


def _review_link(read: BundleFile, review: bytes, store: bytes | None) -> Link:
    link = signature_link("review of the store", review, store, REVIEW)
    link.checked = "type, form, signature, that it is of this manifest"
    if link.problems:
        return link
    try:
        payload = envelope.parse(review).payload
    except SignatureProblem as problem:
        link.problems.append(str(problem))
        return link
    link.problems += form_problems(REVIEW, payload)
    if isinstance(payload, dict) and payload.get(1) != read.digest:
        link.problems.append("it is of another manifest")
    return link


def _file_link(name: str, content: bytes) -> Link:
    link = Link(f"file {name}", f"hash, form, {len(content)} bytes", id=hashlib.sha256(content).hexdigest()[:16])
    link.problems += file_problems(name, content)
    return link


def _facts(read: BundleFile) -> dict[str, Any]:
    if manifest_problems(read.manifest):
        return {}
    said = read.manifest
    return {
        "id": said[1],
        "version": ".".join(map(str, said[2])),
        "kind": said[3],
        "permissions": said[9],
        "hosts": said[10],
        "needs_licence": said[12],
        "source": said[13].hex(),
        "manifest": read.digest.hex(),
        "tools": said[14],
    }
