"""Every card product: what it is, that it pays in any order and is caught when copied, and what its package holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tapwatch.acquiring import icc, spec
from tapwatch.bank import codes as codes_room
from tapwatch.bank.issuance import MAX_ATC
from tapwatch.bank.limits import Limits
from tapwatch.bank.problems import RequestProblem, StateProblem
from tapwatch.bank.products import NAMES, PRODUCTS, product_named
from tests.host.bank.card import Card, open_package, tdes
from tests.host.bank.world import START, Watch, World

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = (1 << 40) - 1
"""Largest value of a limit."""


def test_names() -> None:
    """Every product has its own name, which fits the database; a profile's name means its usual product."""
    assert {name: product_named(name).name for name in NAMES if name not in PRODUCTS} == {
        "visa": "visa-18",
        "mastercard": "mastercard-14",
    }
    assert all(product.name == name and len(name) <= 20 for name, product in PRODUCTS.items())
    assert {product.profile.name for product in PRODUCTS.values()} <= set(NAMES)
    with pytest.raises(RequestProblem, match="no card product 'amex'"):
        product_named("amex")


@pytest.mark.parametrize("name", PRODUCTS)
def test_package(world: World, name: str) -> None:
    product = PRODUCTS[name]
    content = world.card(name).content
    assert (content[3], content[20]) == (product.profile.name, product.version.number)
    assert (content[10], content[19]) == (product.label, product.accent)
    assert list(content[15].values()) == list(product.limits.to_json().values())
    assert (content[21] is not None) == product.codes
    assert (content[22] is not None) == (name == "closed-loop")
    assert {len(entry) for entry in content[16]} == {3 if name == "visa-43" else 2}
    assert content[24] == 4
    assert content[4].startswith(product.profile.dpan_prefix)


