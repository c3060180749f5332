"""Amounts: what a person types, and the minor units that go over the air."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from tapwatch.errors import EXIT_USAGE, UserError

MAX_DIGITS = 12
"""Digits of 9F02 and of ISO 8583 field 4."""
_FORM = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,4}))?\Z", re.ASCII)


@dataclass(frozen=True)
class Currency:
    """A currency of ISO 4217."""

    code: str
    """Alphabetic code, for example CNY."""
    numeric: int
    exponent: int
    """Decimal places: 2 for CNY, 0 for JPY, 3 for KWD."""


@dataclass(frozen=True)
class Money:
    """An amount in minor units."""

    minor: int
    currency: Currency

    def __str__(self) -> str:
        exponent = self.currency.exponent
        if exponent == 0:
            return f"{self.minor} {self.currency.code}"
        whole, part = divmod(self.minor, 10**exponent)
        return f"{whole}.{part:0{exponent}} {self.currency.code}"


@functools.cache
def currency(code: str) -> Currency:
    """The currency with an alphabetic code. Raises UserError for codes that nobody pays with (gold, test codes)."""
    from iso4217 import Currency as Table  # the ISO maintenance agency's list; parsing it takes a while

    try:
        entry = Table(code.upper())
    except ValueError:
        raise UserError(f"{code} is not a currency", "give an ISO 4217 code such as CNY", EXIT_USAGE) from None
    if entry.exponent is None:
        raise UserError(f"{code} has no minor unit and cannot be paid", "give a currency such as CNY", EXIT_USAGE)
    return Currency(entry.code, entry.number, entry.exponent)


@functools.cache
def currency_numbered(number: int) -> Currency:
    """The currency with an ISO 4217 number. Raises UserError for a number that is none, or that nobody pays with."""
    from iso4217 import Currency as Table

    for entry in Table:
        if entry.number == number:
            return currency(entry.code)
    raise UserError(f"{number} is not a currency", "give an ISO 4217 number such as 156", EXIT_USAGE)


def parse(text: str, code: str) -> Money:
    """Read an amount such as `12.34`. Raises UserError for signs, separators, too many decimals, zero, or 13 digits."""
    money = currency(code)
    match = _FORM.match(text)
    if match is None:
        raise UserError(f"{text!r} is not an amount", "write digits and a point, such as 12.34", EXIT_USAGE)
    whole, part = match.group(1), match.group(2) or ""
    if len(part) > money.exponent:
        raise UserError(f"{money.code} has {money.exponent} decimals, {text} has {len(part)}", "", EXIT_USAGE)
    minor = int(whole + part.ljust(money.exponent, "0"))
    if minor == 0 or minor >= 10**MAX_DIGITS:
        raise UserError(f"{text} {money.code} cannot be paid", f"from 1 to {MAX_DIGITS} digits fit", EXIT_USAGE)
    return Money(minor, money)
