"""The trace of a tap as text: apdu.txt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.terminal.emv import apdu
from tapwatch.terminal.show.tree import WIDTH, hexed, leaf, tree

if TYPE_CHECKING:
    from tapwatch.terminal.trace import Exchange, Trace

_INDENT = "    "


def trace_text(trace: Trace) -> str:
    """Every command with its time, its bytes, and its answer as a tree."""
    lines = [f"reader  {trace.reader}", f"card    {trace.card or 'none'}"]
    for number, exchange in enumerate(trace.exchanges, 1):
        lines += ["", *exchange_lines(f"{number}  {exchange.command.name}", exchange)]
    total = sum(exchange.elapsed_ms for exchange in trace.exchanges)
    lines += ["", f"{len(trace.exchanges)} commands, {total:.2f} ms; field on for {trace.card_ms:.2f} ms"]
    return "\n".join([*lines, *trace.notes]) + "\n"


def exchange_lines(title: str, exchange: Exchange) -> list[str]:
    """A command under its title, with its time and what it carries, and the answer to it."""
    lines = [f"{title:<{WIDTH - 12}}{exchange.elapsed_ms:9.2f} ms"]
    lines += _marked("->", exchange.command.encode())
    for tag, value in exchange.command.filled:
        lines += leaf(tag, value, _INDENT)
    return [*lines, *answer_lines(exchange.answer)]


def answer_lines(raw: bytes) -> list[str]:
    """Lines of an answer: bytes, tree, status word."""
    if len(raw) < 2:
        return ["<- nothing: the card was lost"]
    answer = apdu.split_answer(raw)
    lines = _marked("<-", raw)
    if answer.data:
        lines += tree(answer.data, _INDENT)
    return [*lines, f"{_INDENT}{answer.status:04X} {apdu.meaning(answer.status)}"]


def _marked(mark: str, data: bytes) -> list[str]:
    first, *rest = hexed(data, "   ")
    return [mark + first[2:], *rest]
