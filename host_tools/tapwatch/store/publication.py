"""What developers send: a signed envelope, and the parts that it lists behind it (docs/store.md "Publishing")."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tapwatch.bank import payloads
from tapwatch.bank.problems import AccessProblem, RequestProblem
from tapwatch.store.packing import MAX_ARCHIVE_BYTES, MAX_BUNDLE_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tapwatch.signing.signer import Signer

KIND = "tapwatch/publication"
REGISTER, PUBLISH, WITHDRAW = "register", "publish", "withdraw"
BUNDLE, ARCHIVE, PICTURE = "bundle", "archive", "picture"
LIFE_S = 900
"""Farthest that the developer's clock may be off: an envelope that leaked is of no use for long."""
MAX_PICTURES = 4
MAX_PICTURE_BYTES = 98_304
MAX_ENVELOPE_BYTES = 16_384
NONCE_BYTES = 16
_LENGTH_BYTES = 2
_SHAPE = {1: str, 2: NONCE_BYTES, 3: int, 4: dict, 5: list}
_LIMITS = {BUNDLE: MAX_BUNDLE_BYTES, ARCHIVE: MAX_ARCHIVE_BYTES, PICTURE: MAX_PICTURE_BYTES}
_HASH_BYTES = 32
MAX_BYTES = _LENGTH_BYTES + MAX_ENVELOPE_BYTES + MAX_BUNDLE_BYTES + MAX_ARCHIVE_BYTES + MAX_PICTURES * MAX_PICTURE_BYTES
"""Longest request."""


@dataclass(frozen=True)
class Publication:
    """A request whose signature holds."""

    action: str
    nonce: bytes
    time: int
    body: Mapping[str, Any]
    parts: tuple[tuple[str, bytes], ...]
    payload_hash: bytes
    signer: bytes
    """Public key, 64 bytes."""

    def part(self, name: str) -> bytes:
        """The only part of that name. Raises RequestProblem."""
        found = [data for part, data in self.parts if part == name]
        if len(found) != 1:
            raise RequestProblem(f"there is one {name} in a publication, not {len(found)}")
        return found[0]


def compose(
    key: Signer, action: str, nonce: bytes, time: int, body: Mapping[str, object], parts: Sequence[tuple[str, bytes]]
) -> bytes:
    """The bytes of a request."""
    listed = [[name, len(data), hashlib.sha256(data).digest()] for name, data in parts]
    signed = key.sign(KIND, {1: action, 2: nonce, 3: time, 4: dict(body), 5: listed})
    return len(signed).to_bytes(_LENGTH_BYTES, "big") + signed + b"".join(data for _, data in parts)


def signer_id(data: bytes) -> bytes:
    """Key id of who says that they signed a request, 8 bytes. Raises RequestProblem."""
    return payloads.parse(_envelope(data)).key_id


def read(data: bytes, public: bytes) -> Publication:
    """Check a request signed by `public`. Raises RequestProblem, AccessProblem for a signature that does not hold."""
    signed = _envelope(data)
    payload = payloads.verified(signed, public, KIND, _SHAPE)
    if not all(isinstance(name, str) for name in payload[4]):
        raise RequestProblem("the body of a publication has text keys")
    parts = _parts(data[_LENGTH_BYTES + len(signed) :], payload[5])
    digest = hashlib.sha256(payloads.parse(signed).payload_bytes).digest()
    return Publication(payload[1], payload[2], payload[3], payload[4], parts, digest, public)


def own_key(data: bytes) -> bytes:
    """The public key that a request to register names. Raises RequestProblem if it is none."""
    payload = payloads.parse(_envelope(data)).payload
    body = payload.get(4) if isinstance(payload, dict) and payload.get(1) == REGISTER else None
    public = body.get("public") if isinstance(body, dict) else None
    if not isinstance(public, bytes):
        raise AccessProblem("the store knows no developer with that key", "register first")
    return public


def _envelope(data: bytes) -> bytes:
    length = int.from_bytes(data[:_LENGTH_BYTES], "big")
    if not 0 < length <= MAX_ENVELOPE_BYTES or len(data) < _LENGTH_BYTES + length:
        raise RequestProblem("a publication begins with the length of its envelope")
    return data[_LENGTH_BYTES : _LENGTH_BYTES + length]


def _parts(data: bytes, listed: list) -> tuple[tuple[str, bytes], ...]:
    if len(listed) > MAX_PICTURES + 2:
        raise RequestProblem("a publication has too many parts")
    found, at = [], 0
    for entry in listed:
        name, length, digest = _entry(entry)
        part = data[at : at + length]
        if len(part) != length or hashlib.sha256(part).digest() != digest:
            raise RequestProblem(f"the {name} is not what the envelope says")
        found.append((name, part))
        at += length
    if at != len(data):
        raise RequestProblem("bytes follow the last part")
    return tuple(found)


def _entry(entry: object) -> tuple[str, int, bytes]:
    if isinstance(entry, list) and len(entry) == 3:
        name, length, digest = entry
        sized = type(length) is int and isinstance(name, str) and 0 < length <= _LIMITS.get(name, 0)
        if sized and isinstance(digest, bytes) and len(digest) == _HASH_BYTES:
            return name, length, digest
    raise RequestProblem("a part is a bundle, an archive or a picture, with its length and hash; or it is too long")
