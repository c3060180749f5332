"""Private keys on the host: made, kept in PEM files, and used to sign envelopes."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tapwatch.errors import UserError
from tapwatch.signing import cbor, envelope
from tapwatch.signing.public import key_id

__all__ = ["PrivateKey", "key_id"]

_ECDSA = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)  # RFC 6979


class PrivateKey:
    """A P-256 private key. The scalar stays inside `cryptography`; `repr` shows the key id alone."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        if key.curve.name != ec.SECP256R1.name:
            raise ValueError(f"the key is on {key.curve.name}, not on P-256")
        self._key = key

    @classmethod
    def generate(cls) -> PrivateKey:
        """A new random key."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def load(cls, path: str | Path, password: bytes | None = None) -> PrivateKey:
        """Read a PEM file. Raises UserError when it is not there, not a P-256 key, or the password is wrong."""
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            raise UserError(f"the key file {path} cannot be read", "make one with `tapwatch keys new`") from error
        try:
            key = serialization.load_pem_private_key(data, password)
            if not isinstance(key, ec.EllipticCurvePrivateKey):
                raise TypeError("it is not an elliptic curve key")
            return cls(key)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise UserError(
                f"{path} does not open as a P-256 private key", "check the file and its password"
            ) from error

    def save(self, path: str | Path, password: bytes | None = None) -> None:
        """Write a PEM (PKCS#8) file that only its owner may read. Raises UserError if the file is there already."""
        protection = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
        pem = self._key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise UserError(f"{path} is there already and is not replaced", "choose another name") from error
        except OSError as error:
            raise UserError(f"{path} cannot be written", "check that the folder is there and writable") from error
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)

    @property
    def public(self) -> bytes:
        """The public key, 64 bytes."""
        point = self._key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return point[1:]

    @property
    def key_id(self) -> bytes:
        """The key id, 8 bytes."""
        return key_id(self.public)

    def sign(self, kind: str, payload: object, nonce: bytes | None = None) -> bytes:
        """A signed envelope around `payload` (docs/formats.md). `nonce`: 16 bytes, for a token package only."""
        return self.sign_bytes(kind, cbor.encode(payload), nonce)

    def sign_bytes(self, kind: str, payload: bytes, nonce: bytes | None = None) -> bytes:
        """As `sign`, around payload bytes that are encoded already."""
        protected = envelope.protected_header(kind, self.key_id, nonce)
        signature = self._key.sign(envelope.signed_bytes(protected, payload), _ECDSA)
        r, s = decode_dss_signature(signature)
        return envelope.assemble(protected, payload, r.to_bytes(32, "big") + s.to_bytes(32, "big"))

    def __repr__(self) -> str:
        return f"<PrivateKey {self.key_id.hex()}>"
