"""Which payments are approved, and with which response code the others are declined."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tapwatch.bank.limits import Limits
from tests.host.bank.card import signed
from tests.host.bank.world import DAY_S

if TYPE_CHECKING:
    from tests.host.bank.card import Card
    from tests.host.bank.world import World


@pytest.mark.parametrize("profile", ["visa", "mastercard"])
@pytest.mark.parametrize("message", ["0100", "0200"])
def test_approved(world: World, profile: str, message: str) -> None:
    card = world.card(profile)
    request = world.purchase(card, card.atcs[0], 1234, message)
    answer = world.bank.authorise(request)
    assert (answer["t"], answer["39"]) == (message[:2] + "10", "00")
    assert len(answer["38"]) == 6
    assert {name: answer[name] for name in ("3", "4", "11", "32", "37", "41", "49")} == {
        name: request[name] for name in ("3", "4", "11", "32", "37", "41", "49")
    }
    assert world.spent == 1234
    assert world.bank.trial_balance().balanced
    notice = world.notices()[0]
    assert notice.kind == "tapwatch/notice"
    assert notice.payload == {
        1: world.watch.id, 2: 1, 3: card.content[1], 4: 1, 5: "approved", 6: 1234, 7: 978, 8: "Corner shop",
        9: world.clock.now, 10: "00", 11: "",
    }  # fmt: skip


def test_any_order_and_gaps(world: World) -> None:
    card = world.card()
    assert [world.pay(card, atc, 100) for atc in (5, 2, 10, 1, 7)] == ["00"] * 5


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("14", {"2": "4761739001010010"}),
        ("12", {"3": "010000"}),
        ("58", {"22": "901"}),
        ("58", {"22": "051"}),
        ("54", {"14": "3001"}),
        ("30", {"4": "000000001235"}),
        ("30", {"49": "840"}),
        ("30", {"13": "1331"}),
        ("30", {"13": "0230"}),
        ("30", {"55": "9F3602000A"}),
        ("30", {"37": ""}),
    ],
)
def test_message_rules(world: World, code: str, changes: dict[str, str]) -> None:
    card = world.card()
    request = world.purchase(card, 1, 100, changes=changes)
    assert world.code({name: text for name, text in request.items() if text}) == code
    assert world.spent == 0


def chip_changed(world: World, card: Card, amount: int = 100, **tags: bytes) -> str:
    """Pay with changed chip data; return the code."""
    chip = {**card.tap(1, amount), **{name[1:]: value for name, value in tags.items()}}
    return world.code(world.purchase(card, 1, amount, chip=chip))


def test_chip_rules(world: World) -> None:
    card = world.card()
    assert chip_changed(world, card, t9F26=bytes(8)) == "63"
    assert chip_changed(world, card, t9F10=bytes.fromhex("06011103A40000")) == "63"  # another CVN
    assert chip_changed(world, card, t9F10=bytes.fromhex("06021203A40000")) == "63"  # another key set
    assert chip_changed(world, card, t9F10=b"") == "30"
    assert chip_changed(world, card, t5A=bytes.fromhex("4761739001010010")) == "30"
    assert chip_changed(world, card, t57=bytes.fromhex("4761739001010010D2911201")) == "30"
    assert chip_changed(world, card, t9F36=(900).to_bytes(2, "big")) == "63"
    assert world.spent == 0
    assert world.notices() == []
    assert chip_changed(world, card, t9F27=b"\x40") == "05"  # genuine, so it used up the key
    assert chip_changed(world, card) == "59"


def test_cash_and_cashback_are_not_offered(world: World) -> None:
    for tag, value in (("9C", b"\x01"), ("9F03", bytes.fromhex("000000000100"))):
        card = world.card()
        chip = signed(card.key(1), {**card.tap(1, 100), tag: value})
        assert world.code(world.purchase(card, 1, 100, chip=chip)) == "12"


def test_declined_card_type(world: World) -> None:
    """An AAC with a genuine cryptogram: the card itself refused."""
    card = world.card()
    refusal = {**card.tap(1, 100), "9F10": bytes.fromhex("06011203800000"), "9F27": b"\x00"}
    chip = signed(card.key(1), refusal)
    assert world.code(world.purchase(card, 1, 100, chip=chip)) == "05"


def test_other_currency(world: World) -> None:
    card = world.card()
    chip = card.tap(1, 100, currency=156)
    assert world.code(world.purchase(card, 1, 100, chip=chip, changes={"49": "156"})) == "57"


def test_zero_amount(world: World) -> None:
    assert world.pay(world.card(), 1, 0) == "13"


def test_funds(world: World) -> None:
    card = world.card(limits=Limits(per_tap=2_000_000, per_day=2_000_000))
    assert world.pay(card, 1, 1_000_001) == "51"
    assert world.pay(card, 2, 1_000_000) == "00"
    assert world.pay(card, 3, 1) == "51"
    assert [notice.payload[5] for notice in world.notices()] == ["declined", "approved", "declined"]


def test_key_and_token_expiry(world: World) -> None:
    card = world.card()
    world.clock.now = card.content[17]
    assert world.pay(card, 1, 100) == "00"
    world.clock.now += 1
    assert world.pay(card, 2, 100) == "54"


def test_limits_per_tap_and_day(world: World) -> None:
    card = world.card(limits=Limits(per_tap=1000, per_day=2500))
    assert world.pay(card, 1, 1001) == "61"
    assert world.pay(card, 2, 1000) == "00"
    assert world.pay(card, 3, 1000) == "00"
    assert world.pay(card, 4, 501) == "61"
    assert world.pay(card, 5, 500) == "00"
    world.clock.now += DAY_S
    assert world.pay(card, 6, 1000) == "00"


@pytest.mark.parametrize("profile", ["visa", "mastercard"])
def test_limits_without_passcode(world: World, profile: str) -> None:
    card = world.card(profile, Limits(per_tap_without_cdcvm=1000, taps_without_cdcvm=2, sum_without_cdcvm=1500))

    def tap(atc: int, amount: int, cdcvm: bool) -> str:
        return world.code(world.purchase(card, atc, amount, chip=card.tap(atc, amount, cdcvm=cdcvm)))

    assert tap(1, 1001, False) == "65"
    assert tap(2, 1001, True) == "00"
    assert tap(3, 1000, False) == "00"
    assert tap(4, 501, False) == "65"
    assert tap(5, 500, False) == "00"
    assert tap(6, 1, False) == "65"
    assert tap(7, 1, True) == "00"
    assert tap(8, 1, False) == "00"


def test_reversed_payments_do_not_count(world: World) -> None:
    card = world.card(limits=Limits(per_day=1000))
    first = world.purchase(card, 1, 1000)
    assert world.code(first) == "00"
    assert world.pay(card, 2, 1000) == "61"
    assert world.code(world.about(first, "0400")) == "00"
    assert world.pay(card, 3, 1000) == "00"


def test_suspend_resume_delete(world: World) -> None:
    token = world.token()
    card = world.fetch(token)
    world.bank.set_state(token, "suspended")
    assert world.pay(card, 1, 100) == "62"
    world.bank.set_state(token, "active")
    assert world.pay(card, 2, 100) == "00"
    world.bank.set_state(token, "deleted")
    assert world.pay(card, 3, 100) == "62"
    told = [(notice.kind, notice.payload.get(4)) for notice in world.notices()]
    assert told[0] == ("tapwatch/token-state", "suspended")
    assert told[2] == ("tapwatch/token-state", "active")
    assert told[4] == ("tapwatch/token-state", "deleted")
    assert [notice.payload[2] for notice in world.notices()] == [1, 2, 3, 4, 5, 6]


def test_notices_stay_until_the_watch_has_them(world: World) -> None:
    card = world.card()
    for atc in (1, 2, 3):
        world.pay(card, atc, 100)
    assert len(world.notices()) == 3
    world.reopen()
    assert [notice.payload[2] for notice in world.notices(2)] == [3]
    assert [notice.payload[2] for notice in world.notices()] == [3]


def test_logs_name_no_account_and_no_key(world: World, caplog: pytest.LogCaptureFixture) -> None:
    card = world.card()
    with caplog.at_level("DEBUG"):
        assert [world.pay(card, 1, 100), world.pay(card, 2, 2_000_000), world.pay(card, 1, 5)] == ["00", "61", "59"]
    assert card.pan[:6] in caplog.text
    assert card.pan not in caplog.text
    for _, key in card.content[16]:
        assert key.hex() not in caplog.text.lower()


def test_signed_time(world: World) -> None:
    world.token()
    world.clock.now += 77
    world.bank.announce_states(world.watch.id)
    state = world.notices()[0]
    assert (state.kind, state.payload[4], state.payload[5]) == ("tapwatch/token-state", "active", world.clock.now)
