"""The Visa-profile application: what a terminal sees, when a key is taken, and when not."""

from tests.firmware.payment.card_kit import (
    CURRENCY,
    KEY,
    PANS,
    VISA_AID,
    Wire,
    armed,
    fill,
    flatten,
    gpo,
    select,
    terminal_values,
    token,
)
from watch.access.states import NFC_CARD
from watch.crypto.des import Alg3Mac
from watch.kernel.errors import InputError, NoKeysError
from watch.nfc.router import Router
from watch.payment.armed import ArmedCard, SingleKey
from watch.payment.card import EmvCard
from watch.payment.profiles.visa import VISA
from watch.payment.spending import Spending
from watch.payment.token_data import expiry_date

RECORD = b"\x00\xb2\x01\x0c\x00"
CVM_REQUIRED = "36404000"
SEE_DEVICE = (b"", 0x6986)
NO = (b"", 0x6985)


class Tap:
    """One reader at one armed card."""

    def __init__(self, card=None, **kept):
        self.armed = card or armed("visa", **kept)
        self.card = EmvCard(lambda: 1_795_305_600)
        self.card.set_state(NFC_CARD)
        self.card.load(self.armed)
        self.wire = Wire(Router(self.card.applications))

    def pay(self, **values):
        """SELECT and GPO; (tags, status word)."""
        data, status = self.wire.send(select(VISA_AID))
        assert status == 0x9000
        data, status = self.wire.send(self.options(**values))
        return flatten(data), status

    def options(self, **values):
        """GPO with a terminal's values."""
        return gpo(fill(VISA.pdol, terminal_values(**values)))

    def used(self):
        """ATCs of the keys taken."""
        return [key.atc for key in self.armed.keys if key.used]


def expected_cryptogram(tags, **values):
    """The MAC over what the terminal sent and the card answered, built here in another way than in the card."""
    sent = terminal_values(**values)
    message = b"".join(
        (sent[0x9F02], bytes(6), sent[0x9F1A], bytes(5), sent[0x5F2A], sent[0x9A], sent[0x9C], sent[0x9F37])
    )
    message += tags[0x82] + tags[0x9F36] + tags[0x9F10]
    out = bytearray(8)
    Alg3Mac(KEY).mac(message, len(message), out)
    return bytes(out)


def test_a_tap():
    tap = Tap()
    tags, status = tap.pay()
    assert status == 0x9000
    assert tags[0x57] == bytes.fromhex(PANS["visa"] + "d301220100000f")
    assert tags[0x5F34] == b"\x01"
    assert tags[0x9F27] == b"\x80"
    assert tags[0x9F36] == b"\x00\x07"
    assert tags[0x9F6E] == b"\x24\x84\x00\x00"
    assert tags[0x9F6C] == b"\x00\x80"
    assert tags[0x9F10] == b"\x06\x01\x12\x03\xa4\x00\x00"
    assert tags[0x9F26] == expected_cryptogram(tags)
    record = flatten(tap.wire.send(RECORD)[0])
    assert record[0x5F24] == b"\x30\x12\x31"
    assert record[0x9F19] == b"\x04\x00\x10\x03\x02\x73"
    assert record[0x9F24] == b"V0010013022298169667504231315"
    assert record[0x9F25] == b"\x12\x34"


def test_outcome_of_a_tap():
    tap = Tap()
    assert tap.armed.outcome.result is None
    tap.pay(amount=1234, country=250)
    outcome = tap.armed.outcome
    assert outcome is tap.armed.keys[0].outcome
    assert (outcome.result, outcome.amount, outcome.currency, outcome.country) == ("sent", 1234, CURRENCY, 250)
    assert (outcome.atc, outcome.cid, outcome.time_s) == (7, 0x80, 1_795_305_600)
    assert outcome.merchant() == "CORNER SHOP"
    assert tap.armed.spending.today == 1234
    assert tap.armed.spending.taps_without_cdcvm == 0


def test_hostile_merchant_names_are_tamed():
    for sent, shown in (
        ("", ""),
        ("00" * 20, ""),
        ("48c3a40a1b5b32", "H????[2"),
        ("41" * 25, "A" * 20),
        ("20204869202000", "Hi"),
    ):
        tap = Tap()
        tap.pay(t9F4E=sent)
        assert tap.armed.outcome.merchant() == shown, (sent, tap.armed.outcome.merchant())


def test_without_cdcvm():
    tap = Tap(cdcvm=False)
    tags, status = tap.pay()
    assert status == 0x9000
    assert tags[0x9F6C] == b"\x00\x00", "CDCVM must not be claimed"
    assert tags[0x9F10][4] == 0xA0
    assert tags[0x9F26] == expected_cryptogram(tags)
    assert (tap.armed.spending.taps_without_cdcvm, tap.armed.spending.sum_without_cdcvm) == (1, 1234)


