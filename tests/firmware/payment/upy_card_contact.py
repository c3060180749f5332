"""The contact test card, as tools on a card reader use it: directory, PIN, both cryptograms, counters."""

from tests.firmware.payment.card_kit import (
    CONTACT_AID,
    CURRENCY,
    KEY,
    PANS,
    Wire,
    armed,
    arpc,
    fill,
    flatten,
    generate_ac,
    gpo,
    select,
    terminal_values,
    verify,
)
from watch.access.states import NFC_CARD, NFC_EXPRESS, NFC_SEE_DEVICE, NFC_SILENT
from watch.crypto.des import Alg3Mac
from watch.nfc.router import Router
from watch.payment.card import EmvCard
from watch.payment.profiles.contact_test import CONTACT_TEST

PSE = select(b"1PAY.SYS.DDF01")
PPSE = select(b"2PAY.SYS.DDF01")
ARQC, TC, AAC = 0x80, 0x40, 0x00
NOT_FOUND = (b"", 0x6A82)


class Tool:
    """A contact tool at a watch with this card armed."""

    def __init__(self, **kept):
        self.armed = armed("contact-test", **kept)
        self.card = EmvCard(lambda: 0)
        self.card.set_state(NFC_CARD)
        self.card.load(self.armed)
        self.wire = Wire(Router(self.card.applications))

    def get(self, command):
        """The tags of an answer that must be 9000."""
        data, status = self.wire.send(command)
        assert status == 0x9000, (command, hex(status))
        return flatten(data)

    def open(self, data=b""):
        """SELECT, options, and the records of the file locator."""
        self.get(select(CONTACT_AID))
        tags = self.get(gpo(data))
        locator = tags[0x94]
        for at in range(0, len(locator), 4):
            for number in range(locator[at + 1], locator[at + 2] + 1):
                tags.update(self.get(bytes((0, 0xB2, number, locator[at] | 4, 0))))
        return tags

    def first(self, kind=ARQC, **values):
        """The first GENERATE AC."""
        return self.get(generate_ac(kind, fill(CONTACT_TEST.cdol1, terminal_values(**values))))

    def second(self, answer, kind=TC):
        """The second GENERATE AC."""
        return self.get(generate_ac(kind, fill(CONTACT_TEST.cdol2, terminal_values(t8A="3030", t91=answer.hex()))))

    def counter(self, tag):
        """GET DATA as a number."""
        return int.from_bytes(self.get(bytes((0x80, 0xCA, tag >> 8, tag & 0xFF, 0)))[tag], "big")


def test_the_contact_directory():
    tool = Tool()
    tags = tool.get(PSE)
    assert tags == {0x84: b"1PAY.SYS.DDF01", 0x88: b"\x01"}
    entry = tool.get(b"\x00\xb2\x01\x0c\x00")
    assert entry == {0x4F: CONTACT_AID, 0x50: b"CONTACT TEST", 0x87: b"\x01"}
    assert tool.wire.send(b"\x00\xb2\x02\x0c\x00") == (b"", 0x6A83), "the end of the list"
    assert tool.wire.send(b"\x00\xb2\x01\x14\x00") == (b"", 0x6A82)
    assert tool.wire.send(PPSE) == NOT_FOUND, "no contactless application"


def test_the_contact_card_is_there_only_while_loaded():
    tool = Tool()
    for state, status in ((NFC_SEE_DEVICE, 0x6A82), (NFC_EXPRESS, 0x6A82), (NFC_SILENT, 0x6A82), (NFC_CARD, 0x9000)):
        tool.card.set_state(state)
        assert tool.wire.send(PSE)[1] == tool.wire.send(select(CONTACT_AID))[1] == status, state
    tool.card.unload()
    assert tool.wire.send(PSE) == tool.wire.send(select(CONTACT_AID)) == NOT_FOUND
    tool.card.load(armed("visa"))
    assert tool.wire.send(PSE) == NOT_FOUND and tool.wire.send(PPSE)[1] == 0x9000


def test_beside_other_cards():
    tool = Tool()
    tool.card.load(armed("visa"))
    tool.card.load(armed("closed-loop"))
    listed = tool.wire.send(PPSE)[0]
    assert CONTACT_AID not in listed and listed.count(b"\x4f") == 3
    assert tool.wire.send(PSE)[1] == 0x9000
    assert tool.open()[0x5A] == bytes.fromhex(PANS["contact-test"])


