"""Revocation lists: serial numbers of certificates and digests of apps that are void (docs/bundles.md)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from tapwatch.signing import envelope
from tapwatch.signing.envelope import SignatureProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tapwatch.signing.signer import Signer

KIND = "tapwatch/revocations"
MAX_ENTRIES = 64
"""Of each sort: the watch reads no more."""
APP_BYTES = 16
"""So much of the SHA-256 of a manifest's payload stands in the list."""

_NUMBER, _TIME, _SERIALS, _APPS = 1, 2, 3, 4
_NUMBER_LIMIT = 1 << 63  # as in certificates


@dataclass(frozen=True)
class Revocations:
    """What a list says. Both sorts rise."""

    number: int
    """Of two lists the one with the higher number counts."""
    time: int
    """Seconds since 1970."""
    serials: tuple[int, ...] = ()
    apps: tuple[bytes, ...] = ()
    """First 16 bytes of the SHA-256 of the manifests' payloads."""


def issue(root: Signer, number: int, at: int, serials: Iterable[int] = (), apps: Iterable[bytes] = ()) -> bytes:
    """Sign a list. An app is the SHA-256 of its manifest's payload, or the first 16 bytes of it.

    Raises SignatureProblem for values that docs/bundles.md does not allow.
    """
    digests = {app[:APP_BYTES] for app in apps}
    payload = {_NUMBER: number, _TIME: at, _SERIALS: sorted(set(serials)), _APPS: sorted(digests)}
    read(payload)
    return root.sign(KIND, payload)


def check(data: bytes, root_public: bytes) -> Revocations:
    """What a list says, once the root's signature holds. Raises SignatureProblem."""
    return read(envelope.verify(data, root_public, KIND).payload)


def read(payload: object) -> Revocations:
    """Check the payload of a list. Raises SignatureProblem."""
    if not isinstance(payload, dict) or set(payload) != {_NUMBER, _TIME, _SERIALS, _APPS}:
        raise SignatureProblem("a revocation list is a map with the keys 1 to 4")
    serials, apps = _rising(payload[_SERIALS]), _rising(payload[_APPS])
    if not all(_is_number(number) for number in (payload[_NUMBER], payload[_TIME], *serials)):
        raise SignatureProblem("numbers of a revocation list are integers, not negative")
    if not all(isinstance(app, bytes) and len(app) == APP_BYTES for app in apps):
        raise SignatureProblem(f"an app in a revocation list has {APP_BYTES} bytes")
    return Revocations(payload[_NUMBER], payload[_TIME], tuple(serials), tuple(apps))


def _rising(entries: object) -> list:
    """A list of at most so many entries of one type, each greater than the one before."""
    if not isinstance(entries, list) or len(entries) > MAX_ENTRIES:
        raise SignatureProblem(f"a revocation list has at most {MAX_ENTRIES} entries of a sort")
    if {type(entry) for entry in entries} not in ({int}, {bytes}, set()):
        raise SignatureProblem("entries of a revocation list are numbers, or byte strings")
    if any(later <= earlier for earlier, later in pairwise(entries)):
        raise SignatureProblem("entries of a revocation list rise")
    return entries


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _NUMBER_LIMIT
