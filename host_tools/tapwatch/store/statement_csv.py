"""A statement as CSV: RFC 4180, lines end with CR LF, UTF-8, amounts in minor units."""

from __future__ import annotations

import csv
import datetime
import io
from typing import TYPE_CHECKING

from tapwatch.store import months

if TYPE_CHECKING:
    from tapwatch.store.statements import Statement

COLUMNS = ("date", "app", "version", "kind", "gross_minor", "share_minor", "balance_minor", "reference")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def write(statement: Statement) -> bytes:
    """The bytes of the file."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    first, after = f"{statement.month}-01", months.end(statement.month)
    writer.writerow((first, "", "", "opening", "", "", statement.opening_minor, ""))
    for line in statement.lines:
        texts = (line.app, line.version, line.kind)
        numbers = (line.gross_minor, line.share_minor, line.balance_minor)
        writer.writerow((day(line.at), *map(_cell, texts), *numbers, _cell(line.reference)))
    writer.writerow((day(after - 1), "", "", "closing", "", "", statement.closing_minor, ""))
    return buffer.getvalue().encode()


def day(at: int) -> str:
    """The date of a time, in UTC."""
    return f"{datetime.datetime.fromtimestamp(at, datetime.UTC):%Y-%m-%d}"


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
