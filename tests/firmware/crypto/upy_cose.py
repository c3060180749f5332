"""The signed envelope."""

from crypto.vectors import raises

from watch.crypto import cbor, cose, p256
from watch.crypto.hashes import sha256
from watch.kernel.errors import InputError, SignatureError

PRIVATE = bytes(range(1, 33))
PUBLIC = p256.public_key(PRIVATE)
KEY_ID = cose.key_id(PUBLIC)
OTHER = p256.public_key(bytes(range(2, 34)))
NOTICE = "tapwatch/notice"
PACKAGE = "tapwatch/token-package"
HEADER = {1: -7, 3: NOTICE, 4: KEY_ID, -65537: 1}


def test_round_trip():
    envelope = cose.parse(cose.sign1(PRIVATE, NOTICE, KEY_ID, b"payload"))
    assert (envelope.kind, envelope.key_id, envelope.nonce) == (NOTICE, sha256(PUBLIC)[:8], None)
    assert envelope.payload == b"payload"
    assert cbor.decode(envelope.protected) == HEADER
    envelope.verify(PUBLIC)
    envelope.verify(p256.PinnedKey(PUBLIC))


def test_nonce_goes_with_token_packages_only():
    envelope = cose.parse(cose.sign1(PRIVATE, PACKAGE, KEY_ID, b"", bytes(range(16))))
    assert envelope.nonce == bytes(range(16))
    envelope.verify(PUBLIC)
    assert raises(InputError, cose.sign1, PRIVATE, PACKAGE, KEY_ID, b"")
    assert raises(InputError, cose.sign1, PRIVATE, PACKAGE, KEY_ID, b"", bytes(15))
    assert raises(InputError, cose.sign1, PRIVATE, NOTICE, KEY_ID, b"", bytes(16))
    assert raises(InputError, cose.sign1, PRIVATE, NOTICE, KEY_ID[:7], b"")


def test_wrong_signer_is_refused():
    envelope = cose.parse(cose.sign1(PRIVATE, NOTICE, KEY_ID, b"payload"))
    assert raises(SignatureError, envelope.verify, OTHER)
    assert raises(SignatureError, envelope.verify, p256.PinnedKey(OTHER))
    claimed = cose.parse(cose.sign1(PRIVATE, NOTICE, cose.key_id(OTHER), b"payload"))
    assert raises(SignatureError, claimed.verify, OTHER)
    assert raises(SignatureError, claimed.verify, PUBLIC)


def test_a_key_that_is_no_point_signs_nothing():
    broken = bytes(64)
    envelope = cose.parse(cose.sign1(PRIVATE, NOTICE, cose.key_id(broken), b"payload"))
    assert raises(SignatureError, envelope.verify, broken)


def test_each_changed_bit_is_refused():
    data = cose.sign1(PRIVATE, NOTICE, KEY_ID, b"payload")
    key = p256.PinnedKey(PUBLIC)
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit >> 3] ^= 1 << (bit & 7)
        try:
            cose.parse(changed).verify(key)
        except (InputError, SignatureError):
            continue
        raise AssertionError(f"bit {bit} taken")
    print("NOTE envelope bits flipped:", 8 * len(data))


def test_each_length_is_refused():
    data = cose.sign1(PRIVATE, NOTICE, KEY_ID, b"payload")
    for length in range(len(data)):
        assert raises(InputError, cose.parse, data[:length]), length
    assert raises(InputError, cose.parse, data + b"\0")


def _signed(protected, unprotected, payload):
    """An envelope of any shape with a good signature."""
    body = cbor.encode(["Signature1", protected, b"", payload])
    return cbor.encode([protected, unprotected, payload, p256.sign(PRIVATE, sha256(body))])


def test_headers_that_say_more_or_less_are_refused():
    cose.parse(_signed(cbor.encode(HEADER), {}, b"")).verify(PUBLIC)
    changes = (
        {2: [1]},  # crit
        {1: -8},
        {1: None},
        {5: b"iv"},
        {"x": 1},
        {3: 60},
        {4: KEY_ID[:7]},
        {4: "12345678"},
        {-65537: 2},
        {-65537: True},
        {-65538: bytes(16)},
    )
    for change in changes:
        header = dict(HEADER)
        header.update(change)
        assert raises(InputError, cose.parse, _signed(cbor.encode(header), {}, b"")), change
    for label in HEADER:
        header = dict(HEADER)
        del header[label]
        assert raises(InputError, cose.parse, _signed(cbor.encode(header), {}, b"")), label


def test_other_shapes_are_refused():
    protected = cbor.encode(HEADER)
    good = cbor.decode(_signed(protected, {}, b""))
    assert raises(InputError, cose.parse, _signed(protected, {4: KEY_ID}, b""))
    assert raises(InputError, cose.parse, _signed(protected, {1: -7}, b""))
    assert raises(InputError, cose.parse, _signed(b"", {}, b""))
    assert raises(InputError, cose.parse, _signed(cbor.encode([1]), {}, b""))
    assert raises(InputError, cose.parse, _signed(cbor.encode(HEADER) + b"\0", {}, b""))
    assert raises(InputError, cose.parse, b"\xd2" + _signed(protected, {}, b""))  # tag 18
    assert raises(InputError, cose.parse, cbor.encode(good[:3]))
    assert raises(InputError, cose.parse, cbor.encode(good + [b""]))
    assert raises(InputError, cose.parse, cbor.encode([good[0], {}, None, good[3]]))
    assert raises(InputError, cose.parse, cbor.encode([good[0], [], good[2], good[3]]))
    assert raises(InputError, cose.parse, cbor.encode([good[0], {}, good[2], good[3][:63]]))
    assert raises(InputError, cose.parse, cbor.encode({1: 2}))
