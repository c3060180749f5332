"""The Mastercard-profile application: options, record, first and second GENERATE AC."""

from tests.firmware.payment.card_kit import (
    COUNTRY,
    CURRENCY,
    KEY,
    MASTERCARD_AID,
    PANS,
    Wire,
    armed,
    arpc,
    fill,
    flatten,
    flip,
    generate_ac,
    gpo,
    select,
    terminal_values,
    token,
)
from watch.access.states import NFC_CARD
from watch.crypto.des import Alg3Mac
from watch.nfc.router import Router
from watch.payment.armed import ArmedCard, SingleKey
from watch.payment.card import EmvCard
from watch.payment.profiles.mastercard import MASTERCARD
from watch.payment.spending import Spending
from watch.payment.tlv import dol_length, encode_dol

RECORD = b"\x00\xb2\x01\x0c\x00"
ARQC, TC, AAC = 0x80, 0x40, 0x00


class Tap:
    """One reader at one armed card."""

    def __init__(self, card=None, **kept):
        self.armed = card or armed("mastercard", **kept)
        self.card = EmvCard(lambda: 1_795_305_600)
        self.card.set_state(NFC_CARD)
        self.card.load(self.armed)
        self.wire = Wire(Router(self.card.applications))

    def open(self):
        """SELECT, GPO and the record; its tags."""
        assert self.wire.send(select(MASTERCARD_AID))[1] == 0x9000
        options, status = self.wire.send(gpo())
        assert status == 0x9000
        record, status = self.wire.send(RECORD)
        assert status == 0x9000
        tags = flatten(options)
        tags.update(flatten(record))
        return tags

    def first(self, kind=ARQC, **values):
        """The first GENERATE AC; (tags, status word)."""
        data, status = self.wire.send(generate_ac(kind, fill(MASTERCARD.cdol1, terminal_values(**values))))
        return flatten(data), status

    def second(self, kind=TC, response=b"00", answer=bytes(10), **values):
        """The second GENERATE AC; `answer` is tag 91."""
        known = terminal_values(t8A=response.hex(), t91=answer.hex(), **values)
        data, status = self.wire.send(generate_ac(kind, fill(MASTERCARD.cdol2, known)))
        return flatten(data), status

    def pay(self, **values):
        """A whole tap."""
        tags = self.open()
        answer, status = self.first(**values)
        tags.update(answer)
        return tags, status

    def used(self):
        """ATCs of the keys taken."""
        return [key.atc for key in self.armed.keys if key.used]


def expected_cryptogram(tags, tvr=bytes(5), **values):
    """The MAC over what both sides said."""
    sent = terminal_values(**values)
    message = b"".join((sent[0x9F02], bytes(6), sent[0x9F1A], tvr, sent[0x5F2A], sent[0x9A], sent[0x9C], sent[0x9F37]))
    message += tags[0x82] + tags[0x9F36] + tags[0x9F10][2:8]
    out = bytearray(8)
    Alg3Mac(KEY).mac(message, len(message), out)
    return bytes(out)


def test_a_tap():
    tap = Tap()
    tags, status = tap.pay()
    assert status == 0x9000
    assert tags[0x82] == b"\x1a\x80", "on-device CVM"
    assert tags[0x9F27] == b"\x80"
    assert tags[0x9F36] == b"\x00\x07"
    assert tags[0x9F10] == b"\x01\x14\xa5\x00\x00\x02" + bytes(12)
    assert tags[0x9F26] == expected_cryptogram(tags)
    assert tap.armed.outcome.result == "sent"
    assert tap.armed.outcome.merchant() == "CORNER SHOP"


def test_record_has_what_kernel_2_reads():
    tags = Tap().open()
    assert tags[0x5A] == bytes.fromhex(PANS["mastercard"])
    assert tags[0x57] == bytes.fromhex(PANS["mastercard"] + "d301220100000f")
    assert tags[0x8C] == encode_dol(MASTERCARD.cdol1)
    assert tags[0x8D] == encode_dol(MASTERCARD.cdol2)
    assert dol_length(MASTERCARD.cdol1) == 94 and dol_length(MASTERCARD.cdol2) == 21
    assert tags[0x5F24] == b"\x30\x12\x31"
    assert tags[0x5F28] == b"\x02\x76"
    assert tags[0x9F42] == b"\x09\x78"
    assert tags[0x9F0F] == b"\xfc\xf8\xfc\xf8\xf0", "every bit that the TVR has, none that it has not"
    assert tags[0x9F19] == b"\x04\x00\x10\x03\x02\x73"


