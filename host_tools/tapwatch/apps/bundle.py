"""The bundle file: `TWB1`, a head of envelopes and certificates, and the files (docs/bundles.md, "The file")."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from tapwatch.signing import cbor, envelope

MAGIC = b"TWB1"
KIND = "tapwatch/app"
MOST_BYTES = 131_072
MOST_HEAD_BYTES = 4_096
MOST_MODULE_BYTES = 24_576
MOST_FILES = 24
_LENGTH_BYTES = 2
_FILES = 11  # key of the manifest


class BundleProblem(ValueError):
    """The bytes are not a bundle."""


@dataclass(frozen=True)
class BundleFile:
    """A bundle, taken apart. Nothing but form and hashes has been checked: not who signed it."""

    manifest: dict[int, Any]
    """The payload of the manifest."""
    envelope: bytes
    certificate: bytes | None
    review: bytes | None
    store_certificate: bytes | None
    files: dict[str, bytes]

    @property
    def digest(self) -> bytes:
        """SHA-256 of the manifest's payload: what a review and a revocation list name."""
        return hashlib.sha256(envelope.parse(self.envelope).payload_bytes).digest()


def files_field(files: dict[str, bytes]) -> list[list]:
    """Name, length and hash of each file, by name: field 11 of the manifest."""
    return [[name, len(files[name]), hashlib.sha256(files[name]).digest()] for name in sorted(files)]


def write(
    signed: bytes,
    files: dict[str, bytes],
    certificate: bytes | None = None,
    review: bytes | None = None,
    store_certificate: bytes | None = None,
) -> bytes:
    """The bytes of a bundle. Raises BundleProblem if it is larger than a watch takes."""
    head = cbor.encode([signed, certificate, review, store_certificate])
    if len(head) > MOST_HEAD_BYTES:
        raise BundleProblem(f"the head has {len(head)} bytes, at most {MOST_HEAD_BYTES}")
    data = MAGIC + len(head).to_bytes(_LENGTH_BYTES, "big") + head + b"".join(files[name] for name in sorted(files))
    if len(data) > MOST_BYTES:
        raise BundleProblem(f"the bundle has {len(data)} bytes, at most {MOST_BYTES}")
    return data


def read(data: bytes) -> BundleFile:
    """Take a bundle apart; form, lengths and hashes are checked, signatures are not. Raises BundleProblem."""
    begin = len(MAGIC) + _LENGTH_BYTES
    if not begin < len(data) <= MOST_BYTES or data[: len(MAGIC)] != MAGIC:
        raise BundleProblem("not a bundle, or too large")
    size = int.from_bytes(data[len(MAGIC) : begin], "big")
    if size > MOST_HEAD_BYTES or begin + size > len(data):
        raise BundleProblem("the head is too long")
    try:
        head = cbor.decode(data[begin : begin + size])
    except cbor.CborProblem as error:
        raise BundleProblem(f"the head: {error}") from error
    signed, certificate, review, store = _head(head)
    try:
        signature = envelope.parse(signed)
    except envelope.SignatureProblem as error:
        raise BundleProblem(f"the manifest: {error}") from error
    manifest = signature.payload
    if signature.kind != KIND or not isinstance(manifest, dict) or set(manifest) != set(range(1, 15)):
        raise BundleProblem("the manifest has other fields than it must")
    return BundleFile(manifest, signed, certificate, review, store, _split(data[begin + size :], manifest[_FILES]))


def countersigned(data: bytes, review: bytes, store_certificate: bytes) -> bytes:
    """A bundle with the review of a store. Raises BundleProblem; it must have a developer's certificate."""
    bundle = read(data)
    if bundle.certificate is None:
        raise BundleProblem("only a bundle with a developer's certificate can be countersigned")
    return write(bundle.envelope, bundle.files, bundle.certificate, review, store_certificate)


def _head(head: object) -> tuple[bytes, bytes | None, bytes | None, bytes | None]:
    if not isinstance(head, list) or len(head) != 4 or not isinstance(head[0], bytes):
        raise BundleProblem("the head is an array of four")
    signed, *others = head
    certificate, review, store = (one if isinstance(one, bytes) else None for one in others)
    if [certificate, review, store] != others:
        raise BundleProblem("the head holds byte strings and null")
    if (review is None) != (store is None) or (review is not None and certificate is None):
        raise BundleProblem("with a review there are both certificates, without one there is none of a store")
    return signed, certificate, review, store


def _split(body: bytes, entries: object) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    if not isinstance(entries, list) or not 0 < len(entries) <= MOST_FILES:
        raise BundleProblem(f"the manifest lists 1 to {MOST_FILES} files")
    at, last = 0, ""
    for entry in entries:
        name, length, digest = _entry(entry)
        content = body[at : at + length]
        if name <= last:
            raise BundleProblem("the files are not in the order of their names")
        if len(content) != length or hashlib.sha256(content).digest() != digest:
            raise BundleProblem(f"{name} is not what the manifest says")
        files[name] = content
        at, last = at + length, name
    if at != len(body):
        raise BundleProblem("bytes follow the last file")
    return files


def _entry(entry: object) -> tuple[str, int, bytes]:
    if isinstance(entry, list) and len(entry) == 3:
        name, length, digest = entry
        if isinstance(name, str) and type(length) is int and length >= 0 and isinstance(digest, bytes):
            return name, length, digest
    raise BundleProblem("a file of the manifest is a name, a length and a hash")
