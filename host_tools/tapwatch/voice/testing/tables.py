"""The tables of docs/voice.md, made of a report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tapwatch.errors import UserError
from tapwatch.voice.testing.measured import SYNTHETIC, rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
"""What is between these lines in a page is written by `tapwatch voice test --docs`."""
_HEADS = ("what", "measured", "promise", "")
_ENDS = "the mean of the speakers, in brackets the worst one"


def table(report: dict[str, Any]) -> str:
    """The tables of the page."""
    parts = [
        f"Weights {report['weights']}. Rates are the mean of the speakers; in brackets 95 % by Wilson, all together.",
        *([SYNTHETIC] if report.get("synthetic") else []),
        _table(_HEADS, [(row.name, row.text, row.promise, row.verdict) for row in rows(report)]),
        *_by_risk(report),
    ]
    if "noise" in report:
        chosen = [mask for mask in ("digits", "all") if mask in report["noise"]["clean"]]
        lines = [
            (name, *(_ends(row[mask][kind]) for mask in chosen for kind in ("best", "right", "wrong")))
            for name, row in report["noise"].items()
        ]
        heads = [f"{mask}: {kind}" for mask in chosen for kind in ("best word", "done", "another done")]
        count = report["noise"]["clean"][chosen[0]]["best"]["of"] if chosen else 0
        parts.append(f"In noise, {count} recordings each; dB below the word; {_ENDS}:")
        parts.append(_table(("noise", *heads), lines))
    if "bad" in report:
        kinds = list(report["bad"].items())
        masks = list(kinds[0][1]["commands"])
        lines = [
            (name, str(row["sounds"]), str(row["presses"]), *(str(row["commands"][mask]) for mask in masks))
            for name, row in kinds
        ]
        parts.append("Commands out of what is none, by mask:")
        parts.append(_table(("sound", "sounds", "presses", *masks), lines))
    return "\n\n".join(parts)


def _by_risk(report: dict[str, Any]) -> Iterator[str]:
    """What is known of words by what it costs to mishear them, with all words allowed and at the thresholds."""
    found = report.get("words", {}).get("all")
    if found is None:
        return
    lines = []
    for name, row in found["risks"].items():
        heads = (name, f"{row['threshold']:.2f}", f"{len(row['recorded'])} of {len(row['words'])}")
        known = [_ends(row[kind]) if kind in row else "not known" for kind in ("right", "wrong", "instead")]
        lines.append((*heads, *known))
    yield f"All words, by what a misheard one costs; {_ENDS}:"
    yield _table(("risk", "threshold", "words recorded", "done", "another done", "done for another"), lines)


def _ends(numbers: dict[str, Any]) -> str:
    """Mean and worst speaker."""
    return f"{numbers['mean']:.0f} % ({numbers['worst']['percent']:.0f})"


def between(page: str, language: str = "en") -> str:
    """What stands between the marks of a language in a page. Raises ValueError if they are not there."""
    return _place(page, language)[1].strip()


def write(page: Path, report: dict[str, Any], language: str = "en") -> None:
    """Put the tables into a page. Raises UserError if it has no place for them."""
    try:
        text = page.read_text()
        place = _place(text, language)
    except (OSError, ValueError) as problem:
        first, last = _marks(language)
        raise UserError(f"{page} has no place for tables.", f"Put the lines {first} and {last} there.") from problem
    page.write_text(f"{text[: place.start(1)]}\n{table(report)}\n{text[place.end(1) :]}")


def _place(page: str, language: str) -> re.Match[str]:
    """The marks with what is between them, each a line of its own: a page may speak of them."""
    first, last = map(re.escape, _marks(language))
    found = re.search(f"^{first}$(.*?)^{last}$", page, re.DOTALL | re.MULTILINE)
    if found is None:
        raise ValueError(language)
    return found


def _marks(language: str) -> tuple[str, str]:
    """The lines around the tables of a language."""
    if language == "en":
        return BEGIN, END
    return BEGIN.replace("measured", f"measured {language}"), END.replace("measured", f"measured {language}")


def _table(heads: tuple[str, ...], lines: list[tuple[str, ...]]) -> str:
    rule = f"|{'---|' * len(heads)}"
    return "\n".join([_line(heads), rule, *map(_line, lines)])


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
