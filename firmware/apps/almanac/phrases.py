"""What the calendar says of a day, in words."""

from micropython import const

from .lunar import LunarDay, next_term

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Sequence

FEASTS = ((1, 1), (1, 15), (5, 5), (7, 7), (8, 15), (9, 9), (12, 8))
"""Lunar month and day of the feasts that have a name in `words`, but for the last day of the year."""
ANIMALS = "鼠牛虎兔龙蛇马羊猴鸡狗猪"
"""For the seal, whatever the language."""


class Phrases:
    """All of one day.

    Args:
        words: the texts of the face.
        days: since 2000-01-01.
        date: the same day as Gregorian year, month and day.
    """

    def __init__(self, words: "Any", days: int, date: "Sequence[int]") -> None:
        day = LunarDay(days, date[0])
        self._words = words
        self.animal = ANIMALS[day.branch]
        month = self._name("months", day.month - 1)
        self.month = words.get("leap", month) if day.leap else month
        self.day = self._name("days", day.day - 1) or words.get("day", day.day)
        text = words.get("year").replace("{stem}", self._name("stems", day.stem))
        text = text.replace("{branch}", self._name("branches", day.branch))
        self.year = text.replace("{animal}", self._name("animals", day.branch))
        self.feast = self._feast(day)
        """Name of the feast that it is; usually empty."""
        self.term = self._term(date)
        """The solar term that begins, or when the next one does."""

    def _feast(self, day: LunarDay) -> str:
        if day.last:
            return self._words.get("feast-last")
        if day.leap or (day.month, day.day) not in FEASTS:
            return ""
        return self._words.get("feast-%d-%d" % (day.month, day.day))

    def _term(self, date: "Sequence[int]") -> str:
        number, left = next_term(date)
        key = ("today", "tomorrow")[left] if left < 2 else "left"
        return self._words.get(key, self._name("terms", number)).replace("{days}", str(left))

    def _name(self, key: str, index: int) -> str:
        """One of a list of names; empty if the language has none."""
        names = self._words.get(key)
        return names.split(",")[index] if names else ""
