"""The simulated antenna on the wire: what it answers before SELECT, and what it must ignore."""

import socket
from collections.abc import Iterator

import pytest

from tests.interop.nfc import issuer
from tests.interop.nfc.watch_process import free_port, start_card

REQA, WUPA, ANTICOLLISION, RATS = "26", "52", "9320", "e080"
ATQA, UID, SAK, ATS = "0400", "0812345678", "20", "0578807000"
SELECT_UID = "9370" + UID
PPSE = "0200a404000e325041592e5359532e444446303100"
QUIET_S = 0.08


class Air:
    """A reader that sends any datagram."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect(("127.0.0.1", port))

    def close(self) -> None:
        """Leave without a word."""
        self._socket.close()

    def raw(self, datagram: bytes) -> "str | None":
        """The answer as text, or None for silence."""
        self._socket.send(datagram)
        self._socket.settimeout(QUIET_S)
        try:
            return self._socket.recv(1024).decode()
        except TimeoutError:
            return None

    def give(self, frame: str) -> "str | None":
        """The answer to one frame, both in hex."""
        answer = self.raw(f"106A {frame}".encode())
        return None if answer is None else answer.removeprefix("106A ")

    def activate(self) -> None:
        """Everything up to the ATS."""
        for frame, answer in ((REQA, ATQA), (ANTICOLLISION, UID), (SELECT_UID, SAK), (RATS, ATS)):
            assert self.give(frame) == answer


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
