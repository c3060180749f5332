"""What is worth telling of a report: rows with their limits, and the tables of docs/voice.md."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tapwatch.errors import UserError
from tapwatch.voice.model import macs
from tapwatch.voice.testing.rates import Rate
from tapwatch.voice.weights_file import unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
"""What is between these lines in a page is written by `tapwatch voice test --docs`."""


@dataclass(frozen=True)
class Row:
    """One number.

    Attributes:
        name: what was measured.
        value: the number.
        text: the number with what is known about it.
        limit: what was promised; None for a number that is only told.
        least: the limit is the least, not the most.
    """

    name: str
    value: float
    text: str
    limit: float | None = None
    least: bool = True

    @property
    def kept(self) -> bool:
        """False if the promise is broken."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.least else self.value <= self.limit

    @property
    def promise(self) -> str:
        """The limit as text."""
        return "" if self.limit is None else f"{'at least' if self.least else 'at most'} {self.limit:.10g}"


@dataclass(frozen=True)
class _Kind:
    """Where a row finds its number, and what limit it has."""

    name: str
    find: Callable[[dict[str, Any]], dict[str, Any]]
    limit: float | None = None
    least: bool = True


def _words(mask: str, kind: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda report: report["words"][mask]["speakers"][kind]


def _enrolled(mask: str, kind: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda report: report["enrolled"][mask]["speakers"][kind]


_KINDS = (
    _Kind("digits: best word", _words("digits", "best"), 93),
    _Kind("keypad (digits, stop): best word", _words("keys", "best"), 93),
    _Kind("all words: best word", _words("all", "best"), 85),
    _Kind("digits, taught: best word", _enrolled("digits", "best"), 97),
    _Kind("keypad, taught: best word", _enrolled("keys", "best"), 97),
    _Kind("all words, taught: best word", _enrolled("all", "best")),
    _Kind("keypad: done", _words("keys", "right"), 75),
    _Kind("keypad: another done", _words("keys", "wrong"), 1, False),
    _Kind("all words: done", _words("all", "right"), 75),
    _Kind("all words: another done", _words("all", "wrong"), 1, False),
    _Kind("keypad, taught: done", _enrolled("keys", "right"), 75),
    _Kind("keypad, taught: another done", _enrolled("keys", "wrong"), 1, False),
)
_MASKS = {"all": "all words", "face": "the face", "keys": "the keypad", "player": "music", "dialog": "questions"}
_OTHER_LIMIT, _EVENTS_LIMIT, _MARGIN_LIMIT = 1, 0, 15
_BYTES_LIMIT, _MACS_LIMIT = 32_768, 1_800_000


def rows(report: dict[str, Any]) -> list[Row]:
    """Every number of the report that has a promise, and some more; those that it does not have are left out."""
    made = [*_recognised(report), *_rejected(report), *_bad(report), *_small(report)]
    for mask, row in report.get("peer", {}).items():
        if mask in ("all", "digits"):
            theirs = Rate(row["pocketsphinx"]["hits"], row["pocketsphinx"]["of"])
            text = f"{row['margin']:+.1f} points; it: {str(theirs).strip()}"
            made.append(Row(f"{_MASKS.get(mask, mask)}: beside PocketSphinx", row["margin"], text, _MARGIN_LIMIT))
    return made


def _recognised(report: dict[str, Any]) -> Iterator[Row]:
    for kind in _KINDS:
        try:
            found = kind.find(report)
        except KeyError:
            continue
        whole = Rate(found["all"]["hits"], found["all"]["of"])
        low, high = whole.interval
        worst = found["worst"]
        text = (
            f"{found['mean']:.1f} % [{low:.1f} to {high:.1f}], n {whole.of}; "
            f"worst speaker {worst['percent']:.1f} % ({worst['name']})"
        )
        yield Row(kind.name, found["mean"], text, kind.limit, kind.least)


def _rejected(report: dict[str, Any]) -> Iterator[Row]:
    for mask, name in _MASKS.items():
        if mask in report.get("other", {}).get("masks", {}):
            found = report["other"]["masks"][mask]
            rate, worst = Rate(found["all"]["hits"], found["all"]["of"]), found["worst"]
            text = f"{str(rate).strip()}; worst word {worst['percent']:.1f} % ({worst['name']})"
            yield Row(f"other words taken, {name}", rate.percent, text, _OTHER_LIMIT, False)
    for mask, name in _MASKS.items():
        if mask in report.get("continuous", {}):
            found = report["continuous"][mask]
            text = f"{found['events']} in {found['hours']:.2f} h, less than {found['at_most']:.0f} an hour at 95 %"
            yield Row(f"continuous speech taken, {name}", found["events"], text, _EVENTS_LIMIT, False)


def _bad(report: dict[str, Any]) -> Iterator[Row]:
    """All kinds of bad sounds together, of the mask that let most through."""
    kinds = report.get("bad", {})
    sums = Counter({mask: 0 for row in kinds.values() for mask in row["commands"]})
    for row in kinds.values():
        sums.update(row["commands"])
    for mask, count in sums.most_common(1):
        guilty = ", ".join(f"{name} {row['commands'][mask]}" for name, row in kinds.items() if row["commands"][mask])
        text = f"{count} in {sum(row['presses'] for row in kinds.values())} presses, {len(kinds)} kinds"
        text += f"; {_MASKS.get(mask, mask)}: {guilty}" if guilty else ""
        yield Row("commands out of bad sounds", count, text, _EVENTS_LIMIT, False)


def _small(report: dict[str, Any]) -> Iterator[Row]:
    if "size" in report:
        found = report["size"]
        yield Row("weights", found["bytes"], f"{found['bytes']} bytes", _BYTES_LIMIT, False)
        yield Row("multiplications of a decision", found["macs"], str(found["macs"]), _MACS_LIMIT, False)


def size(weights: Path) -> dict[str, int]:
    """How large a file of weights is, and what a decision by it costs. Raises OSError, ModelProblem."""
    data = weights.read_bytes()
    return {"bytes": len(data), "macs": macs(unpack(data))}


def mark(weights: Path) -> str:
    """What tells one file of weights from another. Raises OSError."""
    data = weights.read_bytes()
    return f"{zlib.crc32(data):08x}, {len(data)} bytes"


def table(report: dict[str, Any]) -> str:
    """The tables of the page."""
    parts = [
        f"Weights {report['weights']}. Rates are the mean of the speakers; in brackets 95 % by Wilson, all together.",
        _table(("what", "measured", "promise"), [(row.name, row.text, row.promise) for row in rows(report)]),
    ]
    if "noise" in report:
        chosen = [mask for mask in ("digits", "all") if mask in report["noise"]["clean"]]
        lines = [
            (name, *(f"{row[mask][kind]['percent']:.0f} %" for mask in chosen for kind in ("best", "right", "wrong")))
            for name, row in report["noise"].items()
        ]
        heads = [f"{mask}: {kind}" for mask in chosen for kind in ("best word", "done", "another done")]
        count = report["noise"]["clean"][chosen[0]]["best"]["of"] if chosen else 0
        parts.append(f"In noise, {count} recordings each; dB below the word:")
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


def between(page: str, language: str = "en") -> str:
    """What stands between the marks of a language in a page. Raises ValueError if they are not there."""
    first, last = _marks(language)
    begin = page.index(first) + len(first)
    return page[begin : page.index(last, begin)].strip()


def write(page: Path, report: dict[str, Any], language: str = "en") -> None:
    """Put the tables into a page. Raises UserError if it has no place for them."""
    first, last = _marks(language)
    try:
        text = page.read_text()
        between(text, language)
    except (OSError, ValueError) as problem:
        raise UserError(f"{page} has no place for tables.", f"Put the lines {first} and {last} there.") from problem
    before, _, rest = text.partition(first)
    page.write_text(f"{before}{first}\n{table(report)}\n{last}{rest.partition(last)[2]}")


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
