"""What signs: a key of which nothing is asked but signatures, be it in a file (`keys`) or in a token (`token`)."""

from __future__ import annotations

from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.signing import cbor, envelope
from tapwatch.signing.public import check_public, key_id

SIGNATURE_BYTES = envelope.SIGNATURE_BYTES


class Signer(Protocol):
    """A P-256 key that signs envelopes. Who has one says what `public` and `signature` are; the rest follows."""

    @property
    def public(self) -> bytes:
        """The public key, 64 bytes."""
        ...

    def signature(self, message: bytes) -> bytes:
        """ECDSA over the SHA-256 of `message`: r, then s, 64 bytes."""
        ...

    @property
    def key_id(self) -> bytes:
        """The key id, 8 bytes."""
        return key_id(self.public)

    def sign(self, kind: str, payload: object, nonce: bytes | None = None) -> bytes:
        """A signed envelope around `payload` (docs/formats.md). `nonce`: 16 bytes, for a token package only."""
        return self.sign_bytes(kind, cbor.encode(payload), nonce)

    def sign_bytes(self, kind: str, payload: bytes, nonce: bytes | None = None) -> bytes:
        """As `sign`, around payload bytes that are encoded already. Raises UserError if the key computes wrongly.

        Every signature is checked by another library before it leaves: a wrong one, from a fault in a computer or a
        token, may tell the key.
        """
        protected = envelope.protected_header(kind, self.key_id, nonce)
        message = envelope.signed_bytes(protected, payload)
        signature = self.signature(message)
        if not holds(self.public, message, signature):
            raise UserError(
                f"the key {self.key_id.hex()} made a signature that does not hold; nothing was signed",
                "do not use this computer or token for signing until you know why",
                EXIT_FAILED,
            )
        return envelope.assemble(protected, payload, signature)


def holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """True if `signature` (r, then s) is one of `message` by the key `public`. Raises ValueError for no public key."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    try:
        check_public(public).verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
