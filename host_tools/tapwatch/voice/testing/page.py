"""The report as tables to read."""

from __future__ import annotations

import math
from typing import Any

from tapwatch.voice.testing.measured import rows as headlines
from tapwatch.voice.testing.measured import unmeasured
from tapwatch.voice.testing.rates import Rate

_COLUMNS = (
    ("middle", "best word, window in the middle"),
    ("best", "best word after endpoint and gate"),
    ("right", "did what was said"),
    ("wrong", "did something else"),
)

_BY_RISK = {"right": "did what was said", "wrong": "did something else", "instead": "did one when another was said"}


def page(report: dict[str, Any]) -> str:
    """The whole report. Rates have their interval of 95 % (Wilson) and what they are of."""
    parts = [
        [
            "RECORDINGS",
            *report["recordings"],
            f"thresholds: {', '.join(f'{part:.2f}' for part in report['thresholds'])}",
        ],
        *_words(report),
        *_enrolled(report),
        *_sweeps(report),
        *_others(report),
        *_continuous(report),
        *_brief("IN NOISE", report.get("noise", {})),
        *_brief("BY LEVEL, of full scale", report.get("levels", {})),
        *_bad(report),
        *_peer(report),
    ]
    return "\n\n".join("\n".join(part) for part in parts)


def promises(report: dict[str, Any]) -> list[str]:
    """What was promised, what came of it: a line each, of those too that were not measured here."""
    lines = [
        f"  {row.verdict:6} {row.name:55} {row.text}" + (f"; {row.promise}" if row.promise else "")
        for row in headlines(report)
    ]
    return lines + [f"  {'':6} {row.name:55} not measured; {row.promise}" for row in unmeasured(report)]


def rate(numbers: dict[str, Any]) -> str:
    """One rate as text."""
    return str(Rate(numbers["hits"], numbers["of"]))


def _words(report: dict[str, Any]) -> list[list[str]]:
    parts = []
    for mask, tables in report.get("words", {}).items():
        lines = [f"WORDS, MASK {mask.upper()}"]
        for kind, name in _COLUMNS:
            rows = tables["speakers"][kind]
            lines.append(f"  {name:34} {rate(rows['all'])}")
            lines.append(f"    mean of speakers {rows['mean']:.1f} %, worst speaker {_worst(rows)}")
        lines.append("  by what a misheard word costs:")
        lines += [f"    {_risk(name, row)}" for name, row in tables["risks"].items() if row["words"]]
        lines.append("  best word after endpoint and gate, by speaker and by word:")
        for table in ("speakers", "words"):
            rows = tables[table]["best"]["rows"]
            if len(rows) <= 40:
                lines += [f"    {name:20} {rate(numbers)}" for name, numbers in rows.items()]
        parts.append(lines)
    if "reasons" in report:
        parts.append(["HOW LISTENINGS TO WORDS ENDED, all words allowed", f"  {_reasons(report['reasons'])}"])
    return parts


def _enrolled(report: dict[str, Any]) -> list[list[str]]:
    parts = []
    for mask, table in report.get("enrolled", {}).items():
        lines = [f"ENROLLED, three shots of each word by the speaker, MASK {mask.upper()}"]
        for kind, name in _COLUMNS[1:]:
            rows = table["speakers"][kind]
            lines.append(f"  {name:34} {rate(rows['all'])}")
            lines.append(f"    mean of speakers {rows['mean']:.1f} %, worst speaker {_worst(rows)}")
        lines.append(f"  worst speaker and draw of shots: {table['worst_draw']:.1f} %")
        lines.append(f"  other words taken for commands: {rate(table['other'])}")
        parts.append(lines)
    return parts


def _sweeps(report: dict[str, Any]) -> list[list[str]]:
    parts = []
    for mask, rows in report.get("sweep", {}).items():
        lines = [f"ONE THRESHOLD FOR ALL WORDS, MASK {mask.upper()}", "  threshold   right   wrong   other words taken"]
        lines += [
            f"  {row['threshold']:9.2f} {row['right']:7.1f} {row['wrong']:7.1f} {row['other']:9.1f}  %" for row in rows
        ]
        parts.append(lines)
    return parts


