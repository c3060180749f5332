"""Tokens and watches in the hands of customers and phones; no sequence of requests gives a key to a stopped token."""

from __future__ import annotations

import contextlib
import os
import random
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tapwatch.bank.customer_desk import Owner
from tapwatch.bank.problems import AccessProblem, BankProblem, StateProblem, UnknownProblem
from tapwatch.bank.replenishment import RENEW_BEFORE_S
from tests.host.bank.test_enrolments import PASSWORD
from tests.host.bank.world import DAY_S, EUR, World

if TYPE_CHECKING:
    from tests.host.bank.card import Card

pytestmark = pytest.mark.share("cuts and faults")
LONG = os.environ.get("TAPWATCH_LONG") == "1"


@pytest.fixture
def number(world: World) -> int:
    """A customer who has the account of the world."""
    number = world.bank.customers.create("ada", PASSWORD)
    world.bank.customers.give_account(number, world.account)
    return number


def customer(number: int) -> Owner:
    return Owner("customer", customer=number)


def phone(world: World) -> Owner:
    return Owner("phone", device_id=world.watch.id)


RANKS = {  # who suspended: who may resume
    "phone": {"phone", "customer", "operator"},
    "customer": {"customer", "operator"},
    "operator": {"operator"},
    "bank": {"operator"},
}


@pytest.mark.parametrize("suspends", RANKS)
@pytest.mark.parametrize("resumes", ["phone", "customer", "operator"])
def test_who_may_resume(world: World, number: int, suspends: str, resumes: str) -> None:
    """A thief with the phone cannot undo its owner's word, nor the owner the bank's."""
    card = world.card()
    token, desk = card.content[1], world.bank.customers
    owners = {"phone": phone(world), "customer": customer(number)}
    if suspends == "bank":  # a clone: the same counter with another amount
        world.pay(card, 1, 100)
        assert world.pay(card, 1, 200) == "59"
    elif suspends == "operator":
        world.bank.set_state(token, "suspended")
    else:
        desk.set_state(owners[suspends], token, "suspended")
    assert world.bank.token(token).state == "suspended"

    def resume() -> None:
        if resumes == "operator":
            world.bank.set_state(token, "active")
        else:
            desk.set_state(owners[resumes], token, "active")

    if resumes in RANKS[suspends]:
        resume()
        assert world.bank.token(token).state == "active"
        assert next(event.who for event in desk.history(customer(number), token)[0]) == resumes
    else:
        with pytest.raises(AccessProblem, match="somebody else"):
            resume()


def test_history(world: World, number: int) -> None:
    card = world.card()
    token, desk = card.content[1], world.bank.customers
    world.pay(card, 1, 1234)
    desk.set_state(customer(number), token, "suspended")
    desk.set_state(customer(number), token, "suspended")  # a repeat is no event
    desk.set_state(customer(number), token, "deleted")
    events, paid = desk.history(customer(number), token)
    assert [(one.event, one.who) for one in events] == [
        ("deleted", "customer"), ("suspended", "customer"), ("keys", "bank"), ("issued", "bank"),
    ]  # fmt: skip
    assert [(one.amount_minor, one.currency, one.merchant) for one in paid] == [(1234, EUR, "Corner shop")]
    assert desk.history(phone(world), token)[1] == []
    assert [told.payload[4] for told in world.notices() if told.kind == "tapwatch/token-state"] == [
        "suspended", "deleted",
    ]  # fmt: skip


def test_tokens_and_watches_of_others(world: World, number: int) -> None:
    """What is not one's own does not exist."""
    token, desk = world.card().content[1], world.bank.customers
    stranger = desk.create("eve", PASSWORD)
    for owner in (customer(stranger), Owner("phone", device_id=bytes(8))):
        for act in (lambda o=owner: desk.set_state(o, token, "deleted"), lambda o=owner: desk.history(o, token)):
            with pytest.raises(UnknownProblem):
                act()
    assert desk.tokens(customer(stranger)) == [] == desk.watches(stranger)
    with pytest.raises(UnknownProblem):
        desk.set_watch_state(stranger, world.watch.id, "lost", "")
    assert [one.id for one in desk.tokens(customer(number))] == [token] == [one.id for one in desk.tokens(phone(world))]


def test_a_customer_loses_finds_and_wipes_a_watch(world: World, number: int) -> None:
    card, desk = world.card(), world.bank.customers
    desk.set_watch_state(number, world.watch.id, "lost", "call 555 0142")
    assert (desk.watches(number)[0].state, world.pay(card, 1, 100)) == ("lost", "41")
    desk.set_watch_state(number, world.watch.id, "found", "")
    assert world.pay(card, 2, 100) == "00"
    desk.set_watch_state(number, world.watch.id, "wipe", "")
    assert desk.watches(number) == []
    assert (world.bank.token(card.content[1]).state, world.pay(card, 3, 100)) == ("deleted", "41")
    assert desk.history(customer(number), card.content[1])[0][0].who == "customer"
    told = [one.payload[3] for one in world.notices() if one.kind == "tapwatch/device-state"]
    assert told == ["lost", "found", "wipe"]