# what the card is, what the terminal sends, answer, result
REFUSALS = (
    ({"cdcvm": False}, {"t9F66": CVM_REQUIRED}, SEE_DEVICE, "see-device"),
    ({"cdcvm": False}, {"amount": 5_001}, SEE_DEVICE, "see-device"),
    ({}, {"amount": 20_001}, SEE_DEVICE, "confirm"),
    ({"confirmed": (20_002, CURRENCY)}, {"amount": 20_001}, SEE_DEVICE, "confirm"),
    ({}, {"currency": 840}, SEE_DEVICE, "confirm"),
    ({"cdcvm": False}, {"currency": 840}, SEE_DEVICE, "see-device"),
    ({}, {"amount": 50_001}, NO, "over-limit"),
    ({"spending": Spending(0, 99_000)}, {}, NO, "over-limit"),
    ({"keys": 0}, {}, NO, "no-keys"),
    ({}, {"t9F66": "80000000"}, NO, "terminal-not-supported"),
    ({}, {"t9F66": "28000000"}, NO, "terminal-not-supported"),
    ({}, {"t9F02": "00000000123f"}, NO, "terminal-not-supported"),
    ({}, {"t5F2A": "0a78"}, NO, "terminal-not-supported"),
)


def test_refusals_take_no_key():
    for card, terminal, answer, result in REFUSALS:
        tap = Tap(**card)
        tap.wire.send(select(VISA_AID))
        assert tap.wire.send(tap.options(**terminal)) == answer, (card, terminal)
        assert tap.armed.outcome.result == result, (card, terminal, tap.armed.outcome.result)
        assert tap.armed.outcome.atc == 0
        assert tap.used() == []
        assert tap.wire.send(RECORD)[1] == 0x6985
        if tap.armed.keys:
            again, status = Tap(armed("visa")).pay()
            assert status == 0x9000 and again[0x9F36] == b"\x00\x07"


# 9F66 (TTQ): EMV mode 20, offline only 08, online PIN 04, signature 02, MSD 80; CVM required 40; CDCVM understood 40.
# With CDCVM and without it: CTQ, or the status word. The watch's own limits are not reached.
QUALIFIERS = (
    ("20000000", "0080", "0000"),
    ("20004000", "0080", "0000"),
    ("26000000", "0080", "0000"),
    ("20404000", "0080", 0x6986),
    ("24404000", "0080", 0x6986),  # on the watch comes before the PIN pad
    ("26404000", "0080", 0x6986),
    ("22404000", "0080", 0x6986),
    ("24400000", "0080", "8000"),
    ("26400000", "0080", "8000"),
    ("b6c00000", "0080", "8000"),
    ("22400000", "0080", 0x6985),  # a signature is no way for a watch
    ("20400000", "0080", 0x6985),
    ("28000000", 0x6985, 0x6985),
    ("2c400000", 0x6985, 0x6985),
    ("80000000", 0x6985, 0x6985),  # magnetic stripe data only
    ("00000000", 0x6985, 0x6985),
    ("16404000", 0x6985, 0x6985),  # contact only
)


def test_qualifiers():
    for ttq, with_cdcvm, without in QUALIFIERS:
        for cdcvm, expected in ((True, with_cdcvm), (False, without)):
            tap = Tap(cdcvm=cdcvm)
            tags, status = tap.pay(t9F66=ttq)
            if isinstance(expected, int):
                assert (status, tap.used()) == (expected, []), (ttq, cdcvm, hex(status))
                continue
            assert status == 0x9000 and tags[0x9F6C].hex() == expected, (ttq, cdcvm, tags)
            assert tags[0x9F26] == expected_cryptogram(tags, t9F66=ttq)
            assert tap.armed.spending.taps_without_cdcvm == (0 if cdcvm else 1)
    print("NOTE terminal qualifiers decided:", 2 * len(QUALIFIERS))


def test_a_pin_pad_does_not_lift_the_limits_without_cdcvm():
    taps, total = {"spending": Spending(0, 0, 5, 0)}, {"spending": Spending(0, 0, 0, 15_000)}
    for card, amount in (({}, 5_001), (taps, 1), (total, 1)):
        tap = Tap(cdcvm=False, **card)
        assert tap.pay(amount=amount, t9F66="24400000")[1] == 0x6986
        assert tap.used() == []


def test_one_tap_leaves_no_pin_wish_to_the_next():
    tap = Tap(cdcvm=False)
    assert tap.pay(t9F66="24400000")[0][0x9F6C] == b"\x80\x00"
    assert tap.pay(t9F66="24000000")[0][0x9F6C] == b"\x00\x00"


def test_the_second_tap_after_a_confirmation():
    tap = Tap()
    assert tap.pay(amount=30_000)[1] == 0x6986
    assert tap.armed.outcome.cdcvm_missing is False
    tap.armed.confirm((30_000, CURRENCY), (30_000, CURRENCY))
    assert tap.pay(amount=30_000)[1] == 0x9000
    assert tap.armed.outcome.result == "sent"
    assert tap.pay(amount=30_000)[1] == 0x6986, "one confirmation, one cryptogram"
    assert tap.used() == [7]


