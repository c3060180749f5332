"""Signatures of the host: the vectors of RFC 6979, and many random ones that others check."""

from __future__ import annotations

import hashlib
import secrets

import cbor2
import cwt
import ecdsa
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pycose.keys import EC2Key
from pycose.messages import Sign1Message

from tapwatch.errors import EXIT_FAILED, UserError
from tapwatch.signing import envelope
from tapwatch.signing.keys import PrivateKey
from tapwatch.signing.signer import Signer, holds

RANDOM = 1_000
NOTICE = "tapwatch/notice"


RFC_6979_KEY = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
RFC_6979_PUBLIC = (
    "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
    "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299"
)
RFC_6979 = {
    "sample": "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
    "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
    "test": "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367"
    "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083",
}


@pytest.mark.parametrize("message", RFC_6979)
def test_rfc_6979(message: str) -> None:
    """Appendix A.2.5: curve NIST P-256, SHA-256; r, then s."""
    key = PrivateKey(ec.derive_private_key(RFC_6979_KEY, ec.SECP256R1()))
    signature = key.signature(message.encode())
    assert key.public.hex().upper() == RFC_6979_PUBLIC
    assert signature.hex().upper() == RFC_6979[message]
    assert holds(key.public, message.encode(), signature)


def test_random_signatures_hold() -> None:
    """By `cryptography`, over the bytes that cbor2 puts together."""
    keys = [PrivateKey.generate() for _ in range(20)]
    for count in range(RANDOM):
        key, payload = keys[count % len(keys)], {1: secrets.token_bytes(8), 2: count}
        data = key.sign(NOTICE, payload)
        got = envelope.verify(data, key.public, NOTICE)
        r, s = (int.from_bytes(half, "big") for half in (got.signature[:32], got.signature[32:]))
        message = cbor2.dumps(["Signature1", got.protected, b"", got.payload_bytes])
        numbers = ec.EllipticCurvePublicNumbers(
            int.from_bytes(key.public[:32], "big"), int.from_bytes(key.public[32:], "big"), ec.SECP256R1()
        )
        numbers.public_key().verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    print(f"NOTE signing: {RANDOM} random signatures hold by cryptography")


@pytest.mark.parametrize("kind", ["tapwatch/certificate", "tapwatch/app", "tapwatch/revocations", "tapwatch/licence"])
def test_cose_libraries_read_what_the_room_signs(kind: str) -> None:
    key = PrivateKey.generate()
    data = key.sign(kind, {1: "x"})
    message = Sign1Message.from_cose_obj(cbor2.loads(data), allow_unknown_attributes=True)
    message.key = EC2Key(crv="P_256", x=key.public[:32], y=key.public[32:])
    assert message.verify_signature()
    public = cwt.COSEKey.new({1: 2, 2: key.key_id, 3: -7, -1: 1, -2: key.public[:32], -3: key.public[32:]})
    assert cbor2.loads(cwt.COSE.new().decode(b"\xd2" + data, public)) == {1: "x"}


def test_signatures_of_cryptography_hold_here() -> None:
    """The other direction: random nonces, by another library."""
    key = ec.generate_private_key(ec.SECP256R1())
    ours = PrivateKey(key)
    for count in range(50):
        message = b"%d" % count
        der = key.sign(message, ec.ECDSA(hashes.SHA256()))
        r, s = ecdsa.util.sigdecode_der(der, ecdsa.NIST256p.order)
        assert holds(ours.public, message, r.to_bytes(32, "big") + s.to_bytes(32, "big"))


class Faulty(Signer):
    """A key whose computer flips a bit."""

    def __init__(self, key: PrivateKey, bit: int) -> None:
        self._key, self._bit = key, bit

    @property
    def public(self) -> bytes:
        return self._key.public

    def signature(self, message: bytes) -> bytes:
        wrong = bytearray(self._key.signature(message))
        wrong[self._bit // 8] ^= 1 << self._bit % 8
        return bytes(wrong)


@pytest.mark.parametrize("bit", [0, 7, 255, 256, 511])
def test_a_wrong_signature_does_not_leave(bit: int) -> None:
    with pytest.raises(UserError, match="does not hold") as caught:
        Faulty(PrivateKey.generate(), bit).sign(NOTICE, {1: 2})
    assert caught.value.exit_code == EXIT_FAILED


def test_signatures_of_another_length_do_not_hold() -> None:
    key = PrivateKey.generate()
    good = key.signature(b"x")
    for wrong in (b"", good[:-1], good + b"\x00", bytes(64), b"\xff" * 64):
        assert not holds(key.public, b"x", wrong)
    assert hashlib.sha256(key.public).digest()[:8] == key.key_id
