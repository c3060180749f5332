"""Lost, found, wiped: what the bank refuses at once, and what it tells the watch."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from tapwatch.bank.problems import BankProblem, RequestProblem, StateProblem, UnknownProblem
from tests.host.bank.test_codes_merchant import merchant_code, payment
from tests.host.bank.till import Till, presented, shown
from tests.host.bank.world import Watch

if TYPE_CHECKING:
    from tests.host.bank.world import World


def told(world: World) -> list[tuple[object, ...]]:
    """State and text of each device state for the watch."""
    return [
        (notice.payload[3], notice.payload[4]) for notice in world.notices() if notice.kind == "tapwatch/device-state"
    ]


def test_a_lost_watch_pays_in_no_way(world: World) -> None:
    """Every card, by tap, by both kinds of code, by a merchant's code. Another watch of the customer goes on."""
    cards = [world.card("visa"), world.card("mastercard")]
    code = merchant_code(world, once=False)
    world.bank.lost(world.watch.id, "Call 555 0100")
    till = Till(world)
    for card in cards:
        assert world.pay(card, 1, 100) == "41"
        assert till.pay(shown(card.content[21], 0, world.clock.now)) == "41"
        assert world.code(till.qr(card, presented(card, 2))) == "41"
        assert world.bank.merchant_payment(payment(world, card, 3, code), code) == "41"
    assert world.spent == 0
    lost, world.watch = world.watch, Watch(world.root, 2)
    world.register(world.watch)
    assert world.pay(world.card(), 1, 100) == "00"
    world.watch = lost
    assert told(world) == [("lost", "Call 555 0100")]
    world.bank.found(lost.id)
    assert [world.pay(card, 4, 100) for card in cards] == ["00", "00"]
    assert told(world) == [("lost", "Call 555 0100"), ("found", "")]


def test_the_envelope(world: World) -> None:
    world.bank.lost(world.watch.id, "丢了请拨 555")
    (notice,) = world.notices()
    assert notice.kind == "tapwatch/device-state"
    assert notice.payload == {1: world.watch.id, 2: 1, 3: "lost", 4: "丢了请拨 555", 5: world.clock.now}
    world.bank.found(world.watch.id)
    world.bank.set_state(world.token(), "suspended")
    assert [notice.payload[2] for notice in world.notices()] == [1, 2, 3], "one sequence with all notices"


def test_a_wiped_watch(world: World) -> None:
    cards = [world.card("visa"), world.card("mastercard")]
    world.bank.wipe(world.watch.id)
    assert [world.bank.token(card.content[1]).state for card in cards] == ["deleted", "deleted"]
    assert world.pay(cards[0], 1, 100) == "41"
    for change in (world.bank.found, world.bank.lost):
        with pytest.raises(StateProblem):
            change(world.watch.id)
    world.bank.wipe(world.watch.id)
    assert told(world) == [("wipe", ""), ("wipe", "")]
    world.register(world.watch)
    assert world.pay(cards[0], 2, 100) == "62", "the old cards stay deleted"
    assert world.pay(world.card(), 1, 100) == "00"


def test_a_lost_watch_stays_lost_when_it_registers_again(world: World) -> None:
    card = world.card()
    world.bank.lost(world.watch.id)
    world.register(world.watch)
    assert world.pay(card, 1, 100) == "41"
    world.reopen()
    assert world.pay(card, 2, 100) == "41"


def test_reversals_of_a_lost_watch_go_through(world: World) -> None:
    card = world.card()
    purchase = world.purchase(card, 1, 100)
    assert world.code(purchase) == "00"
    world.bank.lost(world.watch.id)
    assert world.code(world.about(purchase, "0400")) == "00"
    assert world.spent == 0


def test_bad_requests(world: World) -> None:
    for text in ("é" * 41, "a\nb", "\x00", "\u202e"):
        with pytest.raises(RequestProblem):
            world.bank.lost(world.watch.id, text)
    world.bank.lost(world.watch.id, "é" * 40)
    stranger = bytes(8)
    for change in (world.bank.lost, world.bank.found, world.bank.wipe):
        with pytest.raises(UnknownProblem):
            change(stranger)


def test_every_command_in_every_state(world: World) -> None:
    """The table in `device_states`, row by row, for each way to get there."""
    table = {
        "": {"lost": "lost", "found": None, "wipe": "wiped"},
        "lost": {"lost": "lost", "found": "", "wipe": "wiped"},
        "wiped": {"lost": None, "found": None, "wipe": "wiped"},
    }
    tried = 0
    for number, path in enumerate(itertools.product(("lost", "found", "wipe"), repeat=3)):
        watch, state = Watch(world.root, 10 + number), ""
        world.register(watch)
        for command in path:
            expected = table[state][command]
            try:
                getattr(world.bank, command)(watch.id)
                assert expected is not None
                state = expected
            except BankProblem:
                assert expected is None
            tried += 1
    print(f"NOTE lost watches: {tried} commands in every state, as in the table")
