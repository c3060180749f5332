"""Computes the tables of `firmware/apps/almanac/tables.py` with lunar_python, an astronomical calendar library.

Usage: python -m tests.host.apps.make_almanac > firmware/apps/almanac/tables.py

`test_almanac.py` compares what the watch makes of them with another library, which knows the same calendar by tables of
its own.
"""

from lunar_python import Lunar, LunarYear, Solar

FIRST, LAST = 1999, 2099
"""Lunar years: 1 January 2000 lies in 1999."""
TERM_YEARS = range(2000, 2101)
"""Years of solar terms: on the last days of 2099 the next one lies in 2100."""
_PER_LINE = 5

_HEAD = '''"""The Chinese calendar from 2000 to 2099 as numbers, made by `tests/host/apps/make_almanac.py`."""

from micropython import const

FIRST_YEAR = const({first})
"""Lunar year of the first entry of `YEARS`."""
EARLIEST = const({earliest})
"""Earliest New Year, in days since 1 January."""
YEARS = (
{years}
)
"""Six hex digits a lunar year: the month that is repeated (0: none) in the lowest 4 bits; from bit 4 on the 12 or 13
months in their order, the repeated one behind its namesake: 1 for 30 days, 0 for 29; from bit 17 on the days from
`EARLIEST` to New Year."""
TERM_DAYS = {days}
"""Earliest day of the month of each solar term: two a month, from Minor Cold in January."""
TERMS = (
{terms}
)
"""Twelve hex digits a year from 2000: days to add, 2 bits for each term, the first one lowest."""'''


EARLIEST = 20
"""New Year is never before 21 January."""


def year_code(year: int) -> int:
    """The months of a lunar year and its New Year as one number."""
    months = [month for month in LunarYear.fromYear(year).getMonths() if month.getYear() == year]
    code = LunarYear.fromYear(year).getLeapMonth()
    for place, month in enumerate(months):
        code |= (month.getDayCount() == 30) << (place + 4)
    first = months[0].getFirstJulianDay() - Solar.fromYmdHms(year, 1, 1, 12, 0, 0).getJulianDay()
    return code | (int(first) - EARLIEST) << 17


def terms(year: int) -> list[int]:
    """Days of the month of the 24 solar terms of a Gregorian year."""
    # In this library "冬至" is the one of the year before, and DONG_ZHI that of the year.
    names = (
        "小寒",
        "大寒",
        "立春",
        "雨水",
        "惊蛰",
        "春分",
        "清明",
        "谷雨",
        "立夏",
        "小满",
        "芒种",
        "夏至",
        "小暑",
        "大暑",
    )
    names += ("立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "DONG_ZHI")
    found = Lunar.fromSolar(Solar.fromYmd(year, 6, 1)).getJieQiTable()
    days = []
    for place, name in enumerate(names):
        solar = found[name]
        if solar.getYear() != year or solar.getMonth() != place // 2 + 1:
            raise ValueError(f"{name} of {year} is on {solar.toYmd()}")
        days.append(solar.getDay())
    return days


def _lines(codes: list[str]) -> str:
    return "\n".join(f'    "{"".join(codes[at : at + _PER_LINE])}"' for at in range(0, len(codes), _PER_LINE))


def main() -> None:
    """Print the module."""
    all_terms = [terms(year) for year in TERM_YEARS]
    least = [min(column) for column in zip(*all_terms, strict=True)]
    packed = [
        sum((day - first) << 2 * place for place, (day, first) in enumerate(zip(days, least, strict=True)))
        for days in all_terms
    ]
    print(
        _HEAD.format(
            first=FIRST,
            earliest=EARLIEST,
            years=_lines([f"{year_code(year):06x}" for year in range(FIRST, LAST + 1)]),
            days=tuple(least),
            terms=_lines([f"{code:012x}" for code in packed]),
        )
    )


if __name__ == "__main__":
    main()
