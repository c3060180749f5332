"""Codes that merchants show: EMV QRCPS merchant-presented mode (docs/formats.md "Merchant codes").

A chain of two-digit id, two-digit length in characters, value. Nothing of it is believed before its checksum fits.
"""

from micropython import const

from watch.crypto.hashes import sha256
from watch.kernel.currency import exponent
from watch.kernel.errors import InputError
from watch.payment.countries import country_number

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Dict

MOST_CHARACTERS = const(512)
MOST_NAME_BYTES = const(40)
"""As in a notice, docs/formats.md "tapwatch/notice" key 8."""
_MOST_BYTES = const(2048)  # 512 characters of UTF-8
_BEGIN = "000201"
_HEAD = const(4)
CRC_HEAD = "6304"
"""Id and length of the checksum, which ends a code."""
_CRC_DIGITS = const(4)
_CRC_POLYNOMIAL = const(0x1021)
_CRC_START = const(0xFFFF)
_DIGITS = "0123456789"

# Ids, EMV QRCPS MPM table 3.1.
_FIRST_TEMPLATE = const(26)
_LAST_TEMPLATE = const(51)
_CURRENCY = const(53)
_AMOUNT = const(54)
_TIP = const(55)
_FIXED_FEE = const(56)
_PERCENTAGE_FEE = const(57)
_COUNTRY = const(58)
_NAME = const(59)
_CITY = const(60)

_GLOBAL_ID = const(0)
_MERCHANT_ID = const(1)
_OURS = "org.tapwatch"
_CURRENCY_DIGITS = const(3)
_MOST_AMOUNT_DIGITS = const(13)  # table 3.3, id 54
MOST_MINOR = 999_999_999_999
"""EMV tag 9F02, format n12."""
_TIP_AS_YOU_LIKE = "01"  # table 3.4, id 55: the others add a fee


class MerchantCode:
    """What a code asks for."""

    def __init__(self, text: str) -> None:
        """Read a code. Raises InputError unless it is well formed, has currency and name, and asks for no fee."""
        data = _bounded(text)
        self.digest = sha256(data)
        """SHA-256 of the text in UTF-8."""
        objects = _chain(text)
        self.currency = _currency(objects.get(_CURRENCY, ""))
        _expect_no_fee(objects)
        has_amount = _AMOUNT in objects
        self.amount_minor = _minor(objects[_AMOUNT], exponent(self.currency)) if has_amount else 0
        """0 if the code names none: then whoever pays says how much."""
        self.merchant = _printable(objects.get(_NAME, ""), "the name")
        """Name of the merchant: not empty, no control characters, at most MOST_NAME_BYTES of UTF-8."""
        self.city = _printable(objects[_CITY], "the city") if _CITY in objects else ""
        self.country = country_number(objects[_COUNTRY]) if _COUNTRY in objects else 0
        """ISO 3166 number, 0 if the code names none."""
        self.merchant_id = _merchant_id(objects)
        """The merchant's id at the bank, empty if the code has none."""


def _bounded(text: "Any") -> bytes:
    """The bytes of a text that is short enough and ends in the right checksum. Raises InputError."""
    if not isinstance(text, str) or len(text.encode()) > _MOST_BYTES or len(text) > MOST_CHARACTERS:
        raise InputError("a merchant's code is text, 512 characters at most")
    if not text.startswith(_BEGIN):
        raise InputError("this is no merchant's code")
    data = text.encode()
    if text[-_HEAD - _CRC_DIGITS : -_CRC_DIGITS] != CRC_HEAD:
        raise InputError("the merchant's code has no checksum")
    if text[-_CRC_DIGITS:] != checksum(data[:-_CRC_DIGITS]):
        raise InputError("the checksum of the merchant's code is wrong")
    return data


def checksum(data: bytes) -> str:
    """Four digits for what comes before them: CRC-16/CCITT-FALSE, EMV QRCPS MPM section 4.7.3."""
    crc = _CRC_START
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ _CRC_POLYNOMIAL) & 0xFFFF if crc & 0x8000 else crc << 1
    return "%04X" % crc


def _chain(text: str) -> "Dict[int, str]":
    """The objects of a chain by id. Raises InputError if one is cut short, malformed or there twice."""
    objects: "Dict[int, str]" = {}
    characters = list(text)  # an index into text beyond ASCII counts from its start each time
    at = 0
    while at < len(characters):
        head = _number("".join(characters[at : at + _HEAD]), _HEAD)
        start, name = at + _HEAD, head // 100
        at = start + head % 100
        if at > len(characters) or name in objects:
            raise InputError("an object of the merchant's code is cut short, or there twice")
        objects[name] = "".join(characters[start:at])
    return objects


def _number(digits: str, length: int) -> int:
    if len(digits) != length or not all(digit in _DIGITS for digit in digits):
        raise InputError("the merchant's code has something else where digits belong")
    return int(digits)


def _currency(digits: str) -> int:
    currency = _number(digits, _CURRENCY_DIGITS)
    if not currency:
        raise InputError("the merchant's code has no currency")
    return currency


def _expect_no_fee(objects: "Dict[int, str]") -> None:
    """Raises InputError for a code that wants more than its amount; a tip that is left to the wearer may be none."""
    if objects.get(_TIP, _TIP_AS_YOU_LIKE) != _TIP_AS_YOU_LIKE or _FIXED_FEE in objects or _PERCENTAGE_FEE in objects:
        raise InputError("the merchant's code adds a fee, which the watch does not pay: ask for a code without")


def _minor(text: str, digits: int) -> int:
    """An amount in minor units: `12`, `12.` and `12.3` are all right with two digits, `12.345` is not."""
    whole, _, part = text.partition(".")
    if not 0 < len(text) <= _MOST_AMOUNT_DIGITS or not whole or len(part) > digits:
        raise InputError("the amount of the merchant's code is none of its currency")
    minor = _number(whole, len(whole)) * 10**digits
    if part:
        minor += _number(part, len(part)) * 10 ** (digits - len(part))
    if not 0 < minor <= MOST_MINOR:
        raise InputError("the amount of the merchant's code is out of range")
    return minor


def _printable(text: str, what: str) -> str:
    """A text that may be shown. Raises InputError."""
    if not 0 < len(text.encode()) <= MOST_NAME_BYTES:
        raise InputError(f"{what} in the merchant's code is missing or too long")
    if any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in text):
        raise InputError(f"{what} in the merchant's code has control characters")
    return text


def _merchant_id(objects: "Dict[int, str]") -> str:
    """From the one template that is ours. Raises InputError for two, or for a template that is no chain."""
    found = [
        template.get(_MERCHANT_ID, "")
        for template in [_chain(objects[name]) for name in objects if _FIRST_TEMPLATE <= name <= _LAST_TEMPLATE]
        if template.get(_GLOBAL_ID) == _OURS
    ]
    if len(found) > 1:
        raise InputError("the merchant's code names two merchants")
    return found[0] if found else ""
