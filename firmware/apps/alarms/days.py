"""Weekdays of an alarm in words. Bits: Monday is 1, Sunday 64."""

from micropython import const

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from watch.apps.api import Words

ONCE = const(0)
_NAMED = {0x7F: "daily", 0x1F: "work", 0x60: "weekend"}
_MANY = const(5)  # of so many days it is shorter to name the others
DAYS = const(7)


def days_text(words: "Words", days: int) -> str:
    """`Weekdays`, `Mon Wed`, `Not Tue`; empty for once."""
    if days in _NAMED:
        return words.get(_NAMED[days])
    named = [words.days[day] for day in range(DAYS) if days >> day & 1]
    if len(named) < _MANY:
        return " ".join(named)
    return words.get("but", " ".join([words.days[day] for day in range(DAYS) if not days >> day & 1]))
