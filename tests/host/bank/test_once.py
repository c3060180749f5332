"""Nothing happens twice: repeats, clones, races, advices and reversals in any order."""

from __future__ import annotations

import itertools
import threading
from typing import TYPE_CHECKING

import pytest

from tests.host.bank.card import Card

if TYPE_CHECKING:
    from tests.host.bank.world import World


def test_repeat_gets_the_stored_answer(world: World) -> None:
    card = world.card()
    request = world.purchase(card, 1, 1234)
    answer = world.bank.authorise(request)
    world.reopen()
    assert world.bank.authorise(request) == answer
    assert world.bank.authorise({**request, "t": "0201", "7": "1122090107"}) == answer
    assert world.spent == 1234
    assert len(world.notices()) == 1


def test_purchase_is_no_repeat_of_an_authorisation(world: World) -> None:
    request = world.purchase(world.card(), 1, 1234, "0100")
    assert world.code(request) == world.code({**request, "t": "0101"}) == "00"
    assert world.code({**request, "t": "0200"}) == "94"
    assert world.code({**world.about(request, "0400"), "t": "0400"}) == "00"
    assert world.spent == 0


def test_repeat_of_a_declined_request(world: World) -> None:
    card = world.card()
    request = world.purchase(card, 1, 2_000_000)
    assert world.code(request) == world.code(request) == "61"
    assert len(world.notices()) == 1


@pytest.mark.parametrize("other", ["11", "32", "37", "41", "13"])
def test_clone(world: World, other: str) -> None:
    """The same tap under any other number is a replay; so is another tap with the same ATC."""
    card = world.card()
    request = world.purchase(card, 1, 1234)
    assert world.code(request) == "00"
    changed = {"11": "999999", "32": "2", "37": "999999999999", "41": "OTHER   ", "13": "1121"}[other]
    assert world.code({**request, other: changed}) == "59"
    assert world.bank.token(card.content[1]).state == "suspended"
    assert world.pay(card, 2, 100) == "62"
    assert world.spent == 1234
    told = [(notice.kind, notice.payload[4]) for notice in world.notices()]
    assert told == [("tapwatch/notice", 1), ("tapwatch/token-state", "suspended"), ("tapwatch/notice", 2)]


def test_restored_watch(world: World) -> None:
    """An old copy of the watch signs another amount with a used key."""
    card = world.card()
    assert world.pay(card, 1, 100) == "00"
    assert world.pay(card, 1, 200) == "59"
    assert world.pay(card, 1, 300) == "59"
    assert world.bank.token(card.content[1]).state == "suspended"
    assert len(world.notices()) == 2, "told once, however often it is tried"


def test_clone_under_the_same_numbers(world: World) -> None:
    card = world.card()
    request = world.purchase(card, 1, 100)
    assert world.code(request) == "00"
    again = world.purchase(card, 1, 200)
    assert world.code({**again, "11": request["11"], "37": request["37"]}) == "59"
    assert world.bank.token(card.content[1]).state == "suspended"


def test_same_numbers_fresh_key_is_a_mistake_of_the_terminal(world: World) -> None:
    card = world.card()
    request = world.purchase(card, 1, 100)
    assert world.code(request) == "00"
    again = world.purchase(card, 2, 200)
    assert world.code({**again, "11": request["11"], "37": request["37"]}) == "94"
    assert world.bank.token(card.content[1]).state == "active"
    assert world.pay(card, 2, 300) == "00"


def test_forged_cryptogram_suspends_nobody(world: World) -> None:
    """Whoever has seen a token number and an ATC could otherwise stop the card."""
    card = world.card()
    assert world.pay(card, 1, 100) == "00"
    for atc in (1, 2):
        chip = {**card.tap(atc, 100), "9F26": bytes(8)}
        assert world.code(world.purchase(card, atc, 100, chip=chip)) == "63"
    assert world.bank.token(card.content[1]).state == "active"
    assert world.pay(card, 2, 100) == "00"


