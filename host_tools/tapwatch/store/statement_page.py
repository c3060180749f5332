"""A statement as part of a page."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from tapwatch.store import regions
from tapwatch.store.page_texts import TEXTS
from tapwatch.store.statement_csv import day

if TYPE_CHECKING:
    from tapwatch.store.statements import Line, Statement

_AMOUNTS = ("gross", "share", "balance")
_KINDS = ("purchase", "in-app", "refund", "payout")


def body(store: str, statement: Statement, language: str, csv_link: str) -> str:
    """Head, table and totals; `store` is the name of who owes it."""
    words = TEXTS[language]
    state = words["open"] if statement.closed_at is None else words["closed"].format(day(statement.closed_at))
    heads = ("date", "app", "kind", *_AMOUNTS)
    head = "".join(f"<th{' class=n' if name in _AMOUNTS else ''}>{words[name]}" for name in heads)
    rows = [_sum(words["opening"], "", statement.opening_minor, statement, words)]
    rows += [_row(line, statement, words) for line in statement.lines]
    rows += [_sum(words[kind], statement.total(kind), "", statement, words) for kind in _KINDS if statement.total(kind)]
    rows.append(_sum(words["closing"], "", statement.closing_minor, statement, words))
    return (
        f"<h2>{words['statement']}</h2><p class=lead>{html.escape(store)} · "
        f"<bdi>{html.escape(statement.party)}</bdi> · {statement.month} · "
        f'{state} <a href="{html.escape(csv_link)}">CSV</a></p>'
        f"<table class=book><thead><tr>{head}<tbody>{''.join(rows)}</table>"
    )


def _row(line: Line, statement: Statement, words: dict[str, str]) -> str:
    texts = (day(line.at), f"{line.app} {line.version}".strip() or line.reference, words[line.kind])
    amounts = (line.gross_minor or "", line.share_minor, line.balance_minor)
    cells = "".join(f"<td><bdi>{html.escape(text)}</bdi>" for text in texts)
    return f"<tr>{cells}{_amounts(amounts, statement, words)}"


def _sum(name: str, share: int | str, balance: int | str, statement: Statement, words: dict[str, str]) -> str:
    """A row of a balance, or of what the lines of a kind add up to."""
    return f"<tr class=sum><td><td><td>{name}{_amounts(('', share, balance), statement, words)}"


def _amounts(amounts: tuple[int | str, ...], statement: Statement, words: dict[str, str]) -> str:
    """The last three cells. Each says what it is, for screens that are too narrow for columns; text stays as it is."""
    texts = [one if isinstance(one, str) else _money(one, statement) for one in amounts]
    named = zip(_AMOUNTS, texts, strict=True)
    return "".join(f'<td class=n data-name="{words[name]}">{text}' for name, text in named)


def _money(minor: int, statement: Statement) -> str:
    return regions.money(minor, statement.currency)
