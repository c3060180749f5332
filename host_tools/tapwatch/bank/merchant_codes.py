"""Merchant-presented codes: EMV QRCPS MPM, written and read (docs/formats.md "Merchant codes").

A chain of objects: two digits id, two digits length in characters, value. CRC-16/CCITT-FALSE over everything before its
value ends the chain.
"""

from __future__ import annotations

import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.bank.problems import RequestProblem
from tapwatch.errors import UserError
from tapwatch.terminal import amount

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_CHARACTERS = 512
"""Longest code a watch takes: docs/formats.md, message 13."""
GLOBAL_ID = "org.tapwatch"
MAX_NAME, MAX_CITY = 25, 15  # EMV QRCPS MPM table 3.5, ids 59 and 60
MAX_BILL = 25  # table 3.7, id 05
_MAX_VALUE = 99
_BEGIN = "000201"
_STATIC, _DYNAMIC = "11", "12"
_TEMPLATES = range(26, 52)
_CATEGORY = "0000"
_TIP_AS_YOU_LIKE = "01"  # EMV QRCPS MPM table 3.4, id 55; the payer may give none
_FEES = frozenset(("56", "57"))
_CRC_HEAD = "6304"
_CRC_START = 0xFFFF
_CRC_DIGITS = 4
_CURRENCY_DIGITS = 3
_MAX_NAME_BYTES = 40  # docs/formats.md, `tapwatch/notice` key 8
_MAX_ID_DIGITS = 18  # what a column holds


@dataclass(frozen=True)
class MerchantCode:
    """What a code asks for."""

    merchant: str
    """The merchant's id at the bank: the number of its account in digits."""
    amount: int
    """Minor units; 0 if the code names none: then whoever pays says how much."""
    currency: int
    name: str
    once: bool
    """True if it is one bill, to be paid once; False for a sign on the counter."""


def compose(code: MerchantCode, country: str = "CN", city: str = "Test City", bill: str = "") -> str:
    """Return the text of a code; without an amount, if that is 0 and the code is no bill.

    `country` is ISO 3166 alpha-2; `bill` tells the codes of two bills apart.

    Raises RequestProblem for a name, city, bill or amount that does not fit.
    """
    if not is_name(code.name):
        raise RequestProblem(f"a name has 1 to {MAX_NAME} printable characters, {_MAX_NAME_BYTES} bytes at most")
    if not 0 < len(city) <= MAX_CITY or not _printable(city):
        raise RequestProblem(f"a city has 1 to {MAX_CITY} printable ASCII characters")
    if not (len(bill) <= MAX_BILL and _printable(bill)):
        raise RequestProblem(f"a bill has at most {MAX_BILL} printable ASCII characters")
    if not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
        raise RequestProblem("the country is no ISO 3166 code of two letters")
    account = _object("00", GLOBAL_ID) + _object("01", code.merchant)
    parts = [_BEGIN, _object("01", _DYNAMIC if code.once else _STATIC), _object("26", account)]
    parts += [_object("52", _CATEGORY), _object("53", f"{code.currency:03d}")]
    if code.amount or code.once:
        parts.append(_object("54", _decimal(code)))
    parts += [_object("58", country), _object("59", code.name), _object("60", city)]
    if bill:
        parts.append(_object("62", _object("05", bill)))
    text = "".join(parts) + _CRC_HEAD
    return text + _crc(text)


def is_name(text: str) -> bool:
    """Return True for a name that a merchant may have, in any script; whether a watch can draw it, the watch says."""
    return 0 < len(text) <= MAX_NAME and text.isprintable() and len(text.encode()) <= _MAX_NAME_BYTES


def parse(text: str) -> MerchantCode:
    """Read a code. Raises RequestProblem for any that is malformed, not for this bank, or asks for a fee."""
    objects = read_objects(text)
    currency, name = objects.get("53", ""), objects.get("59", "")
    if not (len(currency) == _CURRENCY_DIGITS and _digits(currency)) or not 0 < len(name.encode()) <= _MAX_NAME_BYTES:
        raise RequestProblem("a merchant code needs a currency and a name")
    if objects.get("55", _TIP_AS_YOU_LIKE) != _TIP_AS_YOU_LIKE or _FEES & set(objects):
        raise RequestProblem("the merchant code adds a fee", "ask for a code without")
    minor = _minor(objects["54"], int(currency)) if "54" in objects else 0
    once = objects.get("01", _STATIC) == _DYNAMIC
    return MerchantCode(_merchant(objects), minor, int(currency), name, once)


def read_objects(text: str) -> dict[str, str]:
    """Return the objects of any merchant-presented code, by id. Raises RequestProblem for a malformed one."""
    if len(text) > MAX_CHARACTERS or not text.startswith(_BEGIN) or not text.isprintable():
        raise RequestProblem("that is no merchant code")
    if text[-8:-4] != _CRC_HEAD or text[-4:] != _crc(text[:-4]):
        raise RequestProblem("the checksum of the merchant code is wrong")
    return _objects(text)


def _merchant(objects: Mapping[str, str]) -> str:
    found = []
    for number in _TEMPLATES:
        template = _objects(objects.get(str(number), ""))
        if template.get("00") == GLOBAL_ID:
            found.append(template.get("01", ""))
    if len(found) != 1 or not (0 < len(found[0]) <= _MAX_ID_DIGITS and _digits(found[0])):
        raise RequestProblem("the merchant code names no merchant of this bank, or more than one")
    return found[0]


def _objects(text: str) -> dict[str, str]:
    objects: dict[str, str] = {}
    at = 0
    while at < len(text):
        head, start = text[at : at + 4], at + 4
        if len(head) < 4 or not _digits(head) or start + int(head[2:]) > len(text):
            raise RequestProblem("the merchant code is cut short or malformed")
        name, at = head[:2], start + int(head[2:])
        if name in objects:
            raise RequestProblem(f"the merchant code has {name} twice")
        objects[name] = text[start:at]
    return objects


def _object(name: str, value: str) -> str:
    if not 0 < len(value) <= _MAX_VALUE:
        raise RequestProblem(f"{name} of a merchant code has {len(value)} characters")
    return f"{name}{len(value):02d}{value}"


def _decimal(code: MerchantCode) -> str:
    exponent = _exponent(code.currency)
    if not 0 < code.amount < 10**amount.MAX_DIGITS:
        raise RequestProblem(f"{code.amount} is not an amount")
    digits = f"{code.amount:0{exponent + 1}d}"
    return f"{digits[:-exponent]}.{digits[-exponent:]}" if exponent else digits


def _minor(text: str, currency: int) -> int:
    whole, point, part = text.partition(".")
    exponent = _exponent(currency)
    form = _digits(whole) and (not point or _digits(part)) and len(part) <= exponent
    fits = form and len(text) <= amount.MAX_DIGITS + 1
    minor = int(whole + part.ljust(exponent, "0")) if fits else 0
    if not 0 < minor < 10**amount.MAX_DIGITS:
        raise RequestProblem("a merchant code needs an amount")
    return minor


def _exponent(currency: int) -> int:
    try:
        return amount.currency_numbered(currency).exponent
    except UserError as error:
        raise RequestProblem(f"{currency:03d} is no currency") from error


def _crc(text: str) -> str:
    """CRC-16/CCITT-FALSE: polynomial 1021, start FFFF (EMV QRCPS MPM 4.7.3)."""
    return f"{binascii.crc_hqx(text.encode(), _CRC_START):0{_CRC_DIGITS}X}"


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _printable(text: str) -> bool:
    return text.isascii() and text.isprintable()
