"""One card token: the facts about it that are not secret (docs/formats.md "tapwatch/token-package")."""

from micropython import const

from watch.kernel.calendar import days_from_date
from watch.kernel.errors import InputError
from watch.payment.profiles import BY_NAME
from watch.payment.shape import expect, expect_digits, expect_field, expect_map

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Optional

ACTIVE = "active"
SUSPENDED = "suspended"
DELETED = "deleted"

TOKEN_ID_BYTES = const(8)
ART_HASH_BYTES = const(32)
_DAY_S = const(86_400)

# Keys of the package plaintext, docs/formats.md "tapwatch/token-package".
ID = const(1)
BATCH = const(2)
PROFILE = const(3)
PAN = const(4)
EXPIRY = const(5)
PSN = const(6)
PAR = const(7)
LAST_FOUR = const(8)
REQUESTOR = const(9)
LABEL = const(10)
CURRENCY = const(11)
COUNTRY = const(12)
SERVICE_CODE = const(13)
DKI = const(14)
LIMITS = const(15)
KEYS_EXPIRE = const(17)
ACCENT = const(19)
CVN = const(20)
EXPRESS = const(22)
ART = const(23)
REFILL_AT = const(24)

# Kept beside the package's facts in the watch's own record of a token.
_STATE = const(100)
_ISSUER = const(101)
_PLACE = const(102)

# (key, type, least, most): for text and bytes the length in bytes, for integers the value.
_SHAPE = (
    (ID, bytes, TOKEN_ID_BYTES, TOKEN_ID_BYTES),
    (BATCH, int, 1, 0xFFFF),
    (PROFILE, str, 1, 16),
    (PAN, str, 13, 19),
    (EXPIRY, str, 4, 4),
    (PSN, int, 0, 99),
    (PAR, str, 29, 29),
    (LAST_FOUR, str, 4, 4),
    (REQUESTOR, str, 11, 11),
    (LABEL, str, 1, 32),
    (CURRENCY, int, 1, 999),
    (COUNTRY, int, 1, 999),
    (SERVICE_CODE, str, 3, 3),
    (DKI, int, 0, 255),
    (KEYS_EXPIRE, int, 0, 1 << 40),
    (ACCENT, int, 0, 0xFFFFFF),
    (CVN, int, 0, 255),
    (REFILL_AT, int, 0, 15),
)
_DIGITS_ONLY = (PAN, EXPIRY, LAST_FOUR, REQUESTOR, SERVICE_CODE)
_HIGHEST_LIMIT = 1 << 40
_LIMITS_SHAPE = tuple([(key, int, 0, _HIGHEST_LIMIT) for key in range(1, 8)])  # docs/formats.md "Limits map"
CDCVM_MAX_AGE_S = const(7)
"""Key of the limits map."""


class Token:
    """The public facts about one token, as the bank sent them, and its state on this watch."""

    def __init__(self, fields: "dict[int, Any]") -> None:
        """Take the facts of a package, or a stored record. Raises InputError unless all are there and in range.

        Field 22 is the limits map of the express batch or None here; its keys are no facts about the token.
        """
        _check(fields)
        self._fields = fields
        self.token_id: bytes = fields[ID]
        self.batch: int = fields[BATCH]
        self.profile: str = fields[PROFILE]
        self.pan: str = fields[PAN]
        self.expiry: str = fields[EXPIRY]
        self.psn: int = fields[PSN]
        self.par: str = fields[PAR]
        self.last_four: str = fields[LAST_FOUR]
        self.requestor: str = fields[REQUESTOR]
        self.label: str = fields[LABEL]
        self.currency: int = fields[CURRENCY]
        self.country: int = fields[COUNTRY]
        self.service_code: str = fields[SERVICE_CODE]
        self.dki: int = fields[DKI]
        self.limits: "dict[int, int]" = fields[LIMITS]
        self.keys_expire_s: int = fields[KEYS_EXPIRE]
        self.accent: int = fields[ACCENT]
        self.cvn: int = fields[CVN]
        self.express: "Optional[dict[int, int]]" = fields.get(EXPRESS)
        self.art: "Optional[bytes]" = fields.get(ART)
        self.refill_at: int = fields[REFILL_AT]
        self.state: str = fields.get(_STATE, ACTIVE)
        self.issuer: bytes = fields.get(_ISSUER, b"")
        self.place: int = fields.get(_PLACE, 0)
        """Cards are shown in the rising order of this number."""

    def record(self, state: str) -> "dict[int, Any]":
        """The map that is kept in the token's journal record, with its state: no keys in it."""
        kept = dict(self._fields)
        kept[_STATE] = state
        kept[_ISSUER] = self.issuer
        kept[_PLACE] = self.place
        return kept

    def test_only(self) -> bool:
        """True if only a watch with a software secret may hold it."""
        return BY_NAME[self.profile].test_only

    def last_second(self) -> int:
        """The last second of the month in which the token expires, seconds since 1970."""
        year = 2000 + int(self.expiry[:2])
        month = int(self.expiry[2:])
        following = month + 1 if month < 12 else 1
        return days_from_date(year + (month == 12), following, 1) * _DAY_S - 1


def expect_limits(limits: "Any") -> None:
    """Raise InputError unless this is a limits map."""
    expect_map(limits, _LIMITS_SHAPE, "the limits map")


def _check(fields: "dict[int, Any]") -> None:
    for key, kind, least, most in _SHAPE:
        expect_field(fields, key, kind, least, most)
    for key in _DIGITS_ONLY:
        expect_digits(fields[key], f"field {key}")
    expect(all("0" <= c <= "9" or "A" <= c <= "Z" for c in fields[PAR]), "the PAR has digits and capitals only")
    expect(1 <= int(fields[EXPIRY][2:]) <= 12, "the expiry month is out of range")
    expect_limits(fields.get(LIMITS))
    profile = BY_NAME.get(fields[PROFILE])
    if profile is None:
        raise InputError("the profile is unknown")
    expect(fields[CVN] in profile.cvns, "the profile has no such cryptogram version")
    if fields.get(EXPRESS) is not None:
        expect(profile.express, "the profile has no express mode")
        expect_limits(fields[EXPRESS])
    if fields.get(ART) is not None:
        expect_field(fields, ART, bytes, ART_HASH_BYTES, ART_HASH_BYTES)