def _others(report: dict[str, Any]) -> list[list[str]]:
    if "other" not in report:
        return []
    other = report["other"]
    lines = ["OTHER WORDS TAKEN FOR COMMANDS, the whole recording, the button pressed again and again"]
    lines.append(f"  recordings with something isolated in them: {rate(other['isolated'])}")
    for mask, numbers in other["masks"].items():
        lines.append(f"  mask {mask:8} {rate(numbers['all'])}, worst word {_worst(numbers)}")
    return [[*lines, f"  {_reasons(other['reasons'])}"]]


def _continuous(report: dict[str, Any]) -> list[list[str]]:
    if "continuous" not in report:
        return []
    lines = ["COMMANDS OUT OF CONTINUOUS SOUND, the button pressed again and again"]
    for mask, row in report["continuous"].items():
        most = "any number" if math.isinf(row["at_most"]) else f"{row['at_most']:.1f}"
        lines.append(
            f"  mask {mask:8} {row['events']} in {row['hours']:.2f} h, {row['per_hour']:.1f} an hour,"
            f" less than {most} at 95 % ({row['isolated']} isolated, {row['presses']} presses)"
        )
    return [lines]


def _brief(title: str, table: dict[str, Any]) -> list[list[str]]:
    if not table:
        return []
    lines = [title]
    for name, row in table.items():
        for mask in row:
            if mask != "reasons":
                best, right, wrong, middle = (row[mask][kind] for kind in ("best", "right", "wrong", "middle"))
                lines.append(
                    f"  {name:16} mask {mask:8} best {rate(best)}   right {_ends(right, 5)}"
                    f"   wrong {_ends(wrong, 4)}   no gate {middle['percent']:5.1f} %"
                )
                lines.append(f"  {'':30} mean of speakers {best['mean']:.1f} %, worst speaker {_worst(best)}")
        lines.append(f"  {'':16} {_reasons(row['reasons'])}")
    return [lines]


def _ends(numbers: dict[str, Any], width: int) -> str:
    """Mean and worst speaker."""
    return f"{numbers['mean']:{width}.1f} % (worst {numbers['worst']['percent']:.0f} %)"


def _risk(name: str, row: dict[str, Any]) -> str:
    """One risk: what was done at its threshold, or that nobody knows."""
    head = f"{name:6} threshold {row['threshold']:.2f}, {len(row['recorded'])} of {len(row['words'])} words recorded"
    parts = [
        f"{told} {row[kind]['mean']:.1f} %, worst {_worst(row[kind])}" for kind, told in _BY_RISK.items() if kind in row
    ]
    return "; ".join([head, *([] if row["recorded"] else ["nothing is known of saying them"]), *parts])


def _bad(report: dict[str, Any]) -> list[list[str]]:
    if "bad" not in report:
        return []
    masks = list(next(iter(report["bad"].values()))["commands"])
    lines = ["COMMANDS OUT OF BAD INPUT", f"  {'':16} sounds seconds presses  by mask: {', '.join(masks)}"]
    for name, row in report["bad"].items():
        commands = " ".join(f"{row['commands'][mask]:3}" for mask in masks)
        lines.append(
            f"  {name:16} {row['sounds']:6} {row['seconds']:7.0f} {row['presses']:7}  {commands}   "
            f"{_reasons(row['reasons'])}"
        )
    return [lines]


def _peer(report: dict[str, Any]) -> list[list[str]]:
    if "peer" not in report:
        return []
    lines = ["BESIDE POCKETSPHINX, the same recordings, the words of the mask as its grammar; best word each"]
    for mask, row in report["peer"].items():
        lines.append(f"  mask {mask:8} PocketSphinx {rate(row['pocketsphinx'])}")
        lines.append(f"  {'':13} the watch    {rate(row['best'])}, {row['margin']:+.1f} points")
        lines.append(f"  {'':13} without gate {rate(row['middle'])}")
    return [lines]


def _worst(rows: dict[str, Any]) -> str:
    return f"{rows['worst']['name']}: {rate(rows['worst']).strip()}"


def _reasons(reasons: dict[str, int]) -> str:
    return ", ".join(f"{name or 'a word'} {number}" for name, number in reasons.items())
