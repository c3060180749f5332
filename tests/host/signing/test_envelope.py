"""Signed envelopes against pycose, cwt and ecdsa, in both directions, and against every changed byte."""

from __future__ import annotations

import hashlib

import cbor2
import cwt
import ecdsa
import pytest
from pycose.headers import KID, ContentType
from pycose.keys import EC2Key
from pycose.messages import Sign1Message

from tapwatch.signing import cbor, envelope
from tapwatch.signing.envelope import SignatureProblem, parse, verify
from tapwatch.signing.keys import PrivateKey

NOTICE = "tapwatch/notice"
PACKAGE = "tapwatch/token-package"
PAYLOAD = {1: b"\x01" * 8, 2: 7, 5: "approved"}
NONCE = bytes(range(16))


@pytest.fixture(scope="module")
def key() -> PrivateKey:
    return PrivateKey.generate()


def scalar(key: PrivateKey) -> bytes:
    return key._key.private_numbers().private_value.to_bytes(32, "big")


def pycose_key(key: PrivateKey, private: bool) -> EC2Key:
    return EC2Key(crv="P_256", x=key.public[:32], y=key.public[32:], d=scalar(key) if private else b"")


def test_round_trip(key: PrivateKey) -> None:
    data = key.sign(PACKAGE, [b"enc", b"ciphertext"], NONCE)
    got = verify(data, key.public, PACKAGE)
    assert (got.kind, got.key_id, got.nonce, got.payload) == (PACKAGE, key.key_id, NONCE, [b"enc", b"ciphertext"])
    assert got.protected == envelope.protected_header(PACKAGE, key.key_id, NONCE)
    assert cbor.decode(got.payload_bytes) == got.payload


def test_signature_is_rfc_6979_and_checked_by_ecdsa(key: PrivateKey) -> None:
    data = key.sign(NOTICE, PAYLOAD)
    assert data == key.sign(NOTICE, PAYLOAD)
    got = parse(data)
    message = cbor2.dumps(["Signature1", got.protected, b"", got.payload_bytes])
    signer = ecdsa.SigningKey.from_string(scalar(key), curve=ecdsa.NIST256p)
    assert signer.sign_deterministic(message, hashfunc=hashlib.sha256) == got.signature
    reader = ecdsa.VerifyingKey.from_string(key.public, curve=ecdsa.NIST256p)
    assert reader.verify(got.signature, message, hashfunc=hashlib.sha256)


def test_pycose_reads_ours(key: PrivateKey) -> None:
    message = Sign1Message.from_cose_obj(cbor2.loads(key.sign(NOTICE, PAYLOAD)), allow_unknown_attributes=True)
    message.key = pycose_key(key, private=False)
    assert message.verify_signature()
    assert message.phdr[KID] == key.key_id and message.phdr[ContentType] == NOTICE


def test_we_read_pycose(key: PrivateKey) -> None:
    header = {1: -7, 3: NOTICE, 4: key.key_id, -65537: 1}
    message = Sign1Message(phdr=header, payload=cbor.encode(PAYLOAD), key=pycose_key(key, private=True))
    assert verify(message.encode(tag=False), key.public, NOTICE).payload == PAYLOAD


def cwt_key(key: PrivateKey, private: bool) -> cwt.COSEKeyInterface:
    numbers = {1: 2, 2: key.key_id, 3: -7, -1: 1, -2: key.public[:32], -3: key.public[32:]}  # RFC 9052 section 7
    return cwt.COSEKey.new({**numbers, -4: scalar(key)} if private else numbers)


def test_cwt_reads_ours(key: PrivateKey) -> None:
    tagged = b"\xd2" + key.sign(NOTICE, PAYLOAD)
    assert cwt.COSE.new().decode(tagged, cwt_key(key, private=False)) == cbor.encode(PAYLOAD)


def test_we_read_cwt(key: PrivateKey) -> None:
    header = {1: -7, 3: NOTICE, 4: key.key_id, -65537: 1}
    writer = cwt.COSE.new()
    tagged = writer.encode_and_sign(cbor.encode(PAYLOAD), cwt_key(key, private=True), protected=header, unprotected={})
    assert verify(tagged[1:], key.public, NOTICE).payload == PAYLOAD


