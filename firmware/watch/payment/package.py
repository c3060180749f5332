"""What a token package holds once it is decrypted (docs/formats.md "tapwatch/token-package")."""

from micropython import const

from watch.payment import token as facts
from watch.payment.shape import expect, expect_digits, expect_field, expect_map
from watch.payment.token import Token, expect_limits
from watch.payment.versions import CVN_43

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

    Keys = list[list[Any]]

KEY_BYTES = const(16)
INDEX_BYTES = const(4)
MAX_KEYS = const(16)
MAX_EXPRESS_KEYS = const(4)

# Keys of the plaintext that are no facts about the token; the others are in `watch.payment.token`.
_KEYS = const(16)
_BANK_TIME = const(18)
_CODES = const(21)
_FIELDS = const(24)
_OWN = (_KEYS, _BANK_TIME, _CODES)

_EXPRESS_SHAPE = ((1, dict, 7, 7), (2, list, 1, MAX_EXPRESS_KEYS))

# "Payment codes map"
CODES_PREFIX = const(1)
CODES_SEED = const(2)
CODES_COUNT = const(3)
CODES_FROM = const(4)
CODES_UNTIL = const(5)
CODES_MOST_EACH = const(6)
CODES_MOST_ALL = const(7)
_CODES_LONGEST_S = const(86_400)
_HIGHEST = 1 << 40
_CODES_SHAPE = (
    (CODES_PREFIX, str, 2, 2),
    (CODES_SEED, bytes, 32, 32),
    (CODES_COUNT, int, 1, 50),
    (CODES_FROM, int, 0, _HIGHEST),
    (CODES_UNTIL, int, 0, _HIGHEST),
    (CODES_MOST_EACH, int, 0, _HIGHEST),
    (CODES_MOST_ALL, int, 0, _HIGHEST),
)


class Package:
    """The token, its batch of single-use keys, its express batch, its payment codes, and the time at the bank."""

    def __init__(self, fields: "Any") -> None:
        """Check the decoded plaintext. Raises InputError."""
        expect(isinstance(fields, dict) and len(fields) == _FIELDS, "the package has the wrong fields")
        for key in range(1, _FIELDS + 1):
            expect(key in fields, f"field {key} is missing")
        express = fields[facts.EXPRESS]
        if express is not None:
            expect_map(express, _EXPRESS_SHAPE, "the express map")
            expect_limits(express[1])
        known = {key: value for key, value in fields.items() if key not in _OWN}
        known[facts.EXPRESS] = None if express is None else express[1]
        self.token = Token(known)
        expect_field(fields, _BANK_TIME, int, 0, _HIGHEST)
        self.bank_time_s: int = fields[_BANK_TIME]
        self.keys: "Keys" = fields[_KEYS]
        """[ATC, key], or [ATC, key, index of 4 bytes] for cryptogram version 43h; ATCs rise."""
        highest = _check_keys(self.keys, MAX_KEYS, 0, self.token.cvn)
        self.express_keys: "Keys" = [] if express is None else express[2]
        """As `keys`, with ATCs above theirs; empty without an express batch."""
        if express is not None:
            _check_keys(self.express_keys, MAX_EXPRESS_KEYS, highest, self.token.cvn)
        self.codes: "Optional[dict[int, Any]]" = fields[_CODES]
        """The payment codes map, or None."""
        _check_codes(self.codes)


def _check_keys(keys: "Any", most: int, above: int, cvn: int) -> int:
    """Raise InputError unless this is an array of key entries with ATCs that rise from `above`; returns the last."""
    expect(isinstance(keys, list) and 1 <= len(keys) <= most, "the number of keys is out of range")
    size = 3 if cvn == CVN_43 else 2
    for entry in keys:
        expect(isinstance(entry, list) and len(entry) == size, "a key entry is malformed")
        atc, key = entry[:2]
        expect(isinstance(atc, int) and not isinstance(atc, bool), "an ATC is no number")
        expect(above < atc <= 0xFFFF, "ATCs do not rise")
        expect(isinstance(key, bytes) and len(key) == KEY_BYTES, "a key has the wrong length")
        index = entry[2] if size == 3 else bytes(INDEX_BYTES)
        expect(isinstance(index, bytes) and len(index) == INDEX_BYTES, "a key index has the wrong length")
        above = atc
    return above


def _check_codes(codes: "Optional[dict[int, Any]]") -> None:
    if codes is None:
        return
    expect_map(codes, _CODES_SHAPE, "the payment codes map")
    expect_digits(codes[CODES_PREFIX], "the prefix")
    longest = codes[CODES_FROM] + _CODES_LONGEST_S
    expect(codes[CODES_FROM] < codes[CODES_UNTIL] <= longest, "payment codes last a day at most")
