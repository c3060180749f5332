"""From the antenna to the ledger and back to the wrist, with nothing in between replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tapwatch.terminal.outcome import Outcome
from tests.system.desk import Desk, open_desk

if TYPE_CHECKING:
    from collections.abc import Iterator

PROFILES = ("visa", "mastercard")
READING_S = 2.2


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


@pytest.fixture(autouse=True)
def home(desk: Desk) -> Iterator[None]:
    """Every test starts and ends at the face, unlocked, with keys."""
    desk.refill()
    yield
    watch = desk.stage.watch
    if desk.state()["access"] in ("armed", "tapping"):
        desk.do(watch.swipe("up"))
    desk.wait(lambda now: now["access"] == "worn")
    assert desk.state()["log"] == []


@pytest.mark.parametrize("profile", PROFILES)
def test_a_tap_is_approved_and_the_bank_says_so_on_the_wrist(desk: Desk, profile: str) -> None:
    desk.arm(profile)
    result = desk.tap("12.34")
    assert result.outcome is Outcome.APPROVED, result.receipt.reason
    assert desk.wait("sent")["texts"][0] == "12.34"
    desk.do(desk.stage.phone.deliver_notices())
    state = desk.wait("approved")
    assert "12.34" in state["texts"] and "Tapwatch Corner Shop" in " ".join(state["texts"])
    payment = state["payments"][-1]
    assert (payment["amount_minor"], payment["atc"], payment["result"]) == (1234, result.receipt.atc, "approved")
    assert desk.stage.bank.trial_balance().balanced


@pytest.mark.parametrize("profile", PROFILES)
def test_atcs_rise_from_tap_to_tap(desk: Desk, profile: str) -> None:
    first, second = desk.pay(profile), desk.pay(profile)
    assert first.receipt.approved and second.receipt.approved
    assert second.receipt.atc > first.receipt.atc and second.receipt.cryptogram != first.receipt.cryptogram


@pytest.mark.parametrize("profile", PROFILES)
def test_above_the_confirm_amount_a_second_tap_pays(desk: Desk, profile: str) -> None:
    """The first tap is refused and takes no key; the same amount pays after the wearer has seen it."""
    before = desk.highest_atcs()[profile]
    desk.arm(profile)
    first = desk.tap("450.00")
    assert not first.receipt.approved and first.receipt.field55 == ""
    state = desk.wait("confirm")
    assert "450.00" in state["texts"]
    read(desk)
    other = desk.tap("460.00")
    assert not other.receipt.approved, "another amount is not what was confirmed"
    desk.wait(lambda now: now["screen"] == "confirm" and "460.00" in now["texts"])
    read(desk)
    second = desk.tap("460.00")
    assert second.receipt.approved, second.receipt.reason
    assert second.receipt.atc == before + 1, "the refused taps took no key"


def read(desk: Desk) -> None:
    """Give the wearer the time it takes to read an amount."""
    desk.do(desk.stage.watch.advance(READING_S))


@pytest.mark.parametrize("profile", PROFILES)
def test_over_the_card_limit_nothing_is_paid(desk: Desk, profile: str) -> None:
    desk.arm(profile)
    result = desk.tap("9999.00")
    assert not result.receipt.approved and result.receipt.field55 == ""
    assert desk.wait("error")["access"] == "worn"


def test_nothing_armed_means_see_the_device(desk: Desk) -> None:
    result = desk.tap()
    assert result.outcome is Outcome.SEE_PHONE and result.receipt.atc == 0


def test_the_declined_screen_names_the_reason(desk: Desk) -> None:
    """More money than the account has: the bank declines, and says so on the wrist."""
    bank = desk.stage.bank
    state = desk.state()
    token_id = bytes.fromhex(next(card["token"] for card in state["cards"] if card["profile"] == "visa"))
    bank.set_state(token_id, "suspended")
    desk.arm("visa")
    result = desk.tap()
    assert not result.receipt.approved and result.receipt.response_code == "62"
    bank.set_state(token_id, "active")
    desk.do(desk.stage.phone.deliver_notices())
    desk.wait(lambda now: now["payments"][-1]["result"] == "declined")
