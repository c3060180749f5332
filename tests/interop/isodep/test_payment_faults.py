"""Whole payments with a fault at every frame: never half a payment, and the tap after it goes through.

A payment is whole if the terminal has a cryptogram that the issuer accepts and the card has counted that ATC once. It
is none if neither has anything. It is torn if the card has used a key and the terminal does not know: the card cannot
know either, so it never uses that key again. Anything else would be half a payment.
"""

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.interop.isodep.air import KINDS, TWICE, Air, CardProcess, Faults
from tests.interop.isodep.readers import READERS, SIZES, Ended
from tests.interop.isodep.test_block_faults import LONG, random_faults
from tests.interop.nfc import issuer
from tests.interop.nfc.reader import CardError, Terminal

AMOUNT = 1234
RANDOM_TAPS = 20_000 if LONG else 120
PROFILES = ("visa", "mastercard")
KEYS = {profile: issuer.session_keys(profile, 7) for profile in PROFILES}


@pytest.fixture(scope="module")
def card() -> Iterator[CardProcess]:
    process = CardProcess()
    yield process
    process.close()


def tap(
    card: CardProcess, reader: str, profile: str, faults: Faults, seed: int, fsdi: int = 8
) -> "tuple[dict[str, bytes], Air]":
    """One field; returns the tags of a payment that the issuer accepts, or none."""
    air = Air(card, faults, seed)
    try:
        link = READERS[reader](air, fsdi)
        tags = Terminal(link.exchange, **{"9F37": f"{seed:08X}"}).pay(profile)
    except (Ended, CardError, ValueError, KeyError, StopIteration):  # what the terminal makes of a spoiled answer
        return {}, air
    assert tags["9F26"] == issuer.cryptogram(profile, tags), air.happened
    return tags, air


def judge(card: CardProcess, tags: dict[str, bytes]) -> str:
    """Whole, none or torn; fails the test for half a payment."""
    report = card.report()
    used = report["used"]
    assert report["today"] == AMOUNT * len(used), "what is counted are the keys used"
    assert set(report["complete"]) <= set(used)
    if tags:
        atc = int.from_bytes(tags["9F36"], "big")
        assert atc == used[-1], "the terminal has a cryptogram of a key that the card did not count"
        assert len(used) == 1, "one tap took two keys"
        return "whole"
    assert len(used) <= 1
    return "torn" if used else "none"


def second_tap(card: CardProcess, reader: str, profile: str, seed: int) -> None:
    """The card is still armed: the wearer holds it there again, and pays with the next key."""
    before = card.report()["used"]
    tags, _ = tap(card, reader, profile, lambda number: None, seed)
    assert tags, "the tap after a fault must go through"
    after = card.report()["used"]
    assert after[: len(before)] == before and len(after) == len(before) + 1
    assert int.from_bytes(tags["9F36"], "big") not in before, "an ATC was used twice"


@pytest.mark.parametrize("fsdi", [8, 0])
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("profile", PROFILES)
def test_every_fault_at_every_frame(card: CardProcess, profile: str, reader: str, fsdi: int) -> None:
    results: Counter[str] = Counter()
    frames = 0
    for kind in KINDS:
        at, came = 0, True
        while came:
            at += 1
            card.put(kind="payment", profile=profile, keys=KEYS[profile])
            tags, air = tap(card, reader, profile, lambda number, at=at: kind if number == at else None, at, fsdi)
            frames += air.frames
            came = bool(air.happened)
            result = judge(card, tags)
            assert came or result == "whole"
            if came:
                results[result] += 1
                second_tap(card, reader, profile, 1000 + at)
    size = SIZES[fsdi]
    print(f"NOTE payments {reader} {profile} FSD {size}: every fault at every frame, {frames} frames: {told(results)}")
    assert min(results.values()) > 0 and len(results) == 3


@pytest.mark.parametrize("profile", PROFILES)
def test_random_faults(card: CardProcess, profile: str) -> None:
    draw = random.Random(1122)
    results: Counter[str] = Counter()
    for number in range(RANDOM_TAPS):
        card.put(kind="payment", profile=profile, keys=KEYS[profile])
        reader = draw.choice(tuple(READERS))
        tags, _ = tap(card, reader, profile, random_faults(draw, 8), number)
        results[judge(card, tags)] += 1
        second_tap(card, reader, profile, 1_000_000 + number)
    print(f"NOTE payments {profile}, random faults: {told(results)}")
    assert min(results["whole"], results["none"]) > RANDOM_TAPS // 20


def told(results: "Counter[str]") -> str:
    """One line."""
    counts = ", ".join(f"{results[name]} {name}" for name in ("whole", "none", "torn"))
    return f"{sum(results.values())} taps with faults: {counts}, 0 half; each next tap paid"


@pytest.mark.parametrize("profile", PROFILES)
def test_frames_of_a_tap(card: CardProcess, profile: str) -> None:
    card.put(kind="payment", profile=profile, keys=KEYS[profile])
    _, air = tap(card, "nfcpy", profile, lambda number: None, 1)
    print(f"NOTE tap.{profile}.frames {air.frames} each way, RATS included")
    assert air.frames <= 12


def test_the_guard_can_fail(card: CardProcess) -> None:
    card.put(kind="payment", profile="visa", keys=KEYS["visa"])
    tags, _ = tap(card, "ours", "visa", lambda number: None, 5)
    assert judge(card, tags) == "whole"
    with pytest.raises(AssertionError, match="did not count"):
        judge(card, {**tags, "9F36": b"\x00\x08"})
    second_tap(card, "ours", "visa", 6)
    with pytest.raises(AssertionError, match="two keys"):
        judge(card, {**tags, "9F36": b"\x00\x08"})
    with pytest.raises(AssertionError):
        assert tap(card, "ours", "visa", lambda number: TWICE[0], 7)[0], "a session of repeated frames cannot pay"
