"""The cards this bank offers, as a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tapwatch.bank.limits import Limits
from tapwatch.bank.problems import RequestProblem
from tapwatch.bank.profiles import CLOSED_LOOP, CONTACT_TEST, MASTERCARD, VISA
from tapwatch.bank.versions import CVN_18, CVN_20, CVN_21, CVN_22, CVN_43

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tapwatch.bank.profiles import Profile
    from tapwatch.bank.versions import CryptogramVersion


@dataclass(frozen=True)
class Product:
    """One kind of card. Its art is the file of its name in `tapwatch.bank.art`."""

    name: str
    profile: Profile
    version: CryptogramVersion
    label: str
    """Name on the watch unless the customer chooses one."""
    accent: int
    """Accent colour of the card on the watch, 0xRRGGBB."""
    limits: Limits = field(default_factory=Limits)
    """Of its tokens, unless others are asked for."""
    express: Limits | None = None
    """Of payments by express keys; None if it has none."""
    codes: bool = False
    """True if its tokens may pay by codes that a merchant scans."""


_TRANSIT = Limits(
    per_tap=10_000,
    confirm_above=10_000,
    per_tap_without_cdcvm=3_000,
    taps_without_cdcvm=8,
    sum_without_cdcvm=20_000,
    per_day=30_000,
)
"""Fares: small, often without a passcode."""
_EXPRESS = Limits(
    per_tap=2_000,
    confirm_above=2_000,
    per_tap_without_cdcvm=2_000,
    taps_without_cdcvm=4,
    sum_without_cdcvm=8_000,
    per_day=8_000,
)
"""A fare at a gate, four at most: as many as a batch has express keys."""

PRODUCTS: Mapping[str, Product] = {
    product.name: product
    for product in (
        Product("visa-18", VISA, CVN_18, "Tapwatch Blue", 0x4DA3FF, codes=True),
        Product("visa-22", VISA, CVN_22, "Tapwatch Teal", 0x2FD6C3, codes=True),
        Product("visa-43", VISA, CVN_43, "Tapwatch Violet", 0xA98BFF, codes=True),
        Product("mastercard-14", MASTERCARD, CVN_20, "Tapwatch Amber", 0xFFA24D, codes=True),
        Product("mastercard-15", MASTERCARD, CVN_21, "Tapwatch Coral", 0xFF7A6B, codes=True),
        Product("closed-loop", CLOSED_LOOP, CVN_18, "Tapwatch Transit", 0x63D471, _TRANSIT, _EXPRESS),
        Product("contact-test", CONTACT_TEST, CVN_20, "Contact Test", 0xB4BECC),
    )
}
_USUAL = {"visa": "visa-18", "mastercard": "mastercard-14"}
"""The product meant by a profile's name alone; other profiles have one product of the same name."""
NAMES = (*_USUAL, *PRODUCTS)
"""Every name by which a card can be ordered."""


def product_named(name: str) -> Product:
    """Return a product by its name or by that of a profile. Raises RequestProblem."""
    try:
        return PRODUCTS[_USUAL.get(name, name)]
    except KeyError:
        raise RequestProblem(f"there is no card product {name!r}", f"use one of: {', '.join(NAMES)}") from None
