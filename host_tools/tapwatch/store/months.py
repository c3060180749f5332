"""Months of statements: texts like `2026-11`, in UTC, which sort as they follow each other."""

from __future__ import annotations

import calendar
import datetime
import re

from tapwatch.bank.problems import RequestProblem

_FORM = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])\Z", re.ASCII)
_DECEMBER = 12


def of(at: int) -> str:
    """The month of a time, seconds since 1970."""
    return f"{datetime.datetime.fromtimestamp(at, datetime.UTC):%Y-%m}"


def after(month: str) -> str:
    """The month after that one."""
    year, number = _numbers(month)
    return f"{year + 1}-01" if number == _DECEMBER else f"{year}-{number + 1:02d}"


def end(month: str) -> int:
    """When it is over, seconds since 1970."""
    year, number = _numbers(after(month))
    return calendar.timegm((year, number, 1, 0, 0, 0))


def check(month: str) -> str:
    """The text itself. Raises RequestProblem if it names no month."""
    _numbers(month)
    return month


def _numbers(month: str) -> tuple[int, int]:
    match = _FORM.match(month)
    if match is None:
        raise RequestProblem(f"{month!r} is no month", "write it like 2026-11")
    return int(match.group(1)), int(match.group(2))
