"""A customer with two cards for demonstrations. The password is new at each start and printed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.bank import passwords
from tapwatch.bank.problems import UnknownProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tapwatch.bank.service import Bank

NAME = "demo"
_SMS, _EMAIL = "+10005550142", "ada@example.org"  # 555-01xx is for examples; RFC 2606 section 3
_CURRENCY = 156  # CNY
_OPENING_MINOR = 500_000
_PRODUCTS = ("visa-18", "mastercard-14")


def ensure(bank: Bank) -> Mapping[str, str]:
    """Make the customer if there is none, with a new password; return name, password and the cards as printed."""
    password = passwords.made()
    desk = bank.customers
    try:
        customer = desk.number_of(NAME)
        desk.set_password(customer, password)
    except UnknownProblem:
        customer = desk.create(NAME, password, _SMS, _EMAIL)
        account = bank.open_account("Ada Demo", _CURRENCY, _OPENING_MINOR)
        desk.give_account(customer, account)
        for product in _PRODUCTS:
            bank.order_card(account, product)
    cards = {
        f"card {card.number}": f"{card.label}, {card.pan}, expires {card.expiry} (YYMM)"
        for card in desk.cards(customer)
    }
    return {"customer": NAME, "password": password, **cards}
