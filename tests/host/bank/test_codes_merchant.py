"""Merchant codes: their text, and the payments that a watch signs for them."""

from __future__ import annotations

import hashlib
import os
import random
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tapwatch.acquiring import icc
from tapwatch.bank import merchant_codes
from tapwatch.bank.limits import Limits
from tapwatch.bank.merchant_codes import MerchantCode
from tapwatch.bank.problems import AccessProblem, BankProblem, RequestProblem, StateProblem, UnknownProblem
from tapwatch.signing import cbor
from tapwatch.signing.keys import PrivateKey
from tests.fuzz.campaign import count
from tests.host.bank import mpm
from tests.host.bank.card import Card, issuer_data, signed
from tests.host.bank.world import DAY_S, EUR, Watch

if TYPE_CHECKING:
    from tests.host.bank.world import World

KIND = "tapwatch/merchant-payment"
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def merchant_code(world: World, amount: int = 1234, once: bool = True) -> str:
    """A code of a new merchant."""
    name = f"Shop {random.getrandbits(40):x}"
    return world.bank.merchant_code(world.bank.open_merchant(name, EUR), amount, EUR, once=once)


def chip(world: World, card: Card, atc: int, code: str, amount: int, **changes: bytes) -> bytes:
    """Key 7 as a watch makes it; `changes` are tags by name, for example t95=b"…", set before the cryptogram."""
    entry = next(entry for entry in card.content[16] if entry[0] == atc)
    tags = {
        "9F02": bytes.fromhex(f"{amount:012d}"),
        "9F03": bytes(6),
        "9F1A": bytes.fromhex("0156"),
        "95": bytes(5),
        "5F2A": bytes.fromhex(f"{EUR:04d}"),
        "9A": bytes.fromhex("261122"),
        "9C": b"\x00",
        "9F37": hashlib.sha256(code.encode()).digest()[:4],
        "82": bytes.fromhex("2000"),
        "9F36": atc.to_bytes(2, "big"),
        "9F10": issuer_data(card.content[20], True, b"".join(entry[2:])),
    }
    tags = signed(card.key(atc), {**tags, **{name[1:]: value for name, value in changes.items()}})
    track = f"{card.pan}D{card.content[5]}201"
    rest = {"9F27": b"\x80", "57": bytes.fromhex(track + "F" * (len(track) % 2)), "5F34": b"\x01"}
    return icc.encode({**rest, **tags})


def payment(world: World, card: Card, atc: int, code: str, amount: int = 1234, **changes: Any) -> bytes:
    """The envelope a watch signs; `changes` are keys by name, for example k5=156."""
    body = {
        1: world.watch.id,
        2: card.content[1],
        3: hashlib.sha256(code.encode()).digest(),
        4: amount,
        5: EUR,
        6: world.clock.now,
        7: chip(world, card, atc, code, amount),
    }
    body.update({int(name[1:]): value for name, value in changes.items()})
    return world.watch.identity.sign(KIND, body)


@pytest.mark.parametrize("product", ["visa-18", "visa-22", "visa-43", "mastercard-14", "mastercard-15"])
def test_a_merchant_is_paid_once(world: World, product: str) -> None:
    card, code = world.card(product), merchant_code(world)
    merchant = int(mpm.fields(mpm.fields(code)["26"])["01"])
    envelope = payment(world, card, card.atcs[0], code)
    assert [world.bank.merchant_payment(envelope, code) for _ in range(3)] == ["00"] * 3
    world.reopen()
    assert world.bank.merchant_payment(envelope, code) == "00"
    assert (world.spent, world.bank.balance(merchant)) == (1234, 1234)
    (notice,) = world.notices()
    assert (notice.payload[4], notice.payload[5]) == (card.atcs[0], "approved")
    assert notice.payload[8] == mpm.fields(code)["59"]
    assert world.bank.trial_balance().balanced


