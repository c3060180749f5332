"""The token package: HPKE to the watch's receipt key, inside an envelope of the token service (docs/formats.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey

from tapwatch.bank.problems import StateProblem
from tapwatch.signing import cbor, envelope
from tapwatch.signing.public import check_public

if TYPE_CHECKING:
    from tapwatch.signing.keys import PrivateKey

MAX_BYTES = 2048
_LABEL = "tapwatch token package"
_VERSION = 1


def seal(
    content: dict[int, object], receipt_public: bytes, device_id: bytes, nonce: bytes, service: PrivateKey
) -> bytes:
    """Return the envelope. Raises StateProblem if it would be longer than a watch accepts."""
    suite = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES128_GCM)
    recipient = KEMKey.from_pyca_cryptography_key(check_public(receipt_public))
    info = cbor.encode([_LABEL, _VERSION, device_id, service.key_id])
    enc, context = suite.create_sender_context(recipient, info)
    # The signature covers this header as well, so HPKE and COSE hold the same nonce, type and issuer together.
    protected = envelope.protected_header(envelope.TOKEN_PACKAGE, service.key_id, nonce)
    ciphertext = context.seal(cbor.encode(content), protected)
    package = service.sign(envelope.TOKEN_PACKAGE, [enc, ciphertext], nonce)
    if len(package) > MAX_BYTES:
        raise StateProblem(f"the token package has {len(package)} bytes; at most {MAX_BYTES}", "use a shorter label")
    return package
