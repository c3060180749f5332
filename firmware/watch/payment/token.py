"""One card token: the facts about it that are not secret, and the package they arrive in (docs/formats.md)."""

from micropython import const

from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

ACTIVE = "active"
SUSPENDED = "suspended"
DELETED = "deleted"

TOKEN_ID_BYTES = const(8)
KEY_BYTES = const(16)
MAX_KEYS = const(16)
_DAY_S = const(86_400)
PROFILES = ("visa", "mastercard")

# Keys of the package plaintext, docs/formats.md "tapwatch/token-package".
_ID = const(1)
_BATCH = const(2)
_PROFILE = const(3)
_PAN = const(4)
_EXPIRY = const(5)
_PSN = const(6)
_PAR = const(7)
_LAST_FOUR = const(8)
_REQUESTOR = const(9)
_LABEL = const(10)
_CURRENCY = const(11)
_COUNTRY = const(12)
_SERVICE_CODE = const(13)
_DKI = const(14)
_LIMITS = const(15)
_KEYS = const(16)
_KEYS_EXPIRE = const(17)
_BANK_TIME = const(18)
_ACCENT = const(19)

_PACKAGE_FIELDS = const(19)

# Kept beside the package's facts in the watch's own record of a token.
_STATE = const(20)
_ISSUER = const(21)

# (key, type, least, most): for text and bytes the length in bytes, for integers the value.
_SHAPE = (
    (_ID, bytes, 8, 8),
    (_BATCH, int, 1, 0xFFFF),
    (_PROFILE, str, 1, 16),
    (_PAN, str, 13, 19),
    (_EXPIRY, str, 4, 4),
    (_PSN, int, 0, 99),
    (_PAR, str, 29, 29),
    (_LAST_FOUR, str, 4, 4),
    (_REQUESTOR, str, 11, 11),
    (_LABEL, str, 1, 32),
    (_CURRENCY, int, 1, 999),
    (_COUNTRY, int, 1, 999),
    (_SERVICE_CODE, str, 3, 3),
    (_DKI, int, 0, 255),
    (_KEYS_EXPIRE, int, 0, 1 << 40),
    (_ACCENT, int, 0, 0xFFFFFF),
)
_DIGITS_ONLY = (_PAN, _EXPIRY, _LAST_FOUR, _REQUESTOR, _SERVICE_CODE)
LIMIT_NAMES = (1, 2, 3, 4, 5, 6, 7)  # docs/formats.md "Limits map"
CDCVM_MAX_AGE_S = const(7)
_HIGHEST_LIMIT = const(1 << 40)


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of a Gregorian date. Source: H. Hinnant, "chrono-compatible low-level date algorithms"."""
    year -= month <= 2
    era = year // 400
    year_of_era = year - era * 400
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * 146_097 + day_of_era - 719_468


def _expect(good: bool, what: str) -> None:
    if not good:
        raise InputError(f"token package: {what}")


def _check_field(fields: "dict[int, Any]", key: int, kind: "Any", least: int, most: int) -> None:
    value: "Any" = fields.get(key)
    _expect(isinstance(value, kind) and not isinstance(value, bool), f"field {key} is missing or of the wrong type")
    _expect(least <= _size(value) <= most, f"field {key} is out of range")


def _size(value: "Any") -> int:
    """What the range in _SHAPE is about."""
    return value if isinstance(value, int) else len(value.encode() if isinstance(value, str) else value)


def _check_facts(fields: "dict[int, Any]") -> None:
    for key, kind, least, most in _SHAPE:
        _check_field(fields, key, kind, least, most)
    for key in _DIGITS_ONLY:
        _expect(all("0" <= c <= "9" for c in fields[key]), f"field {key} has digits only")
    _expect(1 <= int(fields[_EXPIRY][2:]) <= 12, "the expiry month is out of range")
    _expect(fields[_PROFILE] in PROFILES, "the profile is unknown")
    limits: "Any" = fields.get(_LIMITS)
    _expect(isinstance(limits, dict) and len(limits) == len(LIMIT_NAMES), "limits are incomplete")
    for name in LIMIT_NAMES:
        _check_field(limits, name, int, 0, _HIGHEST_LIMIT)


class Token:
    """The public facts about one token, as the bank sent them, and its state on this watch."""

    def __init__(self, fields: "dict[int, Any]") -> None:
        """Take a map of package fields. Raises InputError unless every field is there and in range."""
        _check_facts(fields)
        self._fields = {key: value for key, value in fields.items() if key not in (_KEYS, _BANK_TIME)}
        self.token_id: bytes = fields[_ID]
        self.batch: int = fields[_BATCH]
        self.profile: str = fields[_PROFILE]
        self.pan: str = fields[_PAN]
        self.expiry: str = fields[_EXPIRY]
        self.psn: int = fields[_PSN]
        self.par: str = fields[_PAR]
        self.last_four: str = fields[_LAST_FOUR]
        self.requestor: str = fields[_REQUESTOR]
        self.label: str = fields[_LABEL]
        self.currency: int = fields[_CURRENCY]
        self.country: int = fields[_COUNTRY]
        self.service_code: str = fields[_SERVICE_CODE]
        self.dki: int = fields[_DKI]
        self.limits: "dict[int, int]" = fields[_LIMITS]
        self.keys_expire_s: int = fields[_KEYS_EXPIRE]
        self.accent: int = fields[_ACCENT]
        self.state: str = fields.get(_STATE, ACTIVE)
        self.issuer: bytes = fields.get(_ISSUER, b"")

    def record(self, state: str) -> "dict[int, Any]":
        """The map that is kept in the token's journal record, with its state: no keys in it."""
        kept = dict(self._fields)
        kept[_STATE] = state
        kept[_ISSUER] = self.issuer
        return kept

    def last_second(self) -> int:
        """The last second of the month in which the token expires, seconds since 1970."""
        year = 2000 + int(self.expiry[:2])
        month = int(self.expiry[2:])
        following = month + 1 if month < 12 else 1
        return days_from_civil(year + (month == 12), following, 1) * _DAY_S - 1


class Package:
    """A decrypted token package: the token, its batch of single-use keys, and the time at the bank."""

    def __init__(self, fields: "Any") -> None:
        """Check the decoded plaintext. Raises InputError."""
        _expect(isinstance(fields, dict) and len(fields) == _PACKAGE_FIELDS, "the content has the wrong fields")
        self.token = Token(fields)
        _check_field(fields, _BANK_TIME, int, 0, 1 << 40)
        self.bank_time_s: int = fields[_BANK_TIME]
        keys: "Any" = fields.get(_KEYS)
        self.keys: "list[list[Any]]" = keys
        self._check_keys()

    def _check_keys(self) -> None:
        _expect(isinstance(self.keys, list) and 1 <= len(self.keys) <= MAX_KEYS, "the number of keys is out of range")
        previous_atc = 0
        for entry in self.keys:
            _expect(isinstance(entry, list) and len(entry) == 2, "a key entry is malformed")
            atc, key = entry
            _expect(isinstance(atc, int) and not isinstance(atc, bool), "an ATC is no number")
            _expect(previous_atc < atc <= 0xFFFF, "ATCs do not rise")
            _expect(isinstance(key, bytes) and len(key) == KEY_BYTES, "a key has the wrong length")
            previous_atc = atc

    def first_atc(self) -> int:
        """The lowest ATC of the batch."""
        return self.keys[0][0]
