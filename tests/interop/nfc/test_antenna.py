"""The simulated antenna on the wire: what it answers before SELECT, and what it must ignore."""

from collections.abc import Iterator

import pytest

from tapwatch.terminal.readers.antenna import UdpAntenna
from tapwatch.terminal.readers.builtin import BuiltinReader
from tests.interop.nfc import issuer
from tests.interop.nfc.air import ANTICOLLISION, ATQA, REQA, SAK, SELECT_UID, UID, WUPA, Air
from tests.interop.nfc.reader import Terminal
from tests.interop.nfc.watch_process import free_port, start_card

PPSE = "0200a404000e325041592e5359532e444446303100"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a watch with one test card armed."""
    number = free_port()
    keys = {"visa": issuer.session_keys("visa", 7)}
    card = start_card({"link": f"udp:127.0.0.1:{number}", "profiles": ["visa"], "keys": keys})
    yield number
    card.kill()
    card.wait()


@pytest.fixture
def air(port: int) -> Iterator[Air]:
    """A reader that switches its field off at the end."""
    reader = Air(port)
    yield reader
    reader.raw(b"RFOFF")
    reader.close()


def test_activation_and_first_command(air: Air) -> None:
    air.activate()
    assert (air.give(PPSE) or "").endswith("9000")


def test_noise_is_ignored(air: Air) -> None:
    for noise in (
        b"",
        b"106A",
        b"106A zz",
        b"106A 123",
        b"106A 26 00",
        b"212F 0600ffff0100",
        b"106B 050010",
        b"\xff" * 900,
    ):
        assert air.raw(noise) is None, noise
    air.activate()
    for noise in (b"106A zz", b"106B 050010", b"106A " + b"00" * 300):
        assert air.raw(noise) is None, noise
    assert (air.give(PPSE) or "").endswith("9000")


def test_select_before_anticollision_and_of_another_card(air: Air) -> None:
    assert air.give(SELECT_UID) is None
    assert air.give(ANTICOLLISION) is None
    assert air.give(REQA) == ATQA
    assert air.give("93700812345619") is None
    assert air.give(SELECT_UID) is None, "another card was selected: back to IDLE"
    assert air.give(REQA) == ATQA
    assert air.give(SELECT_UID) == SAK


def test_a_halted_card_wakes_only_for_wupa(air: Air) -> None:
    air.activate()
    assert air.give("c2") == "c2"
    assert air.give(REQA) is None
    assert air.give(ANTICOLLISION) is None
    assert air.give(WUPA) == ATQA
    assert air.give(ANTICOLLISION) == UID
    assert air.give(SELECT_UID) == SAK
    assert air.give("5000") is None
    assert air.give(REQA) is None
    assert air.give(WUPA) == ATQA


def test_polling_again_is_a_new_field(air: Air) -> None:
    air.activate()
    assert (air.give(PPSE) or "").endswith("9000")
    air.activate()
    assert air.give("02" + "80ca9f3600") == "026d00", "nothing is selected after the field was off"


def test_another_reader_ends_the_field_of_the_first(port: int, air: Air) -> None:
    first = Air(port)
    first.activate()
    air.activate()
    assert (air.give(PPSE) or "").endswith("9000")
    first.raw(b"RFOFF")  # of a field that is long gone
    assert air.give("03" + "80ca9f3600") == "036d00"
    first.close()


def test_our_terminal_pays_a_radio_that_sleeps_between_readers() -> None:
    number = free_port()
    keys = {"visa": issuer.session_keys("visa", 7)}
    card = start_card({"link": f"udp:127.0.0.1:{number}", "profiles": ["visa"], "keys": keys, "low_power": True})
    try:
        for atc in (b"\0\x07", b"\0\x08"):
            reader = BuiltinReader(UdpAntenna("127.0.0.1", number))
            reader.connect(5)
            tags = Terminal(reader.transmit).pay("visa")
            reader.disconnect()
            assert tags["9F36"] == atc and tags["9F26"] == issuer.cryptogram("visa", tags)
    finally:
        card.kill()
        card.wait()
