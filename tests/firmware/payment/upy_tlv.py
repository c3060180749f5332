"""Encoding of card answers, lists, and the numbers inside."""

import os
import random

from tests.firmware.payment.card_kit import flatten
from watch.kernel.errors import InputError
from watch.payment import tlv

ROUNDS = 2_000


def refused(call, *arguments):
    """True if the call raises InputError."""
    try:
        call(*arguments)
    except InputError:
        return True
    return False


def plain_number(data):
    """The same as parse_number, slowly."""
    digits = data.hex()
    return int(digits) if digits.isdigit() else -1


def test_numbers_of_every_size():
    random.seed(3)
    for _ in range(ROUNDS):
        size, at = random.randrange(1, 9), random.randrange(4)
        raw = bytearray(os.urandom(at + size + 2))
        if random.randrange(2):
            raw[at : at + size] = bytes.fromhex("".join([random.choice("0123456789") for _ in range(2 * size)]))
        assert tlv.parse_number(raw, at, size) == plain_number(raw[at : at + size]), raw.hex()
    for digits in ("00" * 8, "99" * 4, "99" * 5, "99" * 6, "99" * 8, "0000000009", "10000000000a", "a0"):
        raw = bytes.fromhex(digits)
        assert tlv.parse_number(raw, 0, len(raw)) == plain_number(raw)
    print("NOTE packed numbers checked:", ROUNDS)


def test_a_number_stays_inside_its_buffer():
    raw = bytearray(10)
    assert tlv.parse_number(raw, 4, 6) == 0
    for at, size in ((5, 6), (9, 2), (10, 1), (-1, 2), (-6, 6), (1 << 20, 2)):
        assert refused(tlv.parse_number, raw, at, size), (at, size)


def test_places_in_a_template():
    for filling in (3, 100, 140, 240):
        objects = [(0x9F36, b"\x00\x07"), (0x57, bytes(filling)), (0x82, b"\x18\x80")]
        whole, places = tlv.template(0x77, objects)
        assert flatten(whole) == dict(objects)
        for tag, value in objects:
            assert whole[places[tag] : places[tag] + len(value)] == value, (filling, tag)
    assert refused(tlv.template, 0x77, [(0x57, bytes(200)), (0x5A, bytes(60))])
    assert refused(tlv.encode, 0x57, bytes(256))


def test_places_in_a_list():
    dol = ((0x9F02, 6), (0x95, 5), (0x9F37, 4))
    assert (tlv.dol_length(dol), tlv.encode_dol(dol)) == (15, b"\x9f\x02\x06\x95\x05\x9f\x37\x04")
    assert [tlv.dol_offset(dol, tag) for tag, _ in dol] == [0, 6, 11]
    assert [tlv.dol_place(dol, tag, 7) for tag in (0x9F02, 0x9F37, 0x9F4E)] == [7, 18, -1]
    assert refused(tlv.dol_offset, dol, 0x9F4E)
