"""Digits of the minor units of currencies (ISO 4217)."""

from micropython import const

_USUAL = const(2)
_EXCEPTIONS = {
    0: (108, 152, 174, 262, 324, 352, 392, 410, 548, 600, 646, 704, 800, 940, 950, 952, 953),
    3: (48, 368, 400, 414, 434, 512, 788),
    4: (927, 990),
}


def exponent(currency: int) -> int:
    """Digits behind the decimal point of an amount, for a numeric currency code; 2 for one that is not known."""
    for digits, currencies in _EXCEPTIONS.items():
        if currency in currencies:
            return digits
    return _USUAL