def test_the_other_form_of_a_signature_is_the_same_payment(world: World) -> None:
    """(r, n - s) verifies as well as (r, s). Whoever carries the envelope can make it; it must not look like a copy."""
    card, code = world.card(), merchant_code(world)
    envelope = payment(world, card, 1, code)
    assert world.bank.merchant_payment(envelope, code) == "00"
    protected, unprotected, body, signature = cbor.decode(envelope)  # type: ignore[misc]
    other = (P256_ORDER - int.from_bytes(signature[32:], "big")).to_bytes(32, "big")
    twisted = cbor.encode([protected, unprotected, body, signature[:32] + other])
    assert twisted != envelope
    assert world.bank.merchant_payment(twisted, code) == "00"
    assert world.bank.token(card.content[1]).state == "active"
    assert world.spent == 1234


def test_a_bill_is_paid_once_a_sign_many_times(world: World) -> None:
    card = world.card()
    bill, sign = merchant_code(world), merchant_code(world, once=False)
    assert world.bank.merchant_payment(payment(world, card, 1, bill), bill) == "00"
    assert world.bank.merchant_payment(payment(world, card, 2, bill), bill) == "94"
    assert world.bank.token(card.content[1]).state == "active"
    for atc in (3, 4):
        assert world.bank.merchant_payment(payment(world, card, atc, sign), sign) == "00"
    assert world.spent == 3 * 1234
    told = [(notice.payload[4], notice.payload[10]) for notice in world.notices()]
    assert told == [(1, "00"), (2, "94"), (3, "00"), (4, "00")], "the watch hears of the one that was declined too"


def test_a_bill_that_was_declined_can_still_be_paid(world: World) -> None:
    poor = world.card(limits=Limits(per_tap=1000))
    code = merchant_code(world)
    assert world.bank.merchant_payment(payment(world, poor, 1, code), code) == "61"
    assert world.bank.merchant_payment(payment(world, world.card(), 1, code), code) == "00"


def test_an_atc_pays_once_by_tap_or_by_code(world: World) -> None:
    card, code = world.card(), merchant_code(world)
    assert world.pay(card, 1, 100) == "00"
    assert world.bank.merchant_payment(payment(world, card, 1, code), code) == "59"
    assert world.bank.token(card.content[1]).state == "suspended"
    assert world.spent == 100


def test_limits_are_those_of_taps(world: World) -> None:
    card = world.card(limits=Limits(per_tap=2000, per_day=3000, per_tap_without_cdcvm=0))
    for atc, amount, answer in ((1, 2001, "61"), (2, 2000, "00"), (3, 1001, "61"), (4, 1000, "00")):
        code = merchant_code(world, amount)
        assert world.bank.merchant_payment(payment(world, card, atc, code, amount), code) == answer


def test_what_the_payment_says_must_be_what_the_code_says(world: World) -> None:
    card, code, other = world.card(), merchant_code(world), merchant_code(world, 1235)
    now = world.clock.now
    wrong = [
        (payment(world, card, 1, code), other),
        (payment(world, card, 1, code, 1233), code),
        (payment(world, card, 1, code, k4=1233), code),
        (payment(world, card, 1, code, k5=156), code),
        (payment(world, card, 1, code, k3=bytes(32)), code),
        (payment(world, card, 1, code, k6=now - 901), code),
        (payment(world, card, 1, code, k6=now + 901), code),
        (payment(world, card, 1, code, k7=b""), code),
        (payment(world, card, 1, code, k7=bytes(300)), code),
        (payment(world, card, 1, code, k7=chip(world, card, 1, code, 1)), code),
        (payment(world, card, 1, code, k7=chip(world, card, 1, code, 1234, t9F37=b"else")), code),
        (payment(world, card, 1, code, k7=chip(world, card, 1, code, 1234, t9A=bytes.fromhex("261121"))), code),
        (payment(world, card, 1, code, k7=chip(world, card, 1, code, 1234, t9C=b"\x01")), code),
        (payment(world, card, 1, code, k7=chip(world, card, 1, code, 1234, t9F27=b"\x00")), code),
        (payment(world, card, 1, code, k7=chip(world, card, 1, code, 1234, t5F34=b"\x02")), code),
        (payment(world, card, 1, code, k7=chip(world, card, 1, code, 1234, t95=b"\x80" + bytes(4))), code),
        (payment(world, card, 1, code, k7=chip(world, card, 1, code, 1234) + b"\x9f\x6e\x01\x00"), code),
        (payment(world, card, 1, code, k7=chip(world, world.card(), 1, code, 1234)), code),
    ]
    for envelope, text in wrong:
        with pytest.raises(RequestProblem):
            world.bank.merchant_payment(envelope, text)
    assert world.spent == 0 and world.notices() == []
    assert world.bank.merchant_payment(payment(world, card, 1, code), code) == "00"
    print(f"NOTE merchant codes: {len(wrong)} payments that contradict themselves, 0 taken")


