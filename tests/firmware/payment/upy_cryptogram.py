"""Cryptograms against vectors made with pyemv and against published examples; the layout of every version's 9F10."""

import json

from tests.firmware.payment.card_kit import KEY, flip
from watch.kernel.errors import CryptoError, InputError
from watch.payment import versions
from watch.payment.armed import SingleKey
from watch.payment.cryptogram import AAC, TC, Cryptogram, answered_by_issuer
from watch.payment.profiles import ALL
from watch.payment.versions import BY_CVN

SHARE = "vectors"


def load(name):
    """A vector file."""
    with open(f"tests/vectors/payment/{name}.json") as file:
        return json.load(file)


def test_all_vectors():
    out = bytearray(8)
    vectors = load("cryptograms")["cryptograms"]
    for vector in vectors:
        made = Cryptogram(vector["cvn"], vector["dki"], bytes.fromhex(vector["aip"]), vector["cdcvm"])
        for fact in vector["facts"]:
            made.mark(fact)
        made.set_terminal(b"\xff\xff" + bytes.fromhex(vector["terminal"]) + b"\xff", 2)
        key = SingleKey(vector["atc"], bytearray.fromhex(vector["key"]), bytes.fromhex(vector["index"]))
        made.make(key, out)
        assert bytes(made.issuer_data).hex() == vector["issuer_data"], vector
        assert bytes(out).hex() == vector["cryptogram"], vector
    assert {vector["cvn"] for vector in vectors} == set(BY_CVN), "a version has no vector"
    print("NOTE cryptogram vectors checked:", len(vectors))


def signed(cvn, terminal, aip, atc, key, changes, index=b""):
    """A cryptogram over 9F10 in which some bytes were set by hand: examples say more than the watch ever does."""
    made = Cryptogram(cvn, 1, aip, False)
    for at, data in changes:
        made.issuer_data[at : at + len(data)] = data
    made.set_terminal(terminal, 0)
    out = bytearray(8)
    made.make(SingleKey(atc, bytearray(key), index), out)
    return bytes(out)


def test_the_published_example_of_43h():
    example = load("issuer")["limited_use_cryptogram"]
    message = bytes.fromhex(example["message"])
    assert len(message) == 37, "29 of the terminal, AIP, ATC, four of the CVR"
    key, atc = bytes.fromhex(example["key"]), message[31] << 8 | message[32]
    made = signed(0x43, message[:29], message[29:31], atc, key, [(3, message[33:])], bytes(4))
    assert made.hex().upper() == example["cryptogram"]
    print("NOTE published cryptogram of CVN 43h:", made.hex().upper())


def test_examples_of_another_implementation():
    examples = load("issuer")
    keys = load("cryptograms")["cryptograms"]
    option_b = [vector["key"] for vector in keys if vector["cryptogram"] == "17d0c6b0a6c950bd"]
    terminal, aip = bytes.fromhex(examples["terminal"]), bytes.fromhex(examples["aip"])
    cvr, counters = bytes.fromhex("a08003220000"), bytes.fromhex("00000000000000ff")
    # With sequence number 01 and a PAN of 16 digits options A and B give the same card key.
    for name, cvn, changes in (
        ("Visa CVN 18", 0x12, []),
        ("M/Chip CVN 20 (14h)", 0x14, [(2, cvr)]),
        ("M/Chip CVN 21 (15h)", 0x15, [(2, cvr), (10, counters)]),
    ):
        expected = [one["cryptogram"] for one in examples["cryptograms"] if one["name"] == name]
        made = signed(cvn, terminal, aip, examples["atc"], bytes.fromhex(option_b[0]), changes)
        assert [made.hex()] == expected, name


def test_every_input_byte_counts():
    for cvn, tail in ((0x12, 7), (0x22, 32), (0x43, 4), (0x14, 6), (0x15, 14)):
        places = [at for start, size in BY_CVN[cvn].tail for at in range(start, start + size)]
        assert len(places) == tail
        seen = {signed(cvn, bytes(29), b"\x18\x80", 7, KEY, [], bytes(4))}
        for change in range(29):
            terminal = bytearray(29)
            terminal[change] ^= 1
            seen.add(signed(cvn, terminal, b"\x18\x80", 7, KEY, [], bytes(4)))
        for at in places:
            seen.add(signed(cvn, bytes(29), b"\x18\x80", 7, KEY, [(at, b"\x77")], bytes(4)))
        for aip in (b"\x19\x80", b"\x18\x81"):
            seen.add(signed(cvn, bytes(29), aip, 7, KEY, [], bytes(4)))
        for atc in (8, 0x107):
            seen.add(signed(cvn, bytes(29), b"\x18\x80", atc, KEY, [], bytes(4)))
        assert len(seen) == 1 + 29 + tail + 4, cvn


def test_a_wiped_key_makes_nothing():
    raw = bytearray(KEY)
    key = SingleKey(7, raw)
    key.wipe()
    key.wipe()
    assert raw == bytes(16)
    for use in (
        lambda: Cryptogram(0x12, 1, b"\x00\x00", True).make(key, bytearray(8)),
        lambda: answered_by_issuer(key, bytes(8), bytes(10), 0),
    ):
        try:
            use()
        except CryptoError:
            continue
        raise AssertionError("a wiped key was used")


def test_issuer_data():
    for cvn, cdcvm, expected in (
        (0x12, False, "06091203a00000"),
        (0x12, True, "06091203a40000"),
        (0x22, False, "1f220900a0000000" + "00" * 24),
        (0x22, True, "1f220951a4000000" + "00" * 24),
        (0x43, True, "1f430951a4000000" + "00" * 24),
        (0x14, False, "0914a00000000000" + "00" * 10),
        (0x14, True, "0914a50000000000" + "00" * 10),
        (0x15, True, "0915a50000000000" + "00" * 10),
    ):
        assert bytes(Cryptogram(cvn, 9, b"\x00\x00", cdcvm).issuer_data).hex() == expected, (cvn, cdcvm)
    print("NOTE layouts of 9F10 checked: 8")


def test_one_tap_leaves_nothing_to_the_next():
    made = Cryptogram(0x14, 1, b"\x00\x00", False)
    fresh = bytes(made.issuer_data)
    made.begin(AAC)
    assert made.issuer_data[2] == 0x80
    for fact in (versions.DOMESTIC, versions.ISSUER_FAILED, versions.PIN_FAILED, "a fact of another version"):
        made.mark(fact)
    made.second(TC)
    assert made.issuer_data[2] == 0x44
    made.begin(0x80)
    assert bytes(made.issuer_data) == fresh


def test_unknown_versions():
    for cvn in (0, 0x0A, 0x11, 0x16, 0xFF):
        try:
            Cryptogram(cvn, 1, b"\x00\x00", True)
        except InputError:
            continue
        raise AssertionError(cvn)


def test_every_profile_has_only_known_versions():
    assert {cvn for profile in ALL for cvn in profile.cvns} == set(BY_CVN)


def test_answers_of_the_bank():
    vectors = load("cryptograms")["answers"]
    refused = 0
    for vector in vectors:
        key = SingleKey(1, bytearray.fromhex(vector["key"]))
        cryptogram, answer = bytes.fromhex(vector["cryptogram"]), bytes.fromhex(vector["answer"])
        assert answered_by_issuer(key, cryptogram, b"\x55" + answer, 1), vector
        for bit in range(80):
            assert not answered_by_issuer(key, cryptogram, flip(answer, bit), 0), (vector, bit)
            refused += 1
    print("NOTE ARPC vectors checked:", len(vectors), "damaged ones refused:", refused)
