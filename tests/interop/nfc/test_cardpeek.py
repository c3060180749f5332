"""Stock cardpeek, a card reading program, on the watch's applications through PC/SC."""

import datetime
from collections.abc import Iterator

import pytest

from tests.interop.nfc import cardpeek, issuer
from tests.interop.nfc.pcsc_box import Box, open_box

PPSE = b"2PAY.SYS.DDF01".hex().upper()
VISA, MASTERCARD = "A0000000031010", "A0000000041010"


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    """A watch with two test tokens in euros, the currency cardpeek asks with."""
    with open_box(issuer.kit("visa", "mastercard")) as opened:
        yield opened


@pytest.fixture(scope="module")
def view(box: Box) -> cardpeek.View:
    """Everything cardpeek saw; it asks for processing options, so both applications get a transaction."""
    seen, output = cardpeek.read_card(box, token_tags=True)
    print(f"NOTE cardpeek: both applications read in {output.ms:.0f} ms")
    return seen


def test_the_directory_leads_to_both_applications(view: cardpeek.View) -> None:
    assert view.applications() == [PPSE, VISA, MASTERCARD]
    assert view.values("4F", PPSE) == [VISA, MASTERCARD]
    assert view.values("9F2A", PPSE) == ["03", "02"]


def test_processing_options_carry_the_cryptogram_the_issuer_expects(view: cardpeek.View) -> None:
    """It fills the list with an amount of zero, France, euros, today, and a number of its own."""
    terminal = {
        "9F02": "000000000000",
        "9F03": "000000000000",
        "9F1A": "0250",
        "95": "0000000000",
        "5F2A": "0978",
        "9A": datetime.date.today().strftime("%y%m%d"),
        "9C": "00",
        "9F37": "DEADBEEF",
    }
    tags = view.tags(VISA) | {tag: bytes.fromhex(value) for tag, value in terminal.items()}
    assert tags["9F27"] == b"\x80"
    assert tags["9F26"] == issuer.cryptogram("visa", tags)


def test_records_are_those_of_the_file_locator(view: cardpeek.View) -> None:
    """It tries 31 files with at least six records each."""
    for aid in (VISA, MASTERCARD):
        locator = bytes.fromhex(view.value("94", aid))
        rows = [locator[at : at + 4] for at in range(0, len(locator), 4)]
        named = {(str(row[0] >> 3), str(number)) for row in rows for number in range(row[1], row[2] + 1)}
        assert set(view.records(aid)) == named
    assert view.value("5A", MASTERCARD) == issuer.PANS["mastercard"]
    assert view.value("57", VISA).startswith(issuer.PANS["visa"] + "D")


def test_the_transaction_counter_moves_only_with_a_cryptogram(view: cardpeek.View) -> None:
    assert set(view.values("9F36", VISA)) == {"0007"}
    assert view.values("9F36", MASTERCARD) == ["0000"], "no cryptogram was asked for there"


def test_a_tool_that_talks_without_end_is_cut(box: Box) -> None:
    """Without its files and without input cardpeek repeats its question for ever."""
    output = box.run("xvfb-run", "-a", "cardpeek", "--console", limit=50_000, HOME=str(box.folder / "nowhere"))
    assert output.cut and len(output.text) <= 50_000