def test_a_code_without_an_amount_is_paid_with_the_amount_that_was_signed(world: World) -> None:
    card, sign = world.card(), merchant_code(world, 0, once=False)
    assert "54" not in mpm.fields(sign) and merchant_codes.parse(sign).amount == 0
    first = payment(world, card, 1, sign, 1234)
    assert [world.bank.merchant_payment(first, sign) for _ in range(2)] == ["00", "00"], "one payment, brought twice"
    assert world.spent == 1234
    assert world.bank.merchant_payment(payment(world, card, 2, sign, 5), sign) == "00", "the next customer"
    assert world.spent == 1239
    assert world.bank.merchant_payment(payment(world, card, 2, sign, 6), sign) == "59", "two answers with one key"
    assert world.spent == 1239 and world.bank.token(card.content[1]).state == "suspended"


def test_what_is_signed_for_a_code_without_an_amount_cannot_be_changed(world: World) -> None:
    card, sign = world.card(), merchant_code(world, 0, once=False)
    named = mpm.fields(sign)
    fixed = mpm.chain({**named, "54": "12.34"})
    other = mpm.chain({**named, "54": "1.00"})
    body = {1: world.watch.id, 2: card.content[1], 3: hashlib.sha256(sign.encode()).digest(), 5: EUR}
    body |= {6: world.clock.now, 7: chip(world, card, 1, sign, 1234)}
    wrong = [
        (payment(world, card, 1, sign, 1234, k4=1235), sign),
        (payment(world, card, 1, sign, 1234, k7=chip(world, card, 1, sign, 1235)), sign),
        (payment(world, card, 1, sign, 0), sign),
        (payment(world, card, 1, sign, 1234, k4=0), sign),
        (payment(world, card, 1, sign, 1234, k4=-1234), sign),
        (payment(world, card, 1, sign, 1234, k4=10**12), sign),
        (payment(world, card, 1, sign, 1234, k4=None), sign),
        (world.watch.identity.sign(KIND, body), sign),
        (payment(world, card, 1, sign, 1234), fixed),
        (payment(world, card, 1, sign, 1234), other),
        (payment(world, card, 1, fixed, 1234), sign),
        (payment(world, card, 1, fixed, 1235), fixed),
        (payment(world, card, 1, other, 1234), other),
    ]
    for envelope, text in wrong:
        with pytest.raises(RequestProblem):
            world.bank.merchant_payment(envelope, text)
    assert world.spent == 0 and world.notices() == []
    tags = icc.decode(chip(world, card, 1, sign, 1234))
    dearer = icc.encode({**tags, "9F02": bytes.fromhex("000000001235")})
    forged = payment(world, card, 1, sign, 1235, k7=dearer)
    assert world.bank.merchant_payment(forged, sign) == "63", "the cryptogram is for another amount"
    assert world.spent == 0
    assert world.bank.merchant_payment(payment(world, card, 1, fixed, 1234), fixed) == "00"
    print(f"NOTE codes without an amount: {len(wrong) + 1} payments that were changed, 0 taken")


