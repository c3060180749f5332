"""The other ways to pay, on a whole watch with its bank: a scanned code, a merchant's code, a gate, a lost watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tapwatch.simulator.messages import WatchRefused
from tapwatch.terminal import amount
from tapwatch.terminal.request import TapRequest
from tapwatch.terminal.scan import picture
from tests.system.desk import Desk, open_desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CNY = 156


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def seen(desk: Desk, folder: Path) -> str:
    """What a scanner reads off the watch."""
    path = folder / "watch.png"
    path.write_bytes(desk.stage.watch.screen_png(glass=True))
    return picture.read(path)


def scan(desk: Desk, text: str, price: str = "12.34") -> str:
    """The bank's response code."""
    return desk.do(desk.stage.scan(text, TapRequest(amount.parse(price, "CNY")))).response_code


def show(desk: Desk, row: str, screen: str) -> None:
    wearer = desk.stage.wearer
    desk.do(wearer.open_card("visa"))
    desk.do(wearer.choose(row))
    desk.wait(screen)


@pytest.mark.parametrize(("row", "screen"), [("code", "payment-code"), ("present", "presented-code")])
def test_a_code_on_the_screen_pays_once(desk: Desk, tmp_path: Path, row: str, screen: str) -> None:
    show(desk, row, screen)
    text = seen(desk, tmp_path)
    assert scan(desk, text) == "00"
    assert scan(desk, text) == "94", "the same code a second time"
    desk.do(desk.stage.phone.deliver_notices())
    state = desk.wait("approved")
    assert state["payments"][-1]["amount_minor"] == 1234 and state["payments"][-1]["merchant"]


def test_a_code_is_good_for_a_small_amount_only(desk: Desk, tmp_path: Path) -> None:
    show(desk, "code", "payment-code")
    assert scan(desk, seen(desk, tmp_path), "9999.00") == "61"


def test_a_code_with_a_wrong_check_is_refused(desk: Desk, tmp_path: Path) -> None:
    show(desk, "code", "payment-code")
    text = seen(desk, tmp_path)
    other = text[:10] + f"{(int(text[10:]) + 1) % 10**8:08}"
    assert scan(desk, other) == "14"


def test_a_merchants_code_is_paid_by_a_double_press(desk: Desk) -> None:
    stage = desk.stage
    shop = stage.shop("Green Tea House")
    before = stage.bank.balance(shop)
    code = stage.bank.merchant_code(shop, 4200, CNY)
    desk.do(stage.wearer.home())
    asked = desk.do(stage.phone.show_merchant_code(code))
    assert (asked.merchant, asked.amount_minor, asked.currency) == ("Green Tea House", 4200, CNY)
    assert desk.do(stage.phone.pay_merchant_code(code)) is None, "nobody has agreed yet"
    desk.do(stage.wearer.agree())
    desk.wait("sent")
    assert desk.do(stage.phone.pay_merchant_code(code)) == "00"
    assert desk.do(stage.phone.pay_merchant_code(code)) == "00", "the phone repeats itself"
    assert stage.bank.balance(shop) == before + 4200, "and money moved once"


def test_a_code_without_an_amount_is_paid_with_what_the_wearer_enters(desk: Desk) -> None:
    stage = desk.stage
    shop = stage.shop("Green Tea House")
    before = stage.bank.balance(shop)
    sign = stage.bank.merchant_code(shop, 0, CNY, once=False)
    for digits, minor in (("3580", 3580), ("67", 67)):  # two customers, one sign
        desk.do(stage.wearer.home())
        asked = desk.do(stage.phone.show_merchant_code(sign))
        assert (asked.merchant, asked.amount_minor, asked.currency) == ("Green Tea House", 0, CNY)
        desk.do(stage.wearer.amount(digits))
        assert desk.do(stage.phone.pay_merchant_code(sign)) is None, "nobody has agreed yet"
        assert f"{minor / 100:.2f}" in desk.wait("merchant-code")["texts"]
        desk.do(stage.wearer.agree())
        desk.wait("sent")
        assert desk.do(stage.phone.pay_merchant_code(sign)) == "00"
        before += minor
        assert stage.bank.balance(shop) == before


def test_a_merchants_code_that_is_refused_pays_nothing(desk: Desk) -> None:
    stage = desk.stage
    code = stage.bank.merchant_code(stage.shop("Green Tea House"), 100, CNY)
    desk.do(stage.wearer.home())
    desk.do(stage.phone.show_merchant_code(code))
    desk.wait("merchant-code")
    desk.do(stage.wearer.home())
    with pytest.raises(WatchRefused, match="declined"):
        desk.do(stage.phone.pay_merchant_code(code))


def test_express_pays_at_a_gate_until_its_limit_and_survives_a_restart(desk: Desk) -> None:
    stage = desk.stage
    desk.do(stage.wearer.express("closed-loop"))
    desk.do(stage.wearer.lock())
    atcs = []
    for _ in range(2):
        desk.wait(lambda now: now["access"] == "express" and not now["unlocked"])
        result = desk.tap("3.00")
        assert result.receipt.approved
        atcs.append(result.receipt.atc)
    desk.do(stage.watch.restart())
    desk.wait(lambda now: now["access"] == "express")
    result = desk.tap("3.00")
    assert result.receipt.approved and not desk.tap("300.00").receipt.approved
    assert len({*atcs, result.receipt.atc}) == 3, "no ATC twice, also over a power cut"
    assert result.receipt.card == "TAPWATCH"


def test_a_lost_watch_pays_nothing_until_it_is_found(desk: Desk) -> None:
    stage = desk.stage
    device_id = desk.do(stage.register())
    stage.bank.lost(device_id, "Call 555 0142")
    desk.do(stage.phone.deliver_notices())
    assert "Call 555 0142" in desk.wait("lost")["texts"]
    desk.do(stage.watch.restart())
    assert desk.wait("lost")["access"] == "lost"
    assert not desk.tap("3.00").receipt.approved
    stage.bank.found(device_id)
    desk.do(stage.phone.deliver_notices())
    desk.wait(lambda now: now["screen"] == "face")
    desk.do(stage.wearer.unlock())
    desk.refill()
    assert desk.pay("visa").receipt.approved
