"""CBOR against cbor2, envelopes against python-cwt and pycose, in both directions."""

import hashlib
import random
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cwt import COSE, COSEKey
from pycose.headers import KID, Algorithm, ContentType
from pycose.keys import EC2Key
from pycose.keys.curves import P256
from pycose.messages import Sign1Message

from .watch_crypto import Refused, ask

KIND = "tapwatch/notice"
PRIVATE = bytes(range(1, 33))
KEY = ec.derive_private_key(int.from_bytes(PRIVATE, "big"), ec.SECP256R1())
_NUMBERS = KEY.public_key().public_numbers()
X, Y = _NUMBERS.x.to_bytes(32, "big"), _NUMBERS.y.to_bytes(32, "big")


def _value(rng: random.Random, depth: int) -> Any:
    kinds = 8 if depth else 6
    kind = rng.randrange(kinds)
    if kind < 2:
        return rng.choice((1, -1)) * rng.getrandbits(rng.randrange(64))
    if kind == 2:
        return rng.randbytes(rng.choice((0, 1, 23, 24, 300)))
    if kind == 3:
        return "".join(chr(rng.choice((0x41, 0xE9, 0x4E2D, 0x1F600))) for _ in range(rng.choice((0, 3, 30))))
    if kind < 6:
        return rng.choice((True, False, None))
    if kind == 6:
        return [_value(rng, depth - 1) for _ in range(rng.randrange(5))]
    keys = [rng.choice((rng.randrange(-70000, 70000), f"k{rng.randrange(1000)}")) for _ in range(rng.randrange(6))]
    return {key: _value(rng, depth - 1) for key in keys}


def test_cbor_is_that_of_cbor2() -> None:
    rng = random.Random(20261122)
    encoded = [cbor2.dumps(_value(rng, 4), canonical=True) for _ in range(300)]
    deterministic = [data for data in encoded if _bytewise(cbor2.loads(data))]
    assert len(deterministic) > 250
    assert ask([("cbor_recode", data) for data in deterministic]) == deterministic


def _bytewise(value: Any) -> bool:
    """False for maps that cbor2 orders as RFC 7049 did, shorter keys first, where RFC 8949 orders otherwise."""
    if isinstance(value, dict):
        keys = [cbor2.dumps(key) for key in value]
        return keys == sorted(keys) and all(_bytewise(item) for item in value.values())
    return not isinstance(value, list) or all(_bytewise(item) for item in value)


def test_what_cbor2_writes_otherwise_is_refused() -> None:
    odd = [
        cbor2.dumps(value) for value in (1.5, cbor2.undefined, cbor2.CBORTag(1, 2), 1 << 70, cbor2.CBORSimpleValue(99))
    ]
    assert ask([("cbor_recode", data) for data in odd]) == [Refused("InputError")] * len(odd)


def test_our_envelope_verifies_elsewhere() -> None:
    key_id = b"8 bytes!"
    (data,) = ask([("cose_sign", PRIVATE, KIND, key_id, b"payload")])
    key = COSEKey.new({1: 2, 2: key_id, 3: -7, -1: 1, -2: X, -3: Y})  # RFC 9052 section 7
    assert COSE.new(verify_kid=True).decode(b"\xd2" + data, key) == b"payload"  # python-cwt wants the tag
    message = Sign1Message.from_cose_obj(cbor2.loads(data), allow_unknown_attributes=True)
    message.key = EC2Key(crv=P256, x=X, y=Y)
    assert message.verify_signature()


def test_envelopes_of_others_verify_here() -> None:
    (probe,) = ask([("public_key", PRIVATE)])
    key_id = hashlib.sha256(probe).digest()[:8]
    message = Sign1Message(
        phdr={Algorithm: -7, ContentType: KIND, KID: key_id, -65537: 1},
        payload=b"payload",
        key=EC2Key(crv=P256, d=PRIVATE),
    )
    data = message.encode(tag=False)
    assert ask([("cose_open", data, X + Y)]) == [[KIND, key_id, None, b"payload"]]
