"""Stock opensc-tool on the whole simulated watch through PC/SC."""

import re
from collections.abc import Iterator

import pytest

from tests.interop.nfc.pcsc_box import Box, open_box

PPSE = "00A404000E325041592E5359532E444446303100"
SELECT_VISA = "00A4040007A000000003101000"
SELECT_MASTERCARD = "00A4040007A000000004101000"
RECEIVED = re.compile(r"Received \(SW1=0x(..), SW2=0x(..)\)(:?)\n((?:(?:[0-9A-F]{2} ){1,16}.*\n)*)")


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    """The watch with its demo wallet."""
    with open_box() as opened:
        yield opened


def send(box: Box, *commands: str) -> list[tuple[str, bytes]]:
    """Status word and data of each command, out of opensc-tool's dump."""
    arguments = [part for command in commands for part in ("-s", command)]
    text = box.run("opensc-tool", *arguments).text
    answers = [(sw1 + sw2, dump_bytes(dump)) for sw1, sw2, _, dump in RECEIVED.findall(text)]
    assert len(answers) == len(commands), text
    return answers


def dump_bytes(dump: str) -> bytes:
    """The bytes of a dump: 16 in a row, three places each, then as many characters; a single row is not padded."""
    rows = dump.splitlines()
    hexed = [rows[0][: len(rows[0]) // 4 * 3]] if len(rows) == 1 else [row[:48] for row in rows]
    return bytes.fromhex("".join(hexed))


def test_reader_and_atr(box: Box) -> None:
    assert re.search(r"^0 +Yes +Virtual PCD 00 00$", box.run("opensc-tool", "--list-readers").text, re.MULTILINE)
    assert "\n3b:80:80:01:01\n" in box.run("opensc-tool", "--atr").text
    assert "Unsupported card" in box.run("opensc-tool", "--name").text, "the watch answers none of the probes as a key"


def test_the_directory_lists_both_applications(box: Box) -> None:
    ((status, data),) = send(box, PPSE)
    assert status == "9000"
    assert data[:18] == bytes((0x6F, len(data) - 2, 0x84, 0x0E)) + b"2PAY.SYS.DDF01"
    assert bytes.fromhex("4F07A0000000031010") in data and bytes.fromhex("4F07A0000000041010") in data


def test_applications_say_what_they_want_to_know(box: Box) -> None:
    (visa_status, visa), (mastercard_status, mastercard) = send(box, SELECT_VISA, SELECT_MASTERCARD)
    assert (visa_status, mastercard_status) == ("9000", "9000")
    assert bytes.fromhex("9F6604") in visa, "kernel 3 cannot do without the terminal's qualifiers"
    assert bytes.fromhex("8407A0000000041010") in mastercard


def test_get_data(box: Box) -> None:
    (_, _), (status, counter), (missing, nothing) = send(box, SELECT_MASTERCARD, "80CA9F3600", "80CA9F7F00")
    assert status == "9000" and counter[:3] == bytes.fromhex("9F3602") and len(counter) == 5
    assert (missing, nothing) == ("6A88", b"")


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("00A4040007A000000099999900", "6A82"),
        ("00A4040102A00000", "6A86"),
        ("84CA9F3600", "6E00"),
        ("80AA9F3600", "6D00"),
        ("002000800824FFFFFFFFFFFFFF", "6D00"),
        ("00B2010C00", "6985"),
        ("80A80000028300", "6985"),
        ("80A8000003830000", "6700"),
    ],
)
def test_nonsense_gets_the_status_word_of_the_books(box: Box, command: str, status: str) -> None:
    """The application is selected; nothing was opened by GET PROCESSING OPTIONS."""
    assert send(box, SELECT_VISA, command)[1] == (status, b"")


def test_processing_options_need_the_data_that_was_asked_for(box: Box) -> None:
    """An empty list is refused and takes no key: the counter stays."""
    answers = send(box, SELECT_VISA, "80CA9F3600", "80A8000002830000", "80CA9F3600")
    assert answers[2] == ("6985", b"")
    assert answers[1] == answers[3]
