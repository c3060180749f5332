"""Published cryptograms and limited-use keys: pyemv, our own room and plain TDES of `cryptography` give the same.

Versions 10, 10h and 11h need a card's master key for each tap. No watch of ours has one, so they exist only here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyemv import cvn

from tapwatch.bank import limited_use
from tests.host.bank.card import COVERED, retail_mac, tdes

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/payment/issuer.json").read_text())
LENGTHS = (6, 6, 2, 5, 2, 3, 1, 4)
BLOCK = 8


def odd(key: bytes) -> bytes:
    """Set DES parity."""
    return bytes(byte & 0xFE | 1 ^ (byte >> 1).bit_count() % 2 for byte in key)


def card_key(master: bytes, pan: str, psn: str) -> bytes:
    """EMV Book 2 annex A1.4.1. Option B is the same for numbers of 16 digits."""
    block = bytes.fromhex((pan + psn)[-16:])
    return odd(tdes(master, block) + tdes(master, bytes(byte ^ 0xFF for byte in block)))


def session_key(key: bytes, atc: bytes, last: bytes) -> bytes:
    """EMV Book 2 annex A1.3.1 with R = ATC, 00 00, and four bytes."""
    return odd(tdes(key, atc + b"\xf0\x00" + last) + tdes(key, atc + b"\x0f\x00" + last))


def plain_mac(key: bytes, data: bytes) -> bytes:
    """Algorithm 3 with padding method 1: zeros, and none where the blocks are full."""
    padded = data + bytes(-len(data) % BLOCK)
    state = bytes(BLOCK)
    for at in range(0, len(padded) - BLOCK, BLOCK):
        state = tdes(key[:8] * 2, xor(state, padded[at : at + BLOCK]))
    return tdes(key, xor(state, padded[-BLOCK:]))


def xor(one: bytes, two: bytes) -> bytes:
    """Of equal lengths."""
    return bytes(a ^ b for a, b in zip(one, two, strict=True))


def terminal() -> dict[str, bytes]:
    """The terminal's tags, AIP and ATC of the worked examples."""
    data, at, tags = bytes.fromhex(VECTORS["terminal"]), 0, {}
    for tag, length in zip(COVERED, LENGTHS, strict=False):
        tags[tag] = data[at : at + length]
        at += length
    return {**tags, "82": bytes.fromhex(VECTORS["aip"]), "9F36": VECTORS["atc"].to_bytes(2, "big")}


@pytest.mark.parametrize("vector", VECTORS["cryptograms"], ids=lambda vector: vector["name"])
def test_pyemv_plain_tdes_and_the_published_value_agree(vector: dict[str, Any]) -> None:
    master, tags = bytes.fromhex(VECTORS["issuer_key"]), terminal()
    tail = {name: bytes.fromhex(value) for name, value in vector["tail"].items()}
    card = getattr(cvn, vector["class"])(master, master, master, VECTORS["pan"], VECTORS["psn"])
    by_pyemv = card.generate_ac(**{f"tag_{tag.lower()}": value for tag, value in tags.items()}, **tail)
    key = card_key(master, VECTORS["pan"], VECTORS["psn"])
    if vector["session"] != "none":
        key = session_key(key, tags["9F36"], bytes(4) if vector["session"] == "common" else tags["9F37"])
    message = b"".join((*tags.values(), *tail.values()))
    by_hand = plain_mac(key, message) if vector["padding"] == 1 else retail_mac(key, message)
    print(f"NOTE bank: {vector['name']}: {by_pyemv.hex()} by pyemv, by plain TDES and as published")
    assert by_pyemv.hex() == by_hand.hex() == vector["cryptogram"]


@pytest.mark.parametrize("vector", VECTORS["limited_use_keys"], ids=lambda vector: vector["index"])
def test_limited_use_keys(vector: dict[str, str]) -> None:
    key = bytes.fromhex(vector["card_key"])
    assert limited_use.key(key, vector["index"]).hex().upper() == vector["key"]
    halves = [tdes(key, bytes.fromhex((half + vector["index"] + "8").ljust(16, "0"))) for half in "12"]
    assert b"".join(halves).hex().upper() == vector["key"]


def test_limited_use_cryptogram() -> None:
    vector = {name: bytes.fromhex(value) for name, value in VECTORS["limited_use_cryptogram"].items()}
    assert limited_use.cryptogram(vector["key"], vector["message"]) == vector["cryptogram"]
    assert retail_mac(vector["key"], vector["message"]) == vector["cryptogram"]


@pytest.mark.parametrize(
    ("at", "index", "packed"),
    [
        (1_795_338_000, 6_781_000, "06781000"),  # 2026-11-22 09:00: day 326, hour 7810
        (1_767_225_600, 6_000_100, "06000100"),  # 2026-01-01 00:00: hour 0001
        (1_861_919_999, 8_878_400, "08878400"),  # 2028-12-31 23:59:59, a leap year: hour 8784
        (1_893_456_000, 100, "00000100"),  # 2030-01-01: the last digit of the year is 0
    ],
)
def test_index_of_an_hour(at: int, index: int, packed: str) -> None:
    assert limited_use.first_index(at) == index
    assert limited_use.packed(index).hex() == packed
    assert limited_use.unpacked(bytes.fromhex(packed)) == index


@pytest.mark.parametrize("field", ["1678100A", "16781000", "", "F0000000"])
def test_what_is_no_index(field: str) -> None:
    assert limited_use.unpacked(bytes.fromhex(field)) is None
