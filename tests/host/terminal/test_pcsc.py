"""The terminal's PC/SC reader on a real pcscd with virtual cards (vpcd), and what no virtual reader can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from smartcard import scard
from smartcard.Exceptions import CardConnectionException, NoCardException

from tapwatch.errors import UserError
from tapwatch.terminal.readers import pcsc_readers
from tapwatch.terminal.readers.pcsc import PcscReader, is_contactless
from tapwatch.terminal.readers.pcsc_card import power_up
from tests.interop.nfc.pcsc_box import empty_box

if TYPE_CHECKING:
    from collections.abc import Iterator

Steps = dict[str, dict]


@pytest.fixture(scope="module")
def steps() -> Iterator[Steps]:
    with empty_box() as box:
        yield {entry["step"]: entry for entry in box.session("tests.host.terminal.pcsc_script")}


def test_what_is_missing_is_said(steps: Steps) -> None:
    assert steps["no daemon"]["message"] == "PC/SC does not answer" and "pcscd" in steps["no daemon"]["hint"]
    assert "no such reader" in steps["no reader"]["message"]
    assert "Virtual PCD 00 00, Virtual PCD 00 01" in steps["no reader"]["hint"]
    assert steps["no card"]["message"] == "no card that answers came to the reader"


def test_a_card_that_comes_late_pays(steps: Steps) -> None:
    late = steps["late"]
    assert late["approved"] and late["scheme"] == "visa", late["reason"]
    assert late["seen"] == "UID 08A1B2C3  ATS 3B80800101"
    assert 0.4 < late["seconds"] < 5
    print(f"NOTE terminal: visa over PC/SC {late['elapsed_ms']} ms")


def test_a_card_that_stays_is_activated_afresh(steps: Steps) -> None:
    assert steps["still there"]["approved"] and steps["still there"]["atc"] == steps["late"]["atc"] + 1


def test_a_card_that_leaves_in_the_middle_is_asked_for_again(steps: Steps) -> None:
    assert steps["left"]["outcome"] == "try again" and steps["left"]["reason"].startswith("the card was lost: ")
    assert steps["back"]["approved"] and steps["back"]["scheme"] == "mastercard"


def test_a_contact_card_is_spoken_to_over_t0(steps: Steps) -> None:
    """No Le after data, GET RESPONSE for the answer, no UID."""
    contact = steps["contact"]
    assert contact["seen"] == "ATS 3B600000"
    assert [command[:10] for command in contact["sent"]] == ["00A404000E", "00C0000000"[:8] + contact["sent"][1][8:]]
    assert contact["sent"][0] == "00A404000E325041592E5359532E4444463031"
    assert contact["answer"].startswith("6F") and contact["answer"].endswith("9000")


def test_a_reader_that_goes_is_told_from_a_card_that_goes(steps: Steps) -> None:
    assert "daemon gone" in steps
    assert steps["reader gone"]["message"] == "PC/SC Virtual PCD 00 00 has gone"
    assert "pcscd" in steps["reader gone"]["hint"]


def test_library_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UserError, match="not installed") as caught:
        PcscReader()
    assert "pip install pyscard" in caught.value.hint


READERS = [
    "Alcor Micro AU9560 00 00",
    "ACS ACR1281 1S Dual Reader SAM 02 00",
    "ACS ACR1281 1S Dual Reader ICC 01 00",
    "ACS ACR1281 1S Dual Reader PICC 03 00",
]


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        ("", 3),
        ("acr1281", 3),
        ("acs acr1281 1s dual reader icc 01 00", 2),
        ("ICC 01", 2),
        ("alcor", 0),
        ("sam", 1),
    ],
)
def test_the_contactless_slot_is_preferred(monkeypatch: pytest.MonkeyPatch, wanted: str, number: int) -> None:
    monkeypatch.setattr("smartcard.System.readers", lambda: READERS)
    assert pcsc_readers.find(wanted) == READERS[number]


def test_no_reader_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartcard.System.readers", list)
    monkeypatch.setattr(pcsc_readers.Path, "exists", lambda path: path.name == "pn533_usb")
    with pytest.raises(UserError, match="there is no PC/SC reader") as caught:
        pcsc_readers.find("")
    assert caught.value.hint == "connect one; a driver of the kernel may hold it: `sudo modprobe -r pn533_usb`"


class FakeReader:
    """A reader whose connection fails as told."""

    def __init__(self, failure: Exception) -> None:
        self._failure = failure

    def createConnection(self) -> FakeReader:  # noqa: N802 - pyscard's name
        """It is its own connection."""
        return self

    def connect(self, *_: object) -> None:
        """Fail."""
        raise self._failure


@pytest.mark.parametrize(
    "failure",
    [
        NoCardException("none", hresult=scard.SCARD_E_NO_SMARTCARD),
        CardConnectionException("mute", hresult=scard.SCARD_W_UNRESPONSIVE_CARD),
        CardConnectionException("reset", hresult=scard.SCARD_W_RESET_CARD),
    ],
)
def test_a_card_that_does_not_answer_yet_is_waited_for(failure: Exception) -> None:
    assert power_up(FakeReader(failure), "reader") is None


@pytest.mark.parametrize(
    ("code", "message", "hint"),
    [
        (scard.SCARD_E_SHARING_VIOLATION, "another program holds the card in reader", "close that program"),
        (scard.SCARD_E_READER_UNAVAILABLE, "reader has gone", "plug it in again; if it is there, restart pcscd"),
        (scard.SCARD_F_COMM_ERROR, "reader cannot reach the card", "lay the card flat on the reader and try again"),
    ],
)
def test_what_waiting_does_not_cure_is_said_at_once(code: int, message: str, hint: str) -> None:
    with pytest.raises(UserError) as caught:
        power_up(FakeReader(CardConnectionException("no", hresult=code)), "reader")
    assert (caught.value.message, caught.value.hint) == (message, hint)


@pytest.mark.parametrize(
    ("atr", "contactless"),
    [
        ("3B80800101", True),
        ("3B8F8001804F0CA000000306030001000000006A", True),
        ("3B600000", False),
        ("3BE000008131204535", False),
        ("3B", False),
    ],
)
def test_contactless_cards_by_their_atr(atr: str, contactless: bool) -> None:
    assert is_contactless(bytes.fromhex(atr)) is contactless