@pytest.mark.parametrize("name", PRODUCTS)
def test_largest_package(world: World, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every field as long as it can be: ATCs near the end, numbers of nine bytes, a label of 32 bytes."""
    monkeypatch.setattr(codes_room, "PER_CODE_MINOR", LARGEST)
    monkeypatch.setattr(codes_room, "IN_ALL_MINOR", LARGEST)
    limits = Limits(*[LARGEST] * 7)
    token = world.bank.issue_token(world.bank.order_card(world.account, name, "W" * 32), world.watch.id, limits)
    highest = MAX_ATC - 14
    package = world.bank.package(world.watch.request(token, world.bank.issuer_id, highest=highest))
    content = open_package(package, world.watch.receipt_key, world.watch.id, world.bank.issuer_id)
    keys = len(content[16]) + len((content[22] or {2: []})[2])
    print(f"NOTE bank: largest package of {name}: {len(package)} bytes with {keys} keys")
    assert len(package) <= 2048


@pytest.mark.parametrize("name", PRODUCTS)
def test_any_order_gaps_repeats_and_a_clone(world: World, name: str) -> None:
    card = world.card(name)
    requests = [world.purchase(card, atc, 100) for atc in (card.atcs[4], card.atcs[0], card.atcs[9])]
    answers = [world.bank.authorise(request) for request in requests]
    assert [answer["39"] for answer in answers] == ["00"] * 3
    world.reopen()
    assert [world.bank.authorise({**request, "t": "0201"}) for request in requests] == answers
    assert world.spent == 300
    assert world.pay(card, card.atcs[0], 101) == "59"
    assert world.bank.token(card.content[1]).state == "suspended"
    assert world.pay(card, card.atcs[1], 100) == "62"
    assert world.spent == 300
    assert world.bank.trial_balance().balanced


@pytest.mark.parametrize("name", PRODUCTS)
def test_forged_cryptogram(world: World, name: str) -> None:
    card = world.card(name)
    chip = {**card.tap(card.atcs[0], 100), "9F26": bytes(8)}
    assert world.code(world.purchase(card, card.atcs[0], 100, chip=chip)) == "63"
    assert world.pay(card, card.atcs[0], 100) == "00"


@pytest.mark.parametrize("name", PRODUCTS)
def test_without_passcode(world: World, name: str) -> None:
    card, most = world.card(name), PRODUCTS[name].limits.per_tap_without_cdcvm
    for atc, amount, cdcvm, code in ((1, most + 1, False, "65"), (2, most + 1, True, "00"), (3, most, False, "00")):
        assert world.code(world.purchase(card, atc, amount, chip=card.tap(atc, amount, cdcvm=cdcvm))) == code


@pytest.mark.parametrize("name", PRODUCTS)
def test_how_a_card_may_be_read(world: World, name: str) -> None:
    """Field 22: contactless and, for the contact test card, by contact; neither keyed in nor by magnetic stripe."""
    card = world.card(name)
    good = {"071", "051"} if name == "contact-test" else {"071"}
    for atc, mode in enumerate(("071", "051", "011", "901"), 1):
        code = world.code(world.purchase(card, atc, 100, changes={"22": mode}))
        assert code == ("00" if mode in good else "58"), mode


def test_two_tokens_of_one_card(world: World) -> None:
    """Two watches: numbers and keys of their own, one PAR and one account; suspending one leaves the other."""
    other = Watch(world.root, 2)
    world.register(other)
    number = world.bank.order_card(world.account, "visa-22")
    first, second = (world.bank.issue_token(number, watch.id) for watch in (world.watch, other))
    card = world.fetch(first)
    package = world.bank.package(other.request(second, world.bank.issuer_id))
    twin = Card(open_package(package, other.receipt_key, other.id, world.bank.issuer_id))
    assert (card.content[7], card.content[8]) == (twin.content[7], twin.content[8])
    assert card.pan != twin.pan
    assert {key for _, key in card.content[16]}.isdisjoint(key for _, key in twin.content[16])
    assert [world.pay(card, 1, 100), world.pay(twin, 1, 100)] == ["00", "00"]
    assert world.pay(card, 1, 200) == "59"
    assert [world.pay(card, 2, 100), world.pay(twin, 2, 100)] == ["62", "00"]
    assert world.code({**world.purchase(card, 3, 100), "2": twin.pan}) == "63", "keys of one are nothing to the other"


def test_resuming_after_a_clone_needs_new_keys(world: World) -> None:
    """Whoever copied one key may have copied all: they stay dead. The watch asks on, as it does when keys run low."""
    token = world.token("mastercard-15")
    card = world.fetch(token)
    assert [world.pay(card, 1, 100), world.pay(card, 1, 200)] == ["00", "59"]
    world.bank.set_state(token, "active")
    assert world.pay(card, 2, 100) == "54"
    fresh = world.fetch(token, 2, 10)
    assert fresh.atcs[0] == 11
    assert world.pay(fresh, 11, 100) == "00"


def test_suspension_by_hand_stops_keys_and_resuming_brings_them_back(world: World) -> None:
    token = world.token("visa-43")
    card = world.fetch(token)
    world.bank.set_state(token, "suspended")
    assert world.pay(card, card.atcs[0], 100) == "62"
    with pytest.raises(StateProblem, match="suspended"):
        world.fetch(token, 2, 10)
    world.bank.set_state(token, "active")
    assert world.pay(card, card.atcs[1], 100) == "00"
    assert world.pay(card, card.atcs[0], 100) == "59", "a key that was shown while suspended is used up"


def test_answer_for_a_card_that_checks(world: World) -> None:
    """Tag 91 goes over the wire and fits what a second GENERATE AC expects; other cards get none; a repeat has it."""
    card = world.card("contact-test")
    for atc, amount, code in ((1, 100, "00"), (2, 2_000_000, "61")):
        request = world.purchase(card, atc, amount, changes={"22": "051"})
        message = world.bank.desk.answer_bytes(spec.encode(request))
        assert message is not None
        answer = spec.decode(message)
        tags = icc.decode(bytes.fromhex(answer["55"]))
        mixed = bytes(
            a ^ b for a, b in zip(card.tap(atc, amount)["9F26"], code.encode().ljust(8, b"\x00"), strict=True)
        )
        assert (answer["39"], tags) == (code, {"91": tdes(card.key(atc), mixed) + code.encode()})
        assert world.bank.authorise(request)["55"] == answer["55"]
    forged = {**card.tap(3, 100), "9F26": bytes(8)}
    assert "55" not in world.bank.authorise(world.purchase(card, 3, 100, chip=forged))
    plain = world.card("mastercard-14")
    assert "55" not in world.bank.authorise(world.purchase(plain, 1, 100))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> World:
    """One bank for many random lives: making one takes longer than a life."""
    folder: Path = tmp_path_factory.mktemp("bank")
    return World(folder, opening=100_000_000)


STEPS = st.lists(
    st.tuples(st.sampled_from(("pay", "pay", "pay", "again", "refill", "lose")), st.integers(0, 13), st.booleans()),
    min_size=1,
    max_size=14,
)


@pytest.mark.share("fuzz")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(PRODUCTS)), steps=STEPS)
def test_random_lives(shared: World, name: str, steps: list[tuple[str, int, bool]]) -> None:
    """Taps in any order, repeats, refills and lost packages against a model of a few lines: no key pays twice."""
    world, token = (
        shared,
        shared.token(name, Limits(per_day=LARGEST, taps_without_cdcvm=100, sum_without_cdcvm=LARGEST)),
    )
    cards, used, dead, batch = [world.fetch(token)], {}, set(), 1
    world.clock.now = max(world.clock.now, START)
    for step, place, old in steps:
        card = cards[0 if old else -1]
        atcs = card.atcs + card.express_atcs
        atc = atcs[place % len(atcs)]
        if step == "pay" and atc not in used:
            chip = card.tap(atc, 100, cdcvm=atc in card.atcs)
            request = world.purchase(card, atc, 100, chip=chip)
            used[atc] = request, world.code(request)
            assert used[atc][1] == ("54" if atc in dead else "00")
        elif step == "again" and atc in used:
            assert world.code(used[atc][0]) == used[atc][1]
        elif step in ("refill", "lose"):
            world.clock.now += 360  # ten batches an hour at most
            batch, lost = _after(step, batch, cards[-1], used)
            dead |= lost
            cards.append(world.fetch(token, batch, max(cards[-1].atcs) if not lost else 0))
            assert min(cards[-1].atcs) > max(cards[-2].atcs + cards[-2].express_atcs)


def _after(step: str, batch: int, last: Card, used: dict[int, tuple[spec.Fields, str]]) -> tuple[int, set[int]]:
    """Number of the next batch, and the ATCs that die: those of a batch whose package never arrived and never paid."""
    atcs = set(last.atcs + last.express_atcs)
    if step == "refill" or atcs & set(used):
        return batch + 1, set()
    return batch, atcs
