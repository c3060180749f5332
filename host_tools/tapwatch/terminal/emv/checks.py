"""Checks on what a card sent, shared by both kernels."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tapwatch.terminal.outcome import CardProblem

if TYPE_CHECKING:
    from tapwatch.terminal.emv.card_data import CardData

MAX_RECORDS = 32
"""Records read from one card; scheme profiles have fewer than ten."""

MAX_TRACK2 = 37
"""Characters of track 2 between its sentinels (ISO/IEC 7813)."""


@dataclass(frozen=True)
class Track2:
    """Track 2 equivalent data, taken apart."""

    pan: str
    expiry: str
    """YYMM."""
    service_code: str
    text: str
    """As ISO 8583 field 35 has it, with D as separator."""


def track2(value: bytes) -> Track2:
    """Read tag 57 (EMV Book 3 annex A). Raises CardProblem."""
    text = value.hex().upper().removesuffix("F")
    pan, separator, rest = text.partition("D")
    plausible = separator and rest.isdigit() and pan.isdigit() and 12 <= len(pan) <= 19 and len(rest) >= 7
    if not plausible or len(text) > MAX_TRACK2:
        raise CardProblem("57 Track 2 equivalent data is malformed")
    if not "01" <= rest[2:4] <= "12":
        raise CardProblem("57 Track 2 equivalent data has no proper expiry")
    check_pan(pan)
    return Track2(pan, rest[:4], rest[4:7], text)


def check_pan(pan: str) -> None:
    """Raise CardProblem if the check digit (ISO/IEC 7812-1 annex B) is wrong."""
    digits = [int(digit) for digit in reversed(pan)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    if (sum(digits[::2]) + sum(doubled)) % 10:
        raise CardProblem("the check digit of the PAN is wrong")


def pan_of(card: CardData) -> str:
    """The PAN of tag 5A. Raises CardProblem."""
    pan = card["5A"].hex().rstrip("f")
    check_pan(pan)
    return pan


def same_card(card: CardData) -> Track2 | None:
    """Check 5A and 5F24 against track 2, where the card sent both. Raises CardProblem if they differ."""
    if "57" not in card:
        return None
    track = track2(card["57"])
    if "5A" in card and pan_of(card) != track.pan:
        raise CardProblem("track 2 and 5A have different PANs")
    if "5F24" in card and card["5F24"].hex()[:4] != track.expiry:
        raise CardProblem("track 2 and 5F24 have different expiry dates")
    return track


def last_day(expiry: bytes) -> datetime.date:
    """The last day of 5F24 (YYMMDD). Raises CardProblem if there is no such day."""
    year, month, day = (int(f"{byte:02x}") for byte in expiry)
    try:
        return datetime.date(2000 + year, month, day)
    except ValueError:
        raise CardProblem("5F24 Application expiration date is no date") from None


def last_day_of_month(expiry: str) -> datetime.date:
    """The last day of YYMM."""
    year, month = 2000 + int(expiry[:2]), int(expiry[2:])
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def locator(value: bytes) -> list[tuple[int, int]]:
    """File and record of every record of an AFL (EMV Book 3 section 10.2). Raises CardProblem if it makes no sense."""
    if not value or len(value) % 4:
        raise CardProblem("94 Application file locator is not made of entries of 4 bytes")
    records: list[tuple[int, int]] = []
    for at in range(0, len(value), 4):
        file, first, last, signed = value[at : at + 4]
        if file & 0x07 or not 1 <= file >> 3 <= 30 or not 1 <= first <= last or signed > last - first + 1:
            raise CardProblem("94 Application file locator has an entry that makes no sense")
        records += [(file >> 3, number) for number in range(first, last + 1)]
    if len(records) > MAX_RECORDS:
        raise CardProblem(f"94 Application file locator names more than {MAX_RECORDS} records")
    if len(set(records)) != len(records):
        raise CardProblem("94 Application file locator names a record twice")
    return records
