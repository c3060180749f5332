"""Watches: who they are, and the key that packages for them are encrypted to."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from tapwatch.bank import payloads
from tapwatch.bank.problems import AccessProblem, RequestProblem, UnknownProblem
from tapwatch.bank.schema import challenges, devices
from tapwatch.signing import certificates
from tapwatch.signing.public import check_public, key_id

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from tapwatch.bank.revoked import Revoked
    from tapwatch.signing.certificates import Certificate

CHALLENGE_LIFE_S = 300
_CHALLENGE_BYTES = 16
_BEARER_BYTES = 24
_MAX_TOKENS = 32
_ATTESTATION = {1: 8, 2: bytes, 3: _CHALLENGE_BYTES, 4: str, 5: str, 6: list}


@dataclass(frozen=True)
class Registration:
    """What a carrier keeps about a watch. It fetches notices with `bearer`; the bank holds only its hash."""

    device_id: bytes
    bearer: str
    receipt_key_changed: bool


class Devices:
    """Registered watches. Every method works inside the caller's transaction."""

    def __init__(self, root_public: bytes, revoked: Revoked) -> None:
        self._root_public, self._revoked = root_public, revoked

    def challenge(self, connection: Connection, at: int) -> bytes:
        """Return 16 fresh bytes for an attestation, good once and for five minutes."""
        connection.execute(delete(challenges).where(challenges.c.expires_at < at))
        challenge = secrets.token_bytes(_CHALLENGE_BYTES)
        connection.execute(insert(challenges).values(challenge=challenge, expires_at=at + CHALLENGE_LIFE_S))
        return challenge

    def register(self, connection: Connection, certificate: bytes, attestation: bytes, at: int) -> Registration:
        """Take in a watch, or the new receipt key of a known one.

        Raises AccessProblem for a certificate, signature or challenge that is not acceptable, RequestProblem for a
        malformed attestation.
        """
        subject = self._subject(connection, certificate, at)
        payload = payloads.verified(attestation, subject.public, "tapwatch/attestation", _ATTESTATION)
        self._check(payload, subject)
        self._use_challenge(connection, payload[3], at)
        bearer = secrets.token_urlsafe(_BEARER_BYTES)
        values = {
            "receipt_public": payload[2],
            "name": subject.name,
            "secret_kind": payload[5],
            "firmware": payload[4],
            "certificate": certificate,
            "bearer_hash": _hash(bearer),
        }
        known = self._find(connection, payload[1])
        if known is None:
            connection.execute(insert(devices).values(id=payload[1], **values))
        else:
            connection.execute(update(devices).where(devices.c.id == payload[1]).values(**values))
        changed = known is not None and known.receipt_public != payload[2]
        return Registration(payload[1], bearer, changed)

    def renew(self, connection: Connection, device_id: bytes, attestation: bytes, at: int) -> bool:
        """Take a fresh attestation of a known watch; True if its receipt key is new. Its bearer token stays.

        Raises UnknownProblem, AccessProblem, RequestProblem.
        """
        known = self.get(connection, device_id)
        subject = self.signer(connection, device_id, at)
        payload = payloads.verified(attestation, subject.public, "tapwatch/attestation", _ATTESTATION)
        self._check(payload, subject)
        self._use_challenge(connection, payload[3], at)
        values = {"receipt_public": payload[2], "secret_kind": payload[5], "firmware": payload[4]}
        connection.execute(update(devices).where(devices.c.id == device_id).values(**values))
        return known.receipt_public != payload[2]

    def get(self, connection: Connection, device_id: bytes) -> Row:
        """Return the row of a device. Raises UnknownProblem."""
        row = self._find(connection, device_id)
        if row is None:
            raise UnknownProblem("there is no such device", "register the watch first")
        return row

    def signer(self, connection: Connection, device_id: bytes, at: int) -> Certificate:
        """Return the certificate of a device, checked again now. Raises UnknownProblem, AccessProblem."""
        return self._subject(connection, self.get(connection, device_id).certificate, at)

    def certified(self, certificate: bytes, at: int) -> bytes:
        """Id of the device that a certificate of our manufacturer is for. Raises AccessProblem."""
        return key_id(payloads.device_key(certificate, self._root_public, at).public)

    def check_bearer(self, connection: Connection, device_id: bytes, bearer: str) -> None:
        """Raises AccessProblem unless `bearer` is what the last registration of that device returned."""
        row = self._find(connection, device_id)
        if row is None or not hmac.compare_digest(row.bearer_hash, _hash(bearer)):
            raise AccessProblem("that is not the token of this device", "register the watch again")

    def _subject(self, connection: Connection, certificate: bytes, at: int) -> Certificate:
        """A device certificate that is good now. Raises AccessProblem."""
        subject = payloads.device_key(certificate, self._root_public, at)
        if subject.serial in self._revoked.serials(connection):
            raise AccessProblem("the manufacturer has revoked the certificate of this watch")
        return subject

    @staticmethod
    def _find(connection: Connection, device_id: bytes) -> Row | None:
        return connection.execute(select(devices).where(devices.c.id == device_id)).one_or_none()

    @staticmethod
    def _check(payload: dict, subject: certificates.Certificate) -> None:
        if payload[1] != key_id(subject.public):
            raise AccessProblem("the attestation is of another device than the certificate")
        if subject.attributes.get("secret") != payload[5]:
            raise AccessProblem("certificate and attestation differ in the kind of device secret")
        if not payload[2]:
            raise RequestProblem("the watch has no receipt key yet: set a passcode on it first")
        try:
            check_public(payload[2])
        except ValueError as error:
            raise RequestProblem("the receipt key is not acceptable") from error
        if len(payload[4].encode()) > 64 or len(payload[6]) > _MAX_TOKENS:
            raise RequestProblem("the attestation is too long")

    @staticmethod
    def _use_challenge(connection: Connection, challenge: bytes, at: int) -> None:
        own = challenges.c.challenge == challenge
        expires_at = connection.execute(select(challenges.c.expires_at).where(own)).scalar()
        if expires_at is None or expires_at < at:
            raise AccessProblem("the attestation answers no challenge of ours", "ask for a new challenge")
        connection.execute(delete(challenges).where(own))


def _hash(bearer: str) -> bytes:
    return hashlib.sha256(bearer.encode()).digest()
