"""`tapwatch apdu` with the whole simulated watch: the same script by each of its readers, and the contact card."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.nfc import issuer
from tests.interop.nfc.pcsc_box import Box, open_box
from tests.interop.nfc.sim import SimulatedWallet
from tests.interop.nfc.watch_process import free_port

SCRIPTS = Path(__file__).parent / "scripts"
SHELL = (sys.executable, "-W", "ignore", "-m", "tapwatch.cli", "apdu", "--reader")
START_S = 30


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    """PC/SC with the watch in the reader."""
    with open_box() as opened:
        yield opened


@pytest.fixture(scope="module")
def wallet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SimulatedWallet, str]]:
    """The watch at its simulated antenna, and the antenna's address."""
    address = f"127.0.0.1:{free_port()}"
    watch = SimulatedWallet(tmp_path_factory.mktemp("wallet"), f"udp:{address}")
    yield watch, address
    watch.stop()


def wait_until_ready(watch: SimulatedWallet) -> None:
    """Both cards there, and armed."""
    end = time.monotonic() + START_S
    while not (watch.profiles() == {"visa", "mastercard"} and watch.armed()):
        assert time.monotonic() < end, watch.state()
        time.sleep(0.05)


@pytest.mark.parametrize("reader", ["builtin:", "nfcpy:udp:"])
def test_the_contactless_script_over_the_antenna(wallet: tuple[SimulatedWallet, str], reader: str) -> None:
    watch, address = wallet
    wait_until_ready(watch)
    command = [*SHELL, reader + address, "--script", str(SCRIPTS / "contactless.apdu")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_the_contactless_script_over_pcsc(box: Box) -> None:
    done = box.run(*SHELL, "pcsc", "--script", str(SCRIPTS / "contactless.apdu"))
    assert done.status == 0, done.text


def test_the_contact_script(box: Box) -> None:
    done = box.run(*SHELL, "pcsc:virtual", "--script", str(SCRIPTS / "contact.apdu"))
    assert done.status == 0, done.text


def test_a_failed_expectation_fails_the_script(box: Box) -> None:
    done = box.run(*SHELL, "pcsc", stdin="select ppse\nexpect 6A82\n")
    assert done.status == 1 and "line 2: expected 6A82, got 9000" in done.text


def test_the_proof_of_the_bank_makes_an_approval(box: Box) -> None:
    """Two scripts cannot share a card, so the first cryptogram and the proof go through one session."""
    key = issuer.bank_key(box.folder / "state", "contact-test")
    done = box.run(sys.executable, "-W", "ignore", "-m", "tests.interop.nfc.shell_session", key.hex())
    assert done.status == 0 and "TC (approved offline)" in done.text, done.text
