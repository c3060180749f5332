"""What goes wrong around a tap: a clear answer each time, nothing lost, and no ATC used twice."""

from __future__ import annotations

import os
import shutil
import socket
from typing import TYPE_CHECKING

import pytest

from tapwatch.bank.service import Bank
from tapwatch.errors import UserError
from tapwatch.signing import cbor
from tapwatch.simulator.flash_image import Cut
from tapwatch.simulator.messages import WatchRefused
from tapwatch.terminal.outcome import Outcome
from tapwatch.terminal.readers.builtin import BuiltinReader
from tapwatch.terminal.readers.faults import CommandFaults, FieldDrop
from tests.system.desk import Desk, open_desk
from tests.tools.upy_process import LONG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROFILES = ("visa", "mastercard")
MOST_FRAMES = 24
MOST_WRITES = 12
APART = 1 if os.environ.get(LONG) else 4
"""Every so manieth byte of a package is changed; the long form changes each."""
MODES = ("before", "torn", "after") if os.environ.get(LONG) else ("before", "torn")
"""How the power goes at a write. After one is what before the next one is: only the long form tries both."""
GARBAGE = (
    b"\x00",
    b"\x00\xa4",
    b"\x00\xa4\x04\x00",
    b"\x00\xa4\x04\x00\xff\x00",
    b"\x80\xa8\x00\x00\x00",
    b"\x80\xa8\x00\x00\x02\x84\x00\x00",
    b"\x80\xae\x80\x00\x01\x00\x00",
    b"\x00\xb2\x01\x0c\x00",
    b"\xff\xff\xff\xff\xff",
    bytes(200),
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with open_desk(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def _settle(desk: Desk) -> None:
    """Back to a worn watch with keys, whatever the test left."""
    if desk.state()["access"] in ("armed", "tapping"):
        desk.do(desk.stage.watch.swipe("up"))
    desk.wait(lambda now: now["access"] == "worn")
    desk.refill()


@pytest.mark.parametrize("profile", PROFILES)
def test_field_lost_after_every_single_frame(desk: Desk, profile: str) -> None:
    """Wherever the field goes: approved once or not at all, no ATC repeated, and the next tap works."""
    seen: list[int] = []
    lost = 0
    for after in range(1, MOST_FRAMES):
        _settle(desk)
        desk.arm(profile)
        drop = FieldDrop(desk.antenna(), after)
        result = desk.tap(reader=BuiltinReader(drop))
        seen += [result.receipt.atc] if result.receipt.approved else []
        if drop.frames < after:
            break
        lost += 1
        assert result.receipt.approved or result.receipt.field55 == "", "half a payment"
        _settle(desk)
        again = desk.pay(profile)
        assert again.receipt.approved, (after, again.receipt.reason)
        seen.append(again.receipt.atc)
    else:
        pytest.fail("the sweep did not reach the end of a tap")
    assert len(set(seen)) == len(seen), "an ATC was used twice"
    assert desk.stage.bank.trial_balance().balanced
    print(f"NOTE system: {profile}: field lost after each of {lost} frames; {len(seen)} approved, 0 ATCs repeated")


def test_a_torn_tap_leaves_the_card_armed_for_another_try(desk: Desk) -> None:
    """The field goes after the cryptogram and before the record: that key is spent, the next one pays."""
    _settle(desk)
    desk.arm("visa")
    torn = desk.tap(reader=BuiltinReader(FieldDrop(desk.antenna(), 14)))
    assert torn.outcome is Outcome.TRY_AGAIN
    state = desk.wait(lambda now: "Hold still" in now["texts"])
    assert state["access"] == "armed" and state["screen"] == "armed"
    second = desk.tap()
    assert second.receipt.approved
    desk.wait(lambda now: now["access"] == "worn")
    assert [payment["atc"] for payment in desk.state()["payments"][-2:]] == [second.receipt.atc - 1, second.receipt.atc]


@pytest.mark.parametrize("profile", PROFILES)
def test_repeated_commands_never_pay_twice(desk: Desk, profile: str) -> None:
    """Each command of a tap sent twice: one key at most, and the bank books one payment at most."""
    for which in range(1, 6):
        _settle(desk)
        before = desk.payments(profile)
        desk.arm(profile)
        reader = CommandFaults(BuiltinReader(desk.antenna()), lambda n, apdu, which=which: [apdu] if n == which else [])
        desk.tap(reader=reader)
        _settle(desk)
        assert desk.payments(profile) - before <= 1, which


@pytest.mark.parametrize("profile", PROFILES)
def test_garbage_before_every_command_gets_an_error_and_costs_nothing(desk: Desk, profile: str) -> None:
    _settle(desk)
    for garbage in GARBAGE:
        _settle(desk)
        desk.arm(profile)
        reader = CommandFaults(BuiltinReader(desk.antenna()), lambda n, apdu, garbage=garbage: [garbage])
        result = desk.tap(reader=reader)
        assert all(len(answer) >= 2 and answer[-2:] != b"\x90\x00" for _, answer in reader.extra[:1])
        assert result.receipt.approved or result.receipt.field55 == "", garbage
    _settle(desk)
    assert desk.pay(profile).receipt.approved
    assert desk.state()["log"] == []


def test_the_bank_is_down(desk: Desk) -> None:
    """The terminal says so; the watch has sent a cryptogram and does not claim approval."""
    _settle(desk)
    desk.arm("visa")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        result = desk.tap(bank_port=closed.getsockname()[1])
    assert not result.receipt.approved and "no answer from the bank" in result.receipt.reason
    state = desk.wait("sent")
    assert state["payments"][-1]["result"] == "sent"
    desk.wait(lambda now: now["access"] == "worn")


def test_a_wrong_passcode_says_how_many_tries_are_left(desk: Desk) -> None:
    _settle(desk)
    watch, wearer = desk.stage.watch, desk.stage.wearer
    desk.do(watch.restart())
    desk.wait("face")
    assert desk.state()["access"] == "locked"
    desk.do(watch.tap_target("face"))
    desk.wait("passcode")
    desk.do(wearer.enter("000000"))
    state = desk.wait(lambda now: now["tries_left"] == 9)
    desk.wait(lambda now: "9" in " ".join(now["texts"]))
    assert state["access"] == "locked"
    desk.do(wearer.enter("246810"))
    state = desk.wait(lambda now: now["access"] == "worn")
    assert state["tries_left"] == 10


def test_a_locked_watch_asks_for_the_passcode_and_does_not_pay(desk: Desk) -> None:
    desk.do(desk.stage.watch.restart())
    desk.wait("face")
    result = desk.tap()
    assert result.outcome is Outcome.SEE_PHONE and result.receipt.atc == 0
    desk.wait("unlock-first")
    desk.do(desk.stage.watch.press())
    desk.wait("face")
    desk.do(desk.stage.wearer.unlock())


def test_a_package_that_arrives_while_locked_is_opened_at_the_unlock(desk: Desk) -> None:
    _settle(desk)
    while desk.state()["cards"][0]["keys_left"] > 4:
        desk.pay("visa")
    desk.do(desk.stage.watch.restart())
    desk.wait("face")
    token = bytes.fromhex(desk.state()["cards"][0]["token"])
    assert desk.do(desk.stage.phone.add_card(token)) is False
    assert desk.state()["cards"][0]["keys_left"] <= 4
    desk.do(desk.stage.wearer.unlock())
    state = desk.wait(lambda now: now["cards"][0]["keys_left"] == 10)
    assert state["log"] == []
    assert desk.do(desk.stage.phone.collect_receipts()) >= 1
    assert desk.pay("visa").receipt.approved


def test_tampered_and_replayed_packages_of_the_real_bank(desk: Desk) -> None:
    _settle(desk)
    while desk.state()["cards"][0]["keys_left"] > 4:
        desk.pay("visa")
    stage, watch = desk.stage, desk.stage.watch
    token = bytes.fromhex(desk.state()["cards"][0]["token"])
    request = desk.do(watch.message(5, [token, stage.bank.issuer_id]))
    package = stage.bank.package(request)
    assert stage.bank.package(request) == package, "the same request gets the same bytes"
    refused: dict[str, int] = {}
    for at in range(0, len(package), APART):
        changed = bytearray(package)
        changed[at] ^= 1 << at % 8
        with pytest.raises(WatchRefused) as refusal:
            desk.do(watch.message(6, bytes(changed)))
        refused[refusal.value.status] = refused.get(refusal.value.status, 0) + 1
    receipt = desk.do(watch.message(6, package))
    stage.bank.receipt(receipt)
    with pytest.raises(WatchRefused, match="replayed"):
        desk.do(watch.message(6, package))
    assert desk.pay("visa").receipt.approved
    print(f"NOTE system: {sum(refused.values())} changed bytes of a {len(package)}-byte package refused: {refused}")


def test_malformed_messages_get_a_status(desk: Desk) -> None:
    watch = desk.stage.watch
    messages = ((99, None), (5, None), (5, [b"x", b"y"]), (6, b""), (8, b"\xa0"), (9, ["now", 0]), (4, b"short"))
    for kind, body in messages:
        with pytest.raises(WatchRefused) as refusal:
            desk.do(watch.message(kind, body))
        assert refusal.value.status in ("bad-input", "bad-signature", "replayed"), (kind, refusal.value.status)
    with pytest.raises(WatchRefused, match="wrong-state"):
        desk.do(watch.message(2, {1: bytes(64), 2: b"certificate"}))


def test_flash_that_refuses_to_write_stops_the_arming_and_loses_nothing(desk: Desk) -> None:
    _settle(desk)
    watch = desk.stage.watch
    watch.flash.fail(10_000)
    desk.do(watch.press(times=2))
    state = desk.wait("error")
    assert state["access"] == "worn" and "memory" in " ".join(state["texts"])
    watch.flash.fail(0)
    desk.do(watch.press())
    assert desk.pay("visa").receipt.approved


@pytest.mark.parametrize("mode", MODES)
def test_power_cut_at_every_write_of_a_payment(desk: Desk, mode: str) -> None:
    """Arm, tap, settle, the power cut at each flash write in turn: no ATC comes twice, the next payment works."""
    accepted: list[int] = []
    cuts = 0
    for operation in range(1, MOST_WRITES):
        _settle(desk)
        watch = desk.stage.watch
        watch.flash.cut_power(Cut(operation, mode, seed=operation))
        try:
            result = desk.pay("visa")
        except UserError:
            cuts += 1
        else:
            accepted += [result.receipt.atc] if result.receipt.approved else []
            if cuts:
                break  # past the last write
        watch.flash.cut_power(None)
        desk.do(watch.restart())
        desk.wait("face")
        desk.do(desk.stage.wearer.unlock())
        desk.refill()
        again = desk.pay("visa")
        assert again.receipt.approved, (mode, operation, again.receipt.reason)
        accepted.append(again.receipt.atc)
    else:
        pytest.fail("the sweep did not reach the end of a payment")
    desk.stage.watch.flash.cut_power(None)
    assert cuts >= 2 and len(set(accepted)) == len(accepted)
    print(f"NOTE system: {mode}: {cuts} power cuts in a payment, {len(accepted)} approved, 0 ATCs repeated")


@pytest.mark.parametrize("by", ["hand", "charger"])
def test_the_watch_is_locked_by(desk: Desk, by: str) -> None:
    _settle(desk)
    watch = desk.stage.watch
    if by == "hand":
        desk.do(watch.press(seconds=1.2))
    else:
        watch.power(80, True)
    desk.wait(lambda now: now["access"] == "locked" and now["screen"] == "face")
    watch.power(80, False)
    desk.do(desk.stage.wearer.unlock())


def test_no_card_on_the_watch(tmp_path: Path) -> None:
    with open_desk(tmp_path, set_up=False) as desk:
        desk.do(desk.stage.provision())
        desk.do(desk.stage.wearer.unlock())
        result = desk.tap()
        assert result.outcome is Outcome.END and not result.receipt.approved
        desk.do(desk.stage.watch.press(times=2))
        assert desk.wait("no-card")["access"] == "worn"


def test_no_keys_left_says_so(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        paid = 0
        while any(card["profile"] == "visa" and card["keys_left"] for card in desk.state()["cards"]):
            assert desk.pay("visa").receipt.approved
            paid += 1
        assert paid == 10
        desk.do(desk.stage.watch.press(times=2))
        state = desk.wait("error")
        assert "refill" in " ".join(state["texts"]) and state["access"] == "worn"
        desk.refill()
        desk.do(desk.stage.watch.press())
        assert desk.pay("visa").receipt.atc == 11


def test_an_old_flash_image_restored_after_three_payments(tmp_path: Path) -> None:
    """The watch cannot know; the bank does: it declines the first repeat and suspends the token."""
    flash = tmp_path / "watch" / "flash.bin"
    with open_desk(tmp_path) as desk:
        images = [path for path in (tmp_path / "watch").iterdir() if path.stat().st_size == 256 * 1024]
        flash = images[0]
        desk.do(desk.stage.watch.kill())
        shutil.copy(flash, tmp_path / "old.bin")
        desk.do(desk.stage.watch.start())
        desk.wait("face")
        desk.do(desk.stage.wearer.unlock())
        first = [desk.pay("visa") for _ in range(3)]
        assert all(result.receipt.approved for result in first)
    shutil.copy(tmp_path / "old.bin", flash)
    with open_desk(tmp_path, set_up=False) as desk:
        desk.wait("face")
        desk.do(desk.stage.wearer.unlock())
        desk.arm("visa")
        repeat = desk.tap()
        assert repeat.receipt.atc == first[0].receipt.atc and not repeat.receipt.approved
        token = next(token for token in desk.stage.bank.tokens() if token.profile == "visa")
        assert token.state == "suspended"
        desk.wait(lambda now: now["access"] == "worn")
        desk.do(desk.stage.phone.deliver_notices())
        desk.wait(lambda now: any(card["state"] == "suspended" for card in now["cards"]))
        assert desk.stage.bank.trial_balance().balanced
        code = repeat.receipt.response_code
        print(f"NOTE system: a restored image repeated ATC {repeat.receipt.atc}; declined {code}, suspended")


def test_the_stage_survives_a_bank_restart(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        desk.pay("visa")
        books = desk.stage.bank.trial_balance()
    with open_desk(tmp_path) as desk:
        assert desk.stage.bank.trial_balance() == books
        assert desk.pay("visa").receipt.approved


def test_a_damaged_key_folder_is_explained(tmp_path: Path) -> None:
    with open_desk(tmp_path, set_up=False):
        pass
    for path in (tmp_path / "bank" / "keys").iterdir():
        path.unlink()
    with pytest.raises(UserError), open_desk(tmp_path):
        pass


def test_messages_and_formats_agree_with_the_bank(desk: Desk) -> None:
    """The attestation that the watch signs is what docs/formats.md says, read by the host's own decoder."""
    from tapwatch.signing import envelope

    hello = desk.do(desk.stage.phone.hello())
    challenge = bytes(range(16))
    attestation = envelope.verify(
        desk.do(desk.stage.watch.message(4, challenge)), hello.identity, "tapwatch/attestation"
    )
    assert attestation.payload[3] == challenge and set(attestation.payload) == {1, 2, 3, 4, 5, 6}
    assert cbor.encode(attestation.payload) == attestation.payload_bytes
    assert isinstance(desk.stage.bank, Bank)
