"""The root and the update key of development builds. They are no secrets: everybody can make them from the texts below.

A watch that was provisioned with this root takes development images of everybody. Watches for people have a root of
their manufacturer (docs/keys.md).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tapwatch.images.container import Entry
from tapwatch.images.statement import KIND
from tapwatch.signing import certificates
from tapwatch.signing.known_key import known_key

if TYPE_CHECKING:
    from tapwatch.signing.keys import PrivateKey

ROOT_TEXT = b"tapwatch development root key, known to everybody"
UPDATE_TEXT = b"tapwatch development update key, known to everybody"
NAME = "Tapwatch development"
_NOT_BEFORE = 1_767_225_600
"""2026-01-01."""
_NOT_AFTER = 2_082_758_400
"""2036-01-01."""
_SERIAL = 1


@cache
def root_key() -> PrivateKey:
    """The root of development builds."""
    return known_key(ROOT_TEXT)


@cache
def update_key() -> PrivateKey:
    """The key that signs development images."""
    return known_key(UPDATE_TEXT)


@cache
def update_certificate() -> bytes:
    """Its certificate by the development root: always the same bytes."""
    public = update_key().public
    return certificates.issue(root_key(), "update", public, NAME, _NOT_BEFORE, _NOT_AFTER, _SERIAL)


def entry(payload: bytes) -> Entry:
    """The signature of the development key."""
    return Entry(update_certificate(), update_key().sign_bytes(KIND, payload))