def test_two_authorisations_at_once(world: World) -> None:
    """Eight terminals send the same ATC at the same moment: one is approved."""
    card = world.card()
    requests = [world.purchase(card, 1, 100 + number) for number in range(8)]
    start = threading.Barrier(len(requests))
    codes = []

    def send(request: dict[str, str]) -> None:
        start.wait()
        codes.append(world.code(request))

    threads = [threading.Thread(target=send, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["00"] + ["59"] * 7
    assert world.bank.trial_balance().balanced


def test_same_message_at_once(world: World) -> None:
    """A terminal that repeats before it has its answer pays once."""
    request = world.purchase(world.card(), 1, 100)
    codes = []
    threads = [threading.Thread(target=lambda: codes.append(world.code(request))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == ["00"] * 6
    assert world.spent == 100


@pytest.mark.parametrize("message", ["0400", "0420"])
@pytest.mark.parametrize("original", ["0100", "0200"])
def test_reversal(world: World, message: str, original: str) -> None:
    card = world.card()
    purchase = world.purchase(card, 1, 1234, original)
    assert world.code(purchase) == "00"
    reversal = world.about(purchase, message)
    assert world.code(reversal) == world.code({**reversal, "t": message[:3] + "1"}) == "00"
    assert world.code(world.about(purchase, message)) == "00"
    assert world.spent == 0
    assert world.bank.trial_balance().balanced
    assert [notice.payload[10] for notice in world.notices()] == ["00", "21"]
    assert world.pay(card, 1, 1234) == "59", "a reversed payment does not give its key back"


def test_reversal_rules(world: World) -> None:
    card, other = world.card(), world.card("mastercard")
    purchase = world.purchase(card, 1, 1234)
    assert world.code(purchase) == "00"
    assert world.code(world.about(purchase, "0400", 1000)) == "13"
    assert world.code({**world.about(purchase, "0400"), "2": other.pan}) == "25"
    assert world.code({**world.about(purchase, "0400"), "2": "4761739001010010"}) == "25"
    assert world.code({**world.about(purchase, "0400"), "90": "0" * 42}) == "30"
    assert world.code({**world.about(purchase, "0400"), "90": "1"}) == "30"
    stranger = world.about(purchase, "0400")
    assert world.code({**stranger, "32": "2"}) == "30"
    assert world.code({**stranger, "41": "OTHER   "}) == "00"  # kept, in case that terminal's payment still comes
    assert world.spent == 1234


def test_early_reversal_of_another_card_does_not_count(world: World) -> None:
    card, other = world.card(), world.card("mastercard")
    purchase = world.purchase(card, 1, 1234)
    assert world.code({**world.about(purchase, "0400"), "2": other.pan}) == "00"
    assert world.code(purchase) == "00"


def test_capture_of_less_than_was_held(world: World) -> None:
    card = world.card()
    held = world.purchase(card, 1, 1000, "0100")
    assert world.code(held) == "00"
    assert world.code(world.about(held, "0220", 1001)) == "13"
    assert world.code(world.about(held, "0220", 700)) == "00"
    assert world.code(world.about(held, "0220", 700)) == "00"
    assert world.spent == 700
    assert world.code(world.about(held, "0400")) == "00"
    assert world.spent == 0


def test_advice_for_a_payment_that_was_declined(world: World) -> None:
    card = world.card()
    declined = world.purchase(card, 1, 2_000_000, "0100")
    assert world.code(declined) == "61"
    assert world.code(world.about(declined, "0220", 100)) == "21"
    forged = world.purchase(card, 2, 100, "0100", chip={**card.tap(2, 100), "9F26": bytes(8)})
    assert world.code(forged) == "63"
    assert world.code(world.about(forged, "0220")) == "21"
    assert world.code(world.about(forged, "0400")) == "00"
    assert world.spent == 0


@pytest.mark.parametrize("message", ["0100", "0200"])
def test_every_order_of_payment_advice_and_reversal(world: World, message: str) -> None:
    """In any order, each one twice: once the reversal has come, no money is gone."""
    token = world.token()
    card = world.fetch(token)
    orders = 0
    for order in sorted(set(itertools.permutations(("pay", "advise", "reverse")))):
        for doubled in order:
            if orders and orders % 10 == 0:
                card = Card(world.fetch(token, orders // 10 + 1, max(card.atcs)).content)
            purchase = world.purchase(card, card.atcs[orders % 10], 1234, message)
            messages = {
                "pay": purchase,
                "advise": world.about(purchase, "0220", 1000),
                "reverse": world.about(purchase, "0400"),
            }
            for step in order:
                for _ in range(2 if step == doubled else 1):
                    world.bank.authorise(messages[step])
            assert world.spent == 0, (order, doubled)
            assert world.bank.trial_balance().balanced
            orders += 1
    print(f"NOTE bank: {orders} orders of a {message}, its advice and its reversal, one of them twice: 0 moved twice")


def test_advice_before_its_payment(world: World) -> None:
    card = world.card()
    held = world.purchase(card, 1, 1000, "0100")
    advice = world.about(held, "0220", 600)
    assert world.code(advice) == "00"
    assert world.spent == 0
    assert world.code(held) == "00"
    assert world.spent == 600
    assert world.code(advice) == "00"
    assert world.spent == 600


def test_reversal_before_its_payment(world: World) -> None:
    card = world.card()
    purchase = world.purchase(card, 1, 1000)
    assert world.code(world.about(purchase, "0400")) == "00"
    assert world.code(purchase) == world.code(purchase) == "21"
    assert world.spent == 0
    assert world.pay(card, 1, 1000) == "59", "its key is used up all the same"


def test_reversal_over_new_year(world: World) -> None:
    world.clock.now = 1_798_761_600 - 60  # a minute before 2027 UTC
    card = world.card()
    purchase = world.purchase(card, 1, 1000, changes={"13": "1231"})
    assert world.code(purchase) == "00"
    world.clock.now += 120
    assert world.code(purchase) == "00"
    assert world.code(world.about(purchase, "0400")) == "00"
    assert world.spent == 0
    assert world.code(world.purchase(card, 2, 1000, changes={"13": "0101"})) == "00"
