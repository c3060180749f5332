"""The texts of one app, and what the watch can say about dates and times."""

from micropython import const

from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from watch.ui.text import Catalogue


class Words:
    """The app's own catalogue, and what the watch can say about dates."""

    def __init__(self, texts: "dict[str, str]", catalogue: "Catalogue", clock_24h: bool = True) -> None:
        """`texts`: by key, in the language of the catalogue or in English."""
        self._texts = texts
        self._catalogue, self._clock_24h = catalogue, clock_24h
        self.language = catalogue.language
        self.days, self.months = catalogue.days, catalogue.months
        """Short names, Monday and January first."""

    def get(self, key: str, n: "Any" = "") -> str:
        """The text of a key, with `n` in its gap. Raises InputError for an unknown key."""
        try:
            return self._texts[key].replace("{n}", str(n))
        except KeyError:
            raise InputError("text " + key)

    def date(self, minutes: int) -> str:
        """Day and date, short. `minutes` since 2000-01-01 00:00 local time."""
        return self._catalogue.date(minutes)

    def half(self, minutes: int) -> str:
        """What belongs beside large figures on a clock of 12 hours: `AM`, `PM`; empty on one of 24."""
        return self._catalogue.half(minutes, self._clock_24h)

    def time(self, minutes: int) -> str:
        """The time of day, as the wearer wants it told. `minutes`: of the day, or since any midnight."""
        return self._catalogue.time(minutes, self._clock_24h)
