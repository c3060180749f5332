"""Amounts by the exponent of their currency."""

from __future__ import annotations

import pytest

from tapwatch.errors import EXIT_USAGE, UserError
from tapwatch.terminal.amount import currency, parse


@pytest.mark.parametrize(
    "text, code, minor, shown",
    [
        ("12.34", "CNY", 1234, "12.34 CNY"),
        ("12.3", "CNY", 1230, "12.30 CNY"),
        ("12", "CNY", 1200, "12.00 CNY"),
        ("0.01", "EUR", 1, "0.01 EUR"),
        ("007", "EUR", 700, "7.00 EUR"),
        ("500", "JPY", 500, "500 JPY"),
        ("1.234", "KWD", 1234, "1.234 KWD"),
        ("0.005", "KWD", 5, "0.005 KWD"),
        ("1.0001", "CLF", 10001, "1.0001 CLF"),
        ("9999999999.99", "USD", 999999999999, "9999999999.99 USD"),
    ],
)
def test_amounts(text: str, code: str, minor: int, shown: str) -> None:
    money = parse(text, code)
    assert (money.minor, str(money)) == (minor, shown)


@pytest.mark.parametrize(
    "text, code",
    [
        *[
            (text, "CNY")
            for text in ("", "0", "0.00", "-1", "+1", "1,00", "1.234", "1.", ".5", "1e3", " 1", "1 ", "0x10")
        ],
        *[
            (text, "CNY")
            for text in ("abc", "١٢", "１２", "10000000000.00", "99999999999999999999", "1.2.3", "NaN", "1\n")
        ],
        ("1.5", "JPY"),
        ("1.0001", "KWD"),
        ("1", "XAU"),
        ("1", "XXX"),
        ("1", "ZZZ"),
        ("1", ""),
    ],
)
def test_nonsense(text: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(text, code)
    assert caught.value.exit_code == EXIT_USAGE


def test_currencies_of_the_standard() -> None:
    """Numbers and exponents from ISO 4217 list one."""
    wanted = {"CNY": (156, 2), "EUR": (978, 2), "USD": (840, 2), "JPY": (392, 0), "KWD": (414, 3), "CLP": (152, 0)}
    assert {code: (currency(code).numeric, currency(code).exponent) for code in wanted} == wanted
    assert currency("cny") == currency("CNY")
