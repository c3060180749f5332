"""What the parsers are fed, and numbers at the edges of 31, 32 and 63 bits. Each line begins with `=`."""

import hashlib

from tests.firmware.payment.merchant_kit import closed, code, part
from watch.crypto import cbor
from watch.kernel.calendar import date_time, days_from_date
from watch.kernel.clock import Clock, ticks_add, ticks_diff
from watch.kernel.errors import WatchError
from watch.nfc import ndef_records
from watch.payment import tlv
from watch.payment.atc import AtcState
from watch.payment.limits import Limits, decide, needs_cdcvm
from watch.payment.merchant_code import MerchantCode
from watch.payment.spending import Spending
from watch.storage.counters import pack, unpack

EDGES = [
    edge + step
    for edge in (0, 1 << 29, 1 << 30, 1 << 31, 1 << 32, 1 << 40, 1 << 62, 1 << 63)
    for step in (-2, -1, 0, 1)
]
SPOILED = 40


def noise(text, count):
    """Bytes that look random."""
    out = b""
    while len(out) < count:
        out += hashlib.sha256(("%s %d" % (text, len(out))).encode()).digest()
    return out[:count]


def digits(data):
    """In hexadecimal; of nothing, the 32-bit port makes bytes, not text."""
    return data.hex() if data else ""


def tell(name, call, *arguments):
    """What came of it: the value, or the kind of error."""
    try:
        print("=", name, call(*arguments))
    except (WatchError, OverflowError) as error:
        print("=", name, type(error).__name__)


def parsers():
    _numbers()
    _cbor()
    _ndef()
    _merchant_codes()


def spoiled(name, data):
    """The data, cut, and with single bytes changed."""
    yield data
    for turn in range(SPOILED):
        drawn = noise("%s %d" % (name, turn), 3)
        at = drawn[0] % max(1, len(data))
        yield data[:at] if turn % 4 == 0 else data[:at] + drawn[1:2] + data[at + 1 :]


def _numbers():
    for number in (0, 1, 99_999_999, 100_000_000, (1 << 30) - 1, 1 << 30, (1 << 31) + 1, 999_999_999_999):
        field = tlv.number(number, 6)
        print("=", "n12", number, field.hex(), tlv.parse_number(field, 0, 6))
    for text in (
        "0000",
        "9999",
        "12a4",
        "999999999999",
        "99999999",
        "f00000000000",
        "00000000000f",
        "1234567890123456",
    ):
        tell("packed " + text, tlv.parse_number, bytes.fromhex(text), 0, len(text) // 2)
    for size in (0, 1, 0x7F, 0x80, 0xFF, 0x100):
        tell("tlv %d" % size, lambda size=size: tlv.encode(0x9F10, bytes(size)).hex())
    for number in EDGES:
        tell("counter %d" % number, lambda number=number: unpack(pack(number)))
        tell("ticks %d" % number, ticks_diff, number & 0x3FFFFFFF, 5)
        tell("later %d" % number, ticks_add, number & 0x3FFFFFFF, 0x1FFFFFFF)
        tell("spending %d" % number, _spent, number)
        tell("held %d" % number, lambda number=number: AtcState(number, [[number + 1, 0], [number + 2, 2]]).highest())
    for seconds in (0, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 32, 4_102_444_799):
        tell("date %d" % seconds, date_time, seconds)
        tell("clock %d" % seconds, _clock, seconds)
    tell("days", days_from_date, 2106, 2, 7)


def _spent(number):
    spending = Spending(0, number, 1, number)
    spending.turn_day(number)
    spending.add(999_999_999_999, False)
    limits = Limits({1: number, 2: 1, 3: number, 4: 9, 5: number, 6: 1 << 50, 7: 1})
    needed = needs_cdcvm(number, False, False, limits, spending)
    return spending.fields(), needed, decide(number, 156, False, False, limits, spending, (number, 156))


class _Source:
    """Ticks about to wrap."""

    def __init__(self):
        self.now = (1 << 30) - 500

    def ticks_ms(self):
        self.now += 700
        return self.now & 0x3FFFFFFF

    def unix_s(self):
        return None


def _clock(seconds):
    clock = Clock(_Source(), seconds, (seconds + 5, None))
    return [clock.security_s() for _ in range(4)]


def _cbor():
    values = EDGES + [-number for number in EDGES]
    values += [[1, [2, [3]]], {1: 2, 3: "four"}, "\u9f13\u697c", b"\x00" * 30, None, True, list(range(30))]
    for value in values:
        tell("cbor %r" % (value,), lambda value=value: digits(cbor.encode(value)))
    good = cbor.encode({1: [1 << 31, 1 << 33, -(1 << 31)], 2: "text", 3: b"bytes", 4: {5: None}})
    heads = [bytes((head,)) + noise("head", 9) for head in range(256)]
    for data in list(spoiled("cbor", good)) + heads:
        tell("cbor " + digits(data), cbor.decode, data)


def _ndef():
    good = ndef_records.uri("https://tapwatch.example/r/1234") + b""
    two = bytes((good[0] & ~0x40,)) + good[1:] + bytes((good[0] & ~0x80,)) + good[1:]
    long = b"\xc1\x01\x00\x00\x01\x2cT\x02en" + bytes(297)
    huge = b"\xc1\x01\xff\xff\xff\xffT\x02en"
    for data in (good, two, long, huge, b"", b"\xd0\x00\x00"):
        for changed in spoiled("ndef", data):
            tell("ndef " + digits(changed), ndef_records.check, changed)


def _merchant_codes():
    texts = [
        code(amount=amount)
        for amount in ("0.01", "12.34", "9999999999.99", "99999999999.99", "1e5", "-1", "00012", ".5")
    ]
    texts += [code(currency=currency) for currency in ("392", "048", "000", "15", "1560")]
    texts += [code(name="\u8336\u9986"), code(name=""), code(name="x" * 25), code(more="8")]
    texts.append(closed("000201" + part(53, "156") + part(54, "1") + part(59, "A")))
    for text in texts:
        for data in spoiled("code", text.encode()):
            tell("code " + digits(data), _merchant_code, data)


def _merchant_code(data):
    try:
        text = data.decode()
    except UnicodeError:
        return "no text"
    read = MerchantCode(text)
    return read.amount_minor, read.currency, read.merchant, read.city, read.country, read.digest.hex()
