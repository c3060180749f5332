"""The calendar of the almanac face, every day of 2000 to 2099, against two libraries with tables of their own.

`lunardate` has the Hong Kong Observatory's months, `cnlunar` the solar terms. The watch's tables come from a third one
(`make_almanac.py`), which computes where sun and moon stand.
"""

import datetime
import itertools
import os
import subprocess

import cnlunar
import pytest
from lunardate import LunarDate

from tapwatch.compiled import search_path
from tests.screens.micropython import MICROPYTHON, ROOT

START = datetime.date(2000, 1, 1)
NEAR_MIDNIGHT = (datetime.date(2057, 9, 28), datetime.date(2057, 10, 27))
"""First and last day of the one month that the libraries do not agree on: the new moon of September 2057 falls within
minutes of midnight in Beijing. The Observatory's table begins it a day earlier, and warns of that day itself."""
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


def _differing(days: list[Row]) -> list[datetime.date]:
    """Days that `lunardate` calls otherwise."""
    found = []
    for number, row in enumerate(days):
        date = START + datetime.timedelta(number)
        theirs = LunarDate.from_solar_date(date.year, date.month, date.day)
        month = -theirs.month if theirs.is_leap_month else theirs.month
        if (theirs.year, month, theirs.day) != row[:3]:
            found.append(date)
    return found


def test_every_day_has_the_name_that_another_library_gives_it(days: list[Row]) -> None:
    assert len(days) == 36525
    first, last = NEAR_MIDNIGHT
    expected = [first + datetime.timedelta(number) for number in range((last - first).days + 1)]
    assert _differing(days) == expected
    print(f"NOTE almanac: {len(days)} days, {len(expected)} of them in the one month that is in doubt")


def test_a_wrong_day_is_noticed(days: list[Row]) -> None:
    spoiled = days[:400]
    spoiled[123] = (spoiled[123][0], spoiled[123][1], spoiled[123][2] + 1, *spoiled[123][3:])
    assert _differing(spoiled) == [START + datetime.timedelta(123)]


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