def test_every_changed_byte_is_noticed(key: PrivateKey) -> None:
    data = key.sign(PACKAGE, PAYLOAD, NONCE)
    for position in range(len(data)):
        for mask in (0x01, 0x80, 0xFF):
            changed = bytearray(data)
            changed[position] ^= mask
            with pytest.raises(SignatureProblem):
                verify(bytes(changed), key.public, PACKAGE)
    print(f"NOTE signing: {3 * len(data)} changed envelopes refused")


def test_every_length_is_noticed(key: PrivateKey) -> None:
    data = key.sign(NOTICE, PAYLOAD)
    for wrong in [data[:end] for end in range(len(data))] + [data + b"\x00"]:
        with pytest.raises(SignatureProblem):
            verify(wrong, key.public, NOTICE)


def test_wrong_expectations(key: PrivateKey) -> None:
    data = key.sign(NOTICE, PAYLOAD)
    with pytest.raises(SignatureProblem, match="expected"):
        verify(data, key.public, "tapwatch/receipt")
    with pytest.raises(SignatureProblem, match="somebody else"):
        verify(data, PrivateKey.generate().public, NOTICE)
    with pytest.raises(SignatureProblem, match="point"):
        verify(data, bytes(64), NOTICE)


def resigned(key: PrivateKey, header: dict, unprotected: dict, payload: bytes) -> bytes:
    """A correctly signed message with any header."""
    protected = cbor.encode(header)
    signer = ecdsa.SigningKey.from_string(scalar(key), curve=ecdsa.NIST256p)
    signature = signer.sign_deterministic(envelope.signed_bytes(protected, payload), hashfunc=hashlib.sha256)
    return cbor.encode([protected, unprotected, payload, signature])


@pytest.mark.parametrize(
    "change, unprotected",
    [
        ({2: [1]}, {}),
        ({1: -35}, {}),
        ({1: -8}, {}),
        ({-65537: 2}, {}),
        ({-65537: True}, {}),
        ({-65538: bytes(16)}, {}),
        ({5: b"iv"}, {}),
        ({3: "tapwatch/unheard-of"}, {}),
        ({3: 61}, {}),
        ({3: [NOTICE]}, {}),
        ({4: b"short"}, {}),
        ({3: PACKAGE}, {}),
        ({3: PACKAGE, -65538: bytes(15)}, {}),
        ({}, {1: -7}),
        ({}, {4: b"x"}),
    ],
)
def test_other_headers_are_refused_though_signed(key: PrivateKey, change: dict, unprotected: dict) -> None:
    header = {1: -7, 3: NOTICE, 4: key.key_id, -65537: 1}
    assert verify(resigned(key, header, {}, b"\x01"), key.public, NOTICE).payload == 1
    data = resigned(key, {**header, **change}, unprotected, b"\x01")
    with pytest.raises(SignatureProblem):
        verify(data, key.public, change.get(3, NOTICE))


def test_payload_must_be_deterministic_cbor(key: PrivateKey) -> None:
    header = {1: -7, 3: NOTICE, 4: key.key_id, -65537: 1}
    for payload in (b"", b"\x18\x01", b"\xf9\x00\x00", b"\xa2\x03\x04\x01\x02"):
        with pytest.raises(SignatureProblem, match="payload"):
            verify(resigned(key, header, {}, payload), key.public, NOTICE)


def test_tagged_or_detached_is_refused(key: PrivateKey) -> None:
    data = key.sign(NOTICE, PAYLOAD)
    protected, _, _, signature = cbor2.loads(data)
    for wrong in (
        b"\xd2" + data,
        cbor2.dumps([protected, {}, None, signature]),
        cbor2.dumps([protected, {}, signature]),
    ):
        with pytest.raises(SignatureProblem):
            parse(wrong)


def test_signing_checks_kind_and_nonce(key: PrivateKey) -> None:
    for kind, nonce in ((NOTICE, NONCE), (PACKAGE, None), (PACKAGE, b"short"), ("tapwatch/else", None)):
        with pytest.raises(SignatureProblem):
            key.sign(kind, PAYLOAD, nonce)
