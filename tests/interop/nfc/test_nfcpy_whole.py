"""Stock nfcpy as the terminal's reader on a whole desk: the payment goes to the bank and back to the wrist."""

from collections.abc import Iterator

import pytest

from tapwatch.terminal.readers.choose import open_reader
from tests.system.desk import Desk, open_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A watch on a wrist, with a bank and a phone."""
    with open_desk(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@pytest.mark.parametrize("profile", ["visa", "mastercard"])
def test_a_whole_payment(desk: Desk, profile: str) -> None:
    before = desk.payments(profile)
    desk.arm(profile)
    reader = open_reader(f"nfcpy:{desk.stage.watch.nfc}")
    result = desk.tap("12.34", reader=reader)
    assert result.receipt.approved, result.receipt.reason
    assert result.receipt.scheme == profile and result.receipt.amount_minor == 1234
    desk.wait(lambda now: now["access"] == "worn")
    assert desk.payments(profile) == before + 1
    desk.refill()
    assert desk.state()["payments"][0]["result"] == "approved", "the bank's notice has reached the watch"
    print(f"NOTE nfcpy: whole {profile} payment, {result.receipt.elapsed_ms} ms in the field")


def test_an_unarmed_watch_asks_to_look_at_it(desk: Desk) -> None:
    result = desk.tap("12.34", reader=open_reader(f"nfcpy:{desk.stage.watch.nfc}"))
    assert result.outcome.value == "see phone" and not result.receipt.approved
