"""EMV QR codes that the wearer shows: the cryptogram over zeros, limits of codes, one use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tapwatch.bank import codes, guesses
from tapwatch.bank.limits import Limits
from tests.host.bank.card import signed
from tests.host.bank.till import ZEROS, Till, presented, shown

if TYPE_CHECKING:
    from tests.host.bank.world import World

PRODUCTS = ("visa-18", "visa-22", "visa-43", "mastercard-14", "mastercard-15")


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_code_pays_once(world: World, product: str) -> None:
    card, till = world.card(product), Till(world)
    request = till.qr(card, presented(card, card.atcs[0]), 1234)
    assert world.code(request) == world.code({**request, "t": "0201"}) == "00"
    assert world.spent == 1234
    (notice,) = world.notices()
    assert (notice.payload[4], notice.payload[5], notice.payload[6]) == (card.atcs[0], "approved", 1234)


def test_scanned_twice_is_a_mistake_and_no_clone(world: World) -> None:
    """A merchant scans the same picture again. Another code with the same ATC can only come from a copy."""
    card, till = world.card(), Till(world)
    chip = presented(card, 1)
    assert world.code(till.qr(card, chip, 100)) == "00"
    assert world.code(till.qr(card, chip, 200)) == "94"
    assert world.bank.token(card.content[1]).state == "active"
    assert world.code(till.qr(card, presented(card, 1, b"copy"), 100)) == "59"
    assert world.bank.token(card.content[1]).state == "suspended"
    assert world.spent == 100


def test_code_and_tap_share_the_atc(world: World) -> None:
    card, till = world.card(), Till(world)
    assert world.code(till.qr(card, presented(card, 1))) == "00"
    assert world.pay(card, 1, 100) == "59"
    other = world.card()
    assert world.pay(other, 1, 100) == "00"
    assert world.code(till.qr(other, presented(other, 1))) == "59"


def test_a_code_is_not_good_as_a_tap_nor_a_tap_as_a_code(world: World) -> None:
    card, till = world.card(), Till(world)
    chip = presented(card, 1)
    assert world.code({**till.qr(card, chip), "22": "071"}) == "30", "a tap needs what the terminal said"
    whole = {**ZEROS, **chip, "9F02": bytes.fromhex("000000000100"), "5F2A": bytes.fromhex("0978")}
    assert world.code(world.purchase(card, 1, 100, chip=whole)) == "63"
    tap = card.tap(1, 100)
    assert world.code(till.qr(card, {tag: tap[tag] for tag in chip})) == "63"
    assert world.code({**till.qr(card, chip), "55": till.qr(card, chip)["55"] + "9F0206000000000100"}) == "30"
    assert world.code(till.qr(card, chip)) == "00"


def test_limits_are_those_of_codes(world: World) -> None:
    card = world.card(limits=Limits(per_tap=10, per_tap_without_cdcvm=0, per_day=200_000))
    till = Till(world)
    assert world.code(till.qr(card, presented(card, 1), codes.PER_CODE_MINOR + 1)) == "61"
    assert world.code(till.qr(card, presented(card, 2, cdcvm=False), codes.PER_CODE_MINOR)) == "00"
    assert till.pay(shown(card.content[21], 0, world.clock.now), codes.PER_CODE_MINOR) == "00"
    rest = codes.IN_ALL_MINOR - 2 * codes.PER_CODE_MINOR
    assert world.code(till.qr(card, presented(card, 3), rest + 1)) == "61"
    assert world.code(till.qr(card, presented(card, 4), rest)) == "00"
    assert world.spent == codes.IN_ALL_MINOR


def test_limits_without_a_book(world: World) -> None:
    """Keys live longer than books: after a day the limits are the usual ones over a day."""
    card, till = world.card(), Till(world)
    world.clock.now += 2 * codes.VALID_S
    assert world.code(till.qr(card, presented(card, 1), codes.PER_CODE_MINOR + 1)) == "61"
    for atc in (2, 3):
        assert world.code(till.qr(card, presented(card, atc), codes.PER_CODE_MINOR)) == "00"
    assert world.code(till.qr(card, presented(card, 4), codes.PER_CODE_MINOR)) == "61"
    world.clock.now += codes.VALID_S + 1
    assert world.code(till.qr(card, presented(card, 5), codes.PER_CODE_MINOR)) == "00"


def test_forged_codes_count_against_the_merchant(world: World) -> None:
    card, till = world.card(), Till(world)
    for number in range(guesses.MOST_WRONG):
        forged = {**presented(card, 1), "9F26": bytes([number]) * 8}
        assert world.code(till.qr(card, forged)) == "63"
    assert world.code(till.qr(card, presented(card, 1))) == "58"
    assert till.pay(shown(card.content[21], 0, world.clock.now)) == "58", "codes of both kinds"
    assert world.code({**world.purchase(card, 2, 100)}) == "00", "taps go on"
    assert world.code(Till(world, "OTHER").qr(card, presented(card, 1))) == "00"


def test_products_that_show_no_codes(world: World) -> None:
    for product in ("closed-loop", "contact-test"):
        card = world.card(product)
        assert world.code(Till(world).qr(card, presented(card, card.atcs[0]))) == "58"


def test_no_authorisation_asked_for(world: World) -> None:
    """A code whose card side declined, and one whose two bytes on that differ."""
    card, till = world.card(), Till(world)
    base = presented(card, 1)
    declined = {**ZEROS, **base, "9F10": bytes.fromhex("06011203040000"), "9F27": b"\x00"}
    tags = signed(card.key(1), declined)
    assert world.code(till.qr(card, {tag: tags[tag] for tag in base})) == "05"
    assert world.code(till.qr(card, {**presented(card, 2), "9F27": b"\x00"})) == "05"


def test_reversal(world: World) -> None:
    card, till = world.card(), Till(world)
    purchase = till.qr(card, presented(card, 1), 300)
    assert world.code(purchase) == "00"
    assert world.code(world.about(purchase, "0400")) == world.code(world.about(purchase, "0400")) == "00"
    assert world.spent == 0
    assert [notice.payload[10] for notice in world.notices()] == ["00", "21"]
