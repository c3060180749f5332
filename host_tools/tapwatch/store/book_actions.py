"""The actions of `tapwatch store` about money: contracts, payouts, refunds, statements."""

from __future__ import annotations

import datetime
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tapwatch.errors import EXIT_OK, EXIT_USAGE, UserError
from tapwatch.store import regions, statement_csv
from tapwatch.store.contracts import Scope
from tapwatch.store.output import show, show_all
from tapwatch.terminal import amount

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Mapping

    from tapwatch.store.contracts import Contract
    from tapwatch.store.service import AppStore
    from tapwatch.store.statements import Statement


def _contracts(store: AppStore, arguments: Namespace) -> int:
    if arguments.add:
        scope = Scope(arguments.app, arguments.maker, arguments.region)
        made = store.add_contract(scope, _parts(arguments.add), _begin(arguments.begins))
        return show(arguments, _contract_facts(made))
    return show_all(arguments, [_contract_facts(one) for one in store.contracts()])


def _parts(texts: list[str]) -> dict[str, int]:
    """What `developer:8500` and the like say. Raises UserError."""
    parts: dict[str, int] = {}
    for text in texts:
        name, colon, points = text.rpartition(":")
        if not (colon and points.isascii() and points.isdigit()) or name in parts:
            raise UserError(f"{text!r} is no part of a contract", "write it like developer:8500", EXIT_USAGE)
        parts[name] = int(points)
    return parts


def _begin(text: str | None) -> int | None:
    try:
        day = datetime.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UserError(f"{text!r} is no date", "write it like 2026-12-01", EXIT_USAGE) from error
    midnight = datetime.time(tzinfo=datetime.UTC)
    return None if day is None else int(datetime.datetime.combine(day, midnight).timestamp())


def _contract_facts(contract: Contract) -> dict[str, Any]:
    scope = contract.scope
    begin = datetime.datetime.fromtimestamp(contract.from_at, datetime.UTC)
    parts = ", ".join(f"{name}:{points}" for name, points in contract.parts)
    about = {"app": scope.app or "-", "maker": scope.maker or "-", "region": scope.region}
    return {"contract": contract.id, **about, "begins": f"{begin:%Y-%m-%d %H:%M:%S}", "parts": parts}


def _payout(store: AppStore, arguments: Namespace) -> int:
    money = amount.parse(arguments.amount, arguments.currency)
    store.pay_out(arguments.party, money.minor, money.currency.numeric, arguments.reference)
    return show(arguments, {"party": arguments.party, "paid": str(money), "reference": arguments.reference})


def _refund(store: AppStore, arguments: Namespace) -> int:
    minor = None if arguments.amount is None else amount.parse(arguments.amount, arguments.currency).minor
    done = store.refund(arguments.payment, minor, arguments.reference)
    return show(arguments, {"payment": arguments.payment, "refunded": "now" if done else "before"})


def _statement(store: AppStore, arguments: Namespace) -> int:
    store.sweep()
    currencies = store.currencies(arguments.party)
    if arguments.currency:
        currencies = [amount.currency(arguments.currency).numeric]
    if arguments.link:
        return show_all(arguments, [_link(store, arguments, currency) for currency in currencies])
    found = [store.statement(arguments.party, arguments.month, currency) for currency in currencies]
    if arguments.csv:
        return _print_csv(found)
    if arguments.json:
        return show_all(arguments, [asdict(one) for one in found])
    for one in found:
        print("\n".join(_lines(one)))
    return EXIT_OK


def _link(store: AppStore, arguments: Namespace, currency: int) -> dict[str, str]:
    key = store.statement_key(arguments.party, arguments.month, currency)
    return {"path": f"/statements/{arguments.party}/{arguments.month}/{currency}?key={key}"}


def _print_csv(found: list[Statement]) -> int:
    if len(found) != 1:
        raise UserError(f"that are {len(found)} statements, not one", "name one with --currency", EXIT_USAGE)
    sys.stdout.write(statement_csv.write(found[0]).decode())
    return EXIT_OK


def _lines(statement: Statement) -> list[str]:
    def money(minor: int) -> str:
        return regions.money(minor, statement.currency)

    made = [f"{statement.party}, {statement.month}, {'open' if statement.closed_at is None else 'closed'}"]
    made.append(f"{'opening':<53}{money(statement.opening_minor):>18}")
    for line in statement.lines:
        what = f"{line.app} {line.version}".strip()
        head = f"{statement_csv.day(line.at)}  {line.kind:<9} {what:<30} "
        made.append(f"{head}{money(line.share_minor):>18}  {line.reference}")
    made.append(f"{'closing':<53}{money(statement.closing_minor):>18}")
    return made


def _close(store: AppStore, arguments: Namespace) -> int:
    closed = store.close_month(arguments.month)
    rows = [{"party": one.party, "month": one.month, "currency": one.currency} for one in closed]
    ends = [{**row, "closing_minor": one.closing_minor} for row, one in zip(rows, closed, strict=True)]
    return show_all(arguments, ends)


ACTIONS: Mapping[str, Callable[[AppStore, Namespace], int]] = {
    "contracts": _contracts,
    "payout": _payout,
    "refund": _refund,
    "statement": _statement,
    "close": _close,
}
"""By name of the action."""
