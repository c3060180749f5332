"""Every card product of the bank, on one whole watch: armed by its wearer, tapped, approved by the bank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tapwatch.bank.products import PRODUCTS
from tapwatch.terminal.outcome import Outcome
from tests.system.desk import Desk, open_desk

if TYPE_CHECKING:
    from collections.abc import Iterator

CNY = 156
TAPPED = [name for name, product in PRODUCTS.items() if product.profile.name != "contact-test"]
"""The contact test card is for readers with contacts; tests/interop taps it there."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A watch with one card of each product."""
    with open_desk(tmp_path_factory.mktemp("desk"), set_up=False) as desk:
        stage = desk.stage
        desk.do(stage.provision())
        desk.do(stage.wearer.unlock())
        device_id = desk.do(stage.register())
        account = stage.bank.open_account("Ada", CNY, 1_000_000)
        for name in TAPPED:
            desk.do(stage.phone.add_card(stage.bank.issue_token(stage.bank.order_card(account, name), device_id)))
        yield desk


def arm(desk: Desk, token: bytes) -> None:
    """Press twice, and stroke through the cards to the one with that token."""
    watch = desk.stage.watch
    desk.do(watch.press(times=2))
    state = desk.wait("armed")
    for _ in state["cards"]:
        active = next(card["token"] for card in state["cards"] if card["active"])
        if active == token.hex():
            return
        desk.do(watch.swipe("left"))
        state = desk.wait(
            lambda now, last=active: (
                now["screen"] == "armed" and next(card["token"] for card in now["cards"] if card["active"]) != last
            )
        )
    raise AssertionError(f"the watch does not offer {token.hex()}")


@pytest.mark.parametrize("name", TAPPED)
def test_a_tap_with_every_product(desk: Desk, name: str) -> None:
    bank = desk.stage.bank
    token = next(token for token in bank.tokens() if token.product.name == name)
    before = bank.balance(token.account)
    arm(desk, token.id)
    result = desk.tap("12.34")
    assert result.outcome is Outcome.APPROVED, result.receipt.reason
    desk.wait("sent")
    desk.do(desk.stage.phone.deliver_notices())
    assert "12.34" in desk.wait("approved")["texts"]
    assert before - bank.balance(token.account) == 1234
    desk.wait(lambda now: now["access"] == "worn")
    assert desk.state()["log"] == []
