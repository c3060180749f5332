"""What a developer says about an app in the store: texts, prices, pictures. All of it comes from strangers."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from PIL import Image, UnidentifiedImageError

from tapwatch.bank import merchant_codes
from tapwatch.bank.ledger import MAX_AMOUNT_MINOR
from tapwatch.bank.problems import RequestProblem
from tapwatch.store import regions

if TYPE_CHECKING:
    from collections.abc import Mapping

CATEGORIES = ("faces", "tools", "games", "health", "travel", "money", "home", "other")
LANGUAGES = ("en", "zh")
MAX_SUMMARY, MAX_DESCRIPTION, MAX_NOTES = 80, 2_000, 500
MAX_PRICES = 64
MAX_SIDE_PX = 1_024
_PAID = "leave `prices` out of the listing, or say `paid = true` in app.toml"
_PAYEE = "leave `payee` out of the listing, or ask for `payment` in app.toml"
_PNG = b"\x89PNG\r\n\x1a\n"
_FIELDS = {"category", "summary", "description", "prices", "payee", "notes"}
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""Marks that turn the direction of text: with them a name can read as another. Scripts turn by themselves."""


@dataclass(frozen=True)
class Price:
    """What an app costs in a region, or in `**`."""

    region: str
    currency: int
    amount: int


@dataclass(frozen=True)
class Payee:
    """Whom in-app payments go to."""

    name: str
    country: str
    currency: int


@dataclass(frozen=True)
class Listing:
    """A listing of the right form."""

    category: str
    summary: dict[str, str]
    description: dict[str, str]
    prices: tuple[Price, ...]
    payee: Payee | None
    notes: str

    def record(self) -> dict[str, Any]:
        """As JSON has it, without prices."""
        return {name: value for name, value in asdict(self).items() if name != "prices"}


def read(body: Mapping[str, Any], paid: bool, pays: bool) -> Listing:
    """Check a listing. Raises RequestProblem.

    Args:
        body: the map of a publication.
        paid: the app needs a licence.
        pays: the app has the permission `payment`.
    """
    if set(body) != _FIELDS:
        raise RequestProblem(f"a listing has {', '.join(sorted(_FIELDS))}")
    if body["category"] not in CATEGORIES:
        raise RequestProblem(f"a category is one of {', '.join(CATEGORIES)}")
    summary = _texts(body["summary"], "summary", MAX_SUMMARY, False)
    description = _texts(body["description"], "description", MAX_DESCRIPTION, True)
    notes = _text(body["notes"], "notes", MAX_NOTES, True)
    listing = Listing(body["category"], summary, description, _prices(body["prices"]), _payee(body["payee"]), notes)
    if bool(listing.prices) != paid:
        raise RequestProblem("an app has prices if its manifest says that it is paid, and only then", _PAID)
    if (listing.payee is not None) != pays:
        raise RequestProblem("an app has a payee if it has the permission `payment`, and only then", _PAYEE)
    return listing


def check_picture(data: bytes) -> None:
    """Raises RequestProblem for what is no PNG of a size that can be shown. Its pixels are not unpacked."""
    try:
        if not data.startswith(_PNG):
            raise RequestProblem("a picture is a PNG file")
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            sides = image.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise RequestProblem("a picture is damaged") from error
    if max(sides) > MAX_SIDE_PX:
        raise RequestProblem(f"a picture has at most {MAX_SIDE_PX} pixels a side")


def compared(name: str) -> str:
    """The form in which names are compared: what looks alike or reads alike gives the same. Empty for no letters."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(mark for mark in plain if unicodedata.category(mark)[0] in "LN")[:64]


def _texts(value: object, name: str, longest: int, lines: bool) -> dict[str, str]:
    if not isinstance(value, dict) or not value or not set(value) <= set(LANGUAGES):
        raise RequestProblem(f"{name} is a map of {' or '.join(LANGUAGES)} to text")
    return {language: _text(text, name, longest, lines) for language, text in value.items()}


def _text(value: object, name: str, longest: int, lines: bool) -> str:
    """Text that can be shown: any script and emoji, but nothing that controls a screen or turns the text around it."""
    if not isinstance(value, str) or len(value) > longest:
        raise RequestProblem(f"{name} is text of at most {longest} characters")
    controls = {mark for mark in value if unicodedata.category(mark) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")}
    if controls - ({"\n"} if lines else set()) or _TURNING & set(value):
        raise RequestProblem(f"{name} holds characters that cannot be shown")
    return value


def _prices(value: object) -> tuple[Price, ...]:
    if not isinstance(value, list) or len(value) > MAX_PRICES:
        raise RequestProblem(f"prices are an array of at most {MAX_PRICES}")
    found: dict[tuple[str, int], Price] = {}
    for entry in value:
        if not isinstance(entry, list) or [type(part) for part in entry] != [str, int, int]:
            raise RequestProblem("a price is a region, a currency and an amount in minor units")
        price = Price(*entry)
        regions.check(price.region)
        regions.check_currency(price.currency)
        if not 0 < price.amount <= MAX_AMOUNT_MINOR or (price.region, price.currency) in found:
            raise RequestProblem("a price is at least 1 minor unit, and there is one for a region and currency")
        found[price.region, price.currency] = price
    return tuple(found.values())


def _payee(value: object) -> Payee | None:
    if value is None:
        return None
    if not isinstance(value, list) or [type(part) for part in value] != [str, str, int]:
        raise RequestProblem("a payee is a name, a country and a currency")
    payee = Payee(*value)
    if not merchant_codes.is_name(payee.name) or "\0" in payee.name or _TURNING & set(payee.name):
        raise RequestProblem(f"a payee has a name of at most {merchant_codes.MAX_NAME} characters")
    regions.check(payee.country, everywhere=False)
    regions.check_currency(payee.currency)
    return payee