def reported(token: bytes, state: str = "active", keys: int = 8, wants: bool = False) -> dict:
    """One card as a watch reports it."""
    return {1: token, 2: state, 3: keys, 4: wants, 5: 0, 6: 0, 7: None}


def test_refills_by_what_the_watch_reports(world: World, number: int) -> None:
    """New, low, empty or old: the bank asks for a request. Suspended, deleted, expired or lost: it does not."""
    token, desk = world.token(), world.bank.customers
    assert desk.wanted(world.watch.id, []) == ([token], [])
    request = world.watch.request(token, world.bank.issuer_id, nonce=bytes(16))
    package = world.bank.package(request)
    assert desk.wanted(world.watch.id, [reported(token)])[0] == [token]  # its receipt has not come yet
    world.bank.receipt(world.watch.receipt(token, 1, bytes(16), sha256(package).digest()))
    assert desk.wanted(world.watch.id, [reported(token)])[0] == []
    for low in (reported(token, wants=True), reported(token, "keys-low", 3), reported(token, "no-keys", 0)):
        assert desk.wanted(world.watch.id, [low])[0] == [token]
    world.clock.now += 14 * DAY_S - RENEW_BEFORE_S
    assert desk.wanted(world.watch.id, [reported(token)])[0] == [token]
    desk.set_state(customer(number), token, "suspended")
    assert desk.wanted(world.watch.id, [reported(token, "no-keys", 0)])[0] == []
    desk.set_state(customer(number), token, "active")
    world.bank.lost(world.watch.id)
    assert desk.wanted(world.watch.id, [])[0] == []
    world.bank.found(world.watch.id)
    world.clock.now += 4 * 365 * DAY_S
    assert desk.wanted(world.watch.id, [])[0] == []


class Story:
    """Random requests about one token by everybody; what must hold is checked after each."""

    def __init__(self, world: World, number: int, seed: int) -> None:
        self.world, self.number, self.random = world, number, random.Random(seed)
        self.token = world.token()
        self.cards: list[Card] = []
        self.batch = 1
        self.given = self.paid = 0

    def step(self) -> None:
        before = self.world.bank.token(self.token).state
        act = self.random.choice((self.keys, self.keys, self.pay, self.pay, self.change, self.change, self.watch))
        with contextlib.suppress(BankProblem):
            act(before)
        self.check()

    def keys(self, before: str) -> None:
        highest = max((max(card.atcs) for card in self.cards), default=0)
        number = self.batch if self.random.random() < 0.8 else self.batch + 1
        card = self.world.fetch(self.token, number, highest)
        assert before == "active", f"a {before} token got keys"
        self.cards.append(card)
        self.given += 1
        self.world.pay(card, card.atcs[0], 1)
        self.batch += 1

    def pay(self, before: str) -> None:
        if not self.cards:
            return
        card = self.random.choice(self.cards)
        code = self.world.pay(card, self.random.choice(card.atcs), 1)
        assert code != "00" or before == "active", f"a {before} token paid"
        self.paid += code == "00"

    def change(self, before: str) -> None:
        state = self.random.choice(("active", "suspended", "active", "suspended", "active", "deleted"))
        if state == "deleted" and self.random.random() < 0.7:
            return
        owner = self.random.choice((customer(self.number), phone(self.world), None))
        if owner is None:
            self.world.bank.set_state(self.token, state)
        else:
            self.world.bank.customers.set_state(owner, self.token, state)
        assert before != "deleted" or state == "deleted"

    def watch(self, _: str) -> None:
        state = self.random.choice(("lost", "found"))
        self.world.bank.customers.set_watch_state(self.number, self.world.watch.id, state, "")

    def check(self) -> None:
        with self.world.bank._store.read() as connection:
            usable = connection.execute(
                text("SELECT count(*) FROM atcs WHERE token_id = :token AND state IN ('issued', 'live')"),
                {"token": self.token},
            ).scalar_one()
        assert self.world.bank.token(self.token).state != "deleted" or usable == 0


def test_no_sequence_gives_a_key_to_a_stopped_token(world: World, number: int) -> None:
    stories = [Story(world, number, seed) for seed in range(60 if LONG else 6)]
    for story in stories:
        for _ in range(25):
            story.step()
        if world.bank.customers.watches(number) and world.bank.customers.watches(number)[0].state == "lost":
            world.bank.found(world.watch.id)
    given, paid = sum(story.given for story in stories), sum(story.paid for story in stories)
    print(f"NOTE lifecycle: {25 * len(stories)} random requests, {given} batches, {paid} payments, 0 of stopped tokens")
    assert given and paid and world.bank.trial_balance().balanced


def test_keys_of_a_suspended_token_are_not_repeated(world: World) -> None:
    """Not even the bytes that were given before; once it is resumed the same request gets the same bytes."""
    token = world.token()
    request = world.watch.request(token, world.bank.issuer_id)
    package = world.bank.package(request)
    world.bank.set_state(token, "suspended")
    with pytest.raises(StateProblem):
        world.bank.package(request)
    world.bank.set_state(token, "active")
    assert world.bank.package(request) == package
