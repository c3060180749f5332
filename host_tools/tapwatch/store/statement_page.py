"""A statement as part of a page."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from tapwatch.store import regions
from tapwatch.store.page_texts import TEXTS
from tapwatch.store.statement_csv import day

if TYPE_CHECKING:
    from tapwatch.store.statements import Line, Statement

_KINDS = ("purchase", "in-app", "refund", "payout")


def body(statement: Statement, language: str, csv_link: str) -> str:
    """Head, table and totals."""
    words = TEXTS[language]
    state = words["open"] if statement.closed_at is None else words["closed"].format(day(statement.closed_at))
    heads = ("date", "app", "kind", "gross", "share", "balance")
    head = "".join(f"<th{' class=n' if place > 2 else ''}>{words[name]}" for place, name in enumerate(heads))
    rows = [_sum(words["opening"], statement.opening_minor, statement)]
    rows += [_row(line, statement, words) for line in statement.lines]
    rows += [_total(words[kind], statement.total(kind), statement) for kind in _KINDS if statement.total(kind)]
    rows.append(_sum(words["closing"], statement.closing_minor, statement))
    return (
        f"<h2>{words['statement']}</h2><p class=lead><bdi>{html.escape(statement.party)}</bdi> · {statement.month} · "
        f'{state} <a href="{html.escape(csv_link)}">CSV</a></p><table><tr>{head}</tr>{"".join(rows)}</table>'
    )


def _row(line: Line, statement: Statement, words: dict[str, str]) -> str:
    texts = (day(line.at), f"{line.app} {line.version}".strip() or line.reference, words[line.kind])
    amounts = (line.gross_minor, line.share_minor, line.balance_minor)
    cells = "".join(f"<td><bdi>{html.escape(text)}</bdi>" for text in texts)
    return f"<tr>{cells}{''.join(f'<td class=n>{_money(one, statement)}' for one in amounts)}</tr>"


def _total(name: str, amount: int, statement: Statement) -> str:
    return f"<tr class=sum><td><td><td>{name}<td><td class=n>{_money(amount, statement)}<td></tr>"


def _sum(name: str, amount: int, statement: Statement) -> str:
    return f"<tr class=sum><td><td><td>{name}<td><td><td class=n>{_money(amount, statement)}</tr>"


def _money(minor: int, statement: Statement) -> str:
    return regions.money(minor, statement.currency)
