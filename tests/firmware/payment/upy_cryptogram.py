"""Cryptograms against vectors made with pyemv (tests/host/payment/make_cryptogram_vectors.py)."""

import json

from tests.firmware.payment.card_kit import KEY
from watch.kernel.errors import CryptoError
from watch.payment import cryptogram
from watch.payment.armed import SingleKey
from watch.payment.cryptogram import CryptogramInput

SHARE = "vectors"


def test_all_vectors():
    with open("tests/vectors/payment/cryptograms.json") as file:
        vectors = json.load(file)
    out = bytearray(8)
    for vector in vectors:
        message = CryptogramInput(bytes.fromhex(vector["aip"]), bytes.fromhex(vector["tail"]))
        message.set_terminal(b"\xff\xff" + bytes.fromhex(vector["terminal"]) + b"\xff", 2)
        message.make(SingleKey(vector["atc"], bytearray.fromhex(vector["key"])), out)
        assert bytes(out).hex() == vector["cryptogram"], vector
    print("NOTE cryptogram vectors checked:", len(vectors))


def test_every_input_byte_counts():
    def make(change):
        message = CryptogramInput(b"\x18\x80", bytes(6))
        terminal = bytearray(29)
        if change < 29:
            terminal[change] ^= 1
        message.set_terminal(terminal, 0)
        if 29 <= change < 35:
            message.set_tail(change - 29, 1)
        out = bytearray(8)
        message.make(SingleKey(7, bytearray(KEY)), out)
        return bytes(out)

    assert len({make(change) for change in range(36)}) == 36  # 29 + 6 changes, and none at all


def test_a_wiped_key_makes_no_cryptogram():
    raw = bytearray(KEY)
    key = SingleKey(7, raw)
    key.wipe()
    key.wipe()
    assert raw == bytes(16)
    try:
        CryptogramInput(b"\x00\x00", bytes(7)).make(key, bytearray(8))
    except CryptoError:
        return
    raise AssertionError("a wiped key was used")


def test_issuer_data():
    assert cryptogram.issuer_data_visa(1, cryptogram.cvr_visa(False)) == b"\x06\x01\x12\x03\xa0\x00\x00"
    assert cryptogram.issuer_data_visa(9, cryptogram.cvr_visa(True)) == b"\x06\x09\x12\x03\xa4\x00\x00"
    cvr = cryptogram.cvr_mastercard(cryptogram.CVR_ARQC, True)
    assert cryptogram.issuer_data_mastercard(2, cvr) == b"\x02\x14\xa5" + bytes(15)
    assert cryptogram.cvr_region(True, True) == 0x02
    assert cryptogram.cvr_region(False, False) == 0x24
