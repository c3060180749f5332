"""Stock tools for contact cards on the contact test card of the simulated watch: emvtool and cardpeek, unchanged."""

from collections.abc import Iterator

import pytest
from pyemv import tlv

from tests.interop.nfc import cardpeek, issuer
from tests.interop.nfc.emvtool import emvtool, exchanges, require, rows
from tests.interop.nfc.pcsc_box import Box, open_box

AID = "F0544150574154434802"
DIRECTORY = b"1PAY.SYS.DDF01".hex().upper()
ACCOUNT = "99990200"
"""Leading digits of the card's test numbers."""
ARQC = b"\x80"


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    """The watch with its demo wallet."""
    require()
    with open_box() as opened:
        yield opened


@pytest.fixture(scope="module")
def view(box: Box) -> cardpeek.View:
    """Everything cardpeek saw, by its script as it comes."""
    seen, output = cardpeek.read_card(box, token_tags=False)
    print(f"NOTE cardpeek: contact card read in {output.ms:.0f} ms")
    return seen


def test_emvtool_finds_the_card_in_the_contact_directory(box: Box) -> None:
    """And only that one: the contactless directory is not for it."""
    spaced = bytes.fromhex(AID).hex(" ").upper()
    assert rows(emvtool(box, "listapps"))[1:] == [["0", '"CONTACT TEST"', f"[{spaced}]"]]


def test_emvtool_reads_options_and_records(box: Box) -> None:
    """With the empty list it always sends."""
    table = {row[0]: row[-1] for row in rows(emvtool(box, "appdata", "0"))}
    assert table["AIP"] == "[24, 0]" and table["AFL"] == "[8, 1, 1, 0, 16, 1, 1, 0]"
    assert table["[5A]"].startswith(ACCOUNT) and table["[9F 42]"] == "CNY"
    assert "Plaintext PIN verification performed by ICC" in table["[8E]"]


def test_emvtool_verifies_the_pin_and_gets_a_cryptogram(box: Box) -> None:
    text = emvtool(box, "--loglevel", "debug", "--pin", "1234", "cap", "-c", "12345678", "-a", "10.00")
    talk = exchanges(text)
    verify, generate = talk[-2:]
    assert verify.command[:5].hex() == "0020008008" and verify.status == "9000"
    assert text.splitlines()[-1].isdigit(), text
    tags = {tag: value for exchange in talk[:-2] for tag, value in flat(exchange.answer).items()}
    tags |= taken_apart(tags["8C"], generate.command[5 : 5 + generate.command[4]]) | flat(generate.answer)
    assert tags["9F02"].hex() == "000000001000" and tags["9F37"].hex() == "12345678"
    assert tags["9F27"] == ARQC
    key = issuer.bank_key(box.folder / "state", "contact-test")
    assert tags["9F26"] == issuer.cryptogram("contact-test", tags, key)
    print(f"NOTE emvtool: PIN verified, ARQC {tags['9F26'].hex()} as pyemv, code {text.splitlines()[-1]}")


def test_emvtool_is_told_of_a_wrong_pin(box: Box) -> None:
    assert emvtool(box, "--pin", "9999", "cap").strip() == "Invalid PIN"


def test_emvtool_reads_the_counters(box: Box) -> None:
    found = rows(emvtool(box, "info"))
    counters = {row[0]: row[1] for row in found if len(row) == 2}
    assert set(counters) == {"pin_retries", "atc", "last_online_atc"}


def test_cardpeek_walks_from_the_directory_to_the_records(view: cardpeek.View) -> None:
    assert view.applications() == [DIRECTORY, AID]
    assert view.values("4F", DIRECTORY) == [AID]
    assert view.records(AID) == [("1", "1"), ("2", "1")]
    assert view.value("82", AID) == "1800" and view.value("94", AID) == "0801010010010100"


def test_cardpeek_reads_numbers_and_counters(view: cardpeek.View) -> None:
    pan = view.value("5A", AID)
    assert pan.startswith(ACCOUNT) and view.value("57", AID).startswith(f"{pan}D")
    assert view.value("9F36", AID) == view.value("9F13", AID) == "0000", "a fresh arming, no cryptogram yet"
    assert view.value("9F17", AID) in ("02", "03"), "one try may have gone with a wrong PIN in another test"


def flat(answer: bytes) -> dict[str, bytes]:
    """The primitive data objects of an answer; of several directory entries the last."""
    return tlv.decode(answer, flatten=True) if answer else {}


def taken_apart(dol: bytes, data: bytes) -> dict[str, bytes]:
    """What a tool filled in, by tag."""
    values = {}
    while dol:
        size = 2 if dol[0] & 0x1F == 0x1F else 1
        tag, length, dol = dol[:size].hex().upper(), dol[size], dol[size + 1 :]
        values[tag], data = data[:length], data[length:]
    assert not data
    return values
