"""Judges a system image without the code that makes one: `cbor2` and `cryptography` alone, from docs/updates.md.

What it says is what a watch of that root would say, but for what only the watch knows: its floor, its own version, its
clock and its posture.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from tapwatch.signing.chain import Link

NEEDED = {"development": 1, "release": 2}
"""Different keys that must have signed."""
_MACHINES = ("xtensawin", "x64")
_PAYLOAD_TYPES = (str, list, list, int, str, int, bytes, bytes, str)
_CERTIFICATE_TYPES = (str, bytes, int, int, int, str, dict)
_PATH = re.compile(r"(?!.*(^|/)\.\.?(/|$))(?!.*(^/|//|/$))[A-Za-z0-9_./-]{1,96}")
_ES256, _CERTIFICATE, _SYSTEM = -7, "tapwatch/certificate", "tapwatch/system"


class Wrong(ValueError):
    """What is not as the page says."""


@dataclass
class Verdict:
    """What was found."""

    links: list[Link] = field(default_factory=list)
    payload: dict[int, Any] = field(default_factory=dict)
    signers: list[str] = field(default_factory=list)
    """Names in the certificates whose signatures hold, each key once."""
    needed: int = 0
    """How many there must be; 0 if the image does not say."""

    @property
    def good(self) -> bool:
        """True if all of it holds and enough have signed."""
        return all(link.good for link in self.links)


def check(data: bytes, root: bytes, at: int, revoked: frozenset[int] = frozenset()) -> Verdict:
    """Judge an image by a root's public key, 64 bytes, at a time in seconds since 1970.

    `revoked`: serial numbers of certificates that are void.
    """
    verdict = Verdict()
    form = Link("image", "form, head")
    verdict.links.append(form)
    try:
        pairs, body = _taken_apart(data)
    except Wrong as problem:
        form.problems.append(str(problem))
        return verdict
    keys: set[bytes] = set()
    said: set[bytes] = set()
    for number, (certificate, envelope) in enumerate(pairs, 1):
        link = Link(f"signature {number}", "certificate, role, dates, revocations, signature", "update")
        verdict.links.append(link)
        try:
            key, payload = _signature(certificate, envelope, link, (root, at, revoked))
        except Wrong as problem:
            link.problems.append(str(problem))
            continue
        if key in keys:
            link.problems.append("this key has signed already")
        keys.add(key)
        said.add(payload)
        verdict.signers.append(link.name)
    _judge_contents(verdict, said, body)
    _judge_number(verdict, len(keys))
    return verdict


def _taken_apart(data: bytes) -> tuple[list[list[bytes]], bytes]:
    if data[:4] != b"TWI1" or len(data) < 6:
        raise Wrong("it does not begin as an image does")
    length = int.from_bytes(data[4:6], "big")
    if length > 4096 or 6 + length > len(data):
        raise Wrong("its head is cut off, or too long")
    pairs = _decoded(data[6 : 6 + length])
    if not isinstance(pairs, list) or not 1 <= len(pairs) <= 3:
        raise Wrong("its head is no array of 1 to 3 signatures")
    for pair in pairs:
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, bytes) for part in pair)):
            raise Wrong("a signature is a pair of certificate and envelope")
    return pairs, data[6 + length :]


def _decoded(data: bytes) -> Any:
    """One CBOR item that is all of `data`, in its one deterministic form."""
    try:
        value = cbor2.loads(data)
        only = cbor2.dumps(value, canonical=True)
    except (cbor2.CBORError, ValueError, TypeError, RecursionError, OverflowError, MemoryError) as problem:
        raise Wrong(f"it is no CBOR: {problem}") from None
    if only != data:
        raise Wrong("its CBOR is not deterministic, or something follows it")
    return value


def _signature(
    certificate: bytes, envelope: bytes, link: Link, trust: tuple[bytes, int, frozenset[int]]
) -> tuple[bytes, bytes]:
    """The key that signed and what it signed; what the certificate says goes into the link. Raises Wrong."""
    root, at, revoked = trust
    fields = _typed(_decoded(_opened(certificate, root, _CERTIFICATE)), _CERTIFICATE_TYPES, "a certificate")
    link.name, link.serial, link.begin, link.end = fields[6], fields[5], fields[3], fields[4]
    link.id = hashlib.sha256(fields[2]).hexdigest()[:16]
    if fields[1] != "update":
        raise Wrong(f"its certificate is for {fields[1]}, not for update")
    if not fields[3] <= at <= fields[4]:
        raise Wrong("its certificate is not good at this time")
    if fields[5] in revoked:
        raise Wrong("its certificate is revoked")
    return fields[2], _opened(envelope, fields[2], _SYSTEM)


def _opened(data: bytes, public: bytes, kind: str) -> bytes:
    """The payload of an envelope of that type by that key. Raises Wrong."""
    parts = _decoded(data)
    if not isinstance(parts, list) or len(parts) != 4 or parts[1] != {}:
        raise Wrong("an envelope is an array of four with an empty second part")
    protected, _, payload, signature = parts
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)) or len(signature) != 64:
        raise Wrong("header, payload and signature are byte strings")
    signer = hashlib.sha256(public).digest()[:8]
    if _decoded(protected) != {1: _ES256, 3: kind, 4: signer, -65537: 1}:
        raise Wrong(f"the header is not that of {kind} by the key {signer.hex()}")
    signed = cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), b"\x04" + public)
        key.verify(encode_dss_signature(r, s), signed, ECDSA(SHA256()))
    except ValueError:
        raise Wrong("its key is no point of P-256") from None
    except InvalidSignature:
        raise Wrong("the signature does not match") from None
    return payload


def _judge_contents(verdict: Verdict, said: set[bytes], body: bytes) -> None:
    link = Link("statement", "every field, the same in all signatures")
    verdict.links.append(link)
    if len(said) != 1:
        link.problems.append("the signatures are of different systems" if said else "no signature holds")
        return
    try:
        verdict.payload = _statement(_decoded(said.pop()))
    except Wrong as problem:
        link.problems.append(str(problem))
        return
    for what, judge in (("body", _judge_body), ("index", _judge_index)):
        link = Link(what, {"body": "length, SHA-256", "index": "order, lengths, the files there must be"}[what])
        verdict.links.append(link)
        try:
            judge(body, verdict.payload)
        except Wrong as problem:
            link.problems.append(str(problem))


def _typed(fields: Any, types: tuple[type, ...], what: str) -> dict[int, Any]:
    """A map with the keys 1, 2 and so on, whose values have these types. Raises Wrong."""
    if not isinstance(fields, dict) or list(fields) != list(range(1, len(types) + 1)):
        raise Wrong(f"{what} is a map with the keys 1 to {len(types)}")
    if any(type(fields[key]) is not wanted for key, wanted in enumerate(types, 1)):
        raise Wrong(f"a field of {what} has another type")
    return fields


def _statement(said: Any) -> dict[int, Any]:
    fields = _typed(said, _PAYLOAD_TYPES, "the statement")
    for version in (fields[2], fields[3]):
        if len(version) != 3 or not all(type(part) is int and 0 <= part <= 9999 for part in version):
            raise Wrong("a version is three numbers up to 9999")
    if fields[3] > fields[2]:
        raise Wrong("the floor is above the version")
    if fields[5] not in NEEDED or fields[9] not in _MACHINES:
        raise Wrong("posture or machine code is unknown")
    if len(fields[7]) != 32 or len(fields[8]) != 32:
        raise Wrong("a SHA-256 has 32 bytes")
    return fields


def _judge_body(body: bytes, fields: dict[int, Any]) -> None:
    if len(body) > 4_190_208:
        raise Wrong("it has more than 4,190,208 bytes")
    if len(body) != fields[6]:
        raise Wrong(f"it has {len(body)} bytes, {fields[6]} were signed")
    if hashlib.sha256(body).digest() != fields[7]:
        raise Wrong("it is not what was signed")


def _judge_index(body: bytes, fields: dict[int, Any]) -> None:
    if not body[:8].isdigit() or body[8:9] != b"\n":
        raise Wrong("it does not begin with its length")
    end = at = int(body[:8])
    if end > 65_536:
        raise Wrong("it is longer than 65,536 bytes")
    paths = []
    lines = body[9:end].split(b"\n")
    for line in lines[:-1]:
        parts = line.split(b" ")
        if len(parts) != 3 or parts[1] != b"%d" % at or not re.fullmatch(rb"0|[1-9][0-9]{0,7}", parts[2]):
            raise Wrong(f"{line[:120]!r} is not where it should be")
        paths.append(parts[0].decode("latin-1"))
        at += int(parts[2])
    if at != len(body) or lines[-1]:
        raise Wrong("the files do not fill the body")
    if paths != sorted(set(paths)) or not all(map(_PATH.fullmatch, paths)):
        raise Wrong("the paths are not in order, too long, or lead out")
    missing = {"main.py", "facts.py", f"board/{fields[1]}/board.mpy"} - set(paths)
    if missing:
        raise Wrong(f"{sorted(missing)[0]} is missing")


def _judge_number(verdict: Verdict, count: int) -> None:
    posture = verdict.payload.get(5)
    verdict.needed = NEEDED.get(posture, 0) if isinstance(posture, str) else 0
    link = Link("signers", f"different keys: {count} of {verdict.needed or '?'} needed")
    if not verdict.needed or count < verdict.needed:
        link.problems.append("not enough have signed")
    else:
        link.note = "enough"
    verdict.links.append(link)
