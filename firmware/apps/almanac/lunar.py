"""The Chinese calendar, looked up in `tables`: what a day is called, and which solar term comes next.

A lunar year is named by the Gregorian one in which it begins. Stems, branches and animals follow from its number.
"""

from micropython import const

from .tables import EARLIEST, FIRST_YEAR, TERM_DAYS, TERMS, YEARS

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Sequence

TERMS_A_YEAR = const(24)
STEMS, BRANCHES = const(10), const(12)
_LEAP = const(0x0F)
_LENGTHS_AT = const(4)
_NEW_YEAR_AT = const(17)
_SHORT = const(29)
_YEAR_DIGITS, _TERM_DIGITS = const(6), const(12)
_EPOCH_YEAR = const(2000)
_YEAR_OF_RAT = const(4)  # AD 4 was a year of the first stem and the first branch
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class LunarDay:
    """One day of the Chinese calendar."""

    def __init__(self, days: int, year: int) -> None:
        """`days` since 2000-01-01; `year` is the Gregorian one of that day, 2000 to 2099."""
        first = _new_year(year)
        if days < first:
            year -= 1
            first = _new_year(year)
        days -= first
        self.year = year
        code = _code(year)
        place, months = 0, _months(code)
        while place < months - 1 and days >= _length(code, place):
            days -= _length(code, place)
            place += 1
        leap = code & _LEAP
        self.leap = leap > 0 and place == leap
        """True in a month that repeats the one before."""
        self.month = place if leap and place >= leap else place + 1
        """1 to 12."""
        self.day = days + 1
        """1 to 30."""
        self.last = place == months - 1 and self.day == _length(code, place)
        """True on the last day of the year."""

    @property
    def stem(self) -> int:
        """Heavenly stem of the year, 0 to 9."""
        return (self.year - _YEAR_OF_RAT) % STEMS

    @property
    def branch(self) -> int:
        """Earthly branch of the year, and so its animal: 0 to 11, from the rat."""
        return (self.year - _YEAR_OF_RAT) % BRANCHES


def next_term(date: "Sequence[int]") -> "tuple[int, int]":
    """The solar term of a Gregorian year, month and day or the next one, and how many days are left.

    Terms are numbered from Minor Cold in January; 2000-01-01 to 2099-12-31.
    """
    year, month, day = date[0], date[1], date[2]
    for term in (2 * month - 2, 2 * month - 1):
        left = _term_day(year, term) - day
        if left >= 0:
            return term, left
    length = 29 if month == 2 and year % 4 == 0 else _MONTH_DAYS[month - 1]
    term = 2 * month % TERMS_A_YEAR
    return term, length - day + _term_day(year + month // 12, term)


def _code(year: int) -> int:
    at = (year - FIRST_YEAR) * _YEAR_DIGITS
    return int(YEARS[at : at + _YEAR_DIGITS], 16)


def _months(code: int) -> int:
    return 13 if code & _LEAP else 12


def _length(code: int, place: int) -> int:
    """Days of the month at this place of a year."""
    return _SHORT + (code >> (_LENGTHS_AT + place) & 1)


def _new_year(year: int) -> int:
    """First day of a lunar year, in days since 2000-01-01."""
    since = year - _EPOCH_YEAR
    return since * 365 + (since + 3) // 4 + EARLIEST + (_code(year) >> _NEW_YEAR_AT)


def _term_day(year: int, term: int) -> int:
    """Day of the month of a solar term."""
    at = (year - _EPOCH_YEAR + 1) * _TERM_DIGITS - term // 2 - 1
    return TERM_DAYS[term] + (int(TERMS[at], 16) >> 2 * (term % 2) & 3)
