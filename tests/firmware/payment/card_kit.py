"""Test cards and terminals for the tests of the payment applications and of the NFC path."""

from watch.crypto.des import TripleDes
from watch.payment.armed import ArmedCard, SingleKey
from watch.payment.spending import Spending
from watch.payment.token import Token

LIMITS = {1: 50_000, 2: 20_000, 3: 5_000, 4: 5, 5: 15_000, 6: 100_000, 7: 900}
CURRENCY = 978
COUNTRY = 276
PANS = {
    "visa": "4761739001010010",
    "mastercard": "5413330089600010",
    "closed-loop": "9999010000000018",
    "contact-test": "9999020000000017",
}
CVNS = {"visa": 0x12, "mastercard": 0x14, "closed-loop": 0x12, "contact-test": 0x14}
VISA_AID = b"\xa0\x00\x00\x00\x03\x10\x10"
MASTERCARD_AID = b"\xa0\x00\x00\x00\x04\x10\x10"
CLOSED_LOOP_AID = b"\xf0TAPWATCH\x01"
CLOSED_LOOP_ALIAS = b"\xf0TAPWATCH\x03"
CONTACT_AID = b"\xf0TAPWATCH\x02"
KEY = bytes(range(1, 17))


def token(profile, **changes):
    """A token of one profile. `changes` are package fields by number, as keywords `f11=840`."""
    fields = {
        1: b"\x01\x02\x03\x04\x05\x06\x07\x08",
        2: 1,
        3: profile,
        4: PANS[profile],
        5: "3012",
        6: 1,
        7: "V0010013022298169667504231315",
        8: "1234",
        9: "40010030273",
        10: "Everyday",
        11: CURRENCY,
        12: COUNTRY,
        13: "201",
        14: 1,
        15: dict(LIMITS),
        17: 1_800_000_000,
        19: 0x3478F6,
        20: CVNS[profile],
        22: None,
        23: None,
        24: 4,
    }
    for name, value in changes.items():
        fields[int(name[1:])] = value
    return Token(fields)


def armed(profile, cdcvm=True, keys=3, first_atc=7, confirmed=None, spending=None, limits=None, **changes):
    """An armed card with `keys` keys of rising ATC, all KEY. Keys of version 43h have an index."""
    card = token(profile, **changes)
    index = b"\x06\x43\x10\x01" if card.cvn == 0x43 else b""
    made = [SingleKey(first_atc + i, bytearray(KEY), index) for i in range(keys)]
    return ArmedCard(card, spending or Spending(), cdcvm, made, confirmed, limits)


def terminal_values(amount=1234, currency=CURRENCY, country=COUNTRY, unpredictable="a1b2c3d4", **more):
    """What a terminal knows, tag to bytes; `more` as keywords `t9F66="..."` in hex."""
    values = {
        0x9F02: bytes.fromhex(f"{amount:012d}"),
        0x9F1A: bytes.fromhex(f"{country:04d}"),
        0x5F2A: bytes.fromhex(f"{currency:04d}"),
        0x9A: b"\x26\x11\x22",
        0x9C: b"\x00",
        0x9F37: bytes.fromhex(unpredictable),
        0x9F66: b"\x36\x00\x40\x00",
        0x9F4E: b"CORNER SHOP",
        0x9F35: b"\x22",
        0x9F34: b"\x1f\x03\x02",
    }
    for name, value in more.items():
        values[int(name[1:], 16)] = bytes.fromhex(value)
    return values


def fill(dol, values):
    """The data for a list: values cut or padded with zeros on the right, as terminals do for binary data."""
    out = b""
    for tag, size in dol:
        value = values.get(tag, b"")[:size]
        out += value + bytes(size - len(value))
    return out


def gpo(data=b""):
    """GET PROCESSING OPTIONS around PDOL data."""
    return b"\x80\xa8\x00\x00" + bytes((len(data) + 2, 0x83, len(data))) + data + b"\x00"


def generate_ac(kind, data):
    """GENERATE AC around CDOL data."""
    return bytes((0x80, 0xAE, kind, 0, len(data))) + data + b"\x00"


def verify(digits="1234", block=None):
    """VERIFY with a plaintext PIN."""
    block = block or bytes.fromhex(f"2{len(digits):x}{digits}{'f' * (14 - len(digits))}")
    return b"\x00\x20\x00\x80" + bytes((len(block),)) + block


def arpc(cryptogram, response, key):
    """Issuer authentication data (91) by ARPC method 1, EMV Book 2 section 8.2.1."""
    block = bytearray(cryptogram)
    for i in range(2):
        block[i] ^= response[i]
    TripleDes(key).encrypt_block(bytes(block), 0, block, 0)
    return bytes(block) + response


def flip(data, bit):
    """The same with one bit changed."""
    changed = bytearray(data)
    changed[bit >> 3] ^= 0x80 >> (bit & 7)
    return bytes(changed)


def select(aid):
    """SELECT by name."""
    return b"\x00\xa4\x04\x00" + bytes((len(aid),)) + aid + b"\x00"


def flatten(data):
    """All primitive objects of a short BER-TLV answer, tag to value."""
    found = {}
    at = 0
    while at < len(data):
        first = tag = data[at]
        at += 1
        if tag & 0x1F == 0x1F:
            tag = tag << 8 | data[at]
            at += 1
        size = data[at]
        at += 1
        if size == 0x81:
            size = data[at]
            at += 1
        value = data[at : at + size]
        assert len(value) == size, "object runs past the end"
        at += size
        if first & 0x20:
            found.update(flatten(value))
        else:
            found[tag] = value
    return found


class Wire:
    """Talks to a card on lent buffers, as a link does."""

    def __init__(self, card):
        self.card = card
        self.request = bytearray(264)
        self.reply = bytearray(258)

    def send(self, command):
        """(data, status word) of one command."""
        self.request[: len(command)] = command
        size = self.card.apdu(self.request, len(command), self.reply)
        assert 2 <= size <= 258
        return bytes(self.reply[: size - 2]), self.reply[size - 2] << 8 | self.reply[size - 1]
