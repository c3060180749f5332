"""The estimate as a page of text, and as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tapwatch.power.days import DAY_S, WINDOW_S, WINDOWS, Day
from tapwatch.power.figures import AWAKE, BOARDS
from tapwatch.power.model import Estimate, possible

if TYPE_CHECKING:
    from tapwatch.power.figures import Board

LABEL = "estimate, made from figures of data sheets, of others and assumed ones; nothing was measured on hardware"
_BAR = 18
"""Longest bar, in characters."""
_NAME = 32
_AWAKE = "\nThe firmware does not let this board sleep yet: expect what radio connected says."
_SETTINGS = {
    "off": "never on but for pairing; in the dark the processor sleeps",
    "windows": f"on for {WINDOW_S} s every {DAY_S // WINDOWS // 60} minutes; between them the processor sleeps",
    "connected": "always on; Bluetooth does not survive light sleep, so the processor never sleeps",
}
"""What each radio setting means for the battery."""


def page(board: Board, day_name: str, day: Day, estimates: list[Estimate]) -> str:
    """A table: one row per part, a column with bars per radio setting."""
    lines = [
        f"{board.name}, a {day_name} day: {_story(possible(board, day))}",
        f"Battery {board.battery_mah.value:g} mAh, of which {board.usable_share.value:.0%} can be used.",
        "",
        " " * _NAME + "".join(f"{'radio ' + one.radio:<{_BAR + 9}}" for one in estimates).rstrip(),
    ]
    names = {part.name: part.trust.value for one in estimates for part in one.parts}
    lines += [f"{name:<{_NAME}}" + "".join(_cell(one, name) for one in estimates) + names[name] for name in names]
    totals = "".join(f"{one.total_mah:7.1f} mAh{'':<{_BAR - 2}}" for one in estimates)
    lasts = "".join(f"{one.days:7.1f} days{'':<{_BAR - 3}}" for one in estimates)
    lines += [(f"{'a day':<{_NAME}}" + totals).rstrip(), (f"{'the battery lasts':<{_NAME}}" + lasts).rstrip()]
    lines += ["", *(f"Radio {one.radio}: {_SETTINGS[one.radio]}." for one in estimates)]
    return "\n".join([*lines, *_switched_off(board, estimates[0].usable_mah), "", _honest(board)])


def as_json(board: Board, day_name: str, estimates: list[Estimate]) -> dict[str, object]:
    """Everything on the page and every figure with its source. Charges in mAh, currents in mA, times in s."""
    return {
        "label": LABEL,
        "board": board.name,
        "day": day_name,
        "estimates": [
            {
                "radio": one.radio,
                "parts": [
                    {"part": part.name, "mah": part.mah, "ma": part.ma, "seconds": part.seconds} for part in one.parts
                ],
                "total_mah": one.total_mah,
                "days": one.days,
            }
            for one in estimates
        ],
        "figures": {
            name: {"value": figure.value, "trust": figure.trust.value, "source": figure.source}
            for name, figure in board.figures().items()
        },
    }


def _switched_off(board: Board, usable_mah: float) -> list[str]:
    """A line about a watch that is off; none where nobody has published it."""
    if board.off is None:
        return []
    days = usable_mah / board.off.value / 24
    return [f"Switched off: {board.off.value:g} mA ({board.off.trust.value}), {days:.0f} days."]


def _cell(one: Estimate, name: str) -> str:
    """Number and bar of a part; the longest bar of each column is its largest part."""
    widest = max(part.mah for part in one.parts)
    mah = next((part.mah for part in one.parts if part.name == name), None)
    if mah is None:
        return f"{'-':>7}{'':<{_BAR + 2}}"
    bar = "█" * round(mah / widest * _BAR)
    return f"{mah:7.1f} {bar:<{_BAR + 1}}"


def _story(day: Day) -> str:
    return (
        f"{day.raises} looks, {day.uses} uses, {day.taps} taps, {day.notifications} notifications, {day.steps} steps, "
        f"{day.pushes} spoken words; screen on for {(day.lit_s() + day.listening_s()) / 60:.0f} minutes"
    )


def _honest(board: Board) -> str:
    counts = Counter(figure.trust.value for figure in board.figures().values())
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items()))
    awake = board in [BOARDS[name] for name in AWAKE]
    return (
        f"This is an {LABEL}.\n"
        "It takes the watch to be in light sleep whenever nothing is due, and converters to lose nothing.\n"
        "The last column says how far the current of a part can be trusted; --json gives the source of each figure.\n"
        f"Figures of this board: {kinds}." + (_AWAKE if awake else "")
    )
