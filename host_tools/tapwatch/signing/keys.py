"""Private keys on the host: made, kept in PEM files, and used to sign envelopes.

Signatures are made by `ecdsa`, which is written in Python and does not take constant time: whoever can measure the
computer that signs may learn the key. Keys that matter belong in a token (`token`).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import ecdsa
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tapwatch.errors import UserError
from tapwatch.signing import pkcs8, private_file
from tapwatch.signing.public import key_id
from tapwatch.signing.signer import Signer

__all__ = ["PrivateKey", "key_id"]

_NEW = "make one with `tapwatch keys new`"


class PrivateKey(Signer):
    """A P-256 private key. `repr` shows the key id alone."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        if key.curve.name != ec.SECP256R1.name:
            raise ValueError(f"the key is on {key.curve.name}, not on P-256")
        self._key = key
        self._signing = ecdsa.SigningKey.from_secret_exponent(key.private_numbers().private_value, ecdsa.NIST256p)
        point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        self._public = point[1:]

    @classmethod
    def generate(cls) -> PrivateKey:
        """A new random key."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def load(cls, path: str | Path, password: bytes | None = None) -> PrivateKey:
        """Read a PEM file. Raises UserError when it is not there, not a P-256 key, or the password is wrong.

        Warns when others than its owner may read it.
        """
        return cls.open(private_file.read(Path(path), "the key file", _NEW), password, str(path))

    @classmethod
    def open(cls, pem: bytes, password: bytes | None, name: str) -> PrivateKey:
        """As `load`, from the bytes of the file `name`."""
        try:
            key = serialization.load_pem_private_key(pem, password)
            if not isinstance(key, ec.EllipticCurvePrivateKey):
                raise TypeError("it is not an elliptic curve key")
            return cls(key)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise UserError(
                f"{name} does not open as a P-256 private key", "check the file and its password"
            ) from error

    def save(self, path: str | Path, password: bytes | None = None) -> None:
        """Write a PEM file (PKCS #8) that only its owner may read. Raises UserError if the file is there already."""
        private_file.create(Path(path), self.pem(password))

    def pem(self, password: bytes | None = None) -> bytes:
        """The private key as PEM (PKCS #8), under the password if there is one."""
        encoding = serialization.Encoding.DER if password else serialization.Encoding.PEM
        plain = self._key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return pkcs8.encrypted(plain, password) if password else plain

    @property
    def public(self) -> bytes:
        """The public key, 64 bytes."""
        return self._public

    @property
    def scalar(self) -> bytes:
        """The private number, 32 bytes, for those who put the key into a token."""
        return self._signing.to_string()

    def signature(self, message: bytes) -> bytes:
        """ECDSA with SHA-256: r, then s, 64 bytes. The same message has the same signature (RFC 6979)."""
        return self._signing.sign_deterministic(message, hashfunc=hashlib.sha256)

    def __repr__(self) -> str:
        return f"<PrivateKey {self.key_id.hex()}>"
