"""The signed envelope: COSE_Sign1 with ES256 and nothing optional. RFC 9052, docs/formats.md "Signed envelope"."""

from micropython import const

from watch.crypto import cbor, p256
from watch.crypto.hashes import equal, sha256
from watch.kernel.errors import CryptoError, InputError, SignatureError
from watch.kernel.steps import finish

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Generator, Optional, Union

    Bytes = Union[bytes, bytearray, memoryview]

_ALG = const(1)  # RFC 9052 section 3.1
_CONTENT_TYPE = const(3)
_KID = const(4)
_VERSION = const(-65537)  # docs/formats.md
_NONCE = const(-65538)
_ES256 = const(-7)  # RFC 9053 section 2.1
_KEY_ID_BYTES = const(8)
_NONCE_BYTES = const(16)
_SIGNATURE_BYTES = const(64)
_MAX_LABELS = const(5)
_NONCE_KIND = "tapwatch/token-package"  # the only kind with a nonce


def key_id(public: "Bytes") -> bytes:
    """The 8-byte id of a public key."""
    return sha256(public)[:_KEY_ID_BYTES]


def sign1(private: "Bytes", kind: str, key_id: bytes, payload: bytes, nonce: "Optional[bytes]" = None) -> bytes:
    """An envelope of type `kind` around `payload`. `nonce` (16 bytes) goes with token packages only.

    Raises InputError for a header the format does not allow, CryptoError for an invalid key.
    """
    protected = _protected(kind, key_id, nonce)
    return cbor.encode([protected, {}, payload, p256.sign(private, _digest(protected, payload))])


def parse(data: "Bytes") -> "Envelope":
    """Take an envelope apart; nothing in it is trusted before `verify`. Raises InputError."""
    parts = cbor.decode(data, 2, 4)
    if not isinstance(parts, list) or len(parts) != 4:
        raise InputError("envelope shape")
    protected, unprotected, payload, signature = parts
    if unprotected != {} or not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        raise InputError("envelope parts")
    if len(signature) != _SIGNATURE_BYTES:
        raise InputError("envelope signature length")
    header = cbor.decode(protected, 1, _MAX_LABELS)
    if not isinstance(header, dict):
        raise InputError("envelope header")
    envelope = Envelope(header.get(_CONTENT_TYPE), header.get(_KID), header.get(_NONCE), protected, payload, signature)
    if _protected(envelope.kind, envelope.key_id, envelope.nonce) != protected:
        raise InputError("envelope header labels")
    return envelope


class Envelope:
    """A parsed envelope. Its fields are claims until `verify` has returned."""

    def __init__(
        self, kind: "Any", key_id: "Any", nonce: "Any", protected: bytes, payload: bytes, signature: bytes
    ) -> None:
        """Made by `parse`, which checks the types."""
        self.kind: str = kind
        self.key_id: bytes = key_id
        self.nonce: "Optional[bytes]" = nonce
        self.payload = payload
        self.protected = protected
        self.signature = signature

    def verify(self, key: "Union[Bytes, p256.PinnedKey]") -> None:
        """Raise SignatureError unless `key` (64-byte public key or PinnedKey) signed this and is the signer named."""
        if not isinstance(key, p256.PinnedKey):
            finish(self.verifying(key))
            return
        self._expect_signer(key.public)
        if not key.verify(_digest(self.protected, self.payload), self.signature):
            raise SignatureError("envelope signature")

    def verifying(self, public: "Bytes") -> "Generator[None, None, None]":
        """`verify` with a public key, in steps."""
        self._expect_signer(public)
        try:
            good = yield from p256.verifying(public, _digest(self.protected, self.payload), self.signature)
        except CryptoError:
            good = False  # an invalid public key signs nothing
        if not good:
            raise SignatureError("envelope signature")

    def _expect_signer(self, public: "Bytes") -> None:
        if not equal(key_id(public), self.key_id):
            raise SignatureError("envelope names another signer")


def _digest(protected: bytes, payload: bytes) -> bytes:
    """SHA-256 of the Sig_structure. RFC 9052 section 4.4."""
    return sha256(cbor.encode(["Signature1", protected, b"", payload]))


def _protected(kind: "Any", key_id: "Any", nonce: "Any") -> bytes:
    """The one protected header for these fields. Raises InputError if the format does not allow them."""
    if not isinstance(kind, str):
        raise InputError("envelope type")
    header = {_ALG: _ES256, _CONTENT_TYPE: kind, _KID: _sized(key_id, _KEY_ID_BYTES), _VERSION: 1}
    if kind == _NONCE_KIND:
        header[_NONCE] = _sized(nonce, _NONCE_BYTES)
    elif nonce is not None:
        raise InputError("envelope nonce")
    return cbor.encode(header)


def _sized(value: "Any", length: int) -> bytes:
    if not isinstance(value, bytes) or len(value) != length:
        raise InputError("envelope header field")
    return value