def test_what_kernel_2_is_told_of_the_watch():
    tags = Tap().open()
    assert tags[0x9F6E] == b"\x02\x76\x00\x0019\x00", "country, nobody's data, a watch that pays by its processor"
    for cdcvm, interaction in ((True, "001000"), (False, "000000")):
        tags, _ = Tap(cdcvm=cdcvm).pay()
        assert tags[0xDF4B].hex() == interaction, "the wearer was verified, or not"


def test_without_cdcvm_the_verification_is_not_claimed():
    tap = Tap(cdcvm=False)
    tags, status = tap.pay(country=840)
    assert status == 0x9000
    assert tags[0x82] == b"\x18\x80"
    assert tags[0x9F10][2:8] == b"\xa0\x00\x00\x24\x00\x00"
    assert tags[0x9F26] == expected_cryptogram(tags, country=840)


def test_a_wish_for_offline_approval_becomes_online():
    for kind in (TC, TC | 0x10, ARQC | 0x10):
        tap = Tap()
        tap.open()
        tags, status = tap.first(kind)
        assert (status, tags[0x9F27]) == (0x9000, b"\x80")
        assert 0x9F4B not in tags, "no combined signature"


# what the card is, what the terminal sends, result, DF4B
REFUSALS = (
    ({"cdcvm": False}, {"t95": "0000800000"}, "see-device", "000100"),
    ({"cdcvm": False}, {"t9F34": "020300"}, "see-device", "000100"),
    ({"cdcvm": False}, {"t9F34": "010002"}, "see-device", "000100"),
    ({"cdcvm": False}, {"t9F1D": "0080000000000000"}, "see-device", "000100"),
    ({"cdcvm": False}, {"amount": 5_001}, "see-device", "000100"),
    ({}, {"amount": 20_001}, "confirm", "000200"),
    ({}, {"currency": 840}, "confirm", "000200"),
    ({}, {"amount": 50_001}, "over-limit", "000000"),
    ({"keys": 0}, {}, "no-keys", "000000"),
    ({}, {"t9F02": "0000000012fa"}, "terminal-not-supported", "000000"),
)


def test_refusals_are_an_aac_without_a_key():
    for card, terminal, result, interaction in REFUSALS:
        tap = Tap(**card)
        tags, status = tap.pay(**terminal)
        assert status == 0x9000, (card, terminal)
        assert tap.armed.outcome.result == result, (card, terminal, tap.armed.outcome.result)
        assert tags[0x9F27] == b"\x00"
        assert tags[0x9F36] == b"\x00\x00" and tags[0x9F26] == bytes(8), "an AAC belongs to no ATC"
        assert tags[0x9F10][2] & 0xF0 == 0x80
        assert tags[0xDF4B] == bytes.fromhex(interaction), (card, terminal)
        assert tap.used() == []
        assert tap.first()[1] == tap.second()[1] == 0x6985


def test_the_cvm_is_not_needed_without_a_request():
    for cvm_results in ("000000", "1f0302", "3f0002"):
        assert Tap(cdcvm=False).pay(t9F34=cvm_results)[1] == 0x9000


def test_the_terminal_declines():
    tap = Tap()
    tap.open()
    tags, status = tap.first(AAC)
    assert (status, tags[0x9F27], tags[0x9F36]) == (0x9000, b"\x00", b"\x00\x00")
    assert tap.armed.outcome.result == "declined-by-terminal"
    assert tap.used() == []


def test_the_second_tap_after_a_confirmation():
    tap = Tap()
    assert tap.pay(amount=30_000)[0][0x9F27] == b"\x00"
    tap.armed.confirm((30_000, CURRENCY), (30_000, CURRENCY))
    tags, _ = tap.pay(amount=30_000)
    assert (tags[0x9F27], tags[0x9F36]) == (b"\x80", b"\x00\x07")


def test_options_take_no_key():
    tap = Tap()
    for _ in range(5):
        tap.open()
    assert tap.used() == []
    assert tap.first()[0][0x9F36] == b"\x00\x07"


# P1, response code, issuer authentication data (None: absent; 0: right; else the bit of it that is wrong); CID, CVR
SECOND = (
    (TC, b"00", 0, 0x40, "651000020000"),
    (TC, b"00", None, 0x00, "250000020000"),
    (TC, b"00", 1, 0x00, "250000020400"),
    (TC, b"00", 64, 0x00, "250000020400"),
    (TC, b"00", 80, 0x00, "250000020400"),
    (AAC, b"05", 0, 0x00, "251000020000"),
    (AAC, b"05", None, 0x00, "250000020000"),
    (TC, b"Z3", None, 0x00, "250000420000"),
    (TC, b"Y3", 0, 0x00, "251000420000"),
)