def test_limits_hold_for_amounts_that_were_entered(world: World) -> None:
    card = world.card(limits=Limits(per_tap=2000, per_day=3000, per_tap_without_cdcvm=0))
    sign = merchant_code(world, 0, once=False)
    for atc, amount, answer in ((1, 2001, "61"), (2, 2000, "00"), (3, 1001, "61"), (4, 1000, "00")):
        assert world.bank.merchant_payment(payment(world, card, atc, sign, amount), sign) == answer


def test_a_bill_has_an_amount(world: World) -> None:
    with pytest.raises(RequestProblem, match="0 is not an amount"):
        merchant_code(world, 0)
    bill = mpm.fields(merchant_code(world))
    unsaid = mpm.chain({name: value for name, value in bill.items() if name != "54"})  # others may write one
    card = world.card()
    assert world.bank.merchant_payment(payment(world, card, 1, unsaid, 77), unsaid) == "00"
    assert world.bank.merchant_payment(payment(world, card, 2, unsaid, 78), unsaid) == "94", "and is paid once"


def test_wrong_signers(world: World) -> None:
    card, code = world.card(), merchant_code(world)
    good = payment(world, card, 1, code)
    flipped = bytearray(good)
    flipped[-1] ^= 1
    with pytest.raises(AccessProblem):
        world.bank.merchant_payment(bytes(flipped), code)
    mine, theirs = world.watch, Watch(world.root, 2)
    world.register(theirs)
    world.watch = theirs
    with pytest.raises(UnknownProblem):  # a known watch, another one's token
        world.bank.merchant_payment(payment(world, card, 1, code), code)
    with pytest.raises(RequestProblem):  # in another's name
        world.bank.merchant_payment(payment(world, card, 1, code, k1=mine.id), code)
    world.watch = Watch(world.root, 3)
    with pytest.raises(UnknownProblem):
        world.bank.merchant_payment(payment(world, card, 1, code), code)
    assert world.spent == 0


def test_a_forged_cryptogram_is_declined(world: World) -> None:
    card, code = world.card(), merchant_code(world)
    tags = icc.decode(chip(world, card, 1, code, 1234))
    forged = icc.encode({**tags, "9F26": bytes(8)})
    assert world.bank.merchant_payment(payment(world, card, 1, code, k7=forged), code) == "63"
    assert world.bank.merchant_payment(payment(world, card, 1, code), code) == "00"


def test_a_code_under_another_name_pays_nobody(world: World) -> None:
    card, own = world.card(), world.bank.open_merchant("Corner", EUR)
    for name in ("Famous Coffee", "corner", "Corner "):
        code = merchant_codes.compose(MerchantCode(str(own), 1234, EUR, name, once=False))
        with pytest.raises(RequestProblem, match="another name"):
            world.bank.merchant_payment(payment(world, card, 1, code), code)
    assert world.spent == 0
    code = merchant_codes.compose(MerchantCode(str(own), 1234, EUR, "Corner", once=False))
    assert world.bank.merchant_payment(payment(world, card, 1, code), code) == "00"


def test_names_in_any_script(world: World) -> None:
    card = world.card()
    for atc, name in enumerate(("龙井茶馆（西湖店）", "Καφενείο Ωδή", "Чайный дом", "Łódź Café"), 1):
        text = world.bank.merchant_code(world.bank.open_merchant(name, EUR), 1234, EUR)
        assert merchant_codes.parse(text).name == name
        assert world.bank.merchant_payment(payment(world, card, atc, text), text) == "00"
    for name in ("", "茶" * 14, "a" * 26, "a\nb", "a\u202eb", "a\u200bb", "a\ud800"):
        with pytest.raises(RequestProblem):
            world.bank.open_merchant(name, EUR)


