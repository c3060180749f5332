"""Paying by Bluetooth from end to end: terminal, Bumble, firmware, wearer, bank. Nothing in between is replaced."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tapwatch.errors import UserError
from tapwatch.terminal.outcome import Outcome
from tapwatch.terminal.readers.port import NoCard
from tests.interop.ble.payment_desk import PaymentDesk
from tests.system.desk import open_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.interop.ble.payment_desk import WeakCentral

PROFILES = ("visa", "mastercard")
SHORTEST = 20
"""Bytes of a value with the least MTU, Core 5.4 vol. 3 part F section 3.2.8."""

UNARMED_S = 3.0
"""How long a terminal waits for a card that is not there."""
NEXT_SESSION_S = 2.0
"""R11 of the targets."""
TRIES = 3


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaymentDesk]:
    with open_desk(tmp_path_factory.mktemp("desk")) as desk:
        till = PaymentDesk(desk, tmp_path_factory.mktemp("till"))
        desk.do(till.pair())
        yield till


def test_pairing_showed_the_same_digits_on_both_sides_and_keys_are_private(till: PaymentDesk) -> None:
    bonds = till.folder / "bonds.json"
    assert len(till.digits) == 7 and bonds.stat().st_mode & 0o777 == 0o600
    assert [bond["role"] for bond in till.desk.state()["bluetooth"]["bonds"]] == ["terminal"]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_press_pays_and_the_bank_recomputes_the_cryptogram(till: PaymentDesk, profile: str) -> None:
    till.desk.refill()
    till.desk.arm(profile)
    result = till.desk.do(till.tap(till.press))
    assert result.outcome is Outcome.APPROVED, result.receipt.reason
    assert till.said[-1] == "Look at the watch, and press twice to pay."
    state = till.desk.wait(lambda now: now["access"] == "worn" and now["screen"] == "sent")
    payment = state["payments"][-1]
    assert (payment["amount_minor"], payment["atc"]) == (1234, result.receipt.atc)
    till.desk.do(till.desk.stage.phone.deliver_notices())
    assert "12.34" in till.desk.wait("approved")["texts"]
    assert till.desk.stage.bank.trial_balance().balanced


@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_refused_or_left_on_the_watch_is_declined_and_takes_no_key(till: PaymentDesk, profile: str) -> None:
    till.desk.refill()
    before = till.desk.highest_atcs()[profile]
    for answer, why in ((till.refuse, "refused on the watch"), (till.sleep, "nobody pressed")):
        till.desk.arm(profile)
        result = till.desk.do(till.tap(answer))
        assert result.outcome is Outcome.DECLINED and why in result.receipt.reason, result.receipt
        assert not result.receipt.approved and result.receipt.cryptogram in ("", "00" * 8), result.receipt
        till.desk.wait(lambda now: now["access"] == "worn")
    assert till.desk.highest_atcs()[profile] == before


@pytest.mark.parametrize("profile", PROFILES)
def test_above_the_limit_of_the_card_nobody_is_asked(till: PaymentDesk, profile: str) -> None:
    till.desk.refill()
    till.desk.arm(profile)
    result = till.desk.do(till.tap(None, "9999.00"))
    assert not result.receipt.approved
    till.desk.wait(lambda now: now["access"] == "worn" and now["screen"] == "error")


def test_what_the_bank_declines_is_declined_after_the_press(till: PaymentDesk) -> None:
    till.desk.refill()
    bank, state = till.desk.stage.bank, till.desk.state()
    token = bytes.fromhex(next(card["token"] for card in state["cards"] if card["profile"] == "visa"))
    till.desk.arm("visa")
    bank.set_state(token, "suspended")
    try:
        result = till.desk.do(till.tap(till.press))
        assert result.outcome is Outcome.DECLINED and result.receipt.cryptogram
    finally:
        bank.set_state(token, "active")
    till.desk.wait(lambda now: now["access"] == "worn")


def test_without_an_armed_card_there_is_none(till: PaymentDesk) -> None:
    till.desk.do(till.desk.stage.wearer.home())
    with pytest.raises(NoCard):
        till.desk.do(till.tap(None, wait_s=UNARMED_S))


@pytest.mark.parametrize("profile", PROFILES)
def test_a_link_cut_before_any_part_spends_nothing_twice_and_the_next_session_pays(
    till: PaymentDesk, profile: str
) -> None:
    """The reader's writes of one payment, in the shortest parts there are, are counted and then cut one by one."""
    till.desk.refill()
    till.desk.arm(profile)
    central = till.central
    assert central is not None
    central.room = SHORTEST
    try:
        assert till.desk.do(till.tap(till.press, bank=False)).receipt.cryptogram
        whole = central.links[-1].writes
        asked_at = till.asked_at
        points = range(1, whole + 1)
        atcs, waits = [], []
        for after in points:
            sessions = _sessions(till, central, profile, after, after > asked_at)
            atcs += [atc for atc, _ in sessions]
            waits.append(sessions[-1][1])
    finally:
        central.room, central.after = 0, 0
    print(
        f"NOTE Bluetooth payment, {profile}: link lost at {len(points)} of {whole} parts, each next session paid, "
        f"after {max(waits):.1f} s at most"
    )
    assert len(set(atcs)) == len(atcs) and max(waits) <= NEXT_SESSION_S


def _sessions(
    till: PaymentDesk, central: WeakCentral, profile: str, after: int, asked: bool
) -> list[tuple[int, float]]:
    """What `_cut_and_pay` gives, once or until it is quick: a busy machine is slow, but not every time."""
    sessions = [_cut_and_pay(till, central, profile, after, asked)]
    while sessions[-1][1] > NEXT_SESSION_S and len(sessions) < TRIES:
        sessions.append(_cut_and_pay(till, central, profile, after, asked))
    return sessions


def _cut_and_pay(till: PaymentDesk, central: WeakCentral, profile: str, after: int, asked: bool) -> tuple[int, float]:
    """The ATC of the payment after one whose link was cut before a write, and how long that payment took.

    `asked`: the sheet comes before that write, and the wearer presses.
    """
    till.desk.refill()
    till.desk.wait(lambda now: now["access"] == "worn")
    till.desk.arm(profile)
    central.after = after
    cut = till.desk.do(till.tap(till.press, bank=False) if asked else till.attempt())
    assert cut.outcome is Outcome.TRY_AGAIN, (after, cut.receipt.reason)
    central.after = 0
    if till.desk.state()["access"] == "worn":
        till.desk.arm(profile)
    began = time.monotonic()
    result = till.desk.do(till.tap(till.press, bank=False))
    assert result.receipt.cryptogram, (after, result.receipt.reason)
    return result.receipt.atc, time.monotonic() - began


def test_a_device_that_is_no_terminal_is_shut_out(till: PaymentDesk, tmp_path: Path) -> None:
    """Paired well, but as a computer: its first write is thrown away and the link closed."""
    other = PaymentDesk(till.desk, tmp_path)
    till.desk.do(other.pair("loader"))
    till.desk.arm("visa")
    result = till.desk.do(other.tap(None, bank=False))
    assert result.outcome is Outcome.TRY_AGAIN and "pay terminal" in result.receipt.reason
    assert till.desk.state()["access"] == "armed"
    till.desk.do(till.desk.stage.wearer.home())


def test_an_unpaired_terminal_finds_no_watch_to_pair(till: PaymentDesk, tmp_path: Path) -> None:
    stranger = PaymentDesk(till.desk, tmp_path)
    till.desk.arm("visa")
    with pytest.raises(UserError):
        till.desk.do(stranger.tap(None))
    till.desk.do(till.desk.stage.wearer.home())