def test_second_generate_ac():
    for kind, response, wrong, cid, cvr in SECOND:
        tap = Tap()
        tags, _ = tap.pay()
        answer = arpc(tags[0x9F26], response, KEY) if wrong is not None else bytes(10)
        if wrong:
            answer = flip(answer, wrong - 1)
        more, status = tap.second(kind, response, answer, t95="8000000000", unpredictable="00000001")
        assert (status, more[0x9F27]) == (0x9000, bytes((cid,))), (kind, response, wrong)
        assert more[0x9F36] == b"\x00\x07"
        assert more[0x9F10][2:8].hex() == cvr, (kind, response, wrong, more[0x9F10].hex())
        more[0x82] = tags[0x82]
        assert more[0x9F26] == expected_cryptogram(more, b"\x80\x00\x00\x00\x00", unpredictable="00000001")
        assert tap.second(kind, response)[1] == 0x6985
        assert tap.used() == [7]


def test_every_bit_of_the_bank_s_answer_counts():
    for bit in range(80):
        tap = Tap()
        tags, _ = tap.pay()
        more, _ = tap.second(TC, b"00", flip(arpc(tags[0x9F26], b"00", KEY), bit))
        assert more[0x9F27] == b"\x00", bit


def test_an_answer_to_another_cryptogram_is_none():
    tap = Tap()
    old, _ = tap.pay()
    tap.pay(unpredictable="00000001")
    assert tap.second(TC, b"00", arpc(old[0x9F26], b"00", KEY))[0][0x9F27] == b"\x00"


def test_the_key_is_gone_when_the_tap_is_over():
    for end in (
        lambda tap: tap.wire.card.deselect(),
        lambda tap: tap.wire.send(select(MASTERCARD_AID)),
        lambda tap: tap.wire.send(select(b"2PAY.SYS.DDF01")),
        lambda tap: tap.second(),
        lambda tap: tap.card.unload(),
        lambda tap: tap.card.set_state("see-device"),
    ):
        raw = [bytearray(KEY) for _ in range(2)]
        keys = [SingleKey(7 + i, raw[i]) for i in range(2)]
        tap = Tap(ArmedCard(token("mastercard"), Spending(), True, keys))
        tap.pay()
        assert raw == [bytearray(KEY), bytearray(KEY)], "kept for a second cryptogram"
        end(tap)
        assert raw == [bytearray(16), bytearray(KEY)]


def test_order_and_form_of_commands():
    good = generate_ac(ARQC, fill(MASTERCARD.cdol1, terminal_values()))
    for bad, status in (
        (generate_ac(ARQC, b"\x00" * 93), 0x6700),
        (generate_ac(ARQC, b"\x00" * 95), 0x6700),
        (b"\x80\xae\x80\x00\x00", 0x6700),
        (good[:2] + b"\xc0" + good[3:], 0x6A86),
        (good[:2] + b"\x81" + good[3:], 0x6A86),
        (good[:3] + b"\x01" + good[4:], 0x6A86),
        (b"\x00" + good[1:], 0x6D00),
    ):
        tap = Tap()
        tap.open()
        assert tap.wire.send(bad) == (b"", status), (bad, status)
        assert tap.used() == []
        assert tap.wire.send(good)[1] == 0x9000, "a malformed command changes nothing"
    tap = Tap()
    tap.wire.send(select(MASTERCARD_AID))
    assert tap.wire.send(good)[1] == 0x6985, "before the options"
    assert tap.wire.send(RECORD)[1] == 0x6985
    assert tap.wire.send(gpo())[1] == 0x9000
    assert tap.wire.send(gpo())[1] == 0x6985
    assert tap.wire.send(good)[1] == 0x9000
    assert tap.wire.send(good)[1] == 0x6A86, "the first one again"
    assert tap.second(ARQC)[1] == 0x6A86
    assert tap.second(TC)[1] == 0x9000
    assert tap.used() == [7]


def test_three_taps_three_keys():
    tap = Tap()
    assert [tap.pay(country=COUNTRY)[0][0x9F36] for _ in range(3)] == [b"\x00\x07", b"\x00\x08", b"\x00\x09"]
    tags, status = tap.pay()
    assert (status, tags[0x9F27]) == (0x9000, b"\x00")
    assert tap.armed.outcome.result == "no-keys"