def test_merchants_that_are_not_there(world: World) -> None:
    card = world.card()
    for account in (world.account, 999_999):
        with pytest.raises(UnknownProblem):
            world.bank.merchant_code(account, 100, EUR)
        code = merchant_codes.compose(MerchantCode(str(account), 1234, EUR, "Nobody", once=False))
        with pytest.raises(UnknownProblem):
            world.bank.merchant_payment(payment(world, card, 1, code), code)
    world.pay(card, 2, 100)  # opens an account for a merchant of an acquirer, who has none of our codes
    merchant = next(line for line in world.bank.trial_balance().lines if line.kind == "merchant")
    with pytest.raises(UnknownProblem):
        world.bank.merchant_code(merchant.account, 100, EUR)
    own = world.bank.open_merchant("Corner", EUR)
    with pytest.raises(UnknownProblem):
        world.bank.merchant_code(own, 100, 156)
    with pytest.raises(StateProblem):
        world.bank.open_merchant("Corner", EUR)
    assert world.bank.open_merchant("Corner", 156) != own


def test_the_same_payment_at_once(world: World) -> None:
    card, code = world.card(), merchant_code(world)
    envelope, answers = payment(world, card, 1, code), []
    threads = [
        threading.Thread(target=lambda: answers.append(world.bank.merchant_payment(envelope, code))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["00"] * 6
    assert world.spent == 1234


def test_keys_that_have_died(world: World) -> None:
    card, code = world.card(), merchant_code(world)
    world.clock.now += 20 * DAY_S
    date = {"t9A": bytes.fromhex("261212")}
    dead = payment(world, card, 1, code, k7=chip(world, card, 1, code, 1234, **date))
    assert world.bank.merchant_payment(dead, code) == "54"


def test_our_codes_against_another_reader(world: World) -> None:
    """What the bank writes, an own reader and an own CRC understand; published codes have that CRC too."""
    merchant = world.bank.open_merchant("Café au coin".replace("é", "e"), EUR)
    for minor, text in (
        (1, "0.01"),
        (10, "0.10"),
        (100, "1.00"),
        (123_456, "1234.56"),
        (999_999_999_999, "9999999999.99"),
    ):
        code = world.bank.merchant_code(merchant, minor, EUR, city="Beijing")
        found = mpm.fields(code)
        assert code.startswith("000201010212") and mpm.crc(code[:-4]) == found["63"] == code[-4:]
        assert mpm.fields(found["26"]) == {"00": "org.tapwatch", "01": str(merchant)}
        assert (found["53"], found["54"], found["58"], found["60"]) == ("978", text, "CN", "Beijing")
        assert merchant_codes.parse(code) == MerchantCode(str(merchant), minor, EUR, "Cafe au coin", True)
    yen = merchant_codes.compose(MerchantCode("7", 500, 392, "Shop", once=False))
    assert mpm.fields(yen)["54"] == "500" and yen.startswith("000201010211")
    assert world.bank.merchant_code(merchant, 1, EUR) != world.bank.merchant_code(merchant, 1, EUR), "two bills"


@pytest.mark.parametrize("sample", mpm.SAMPLES, ids=lambda sample: sample["merchant"])
def test_published_codes(sample: dict[str, Any]) -> None:
    assert merchant_codes.read_objects(sample["text"]) == mpm.fields(sample["text"])
    assert mpm.crc(sample["text"][:-4]) == sample["text"][-4:]
    with pytest.raises(RequestProblem, match="names no merchant of this bank"):
        merchant_codes.parse(sample["text"])


@pytest.mark.parametrize(
    "changes",
    [
        {"54": "0"}, {"54": "0.00"}, {"54": "1.234"}, {"54": "-1"}, {"54": "1,00"}, {"54": ".5"},
        {"54": "1."}, {"54": "99999999999999"}, {"54": "1e3"}, {"53": "97"}, {"53": "000"}, {"53": "abc"}, {"59": ""},
        {"59": "é" * 21},
        {"26": "0012org.tapwatch"}, {"26": "0012org.tapwatch0100"}, {"26": "0012org.tapwatch0102x1"},
        {"26": "0011org.tapwatc01011"}, {"27": "0012org.tapwatch01019"}, {"26": "0012org.tapwatch0119" + "9" * 19},
        {"26": "00"}, {"00": "02"}, {"55": "02"}, {"55": "03"}, {"55": "1"}, {"56": "1.00"}, {"57": "5"},
        {"55": "01", "57": "5"}, {"54": "", "56": "1.00"},
    ],
    ids=str,
)  # fmt: skip
def test_codes_that_are_refused(changes: dict[str, str]) -> None:
    good = mpm.fields(merchant_codes.compose(MerchantCode("12", 1234, EUR, "Shop", once=True)))
    assert merchant_codes.parse(mpm.chain(good)).amount == 1234
    changed = {name: value for name, value in {**good, **changes}.items() if value}
    with pytest.raises(RequestProblem):
        merchant_codes.parse(mpm.chain(changed))


@pytest.mark.share("fuzz")
def test_broken_codes_never_crash() -> None:
    good = merchant_codes.compose(MerchantCode("12", 1234, EUR, "Shop", once=True), bill="77")
    rng, taken = random.Random(26), 0
    wanted = count(5_000)
    alphabet = "0123456789" * 5 + "ABCDEF.-é最\x00 \ud800"
    for number in range(wanted):
        text = list(good)
        for _ in range(rng.randint(1, 3)):
            text[rng.randrange(len(text))] = rng.choice(alphabet)
        broken = "".join(text[: rng.randint(0, 2 * len(text))])
        if number % 2 and "\ud800" not in broken:  # with a right checksum the rest is read as well
            broken = broken[:-4] + mpm.crc(broken[:-4])
        try:
            taken += merchant_codes.parse(broken) is not None
        except BankProblem:
            continue
    print(f"NOTE merchant codes: {wanted} broken ones, {taken} still well formed, 0 crashes")
    for text in ("", "0", "000201" + "9" * 600, "000201" * 50, good * 3):
        with pytest.raises(RequestProblem):
            merchant_codes.parse(text)


@pytest.mark.parametrize("tag", ["5F34", "57"])
def test_chip_data_without_a_tag_are_refused(world: World, tag: str) -> None:
    card, code = world.card(), merchant_code(world)
    tags = icc.decode(chip(world, card, 1, code, 1234))
    without = icc.encode({name: value for name, value in tags.items() if name != tag})
    with pytest.raises(RequestProblem):
        world.bank.merchant_payment(payment(world, card, 1, code, k7=without), code)
    assert world.spent == 0


@pytest.mark.share("fuzz")
def test_broken_payments_never_crash(world: World) -> None:
    """Any byte of the chip data but the end of track 2: refused by a declared error, or declined."""
    card, code = world.card(), merchant_code(world)
    good = chip(world, card, 1, code, 1234)
    rng, answers = random.Random(14), set()
    for _ in range(300):
        data = bytearray(good)
        for place in rng.sample(range(good.index(bytes.fromhex(card.pan))), rng.randint(1, 3)):
            data[place] ^= rng.randrange(1, 256)
        try:
            answers.add(world.bank.merchant_payment(payment(world, card, 1, code, k7=bytes(data)), code))
        except BankProblem:
            continue
    assert answers <= {"63", "05"}, "no changed byte is paid"
    assert world.spent == 0
    stranger = PrivateKey.generate().sign(KIND, {})
    for junk in (b"", b"\x00", stranger, os.urandom(200), b"\x84" * 2000):
        with pytest.raises(BankProblem):
            world.bank.merchant_payment(junk, code)
