"""The calendar of the almanac face, every day of 2000 to 2099, against a library with tables of its own.

`cnlunar` knows months and solar terms by tables. The watch's come from another library (`make_almanac.py`), which
computes where sun and moon stand.
"""

import datetime
import itertools
import os
import subprocess

import cnlunar
import pytest

from tapwatch.compiled import search_path
from tests.screens.micropython import MICROPYTHON, ROOT

START = datetime.date(2000, 1, 1)
IN_DOUBT = [datetime.date(2057, 9, 29)]
"""The one month that libraries do not agree on: the new moon of September 2057 falls within minutes of midnight in
Beijing. Older tables begin it a day earlier."""
EXAMPLES = {
    # what everybody can look up: leap months, New Years, and the year with a leap month after the winter solstice
    datetime.date(2000, 2, 5): (2000, 1, 1),
    datetime.date(2004, 3, 21): (2004, -2, 1),
    datetime.date(2026, 2, 16): (2025, 12, 29),
    datetime.date(2026, 2, 17): (2026, 1, 1),
    datetime.date(2026, 11, 22): (2026, 10, 14),
    datetime.date(2033, 12, 22): (2033, -11, 1),
    datetime.date(2034, 2, 18): (2033, 12, 30),
    datetime.date(2034, 2, 19): (2034, 1, 1),
}

Row = tuple[int, ...]


@pytest.fixture(scope="module")
def days() -> list[Row]:
    """What the watch says of each day: see `almanac_days.py`."""
    command = [str(MICROPYTHON), "tests/host/apps/almanac_days.py"]
    environment = dict(os.environ, MICROPYPATH=search_path())
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True)
    return [tuple(map(int, line.split())) for line in done.stdout.splitlines()]


def _broken(days: list[Row]) -> list[datetime.date]:
    """Days that do not follow the one before: the next day of a month, or the first one behind 29 or 30."""
    found = []
    for number, (today, tomorrow) in enumerate(itertools.pairwise(days)):
        follows = tomorrow[:3] == (*today[:2], today[2] + 1)
        if not follows and (tomorrow[2] != 1 or today[2] not in (29, 30)):
            found.append(START + datetime.timedelta(number + 1))
    return found


def _differing(days: list[Row]) -> list[datetime.date]:
    """First days of months that `cnlunar` calls otherwise."""
    found = []
    for number, row in enumerate(days):
        if row[2] == 1:
            date = START + datetime.timedelta(number)
            theirs = cnlunar.Lunar(datetime.datetime(date.year, date.month, date.day, 12))
            month = -theirs.lunarMonth if theirs.isLunarLeapMonth else theirs.lunarMonth
            if (theirs.lunarYear, month, theirs.lunarDay) != row[:3]:
                found.append(date)
    return found


def test_every_month_begins_where_another_library_begins_it_and_every_day_follows(days: list[Row]) -> None:
    assert len(days) == 36525
    assert _broken(days) == []
    months = sum(row[2] == 1 for row in days)
    print(f"NOTE almanac: {len(days)} days in {months} months, {len(IN_DOUBT)} of them in doubt")
    assert _differing(days) == IN_DOUBT


def test_a_wrong_day_is_noticed(days: list[Row]) -> None:
    spoiled = days[:400]
    spoiled[130] = (*spoiled[130][:2], spoiled[130][2] + 1, *spoiled[130][3:])
    assert _broken(spoiled) == [START + datetime.timedelta(number) for number in (130, 131)]
    first = next(number for number, row in enumerate(days) if row[2] == 1)
    renamed = [(row[0], row[1] + 1, *row[2:]) for row in days[: first + 40]]
    assert START + datetime.timedelta(first) in _differing(renamed)


def test_what_everybody_can_look_up(days: list[Row]) -> None:
    for date, expected in EXAMPLES.items():
        assert days[(date - START).days][:3] == expected, date


def test_the_last_day_of_a_year_is_the_one_before_new_year(days: list[Row]) -> None:
    for today, tomorrow in itertools.pairwise(days):
        assert today[3] == (tomorrow[0] != today[0])


def test_every_solar_term_falls_on_the_day_that_another_library_gives_it(days: list[Row]) -> None:
    differing = []
    for year in range(2000, 2100):
        terms = cnlunar.Lunar(datetime.datetime(year, 6, 1, 12)).thisYearSolarTermsDic
        for place, (month, day) in enumerate(terms.values()):
            date = datetime.date(year, month, day)
            if days[(date - START).days][4:] != (place, 0):
                differing.append(date)
    print(f"NOTE almanac: {len(differing)} of 2400 solar terms differ: {[str(date) for date in differing]}")
    assert not differing


def test_the_days_to_the_next_term_count_down(days: list[Row]) -> None:
    for today, tomorrow in itertools.pairwise(days):
        if today[5]:
            assert tomorrow[4:] == (today[4], today[5] - 1)
        else:
            assert tomorrow[4] == (today[4] + 1) % 24 and 12 < tomorrow[5] < 17
