"""The signed envelope of docs/formats.md: an untagged COSE_Sign1 (RFC 9052) with ES256 over deterministic CBOR."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tapwatch.signing import cbor
from tapwatch.signing.public import check_public, key_id

TOKEN_PACKAGE = "tapwatch/token-package"  # noqa: S105  # a content type
KINDS = frozenset(
    "tapwatch/" + name
    for name in (
        "certificate",
        "attestation",
        "token-request",
        "token-package",
        "receipt",
        "notice",
        "token-state",
        "device-state",
        "merchant-payment",
        "app",
        "app-review",
        "licence",
        "revocations",
        "publication",
        "system",
    )
)
"""Content types of docs/formats.md."""
NONCE_BYTES = 16
SIGNATURE_BYTES = 64

_ALG, _CONTENT_TYPE, _KID, _VERSION, _NONCE = 1, 3, 4, -65537, -65538  # labels, docs/formats.md "Signed envelope"
_ES256 = -7  # RFC 9053 section 2.1
_FORMAT_VERSION = 1


class SignatureProblem(ValueError):
    """An envelope is malformed, of another kind, by another signer, or its signature is wrong."""


@dataclass(frozen=True)
class Envelope:
    """One envelope, taken apart. Only `verify` says that the signature is good."""

    kind: str
    key_id: bytes
    """The signer, 8 bytes."""
    nonce: bytes | None
    """16 bytes in a token package, None elsewhere."""
    payload: object
    """The decoded payload."""
    payload_bytes: bytes
    protected: bytes
    """The protected header as it is signed; the AAD of a token package."""
    signature: bytes


def protected_header(kind: str, signer: bytes, nonce: bytes | None = None) -> bytes:
    """The protected header bytes of an envelope. Raises SignatureProblem if kind and nonce do not fit."""
    if kind not in KINDS:
        raise SignatureProblem(f"unknown content type {kind!r}")
    if (nonce is not None) != (kind == TOKEN_PACKAGE) or (nonce is not None and len(nonce) != NONCE_BYTES):
        raise SignatureProblem(f"a nonce of {NONCE_BYTES} bytes belongs in a token package and nowhere else")
    labels: dict[int, object] = {_ALG: _ES256, _CONTENT_TYPE: kind, _KID: signer, _VERSION: _FORMAT_VERSION}
    if nonce is not None:
        labels[_NONCE] = nonce
    return cbor.encode(labels)


def signed_bytes(protected: bytes, payload: bytes) -> bytes:
    """The Sig_structure of RFC 9052 section 4.4, with empty external AAD."""
    return cbor.encode(["Signature1", protected, b"", payload])


def assemble(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    """The whole envelope from its signed parts."""
    return cbor.encode([protected, {}, payload, signature])


def parse(data: bytes) -> Envelope:
    """Take an envelope apart without checking its signature. Raises SignatureProblem for any other form."""
    protected, payload, signature = _parts(_decode(data, "envelope"))
    labels = _decode(protected, "protected header")
    kind, signer, nonce = _labels(labels)
    return Envelope(kind, signer, nonce, _decode(payload, "payload"), payload, protected, signature)


def verify(data: bytes, public: bytes, kind: str) -> Envelope:
    """Check an envelope of type `kind` signed by the 64-byte public key `public`. Raises SignatureProblem."""
    envelope = parse(data)
    if envelope.kind != kind:
        raise SignatureProblem(f"expected {kind}, got {envelope.kind}")
    try:
        key = check_public(public)
    except ValueError as error:
        raise SignatureProblem(str(error)) from None
    if envelope.key_id != key_id(public):
        raise SignatureProblem("signed by somebody else")
    r, s = (int.from_bytes(half, "big") for half in (envelope.signature[:32], envelope.signature[32:]))
    message = signed_bytes(envelope.protected, envelope.payload_bytes)
    try:
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise SignatureProblem("the signature does not match") from None
    return envelope


def _decode(data: bytes, what: str) -> object:
    try:
        return cbor.decode(data)
    except cbor.CborProblem as error:
        raise SignatureProblem(f"{what}: {error}") from None


def _parts(value: object) -> tuple[bytes, bytes, bytes]:
    if not isinstance(value, list) or len(value) != 4:
        raise SignatureProblem("an envelope is an array of four")
    protected, unprotected, payload, signature = value
    if not (isinstance(protected, bytes) and isinstance(payload, bytes) and isinstance(signature, bytes)):
        raise SignatureProblem("header, payload and signature are byte strings")
    if unprotected != {} or not isinstance(unprotected, dict):
        raise SignatureProblem("the unprotected header must be empty")
    if len(signature) != SIGNATURE_BYTES:
        raise SignatureProblem(f"a signature has {SIGNATURE_BYTES} bytes")
    return protected, payload, signature


def _labels(labels: object) -> tuple[str, bytes, bytes | None]:
    if not isinstance(labels, dict):
        raise SignatureProblem("the protected header is a map")
    kind, signer, nonce = labels.get(_CONTENT_TYPE), labels.get(_KID), labels.get(_NONCE)
    wanted = {_ALG, _CONTENT_TYPE, _KID, _VERSION} | ({_NONCE} if kind == TOKEN_PACKAGE else set())
    if set(labels) != wanted:
        raise SignatureProblem("the protected header holds other labels than it must")
    if labels[_ALG] != _ES256 or labels[_VERSION] != _FORMAT_VERSION or isinstance(labels[_VERSION], bool):
        raise SignatureProblem("other algorithm or version")
    if not isinstance(kind, str) or kind not in KINDS:
        raise SignatureProblem(f"unknown content type {kind!r}")
    if not isinstance(signer, bytes) or len(signer) != 8:
        raise SignatureProblem("a key id has 8 bytes")
    if nonce is not None and (not isinstance(nonce, bytes) or len(nonce) != NONCE_BYTES):
        raise SignatureProblem(f"a nonce has {NONCE_BYTES} bytes")
    return kind, signer, nonce