def test_counters_hold_within_one_arming():
    tap = Tap(cdcvm=False, spending=Spending(0, 0, 4, 0))
    assert tap.pay(amount=100)[1] == 0x9000
    assert tap.pay(amount=100)[1] == 0x6986
    tap = Tap(spending=Spending(0, 80_000))
    assert tap.pay(amount=15_000)[1] == 0x9000
    assert tap.pay(amount=15_000)[1] == 0x6985


def test_three_keys_and_no_more():
    tap = Tap()
    seen = [tap.pay(amount=100)[0][0x9F36] for _ in range(3)]
    assert seen == [b"\x00\x07", b"\x00\x08", b"\x00\x09"]
    assert tap.pay(amount=100)[1] == 0x6985
    assert tap.armed.outcome.result == "no-keys"
    assert [key.outcome.atc for key in tap.armed.keys] == [7, 8, 9]


def test_zeroed_card_pays_nothing():
    tap = Tap()
    tap.armed.zero()
    assert tap.pay()[1] == 0x6985
    assert tap.used() == []


def test_order_of_commands():
    tap = Tap()
    wire = tap.wire
    options = tap.options()
    assert wire.send(options)[1] == 0x6D00, "nothing is selected"
    wire.send(select(VISA_AID))
    assert wire.send(RECORD)[1] == 0x6985
    assert wire.send(options)[1] == 0x9000
    assert wire.send(options)[1] == 0x6985, "one cryptogram for one selection"
    assert wire.send(RECORD)[1] == wire.send(RECORD)[1] == 0x9000
    assert wire.send(b"\x00\xb2\x02\x0c\x00")[1] == 0x6A83
    assert wire.send(b"\x00\xb2\x01\x14\x00")[1] == 0x6A82
    assert wire.send(b"\x00\xb2\x01\x0d\x00")[1] == 0x6A86
    wire.card.deselect()
    assert wire.send(RECORD)[1] == 0x6D00
    assert tap.used() == [7]


def test_malformed_options():
    good = Tap().options()
    for bad, status in (
        (gpo(), 0x6985),
        (gpo(b"\x00" * 32), 0x6985),
        (b"\x80\xa8\x00\x00\x00", 0x6700),
        (b"\x80\xa8\x00\x00\x01\x83\x00", 0x6700),
        (b"\x80\xa8\x00\x00\x02\x83\x01\x00", 0x6700),
        (good[:5] + b"\x84" + good[6:], 0x6A80),
        (good[:2] + b"\x01" + good[3:], 0x6A86),
        (b"\x00" + good[1:], 0x6D00),
    ):
        tap = Tap()
        tap.wire.send(select(VISA_AID))
        assert tap.wire.send(bad) == (b"", status), (bad, status)
        assert tap.used() == []
        assert tap.wire.send(good)[1] == 0x9000, "a malformed command changes nothing"


def test_get_data():
    tap = Tap()
    tap.wire.send(select(VISA_AID))
    assert tap.wire.send(b"\x80\xca\x9f\x36\x00") == (b"\x9f\x36\x02\x00\x00", 0x9000)
    tap.wire.send(tap.options())
    assert tap.wire.send(b"\x80\xca\x9f\x36\x00") == (b"\x9f\x36\x02\x00\x07", 0x9000)
    assert tap.wire.send(b"\x80\xca\x9f\x17\x00")[1] == 0x6A88


def test_the_key_is_gone_after_its_cryptogram():
    raw = [bytearray(KEY) for _ in range(2)]

    keys = [SingleKey(7 + i, raw[i]) for i in range(2)]
    tap = Tap(ArmedCard(token("visa"), Spending(), True, keys))
    tap.pay()
    assert raw == [bytearray(16), bytearray(KEY)]
    tap.armed.zero()
    assert raw[1] == bytearray(16)


def test_expiry_dates():

    for month, date in (("2802", "280229"), ("2902", "290228"), ("2904", "290430"), ("2912", "291231")):
        assert expiry_date(token("visa", f5=month)) == bytes.fromhex(date)


def test_longest_token_fits_one_answer():
    tap = Tap(armed("visa", f4="4" * 19))
    tags, status = tap.pay()
    assert status == 0x9000
    assert tags[0x57].hex().startswith("4" * 19 + "d")
    assert tap.wire.send(RECORD)[1] == 0x9000


def test_wrong_armings_are_refused():

    for make in (
        lambda: armed("visa", keys=4),
        lambda: SingleKey(0, bytearray(16)),
        lambda: SingleKey(65536, bytearray(16)),
        lambda: SingleKey(1, bytearray(15)),
    ):
        try:
            make()
        except InputError:
            continue
        raise AssertionError("accepted")
    ready = armed("visa", keys=1)
    ready.take()
    try:
        ready.take()
    except NoKeysError:
        return
    raise AssertionError("a key that is not there was taken")
