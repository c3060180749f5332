"""The one page that the demo prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.terminal.show.receipt import receipt_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tapwatch.demo.script import Story
    from tapwatch.terminal.session import TapResult

_RECEIPT_WIDTH = 40
_COLUMNS = 2
_GAP = "    "


def page(story: Story) -> str:
    """Steps, receipts side by side, commands with their times, what the watch showed, where the files are."""
    receipts = [*[result.receipt for result in story.results], *story.codes]
    parts = [
        *_steps(story),
        "",
        *_side_by_side([receipt_text(receipt).rstrip().splitlines() for receipt in receipts]),
        "",
        *_side_by_side([_commands(result) for result in story.results]),
        "",
        "The watch showed",
        *[f"  {name:<20} {' · '.join(text for text in texts if text)}" for name, texts in story.screens],
        "",
        "By Bluetooth     " + story.air,
        "Payments left    " + ", ".join(f"{label} {count}" for label, count in story.keys_left.items()),
        "Bank's ledger    " + ("balanced" if story.balanced else "NOT BALANCED"),
        f"Files            {story.out}/receipt.json, code-receipt.json, apdu.txt, *.png,",
        "                 test-keys.json (to recompute the cryptograms)",
    ]
    return "\n".join(line.rstrip() for line in parts)


def _steps(story: Story) -> list[str]:
    total = sum(step.seconds for step in story.steps)
    lines = [f"  {step.what:<48} {step.seconds:6.2f} s" for step in story.steps]
    return ["Tapwatch demo", *lines, f"  {'all of it':<48} {total:6.2f} s"]


def _commands(result: TapResult) -> list[str]:
    """A line for each APDU: its name, its time, its status word."""
    lines = [
        f"{one.command.name[:24]:<24} {one.elapsed_ms:6.1f} ms  {one.answer[-2:].hex().upper() or 'lost'}"
        for one in result.trace.exchanges
    ]
    return [*lines, f"{'field on for':<24} {result.trace.card_ms:6.1f} ms"]


def _side_by_side(blocks: Sequence[list[str]]) -> list[str]:
    """Blocks of text next to each other, as many as a terminal window has room for, the others below."""
    lines: list[str] = []
    for first in range(0, len(blocks), _COLUMNS):
        row = blocks[first : first + _COLUMNS]
        height = max(len(block) for block in row)
        filled = [block + [""] * (height - len(block)) for block in row]
        lines += [""] if lines else []
        lines += ["  " + _GAP.join(f"{block[line]:<{_RECEIPT_WIDTH}}" for block in filled) for line in range(height)]
    return lines
