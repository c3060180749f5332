"""Checks the shape of signed payloads: a map with the keys 1 to n, each of one type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.bank.problems import AccessProblem, RequestProblem
from tapwatch.signing import certificates, envelope
from tapwatch.signing.envelope import SignatureProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_INT = 1 << 63


def parse(data: bytes) -> envelope.Envelope:
    """Take an envelope apart. Raises RequestProblem."""
    try:
        return envelope.parse(data)
    except SignatureProblem as error:
        raise RequestProblem("that is not a signed envelope") from error


def device_key(certificate: bytes, root_public: bytes, at: int) -> certificates.Certificate:
    """Check a device certificate now. Raises AccessProblem: wrong root, wrong role, not valid at this time."""
    try:
        return certificates.check(certificate, root_public, "device", at)
    except SignatureProblem as error:
        raise AccessProblem("the device certificate is not acceptable") from error


def verified(data: bytes, public: bytes, kind: str, shape: Mapping[int, type | int]) -> dict:
    """Return the payload of an envelope signed by `public`. Raises AccessProblem or RequestProblem."""
    try:
        payload = envelope.verify(data, public, kind).payload
    except SignatureProblem as error:
        raise AccessProblem(f"the {kind} is not acceptable") from error
    if not isinstance(payload, dict) or set(payload) != set(shape):
        raise RequestProblem(f"a {kind} is a map with the keys 1 to {len(shape)}")
    for key, form in shape.items():
        if not _fits(payload[key], form):
            raise RequestProblem(f"key {key} of the {kind} has a wrong form")
    return payload


def _fits(value: object, form: type | int) -> bool:
    if form is int:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MAX_INT
    if isinstance(form, int):
        return isinstance(value, bytes) and len(value) == form
    return isinstance(value, form)
