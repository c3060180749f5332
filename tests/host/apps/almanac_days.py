"""Runs inside MicroPython: prints every day of 2000 to 2099 as the almanac face knows it.

One line a day: lunar year, month (below zero if repeated), day, 1 on the last day of the year, the next solar term, and
days until then.
"""

from apps.almanac.lunar import LunarDay, next_term
from watch.ui.text import civil

DAYS = 36525

for number in range(DAYS):
    date = civil(number)
    day = LunarDay(number, date[0])
    term, left = next_term(date)
    print(day.year, -day.month if day.leap else day.month, day.day, int(day.last), term, left)
