"""Keys and cryptograms against other software: TDES of `cryptography` on the card's side, `pyemv` at the bank."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tapwatch.bank import keyring, profiles
from tapwatch.bank.chip import ChipData
from tapwatch.bank.cryptograms import Cryptograms
from tapwatch.signing.keys import PrivateKey
from tests.host.bank.card import Card, tdes
from tests.host.bank.world import START

if TYPE_CHECKING:
    from tests.host.bank.world import World

# Published worked values for PAN 4761739001010010, PSN 01, ATC 0007, made with other software than `pyemv`.
IMK = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
PAN = "4761739001010010"
pytestmark = pytest.mark.share("vectors")
COVERED = ("9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37", "82", "9F36", "9F10", "9F26")


class OneMaster(keyring.Keyring):
    """A key ring with one known master key."""

    def __init__(self) -> None:
        super().__init__(PrivateKey.generate(), b"", b"", dict.fromkeys(profiles.PROFILES, IMK), "")


def odd(key: bytes) -> bytes:
    """Set DES parity."""
    return bytes(byte & 0xFE | 1 ^ (byte >> 1).bit_count() % 2 for byte in key)


def session_key(master: bytes, pan: str, psn: int, atc: int) -> bytes:
    """EMV Book 2: option A card key (option B is the same for 16 digits), then the common session key of an ATC."""
    block = bytes.fromhex((pan + f"{psn:02d}")[-16:])
    card = odd(tdes(master, block) + tdes(master, bytes(byte ^ 0xFF for byte in block)))
    diversifier = atc.to_bytes(2, "big")
    return odd(tdes(card, diversifier + b"\xf0" + bytes(5)) + tdes(card, diversifier + b"\x0f" + bytes(5)))


@pytest.mark.parametrize(
    ("profile", "iad", "cryptogram"),
    [
        (profiles.VISA, "06011203A00000", "17d0c6b0a6c950bd"),
        (profiles.MASTERCARD, "0114A08003220000" + "00" * 10, "03984fdb08ef77dd"),
    ],
)
def test_known_cryptograms(profile: profiles.Profile, iad: str, cryptogram: str) -> None:
    card = Card({3: profile.name, 16: [[7, session_key(IMK, PAN, 1, 7)]]})
    tags = {**card.tap(7, 1234), "9F10": bytes.fromhex(iad), "9F26": bytes.fromhex(cryptogram)}
    assert Cryptograms(OneMaster()).genuine(profile, PAN, 1, ChipData(tags))


@pytest.mark.parametrize("name", ["visa", "mastercard"])
def test_batch_holds_the_session_key_of_each_atc(world: World, name: str) -> None:
    master = bytes.fromhex(json.loads((world.keys / "issuer-keys.json").read_text())[name])
    card = world.card(name)
    for atc, key in card.content[16]:
        assert key == session_key(master, card.pan, card.content[6], atc)


@pytest.mark.parametrize("name", ["visa", "mastercard"])
def test_each_covered_byte_counts(world: World, name: str) -> None:
    """Flip one bit of every byte the cryptogram covers: none is accepted."""
    card = world.card(name)
    profile = profiles.PROFILES[name]
    bank = Cryptograms(keyring.load(world.keys, START))
    good = card.tap(card.atcs[0], 1234)
    assert bank.genuine(profile, card.pan, 1, ChipData(good))
    flipped = 0
    for tag in COVERED:
        covered = 8 if tag == "9F10" and name == "mastercard" else len(good[tag])  # DAC and counters are not covered
        for place in range(covered):
            changed = bytearray(good[tag])
            changed[place] ^= 1
            assert not bank.genuine(profile, card.pan, 1, ChipData({**good, tag: bytes(changed)})), (tag, place)
            flipped += 1
    print(f"NOTE bank: {flipped} covered bytes of a {name} tap changed, 0 accepted")


def test_master_keys_are_real_tdes_keys(world: World) -> None:
    keys = json.loads((world.keys / "issuer-keys.json").read_text())
    values = [bytes.fromhex(key) for key in keys.values()]
    assert set(keys) == {"visa", "mastercard"}
    assert len(set(values)) == 2
    for key in values:
        assert key == odd(key)
        assert key[:8] != key[8:]


def test_key_ring_shows_no_key(world: World) -> None:
    text = repr(keyring.load(world.keys, START))
    for key in json.loads((world.keys / "issuer-keys.json").read_text()).values():
        assert key not in text
