"""Regions and currencies: ISO 3166 codes of two letters, or `**` for all; ISO 4217 numbers."""

from __future__ import annotations

from tapwatch.bank.problems import RequestProblem
from tapwatch.errors import UserError
from tapwatch.store.schema import EVERYWHERE
from tapwatch.terminal import amount


def check(region: str, everywhere: bool = True) -> None:
    """Raises RequestProblem for what is no region; `**` is one if `everywhere`."""
    if region == EVERYWHERE and everywhere:
        return
    if not (len(region) == 2 and region.isascii() and region.isalpha() and region.isupper()):
        raise RequestProblem("a region is an ISO 3166 code of two capital letters")


def check_currency(currency: int) -> None:
    """Raises RequestProblem for a number that is no currency."""
    try:
        amount.currency_numbered(currency)
    except UserError as error:
        raise RequestProblem(f"{currency} is no ISO 4217 number of a currency") from error


def money(minor: int, currency: int) -> str:
    """An amount as people write it, such as `-12.34 CNY`."""
    text = str(amount.Money(abs(minor), amount.currency_numbered(currency)))
    return f"-{text}" if minor < 0 else text


def code(currency: int) -> str:
    """The letters of a currency, such as CNY. Raises UserError for a number that is none."""
    return amount.currency_numbered(currency).code
