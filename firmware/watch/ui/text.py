"""The words of the watch, in the wearer's language."""

import sys

from micropython import const

from watch.kernel.errors import InputError
from watch.ui import languages

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from types import ModuleType

_ROOM = languages.__name__ + "."
_LANGUAGES = ("en", "zh")
_MINUTES_PER_DAY = const(1440)
_MINUTES_PER_HOUR = const(60)
_HOURS = const(12)
"""On the dial of a clock."""
_DAYS_PER_400_YEARS = const(146097)
_DAYS_PER_CENTURY = const(36524)
_DAYS_PER_4_YEARS = const(1461)
_TO_MARCH = const(60)
"""From 1 January to 1 March 2000: years that begin in March have their leap day last."""
_2000_01_01 = const(5)
"""A Saturday, counted from Monday = 0."""
_MONTH_STARTS = (0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337)
"""First day of each month in a year that begins on 1 March."""


def _table(language: str) -> "ModuleType":
    """The module of a language. Those of others leave the memory: each is 53 KB of heap on 64 bits."""
    for other in _LANGUAGES:
        if other != language and _ROOM + other in sys.modules:
            _forget(other)
    __import__(_ROOM + language)
    return sys.modules[_ROOM + language]


def _forget(language: str) -> None:
    """Drop a module. A table keeps the value of a name that is only deleted."""
    sys.modules[_ROOM + language] = None  # type: ignore[assignment]
    del sys.modules[_ROOM + language]
    setattr(languages, language, None)
    delattr(languages, language)


class Catalogue:
    """All texts of one language.

    Args:
        language: `en` or `zh`.

    Raises:
        InputError: the language is not there.
    """

    def __init__(self, language: str) -> None:
        if language not in _LANGUAGES:
            raise InputError("language " + language)
        self.language = language
        self._table = _table(language)
        self.days: "tuple[str, ...]" = self._table.DAYS
        """Short names of the days, Monday first."""
        self.months: "tuple[str, ...]" = self._table.MONTHS
        """Short names of the months."""

    def get(self, key: str, n: "int | str" = "") -> str:
        """The text of a key, with `n` in its gap. Raises InputError for an unknown key."""
        try:
            return self._table.TEXT[key].replace("{n}", str(n))
        except KeyError:
            raise InputError("text " + key)

    def has(self, key: str) -> bool:
        """True if there is such a text."""
        return key in self._table.TEXT

    def sentences(self, one: str, other: str) -> str:
        """Two sentences, one behind the other."""
        return one + self._table.JOIN + other

    def date(self, minutes: int) -> str:
        """Day and date, short. `minutes` since 2000-01-01 00:00 local time."""
        days = minutes // _MINUTES_PER_DAY
        _, month, date = civil(days)
        table = self._table
        text = table.DATE.replace("{month}", table.MONTHS[month - 1]).replace("{date}", str(date))
        return text.replace("{day}", table.DAYS[(days + _2000_01_01) % 7])

    def day(self, minutes: int) -> str:
        """Month and date without the day of the week. `minutes` since 2000-01-01 00:00 local time."""
        _, month, date = civil(minutes // _MINUTES_PER_DAY)
        table = self._table
        text = table.DATE.replace("{month}", table.MONTHS[month - 1]).replace("{date}", str(date))
        return text.replace("{day}", "").strip()

    def time(self, minutes: int, clock_24h: bool) -> str:
        """The time of day: `14:05`, or as the language tells the halves of a day."""
        minutes %= _MINUTES_PER_DAY
        hour, minute = minutes // _MINUTES_PER_HOUR, minutes % _MINUTES_PER_HOUR
        if clock_24h:
            return "%02d:%02d" % (hour, minute)
        return self._table.HALVES[hour // _HOURS].replace("{time}", "%d:%02d" % ((hour - 1) % _HOURS + 1, minute))

    def half(self, minutes: int, clock_24h: bool) -> str:
        """The half of the day for a clock of 12 hours, such as `PM`; empty on one of 24."""
        if clock_24h:
            return ""
        half = minutes % _MINUTES_PER_DAY // _MINUTES_PER_HOUR // _HOURS
        return self._table.HALVES[half].replace("{time}", "").strip()


def civil(days: int) -> "tuple[int, int, int]":
    """Year, month and day of a number of days since 2000-01-01, in the Gregorian calendar."""
    days -= _TO_MARCH
    era = days // _DAYS_PER_400_YEARS
    days -= era * _DAYS_PER_400_YEARS
    century = min(days // _DAYS_PER_CENTURY, 3)
    days -= century * _DAYS_PER_CENTURY
    four = days // _DAYS_PER_4_YEARS
    days -= four * _DAYS_PER_4_YEARS
    one = min(days // 365, 3)
    days -= one * 365
    month = max(i for i in range(12) if _MONTH_STARTS[i] <= days)
    year = 2000 + era * 400 + century * 100 + four * 4 + one + (1 if month >= 10 else 0)
    return year, (month + 2) % 12 + 1, days - _MONTH_STARTS[month] + 1
