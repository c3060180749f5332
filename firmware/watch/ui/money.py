"""Amounts as people read them. Integers all the way: no float ever touches money."""

from micropython import const

from watch.kernel.currency import exponent
from watch.kernel.errors import InputError

MAX_MINOR = 999999999999
"""Largest amount of EMV tag 9F02, format n12."""
_NAMES = {
    36: "AUD",
    124: "CAD",
    156: "CNY",
    344: "HKD",
    356: "INR",
    392: "JPY",
    410: "KRW",
    446: "MOP",
    702: "SGD",
    752: "SEK",
    756: "CHF",
    764: "THB",
    826: "GBP",
    840: "USD",
    901: "TWD",
    978: "EUR",
    985: "PLN",
    414: "KWD",
}
_GROUP = const(3)


def currency_name(currency: int) -> str:
    """The letters people know, or the number of a currency the watch has no name for. Never empty, never guessed."""
    return _NAMES.get(currency) or "%03d" % currency


def figures(amount_minor: int, currency: int) -> str:
    """`1,234.50`. Raises InputError for an amount that EMV cannot carry."""
    if not 0 <= amount_minor <= MAX_MINOR:
        raise InputError("amount")
    digits = exponent(currency)
    text = str(amount_minor)
    if len(text) <= digits:
        text = "0" * (digits + 1 - len(text)) + text
    whole, minor = text[: len(text) - digits], text[len(text) - digits :]
    groups = []
    while len(whole) > _GROUP:
        groups.insert(0, whole[-_GROUP:])
        whole = whole[:-_GROUP]
    return ",".join([whole] + groups) + ("." + minor if minor else "")
