"""Keys and cryptograms of every product: TDES of `cryptography` on the card's side, `pyemv` at the bank."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tapwatch.bank import keyring
from tapwatch.bank.chip import ChipData
from tapwatch.bank.cryptograms import Cryptograms
from tapwatch.bank.products import PRODUCTS
from tapwatch.bank.profiles import PROFILES
from tapwatch.signing.keys import PrivateKey
from tests.host.bank.card import Card, issuer_data, retail_mac, signed, tail, tdes
from tests.host.bank.test_issuer_vectors import VECTORS, card_key, odd, session_key
from tests.host.bank.world import START

if TYPE_CHECKING:
    from tests.host.bank.world import World

pytestmark = pytest.mark.share("vectors")
CHIP_TAGS = ("9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37", "82", "9F36", "9F10", "9F26")
UNCOVERED = {0x14: range(8, 18), 0x15: range(8, 10), 0x43: (7, *range(9, 13), *range(17, 32))}
"""Places in 9F10 that neither its form nor the cryptogram fixes, by version (docs/formats.md "Cryptograms")."""


class OneMaster(keyring.Keyring):
    """A key ring with one known master key."""

    def __init__(self, master: bytes) -> None:
        super().__init__(PrivateKey.generate(), b"", b"", dict.fromkeys(PROFILES, master), "")


def single_use_key(master: bytes, pan: str, psn: int, atc: int, index: bytes) -> bytes:
    """The key of an ATC, or of an index of four bytes, by hand."""
    key = card_key(master, pan, f"{psn:02d}")
    if not index:
        return session_key(key, atc.to_bytes(2, "big"), bytes(4))
    blocks = [bytes.fromhex((half + index.hex()[1:] + "8").ljust(16, "0")) for half in "12"]
    return b"".join(tdes(key, block) for block in blocks)


@pytest.mark.parametrize(
    ("product", "iad", "cryptogram"),
    [
        ("visa-18", "06011203A00000", "17d0c6b0a6c950bd"),
        ("mastercard-14", "0114A08003220000" + "00" * 10, "03984fdb08ef77dd"),
        ("mastercard-15", "0115A08003220000" + "0000" + "00000000000000FF", "831e98db9218a849"),
    ],
)
def test_published_cryptograms(product: str, iad: str, cryptogram: str) -> None:
    master = bytes.fromhex(VECTORS["issuer_key"])
    key = session_key(card_key(master, VECTORS["pan"], "01"), b"\x00\x07", bytes(4))
    tags = Card({16: [[7, key]], 20: PRODUCTS[product].version.number}).tap(7, 1234)
    chip = ChipData({**tags, "9F10": bytes.fromhex(iad), "9F26": bytes.fromhex(cryptogram)})
    assert Cryptograms(OneMaster(master)).genuine(PRODUCTS[product], VECTORS["pan"], 1, chip)


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_batch_holds_the_key_of_each_atc(world: World, name: str) -> None:
    masters = json.loads((world.keys / "issuer-keys.json").read_text())
    card = world.card(name)
    master = bytes.fromhex(masters[PRODUCTS[name].profile.name])
    entries = [*card.content[16], *(card.content[22] or {2: []})[2]]
    assert len(entries) == (14 if name == "closed-loop" else 10)
    for atc, key, *index in entries:
        assert key == single_use_key(master, card.pan, card.content[6], atc, b"".join(index))


@pytest.mark.parametrize("name", PRODUCTS)
def test_each_covered_byte_counts(world: World, name: str) -> None:
    """Flip one bit of every byte the cryptogram or the form of 9F10 covers: none is accepted."""
    card, product = world.card(name), PRODUCTS[name]
    bank = Cryptograms(keyring.load(world.keys, START))
    good = card.tap(card.atcs[0], 1234)
    assert bank.genuine(product, card.pan, 1, ChipData(good))
    flipped, loose = 0, UNCOVERED.get(product.version.number, ())
    for tag in CHIP_TAGS:
        for place in range(len(good[tag])):
            changed = bytearray(good[tag])
            changed[place] ^= 1
            accepted = bank.genuine(product, card.pan, 1, ChipData({**good, tag: bytes(changed)}))
            assert accepted == (tag == "9F10" and place in loose), (tag, place)
            flipped += not accepted
    print(f"NOTE bank: {flipped} covered bytes of a {name} tap changed, 0 accepted")


@pytest.mark.parametrize("name", PRODUCTS)
def test_keys_of_a_long_number(name: str) -> None:
    """Options A and B differ from 17 digits on: the key that is issued is the one that `pyemv` checks with."""
    pan, product = "9999019" + "0123456789" + "01", PRODUCTS[name]
    bank = Cryptograms(OneMaster(bytes.fromhex(VECTORS["issuer_key"])))
    index = 6_781_000 if product.version.index_at else None
    entry = [7, bank.key(product, pan, 1, 7, index)] + ([bytes.fromhex("06781000")] if index else [])
    chip = ChipData(Card({16: [entry], 20: product.version.number}).tap(7, 1234))
    assert bank.genuine(product, pan, 1, chip)
    option_a = session_key(card_key(bytes.fromhex(VECTORS["issuer_key"]), pan, "01"), b"\x00\x07", bytes(4))
    assert (entry[1] == option_a) == (product.version.number in (0x14, 0x15))


@pytest.mark.parametrize("name", PRODUCTS)
def test_9f10_of_another_version_or_length(world: World, name: str) -> None:
    """Every other version, cut, extended, or of another key set, each with a right cryptogram over its own bytes."""
    card, product = world.card(name), PRODUCTS[name]
    bank = Cryptograms(keyring.load(world.keys, START))
    good = card.tap(card.atcs[0], 1234)
    iad, index = good["9F10"], b"".join(card.content[16][0][2:])
    others = [issuer_data(other.version.number, True, index) for other in PRODUCTS.values()]
    dki = iad.index(1, 1) if iad[0] == 6 else (0 if iad[1] in (0x14, 0x15) else 2)
    others += [iad[:-1], iad + b"\x00", iad[:dki] + b"\x02" + iad[dki + 1 :]]
    for other in others:
        chip = ChipData(signed(card.key(card.atcs[0]), {**good, "9F10": other}))
        assert bank.genuine(product, card.pan, 1, chip) == (other == iad), other.hex()


@pytest.mark.parametrize("cdcvm", [True, False])
@pytest.mark.parametrize("name", PRODUCTS)
def test_what_9f10_says_of_the_wearer(name: str, cdcvm: bool) -> None:
    version = PRODUCTS[name].version
    iad = issuer_data(version.number, cdcvm, bytes(4))
    assert version.fits(iad)
    assert version.verified(iad) is cdcvm
    assert ChipData({"9F10": iad, "9F27": b"\x80"}).request_cryptogram(version)
    assert not ChipData({"9F10": iad, "9F27": b"\x40"}).request_cryptogram(version)
    refused = bytearray(iad)
    refused[version.type_at] &= 0xCF
    assert not ChipData({"9F10": bytes(refused), "9F27": b"\x80"}).request_cryptogram(version)


def test_only_the_covered_part_of_9f10_says_anything() -> None:
    """What type, wearer and index come from is under the cryptogram, or chooses its key."""
    for product in PRODUCTS.values():
        version = product.version
        iad = bytearray(issuer_data(version.number, True, bytes(4)))
        before = tail(bytes(iad))
        for place in {version.type_at, *(place for place, _, _ in version.cdcvm)}:
            iad[place] ^= 1
            assert tail(bytes(iad)) != before, (product.name, place)
            iad[place] ^= 1


def test_half_a_claim_is_none() -> None:
    """A mobile 9F10 needs both the method and the result; M/Chip both performed and successful."""
    for name, place, value in (
        ("visa-22", 3, 0),
        ("visa-22", 4, 0xA0),
        ("visa-43", 3, 0x52),
        ("mastercard-14", 2, 0xA4),
    ):
        version = PRODUCTS[name].version
        iad = bytearray(issuer_data(version.number, True, bytes(4)))
        iad[place] = value
        assert not version.verified(bytes(iad)), (name, place)


def test_answer_that_the_card_can_check(world: World) -> None:
    """ARPC method 1 by hand: TDES under the session key over the cryptogram and the response code."""
    card = world.card("contact-test")
    chip = card.tap(card.atcs[0], 1234)
    bank = Cryptograms(keyring.load(world.keys, START))
    field = bank.issuer_authentication(PRODUCTS["contact-test"], card.pan, 1, ChipData(chip), "00")
    mixed = bytes(a ^ b for a, b in zip(chip["9F26"], b"00".ljust(8, b"\x00"), strict=True))
    assert field == tdes(card.key(card.atcs[0]), mixed) + b"00"


def test_master_keys_are_real_tdes_keys(world: World) -> None:
    keys = json.loads((world.keys / "issuer-keys.json").read_text())
    values = [bytes.fromhex(key) for key in keys.values()]
    assert set(keys) == set(PROFILES)
    assert len(set(values)) == len(PROFILES)
    for key in values:
        assert key == odd(key)
        assert key[:8] != key[8:]


def test_key_ring_shows_no_key(world: World) -> None:
    text = repr(keyring.load(world.keys, START))
    for key in json.loads((world.keys / "issuer-keys.json").read_text()).values():
        assert key not in text


def test_limited_use_key_needs_its_index(world: World) -> None:
    """An index that is none gives no cryptogram, whatever stands in 9F26."""
    card, product = world.card("visa-43"), PRODUCTS["visa-43"]
    bank = Cryptograms(keyring.load(world.keys, START))
    good = card.tap(card.atcs[0], 1234)
    for index in ("1678100A", "FFFFFFFF"):
        iad = issuer_data(0x43, True, bytes.fromhex(index))
        for cryptogram in (b"", bytes(8), retail_mac(card.key(card.atcs[0]), b"")):
            assert not bank.genuine(product, card.pan, 1, ChipData({**good, "9F10": iad, "9F26": cryptogram}))
