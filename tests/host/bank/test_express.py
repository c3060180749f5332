"""Express keys of a closed-loop card: their own limits, and no word about the wearer."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from tapwatch.bank.issuance import MAX_ATC
from tapwatch.bank.limits import Limits
from tapwatch.bank.problems import StateProblem
from tapwatch.bank.products import PRODUCTS
from tapwatch.bank.schema import tokens
from tapwatch.bank.store import Store

if TYPE_CHECKING:
    from tests.host.bank.card import Card
    from tests.host.bank.world import World

EXPRESS = PRODUCTS["closed-loop"].express or Limits()
FARE = EXPRESS.per_tap_without_cdcvm


def tap(world: World, card: Card, atc: int, amount: int = FARE, cdcvm: bool = False) -> str:
    """Pay; return the response code."""
    return world.code(world.purchase(card, atc, amount, chip=card.tap(atc, amount, cdcvm=cdcvm)))


def test_batch(world: World) -> None:
    """Four keys with ATCs above the others, and the limits of the product."""
    card = world.card("closed-loop")
    assert (card.atcs, card.express_atcs) == (list(range(1, 11)), list(range(11, 15)))
    assert list(card.content[22][1].values()) == list(EXPRESS.to_json().values())
    assert len({card.key(atc) for atc in card.atcs + card.express_atcs}) == 14


def test_fares(world: World) -> None:
    """Four of the highest fare go through, in any order; one unit more does not."""
    card = world.card("closed-loop")
    assert [tap(world, card, atc) for atc in (13, 11, 14, 12)] == ["00"] * 4
    again = world.card("closed-loop")
    assert tap(world, again, 11, FARE + 1) == "65"
    assert tap(world, again, 1, FARE + 1) == "00", "a key of the armed card has other limits"


def test_no_claim_that_the_wearer_was_verified(world: World) -> None:
    """An express key is sealed without the passcode, so such a claim is a lie: declined, whatever the amount."""
    card = world.card("closed-loop")
    assert tap(world, card, 11, 1, cdcvm=True) == "57"
    assert tap(world, card, 11, 1) == "59", "the key is used up"
    other = world.card("closed-loop")
    assert tap(world, other, 1, 1, cdcvm=True) == "00"


def test_limits_of_the_database_hold(world: World) -> None:
    """Fewer taps and a smaller sum than the batch has keys: a new batch or a payment with passcode starts anew."""
    token = world.token("closed-loop")
    limits = {**EXPRESS.to_json(), "taps_without_cdcvm": 2, "sum_without_cdcvm": 2 * FARE}
    set_express_limits(world, token, limits)
    card = world.fetch(token)
    assert card.content[22][1][4] == 2
    assert [tap(world, card, atc, 100) for atc in (11, 12, 13)] == ["00", "00", "65"]
    assert tap(world, card, 1, 100, cdcvm=True) == "00"
    assert tap(world, card, 14, 100) == "00"
    fresh = world.fetch(token, 2, 14)
    assert fresh.express_atcs == [25, 26, 27, 28]
    assert [tap(world, fresh, atc, FARE) for atc in (25, 26, 27)] == ["00", "00", "65"]


def test_express_and_armed_taps_are_counted_apart(world: World) -> None:
    product = PRODUCTS["closed-loop"]
    card = world.card("closed-loop")
    assert [tap(world, card, atc, 100) for atc in card.express_atcs] == ["00"] * 4
    codes = [tap(world, card, atc, 100) for atc in range(1, product.limits.taps_without_cdcvm + 2)]
    assert codes == ["00"] * product.limits.taps_without_cdcvm + ["65"]


def test_all_taps_count_for_the_day(world: World) -> None:
    card = world.card("closed-loop", Limits(per_day=2 * FARE))
    assert [tap(world, card, 11), tap(world, card, 1, FARE, cdcvm=True)] == ["00", "00"]
    assert tap(world, card, 12, 1) == "61"


def test_a_clone_of_an_express_key(world: World) -> None:
    """The watch loses all its keys, express or not."""
    card = world.card("closed-loop")
    assert [tap(world, card, 11, 100), tap(world, card, 11, 200)] == ["00", "59"]
    assert world.bank.token(card.content[1]).state == "suspended"
    assert [tap(world, card, 12, 100), tap(world, card, 1, 100)] == ["62", "62"]


def test_first_express_tap_makes_the_batch_live(world: World) -> None:
    token = world.token("closed-loop")
    card = world.fetch(token)
    assert tap(world, card, 12) == "00"
    with pytest.raises(StateProblem, match="batch 2 is next"):
        world.fetch(token)
    assert world.fetch(token, 2, 14).atcs[0] == 15


@pytest.mark.parametrize("highest", [1, 10, 14])
def test_next_batch_starts_above_express_atcs(world: World, highest: int) -> None:
    """Whatever ATC of the batch the watch names, it holds the batch; the next one starts above all of it."""
    token = world.token("closed-loop")
    world.fetch(token)
    assert world.fetch(token, 2, highest).atcs == list(range(15, 25))


def test_a_lost_package_costs_its_express_keys(world: World) -> None:
    token = world.token("closed-loop")
    lost = world.fetch(token)
    fresh = world.fetch(token)
    assert fresh.atcs[0] == 15
    assert [tap(world, lost, 11, 100), tap(world, fresh, fresh.express_atcs[0], 100)] == ["54", "00"]


def test_expired_batch(world: World) -> None:
    card = world.card("closed-loop")
    world.clock.now = card.content[17] + 1
    assert [tap(world, card, 11, 100), tap(world, card, 1, 100)] == ["54", "54"]


def test_end_of_the_counter(world: World) -> None:
    """Fourteen ATCs or none: half a batch would leave a card without express keys."""
    token = world.token("closed-loop")
    assert world.fetch(token, highest=MAX_ATC - 14).express_atcs[-1] == MAX_ATC
    with pytest.raises(StateProblem, match="counter"):
        world.fetch(world.token("closed-loop"), highest=MAX_ATC - 13)


def test_same_request_same_express_keys(world: World) -> None:
    request = world.watch.request(world.token("closed-loop"), world.bank.issuer_id, nonce=secrets.token_bytes(16))
    assert world.bank.package(request) == world.bank.package(request)


def set_express_limits(world: World, token: bytes, limits: dict[str, int]) -> None:
    """Give a token other express limits, as an operator of the database could."""
    with Store(world.url).write() as connection:
        connection.execute(update(tokens).where(tokens.c.id == token).values(express_limits=limits))
