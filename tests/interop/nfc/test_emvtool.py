"""Stock emvtool (python-emv), terminal software for contact cards, on the watch's contactless cards through PC/SC."""

from collections.abc import Iterator

import pytest

from tests.interop.nfc import issuer
from tests.interop.nfc.emvtool import emvtool, require, rows
from tests.interop.nfc.pcsc_box import Box, open_box

REFUSED = "ErrorResponse"
VISA, MASTERCARD = "[A0 00 00 00 03 10 10]", "[A0 00 00 00 04 10 10]"


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    """A watch with two contactless test cards. The tool tries well-known AIDs where there is no contact directory."""
    require()
    with open_box(issuer.kit("visa", "mastercard")) as opened:
        yield opened


def test_readers(box: Box) -> None:
    assert "0: Virtual PCD 00 00" in emvtool(box, "readers")


def test_both_applications_are_found(box: Box) -> None:
    assert rows(emvtool(box, "listapps"))[1:] == [
        ["0", '"TEST VISA"', VISA],
        ["1", '"TEST MASTERCARD"', MASTERCARD],
    ]


def test_application_data_as_the_tool_reads_them(box: Box) -> None:
    """Its processing options are empty, as this application wants them."""
    text = emvtool(box, "appdata", "1")
    table = {row[0]: row[-1] for row in rows(text)}
    assert f'Selected application "TEST MASTERCARD" ({MASTERCARD})' in text
    assert table["AFL"] == "[8, 1, 1, 0]"
    assert table["[5A]"] == issuer.PANS["mastercard"] and table["[5F 24]"] == "30/12/31"
    assert table["[9F 42]"] == "EUR" and table["[5F 28]"] == "DE"
    assert table["[8C]"].startswith("[(([9F 02]) Amount, Authorised, 6)")


def test_a_tool_that_ignores_the_list_gets_no_options(box: Box) -> None:
    text = emvtool(box, "appdata", "0")
    assert 'Selected application "TEST VISA"' in text
    assert text.rstrip().endswith(f'{REFUSED}: "Command not allowed; conditions of use not satisfied">')


def test_a_contactless_card_verifies_no_pin(box: Box) -> None:
    text = emvtool(box, "--pin", "1234", "cap")
    assert text.rstrip().endswith(f'{REFUSED}: "Instruction code not supported or invalid">')


def test_everything_it_can_find_out(box: Box) -> None:
    """`info` tries 30 files; before processing options are asked for, no record is readable."""
    text = emvtool(box, "info")
    assert "1PAY.SYS.DDF01 not available" in text
    assert VISA.strip("[]") in text and f'Application "TEST MASTERCARD", DF Name: {MASTERCARD}' in text
    assert ["atc", "0"] in rows(text)
    assert issuer.PANS["visa"] not in text and "File:" not in text
