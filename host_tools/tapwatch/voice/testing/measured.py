"""What is worth telling of a report: numbers with what was promised of them."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tapwatch.voice.cost import CYCLES_PER_MS, FRAME_CYCLES, decision_cycles
from tapwatch.voice.model import macs
from tapwatch.voice.testing.rates import Rate
from tapwatch.voice.weights_file import unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


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
    def verdict(self) -> str:
        """`kept` or `BROKEN`; nothing if nothing was promised."""
        return "" if self.limit is None else "kept" if self.kept else "BROKEN"

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
    return lambda report: report["enrolled"][mask]["speakers"][kind] | {"draw": report["enrolled"][mask]["worst_draw"]}


_BEST = "best word"
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
_CRC_BYTES = 4
"""At the end of a file of weights: over them too, every file has the same CRC."""
_BYTES_LIMIT, _MACS_LIMIT, _DECISION_LIMIT, _FRAME_LIMIT = 32_768, 1_800_000, 36_000_000, 300_000
_PEER = ("all", "digits")
SYNTHETIC = "Programs say these words, with voices that are synthetic: no person was heard, and what was promised of \
people is neither kept nor broken here."


def rows(report: dict[str, Any]) -> list[Row]:
    """Every number of the report that has a promise, and some more; those that it does not have are left out.

    What was promised of people is no promise about words that programs say.
    """
    made = [*_recognised(report), *_peer(report)]
    if report.get("synthetic"):
        made = [replace(row, limit=None) for row in made]
    return [*made, *_rejected(report), *_bad(report), *_small(report)]


def unmeasured(report: dict[str, Any]) -> list[Row]:
    """Promises of which the report says nothing."""
    told = {row.name for row in rows(report) if row.limit is not None}
    wanted = [Row(kind.name, 0, "", kind.limit, kind.least) for kind in _KINDS if kind.limit is not None]
    for name in _MASKS.values():
        wanted.append(Row(f"other words taken, {name}", 0, "", _OTHER_LIMIT, False))
        wanted.append(Row(f"continuous speech taken, {name}", 0, "", _EVENTS_LIMIT, False))
    wanted.append(Row("commands out of bad sounds", 0, "", _EVENTS_LIMIT, False))
    wanted += [Row(_beside(mask), 0, "", _MARGIN_LIMIT) for mask in _PEER]
    return [row for row in wanted if row.name not in told]


def as_json(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The promises for programs: `kept` is none where nothing was measured."""
    told = [row for row in rows(report) if row.limit is not None]
    made = [
        {"name": row.name, "value": row.value, "text": row.text, "promise": row.promise, "kept": row.kept}
        for row in told
    ]
    return made + [{"name": row.name, "promise": row.promise, "kept": None} for row in unmeasured(report)]


def _beside(mask: str) -> str:
    return f"{_MASKS.get(mask, mask)}: beside PocketSphinx"


def _peer(report: dict[str, Any]) -> Iterator[Row]:
    for mask, row in report.get("peer", {}).items():
        if mask in _PEER:
            theirs = Rate(row["pocketsphinx"]["hits"], row["pocketsphinx"]["of"])
            text = f"{row['margin']:+.1f} points; it: {str(theirs).strip()}"
            yield Row(_beside(mask), row["margin"], text, _MARGIN_LIMIT)


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
        if "draw" in found and kind.name.endswith(_BEST):
            text += f", with the worst shots {found['draw']:.1f} %"
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
        for name, limit in (("decision", _DECISION_LIMIT), ("frame", _FRAME_LIMIT)):
            cycles = found[f"{name}_cycles_est"]
            text = f"{cycles / 1e6:.2f} M, {cycles / CYCLES_PER_MS:.1f} ms; estimate by the rates of `make bench`"
            yield Row(f"cycles of a {name}", cycles, text, limit, False)


def size(weights: Path) -> dict[str, int]:
    """How large a file of weights is, and what a decision by it costs. Raises OSError, ModelProblem."""
    data = weights.read_bytes()
    model = unpack(data)
    cycles = {"decision_cycles_est": decision_cycles(model), "frame_cycles_est": FRAME_CYCLES}
    return {"bytes": len(data), "macs": macs(model), **cycles}


def mark(weights: Path) -> str:
    """What tells one file of weights from another. Raises OSError."""
    data = weights.read_bytes()
    return f"{zlib.crc32(data[:-_CRC_BYTES]):08x}, {len(data)} bytes"
