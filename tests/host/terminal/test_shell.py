"""The APDU shell against test cards: what each word sends, shows and expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tapwatch.errors import EXIT_FAILED, EXIT_USAGE, UserError
from tapwatch.terminal.shell.session import CardSession
from tapwatch.terminal.shell.shell import Shell
from tests.host.terminal.cards import MastercardCard, VisaCard, template, tlv
from tests.host.terminal.direct import DirectReader

if TYPE_CHECKING:
    from collections.abc import Callable


VISA, MASTERCARD = "A0000000031010", "A0000000041010"


class Desk:
    """A shell with everything it printed and sent."""

    def __init__(self, card: Callable[[bytes], bytes], lost_after: int = 1000) -> None:
        self.sent: list[str] = []
        self.printed: list[str] = []
        self.session = CardSession(DirectReader(self._noted(card), lost_after), self.printed.append, 1.0)
        self.shell = Shell(self.session)

    def _noted(self, card: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
        def answer(command: bytes) -> bytes:
            self.sent.append(command.hex().upper())
            return card(command)

        return answer

    def run(self, *lines: str) -> str:
        """Run lines; what was printed for them."""
        before = len(self.printed)
        for line in lines:
            assert self.shell.run(line)
        return "\n".join(self.printed[before:])


def fixed(*answers: str) -> Callable[[bytes], bytes]:
    """A card that gives these answers one after the other."""
    left = [bytes.fromhex(answer) for answer in answers]
    return lambda command: left.pop(0)


def test_a_kernel_3_transaction() -> None:
    desk = Desk(VisaCard().apdu)
    text = desk.run("select ppse", f"select {VISA}", "set 9F37 A1B2C3D4", "amount 5 EUR", "gpo", "expect 9F27 = 80")
    assert desk.sent[0] == "00A404000E325041592E5359532E444446303100"
    assert desk.sent[1] == f"00A4040007{VISA}00"
    assert desk.sent[2].startswith("80A80000238321") and "000000000500" in desk.sent[2] and "0978" in desk.sent[2]
    assert "A1B2C3D4" in desk.sent[2]
    assert "5F2A Transaction currency code: 0978  EUR" in text and "ARQC (ask the bank)" in text
    assert desk.shell.prompt == f"{VISA}> "


def test_a_kernel_2_transaction() -> None:
    desk = Desk(MastercardCard().apdu)
    text = desk.run("select 2PAY.SYS.DDF01", f"select {MASTERCARD}", "gpo", "records", "ac1", "expect 9000")
    assert [command[:8] for command in desk.sent[2:]] == ["80A80000", "00B20114", "80AE8000"]
    assert "Card risk management list 1 (CDOL1)" in text and "GENERATE AC (ARQC)" in text
    desk.run("ac1 aac")
    assert desk.sent[-1].startswith("80AE0000")


def test_the_second_cryptogram_carries_the_answer_of_the_bank() -> None:
    record = template("70", {"8C": bytes.fromhex("9F3704"), "8D": bytes.fromhex("910A8A02")}).hex()
    cryptogram = tlv("80", "80000711223344556677880102030405").hex()
    desk = Desk(fixed("9000", "770A82021800940408010100" + "9000", record + "9000", cryptogram + "9000", "9000"))
    desk.run("select F000000001", "gpo", "records", "ac1", "expect 9F36 = 0007", "expect 9F26 = 1122334455667788")
    desk.run("set 91 0102030405060708 3030", "ac2")
    assert desk.sent[-1] == "80AE40000C" + "0102030405060708" + "3030" + "3030" + "00"


def test_options_in_the_short_format_lead_to_the_records() -> None:
    desk = Desk(fixed("9000", "8006180008010200" + "9000", "70009000", "6A83"))
    desk.run("select F000000001", "gpo empty", "records", "expect 6A83")
    assert desk.sent[1:] == ["80A8000002830000", "00B2010C00", "00B2020C00"]


def test_options_as_given() -> None:
    desk = Desk(fixed("9000", "6985"))
    desk.run("select F000000001", "gpo 01 02 03", "expect 6985")
    assert desk.sent[1] == "80A8000005830301020300"


def test_the_records_of_a_directory_are_read_to_the_last() -> None:
    entry = template("70", {"61": tlv("4F", "F0544150574154434802")}).hex()
    desk = Desk(fixed("6F15840E315041592E5359532E4444463031A5038801019000", entry + "9000", "6A83"))
    assert "F0544150574154434802" in desk.run("select pse", "records")
    assert desk.sent[1:] == ["00B2010C00", "00B2020C00"]


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        ("get-data 9F36", "80CA9F3600"),
        ("GET-DATA 9f36", "80CA9F3600"),
        ("get-data 82", "80CA008200"),
        ("verify 1234", "0020008008241234FFFFFFFFFF"),
        ("verify 123456789012", "00200080082C123456789012FF"),
        ("record 2 1", "00B2011400"),
        ("select ndef", "00A4040007D276000085010100"),
        ("80ca 9f36 00", "80CA9F3600"),
        ("00B2010C", "00B2010C"),
        ("80CA9F3600 # the counter", "80CA9F3600"),
    ],
)
def test_every_word_sends_what_it_says(line: str, sent: str) -> None:
    desk = Desk(fixed("9000"))
    desk.run(line)
    assert desk.sent == [sent]


def test_a_selection_in_hex_is_a_selection() -> None:
    desk = Desk(VisaCard().apdu)
    desk.run(f"00A4040007{VISA}00")
    assert desk.shell.prompt == f"{VISA}> "
    desk.run("gpo", "expect 9000")


def test_a_refused_selection_leaves_the_one_before() -> None:
    desk = Desk(fixed("9000", "6A82"))
    desk.run(f"select {VISA}", "select A000000009", "expect 6A82")
    assert desk.shell.prompt == f"{VISA}> "


@pytest.mark.parametrize(
    ("line", "answer", "fails"),
    [
        ("expect 9000", "9000", False),
        ("expect 9000", "6A82", True),
        ("expect 6a82 6A83", "6A83", False),
        ("expect 63Cx", "63C2", False),
        ("expect 63Cx", "6983", True),
        ("expect 9F36 = 0007", "9F3602" + "00079000", False),
        ("expect 9F36=00 0X", "9F3602" + "00079000", False),
        ("expect 9F36 = 0008", "9F3602" + "00079000", True),
        ("expect 9F36 = 00", "9F3602" + "00079000", True),
        ("expect 9F17 = 03", "9F3602" + "00079000", True),
        ("expect /counter: 0007  7$/", "9F3602" + "00079000", False),
        ("expect /tries left/", "63C2", False),
        ("expect /no such # thing/", "9000", True),
    ],
)
def test_expectations(line: str, answer: str, fails: bool) -> None:
    desk = Desk(fixed(answer))
    desk.run("80CA9F3600")
    if fails:
        with pytest.raises(UserError, match=r"^expected ") as caught:
            desk.run(line)
        assert caught.value.exit_code == EXIT_FAILED
    else:
        desk.run(line)


@pytest.mark.parametrize(
    "line",
    [
        "expect 9000",
        "nonsense",
        "select",
        "gpo xyz",
        "records",
        "record 1",
        "record 0 1",
        "record 1 256",
        "get-data 9F",
        "get-data 9F36 01",
        "get-data DFAE02",
        "verify 123",
        "verify 12a4",
        "ac1",
        "ac1 tcx",
        "ac2",
        "set 9F02 01",
        "set 9F02 00000000000A",
        "set 70 00",
        "set 9F02",
        "amount 1,5",
        "amount 1 XXX",
        "decode 0",
        "help nothing",
        "00A4",
        "123",
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_sent(line: str) -> None:
    desk = Desk(fixed())
    with pytest.raises(UserError) as caught:
        desk.run(line)
    assert caught.value.exit_code == EXIT_USAGE, caught.value.explain()
    assert desk.sent == []


@pytest.mark.parametrize(
    "line", ["expect 90", "expect 90000", "expect 9F36 = 0", "expect 9F36 = zz", "expect /(/", "expect"]
)
def test_expectations_that_make_no_sense(line: str) -> None:
    desk = Desk(fixed("9F360200079000"))
    desk.run("80CA9F3600")
    with pytest.raises(UserError) as caught:
        desk.run(line)
    assert caught.value.exit_code == EXIT_USAGE


def test_a_malformed_list_of_the_card_is_named() -> None:
    desk = Desk(fixed("9000"))
    desk.run("select F000000001")
    desk.session.card["9F38"] = b"\x9f"
    with pytest.raises(UserError, match="the card's list 9F38 is malformed"):
        desk.run("gpo")


def test_values_can_be_set_and_given_back() -> None:
    desk = Desk(fixed())
    assert "9F66 Terminal transaction qualifiers: 36000000" in desk.run("set 9F66 36 00 00 00", "values")
    assert "9F66 Terminal transaction qualifiers: 20804000" in desk.run("unset 9F66", "values")
    assert "9F02 Amount, authorised: 000000000500" in desk.run("set 9F02 000000000001", "amount 5", "values")


def test_each_selection_is_a_new_transaction() -> None:
    desk = Desk(lambda command: bytes.fromhex("9000"))
    drawn = set()
    for _ in range(5):
        desk.run(f"select {VISA}")
        drawn.add(desk.session.terminal.all()["9F37"])
    assert len(drawn) == 5
    desk.run("set 9F37 01020304", f"select {VISA}")
    assert desk.session.terminal.all()["9F37"].hex() == "01020304"


def test_a_lost_card_is_waited_for_again() -> None:
    desk = Desk(VisaCard().apdu, lost_after=1)
    desk.run(f"select {VISA}")
    with pytest.raises(UserError, match="the card was lost"):
        desk.run("gpo")
    assert desk.shell.prompt == "no application> "
    desk.session._reader._left = 5
    assert "Card  UID 08010203" in desk.run(f"select {VISA}", "expect 9000")


def test_help_names_every_word() -> None:
    desk = Desk(fixed())
    text = desk.run("help")
    assert all(word in text for word in desk.shell.words)
    assert desk.run("help gpo").startswith("gpo [HEX|empty]")
    assert desk.run("decode 9F360200079000", "echo done").endswith("done")
    assert not desk.shell.run("quit") and not desk.shell.run("EXIT")
