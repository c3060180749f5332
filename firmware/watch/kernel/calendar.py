"""Dates from seconds since 1970, the same on ports that count from 1970 and from 2000."""

from micropython import const

_DAY_S = const(86400)
_ERA_DAYS = const(146097)  # 400 years of the Gregorian calendar
_SHIFT_DAYS = const(719468)  # 0000-03-01 to 1970-01-01; years start in March, so that leap days come last


def date_time(unix_s: int) -> "tuple[int, int, int, int, int, int, int]":
    """(year, month 1-12, day 1-31, hour, minute, second, weekday with Monday 0) of `unix_s` >= 0, UTC."""
    days, second = divmod(unix_s, _DAY_S)
    year, month, day = _date(days)
    return year, month, day, second // 3600, second // 60 % 60, second % 60, (days + 3) % 7


def days_from_date(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of a Gregorian date (Howard Hinnant's days_from_civil)."""
    year -= month <= 2
    era = year // 400
    year_of_era = year - era * 400
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * _ERA_DAYS + day_of_era - _SHIFT_DAYS


def _date(days: int) -> "tuple[int, int, int]":
    """Year, month and day of a day number since 1970 (Howard Hinnant's civil_from_days)."""
    era, day_of_era = divmod(days + _SHIFT_DAYS, _ERA_DAYS)
    year = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * day_of_year + 2) // 153  # months since March
    day = day_of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year + era * 400 + (month <= 2), month, day
