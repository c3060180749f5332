"""Limited-use keys (43h): each index of a card is given once, and belongs to one ATC."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tapwatch.bank import limited_use
from tapwatch.bank.problems import StateProblem, StoreProblem
from tapwatch.bank.store import Store
from tests.host.bank.card import Card, issuer_data, signed
from tests.host.bank.world import START

if TYPE_CHECKING:
    from tests.host.bank.world import World

HOUR_S = 3600


def indexes(card: Card) -> list[str]:
    """The key indexes of a batch."""
    return [index.hex() for _, _, index in card.content[16]]


def test_an_hour_has_a_hundred_keys(world: World) -> None:
    """Ten batches in one hour, then none; more in the next, and none of the first again."""
    token = world.token("visa-43")
    given = list(itertools.chain.from_iterable(indexes(world.fetch(token)) for _ in range(10)))
    assert given == [f"067810{number:02d}" for number in range(100)]
    with pytest.raises(StateProblem, match="keys of this hour"):
        world.fetch(token)
    world.clock.now = START + HOUR_S - 1
    with pytest.raises(StateProblem, match="keys of this hour"):
        world.fetch(token)
    world.clock.now += 1
    world.reopen()
    assert indexes(world.fetch(token)) == [f"067811{number:02d}" for number in range(10)]
    world.clock.now -= HOUR_S  # the clock of the bank was set back
    with pytest.raises(StateProblem, match="keys of this hour"):
        world.fetch(token)


def test_a_batch_does_not_reach_into_the_next_hour(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one index less than two batches need."""
    monkeypatch.setattr(limited_use, "KEYS_PER_HOUR", 19)
    token = world.token("visa-43")
    world.fetch(token)
    with pytest.raises(StateProblem, match="keys of this hour"):
        world.fetch(token)


def test_two_cards_have_their_own_indexes(world: World) -> None:
    first, second = world.card("visa-43"), world.card("visa-43")
    assert indexes(first) == indexes(second)
    keys = [{key for _, key, _ in card.content[16]} for card in (first, second)]
    assert keys[0].isdisjoint(keys[1])
    assert len(keys[0]) == 10


def test_other_versions_have_no_indexes(world: World) -> None:
    for _ in range(12):
        world.token("visa-22")
    token = world.token("visa-22")
    for _ in range(12):
        assert world.fetch(token).content[20] == 0x22


@pytest.mark.parametrize("first_used", [True, False])
def test_a_key_pays_under_its_own_atc_alone(world: World, first_used: bool) -> None:
    """Somebody has read one key out of a watch and puts another ATC beside it."""
    card = world.card("visa-43")
    if first_used:
        assert world.pay(card, 1, 100) == "00"
    stolen, index = card.content[16][0][1:]
    chip = {**card.tap(2, 100), "9F10": issuer_data(0x43, True, index)}
    assert world.code(world.purchase(card, 2, 100, chip=signed(stolen, chip))) == "59"
    assert world.bank.token(card.content[1]).state == "suspended"
    assert world.spent == (100 if first_used else 0)


def test_an_index_that_names_another_key_is_a_wrong_cryptogram(world: World) -> None:
    """Without the key itself: nothing is proved, nobody suspended, the ATC stays good."""
    card = world.card("visa-43")
    for index in (card.content[16][1][2], bytes.fromhex("06781099"), b"\xff" * 4):
        chip = {**card.tap(1, 100), "9F10": issuer_data(0x43, True, index)}
        assert world.code(world.purchase(card, 1, 100, chip=signed(card.key(1), chip))) == "63"
    assert world.bank.token(card.content[1]).state == "active"
    assert world.pay(card, 1, 100) == "00"


def test_the_database_gives_an_index_once(world: World) -> None:
    world.card("visa-43")
    with pytest.raises(StoreProblem), Store(world.url).write() as connection:
        connection.execute(text("UPDATE atcs SET key_index = (SELECT min(key_index) FROM atcs)"))
