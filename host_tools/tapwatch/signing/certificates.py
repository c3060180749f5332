"""Role certificates: a small CBOR map signed by the manufacturer root (docs/formats.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tapwatch.signing import envelope
from tapwatch.signing.envelope import Envelope, SignatureProblem
from tapwatch.signing.public import check_public, key_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tapwatch.signing.signer import Signer

KIND = "tapwatch/certificate"
ROLES = ("device", "token-service", "store", "update", "developer")
MAX_NAME_BYTES = 64
MAX_ATTRIBUTES = 8

_ROLE, _PUBLIC, _NOT_BEFORE, _NOT_AFTER, _SERIAL, _NAME, _ATTRIBUTES = range(1, 8)
_NUMBER_LIMIT = 1 << 63  # times and serial numbers fit a signed 64-bit column


@dataclass(frozen=True)
class Certificate:
    """What a certificate says. Times in seconds since 1970."""

    role: str
    public: bytes
    not_before: int
    not_after: int
    serial: int
    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def subject(self) -> bytes:
        """Key id of the certified key, 8 bytes."""
        return key_id(self.public)


def issue(
    root: Signer,
    role: str,
    public: bytes,
    name: str,
    not_before: int,
    not_after: int,
    serial: int,
    attributes: Mapping[str, str] | None = None,
) -> bytes:
    """Sign a certificate for `public` in `role`. Raises SignatureProblem for values docs/formats.md does not allow."""
    payload = {
        _ROLE: role,
        _PUBLIC: public,
        _NOT_BEFORE: not_before,
        _NOT_AFTER: not_after,
        _SERIAL: serial,
        _NAME: name,
        _ATTRIBUTES: dict(attributes or {}),
    }
    _read(payload)
    return root.sign(KIND, payload)


def check(data: bytes, root_public: bytes, role: str, at: int) -> Certificate:
    """Check a certificate: signed by the root, for `role`, valid at time `at`. Raises SignatureProblem."""
    certificate = read(envelope.verify(data, root_public, KIND))
    if certificate.role != role:
        raise SignatureProblem(f"the certificate is for {certificate.role}, not for {role}")
    if not certificate.not_before <= at <= certificate.not_after:
        raise SignatureProblem("the certificate is not valid at this time")
    return certificate


def read(signed: Envelope) -> Certificate:
    """What a certificate says, whoever signed it and whenever it is good. Raises SignatureProblem."""
    if signed.kind != KIND:
        raise SignatureProblem(f"expected {KIND}, got {signed.kind}")
    return _read(signed.payload)


def _read(payload: object) -> Certificate:
    if not isinstance(payload, dict) or set(payload) != set(range(_ROLE, _ATTRIBUTES + 1)):
        raise SignatureProblem("a certificate is a map with the keys 1 to 7")
    _check_subject(payload[_ROLE], payload[_PUBLIC], payload[_NAME])
    _check_numbers(payload[_NOT_BEFORE], payload[_NOT_AFTER], payload[_SERIAL])
    _check_attributes(payload[_ATTRIBUTES])
    return Certificate(*(payload[key] for key in range(_ROLE, _ATTRIBUTES + 1)))


def _check_subject(role: object, public: object, name: object) -> None:
    if role not in ROLES:
        raise SignatureProblem(f"unknown role {role!r}")
    if not isinstance(name, str) or len(name.encode()) > MAX_NAME_BYTES:
        raise SignatureProblem(f"a name is text of at most {MAX_NAME_BYTES} bytes")
    if not isinstance(public, bytes):
        raise SignatureProblem("a public key is a byte string")
    try:
        check_public(public)
    except ValueError as error:
        raise SignatureProblem(str(error)) from None


def _check_numbers(not_before: object, not_after: object, serial: object) -> None:
    for number in (not_before, not_after, serial):
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < _NUMBER_LIMIT:
            raise SignatureProblem("times and serial numbers are integers, not negative")
    if not_before > not_after:  # type: ignore[operator]  # checked above
        raise SignatureProblem("the certificate ends before it begins")


def _check_attributes(attributes: object) -> None:
    if not isinstance(attributes, dict) or len(attributes) > MAX_ATTRIBUTES:
        raise SignatureProblem(f"attributes are a map of at most {MAX_ATTRIBUTES}")
    if not all(isinstance(text, str) for pair in attributes.items() for text in pair):
        raise SignatureProblem("attributes map text to text")
