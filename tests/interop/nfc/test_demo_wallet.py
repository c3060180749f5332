"""What `tapwatch sim --demo-wallet` promises to people who bring a terminal: it is always ready."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tapwatch.terminal import amount
from tapwatch.terminal.readers.choose import open_reader
from tapwatch.terminal.request import TapRequest
from tapwatch.terminal.session import TapSession
from tests.interop.nfc.sim import SimulatedWallet
from tests.interop.nfc.watch_process import free_port

PRICE = amount.parse("1.00", "CNY")
START_S = 30
TAPS = 24
"""More than two batches of keys."""


@pytest.fixture
def antenna(tmp_path: Path) -> Iterator[str]:
    """The antenna of a demo wallet that has its cards."""
    address = f"udp:127.0.0.1:{free_port()}"
    wallet = SimulatedWallet(tmp_path, address)
    end = time.monotonic() + START_S
    while not wallet.armed() or len(wallet.profiles()) < 2:
        assert time.monotonic() < end, wallet.state()
        time.sleep(0.1)
    yield address
    wallet.stop()


def test_a_terminal_that_taps_without_a_pause_finds_the_same_card_each_time(antenna: str) -> None:
    terminal = TapSession(open_reader(antenna))
    receipts = [terminal.tap(TapRequest(PRICE)).receipt for _ in range(TAPS)]
    assert [receipt.scheme for receipt in receipts] == ["visa"] * TAPS
    atcs = [receipt.atc for receipt in receipts]
    assert atcs == sorted(set(atcs)), atcs
    print(f"NOTE demo wallet: {TAPS} taps in a row by one card, ATC {atcs[0]} to {atcs[-1]}")