def test_a_whole_transaction():
    tool = Tool()
    tags = tool.open()
    assert tags[0x82] == b"\x18\x00"
    assert tags[0x8E] == bytes(8) + b"\x41\x03\x1f\x03"
    for tag in (0x57, 0x5A, 0x5F24, 0x5F28, 0x5F34, 0x8C, 0x8D, 0x9F07, 0x9F08, 0x9F0D, 0x9F0E, 0x9F0F, 0x9F42):
        assert tag in tags, hex(tag)
    assert 0x5F20 not in tags, "no cardholder name"
    assert tool.wire.send(verify()) == (b"", 0x9000)
    first = tool.first(t9F34="010302")
    assert set(first) == {0x9F27, 0x9F36, 0x9F26, 0x9F10}, "nothing of contactless"
    assert (first[0x9F27], first[0x9F36]) == (b"\x80", b"\x00\x07")
    assert first[0x9F10][2:8] == b"\xa5\x00\x00\x02\x00\x00"
    assert tool.counter(0x9F13) == 0
    second = tool.second(arpc(first[0x9F26], b"00", KEY))
    assert (second[0x9F27], second[0x9F36]) == (b"\x40", b"\x00\x07")
    assert second[0x9F10][2:8] == b"\x65\x10\x00\x02\x00\x00"
    assert tool.counter(0x9F36) == 7 and tool.counter(0x9F13) == 7
    sent = terminal_values()
    order = (0x9F02, 0x9F03, 0x9F1A, 0x95, 0x5F2A, 0x9A, 0x9C, 0x9F37)
    sizes = (6, 6, 2, 5, 2, 3, 1, 4)
    message = fill(tuple(zip(order, sizes)), sent) + tags[0x82] + second[0x9F36] + second[0x9F10][2:8]
    out = bytearray(8)
    Alg3Mac(KEY).mac(message, len(message), out)
    assert second[0x9F26] == bytes(out)


def test_options_with_and_without_data():
    assert Tool().open() == Tool().open(b"\x02\x76\x09\x78")


def test_the_published_pin():
    tool = Tool(cdcvm=False)
    tool.open()
    assert tool.counter(0x9F17) == 3
    assert [tool.wire.send(verify("0000"))[1] for _ in range(2)] == [0x63C2, 0x63C1]
    assert tool.counter(0x9F17) == 1
    assert tool.wire.send(verify("1234"))[1] == 0x9000
    assert tool.counter(0x9F17) == 3, "the right one gives all tries back"
    statuses = [tool.wire.send(verify(pin))[1] for pin in ("12345", "123456789012", "1235", "1234", "1234")]
    assert statuses == [0x63C2, 0x63C1, 0x63C0, 0x6983, 0x6983]
    assert tool.counter(0x9F17) == 0
    tool.open()
    assert tool.wire.send(verify("1234"))[1] == 0x6983, "a new selection does not help"
    tool.card.load(armed("contact-test"))
    tool.open()
    assert tool.wire.send(verify("1234"))[1] == 0x9000, "the counter is in RAM only"


def test_any_bit_of_the_pin_block_counts():
    good = verify()
    tried = 0
    for bit in range(8 * 5, 8 * len(good)):
        tool = Tool()
        tool.open()
        bad = bytearray(good)
        bad[bit >> 3] ^= 0x80 >> (bit & 7)
        assert tool.wire.send(bad)[1] in (0x63C2, 0x6A80), bit
        tried += 1
    print("NOTE PIN blocks with one wrong bit refused:", tried)


# PINs presented; CVR bytes 1 and 4 without CDCVM; the same with it
VERIFIED = (
    ((), 0xA0, 0x22, 0xA5, 0x02),
    (("1234",), 0xA5, 0x02, 0xA5, 0x02),
    (("0000",), 0xA4, 0x12, 0xA5, 0x02),
    (("0000", "1234"), 0xA5, 0x02, 0xA5, 0x02),
    (("1234", "0000"), 0xA4, 0x12, 0xA5, 0x02),
    (("0", "0000", "0000", "0000"), 0xA4, 0x1A, 0xA5, 0x0A),
)


def test_what_the_bank_is_told_of_the_pin():
    for pins, first, fourth, cdcvm_first, cdcvm_fourth in VERIFIED:
        for cdcvm, expected in ((False, (first, fourth)), (True, (cdcvm_first, cdcvm_fourth))):
            tool = Tool(cdcvm=cdcvm)
            tool.open()
            for pin in pins:
                tool.wire.send(verify(pin))
            data = tool.first()[0x9F10]
            assert (data[2], data[5]) == expected, (pins, cdcvm, data.hex())


def test_a_right_pin_answers_a_terminal_that_asks():
    """The terminal's CVM results ask for a verification; the card's own limits without CDCVM stay."""
    for pins, amount, kind in (((), 100, AAC), (("1234",), 100, ARQC), (("0000",), 100, AAC), (("1234",), 5_001, AAC)):
        tool = Tool(cdcvm=False)
        tool.open()
        for pin in pins:
            tool.wire.send(verify(pin))
        assert tool.first(amount=amount, t9F34="010302")[0x9F27] == bytes((kind,)), (pins, amount)


def test_a_verification_is_good_for_one_selection():
    tool = Tool(cdcvm=False)
    tool.open()
    assert tool.wire.send(verify())[1] == 0x9000
    tool.open()
    assert tool.first()[0x9F10][2] == 0xA0


def test_a_tool_that_sends_no_currency():
    """Sign-in codes (CAP): date 010101, TVR 8000000000, no currency, a challenge as unpredictable number."""
    tool = Tool()
    tool.open()
    values = {"t5F2A": "0000", "t9F1A": "0000", "t9A": "010101", "t95": "8000000000", "t9F34": "000000"}
    first = tool.first(amount=1000, unpredictable="12345678", **values)
    assert first[0x9F27] == b"\x80"
    assert tool.armed.outcome.currency == CURRENCY


def test_the_card_is_over_after_three_keys():
    tool = Tool()
    for atc in (7, 8, 9):
        tool.open()
        assert int.from_bytes(tool.first()[0x9F36], "big") == atc
    tool.open()
    assert tool.first()[0x9F27] == b"\x00"
