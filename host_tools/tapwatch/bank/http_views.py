"""What each HTTP request does: from checked arguments to the bank and back. The table of paths is in `http_server`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tapwatch.bank import customer_views
from tapwatch.bank.arguments import ANYONE, CARRIER, OPERATOR, identifier, typed
from tapwatch.bank.customer_views import STATES
from tapwatch.bank.declined import APPROVED
from tapwatch.bank.device_states import COMMANDS, FOUND, LOST, WIPE
from tapwatch.bank.limits import Limits
from tapwatch.bank.problems import RequestProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.bank.arguments import Arguments
    from tapwatch.bank.service import Bank
    from tapwatch.bank.wallet import Token

    View = Callable[[Bank, Arguments], dict[str, object]]

_MAX_RECEIPTS = 32
_DIGEST_BYTES = 32
_MAX_DIGITS = 16


def token_facts(token: Token) -> dict[str, object]:
    """Return what an operator sees of a token."""
    return {
        "token_id": token.id,
        "state": token.state,
        "profile": token.profile,
        "product": token.product.name,
        "token_pan": token.pan,
        "expiry": token.expiry,
        "last_four": token.last_four,
        "device_id": token.device_id,
        "account": token.account,
        "currency": token.currency,
    }


def ledger_facts(bank: Bank) -> dict[str, Any]:
    """Return the trial balance."""
    books = bank.trial_balance()
    lines = [
        {
            "account": line.account,
            "kind": line.kind,
            "owner": line.owner,
            "currency": line.currency,
            "balance_minor": line.balance_minor,
        }
        for line in books.lines
    ]
    return {"lines": lines, "totals": dict(books.totals), "balanced": books.balanced}


def _service(bank: Bank, _: Arguments) -> dict[str, object]:
    return {"certificate": bank.certificate, "issuer_id": bank.issuer_id, "time": bank.now()}


def _challenge(bank: Bank, _: Arguments) -> dict[str, object]:
    return {"challenge": bank.challenge()}


def _register(bank: Bank, arguments: Arguments) -> dict[str, object]:
    done = bank.register(typed(arguments, "certificate", bytes), typed(arguments, "attestation", bytes))
    return {"device_id": done.device_id, "bearer": done.bearer, "certificate": bank.certificate}


def _package(bank: Bank, arguments: Arguments) -> dict[str, object]:
    return {"package": bank.package(typed(arguments, "request", bytes)), "certificate": bank.certificate}


def _receipts(bank: Bank, arguments: Arguments) -> dict[str, object]:
    receipts = typed(arguments, "receipts", list)
    if len(receipts) > _MAX_RECEIPTS or not all(isinstance(receipt, bytes) for receipt in receipts):
        raise RequestProblem(f"receipts are an array of at most {_MAX_RECEIPTS} byte strings")
    for receipt in receipts:
        bank.receipt(receipt)
    return {"taken": len(receipts)}


def _art(bank: Bank, arguments: Arguments) -> dict[str, object]:
    return {"art": bank.art(identifier(arguments, "digest", _DIGEST_BYTES))}


def _notices(bank: Bank, arguments: Arguments) -> dict[str, object]:
    device_id = identifier(arguments, "id")
    said: dict[str, object] = {"notices": bank.notices(device_id, _number(arguments, "since"))}
    if "parcels" in arguments:
        said["parcels"] = [list(one) for one in bank.parcels(device_id, _number(arguments, "parcels"))]
    return said


def _number(arguments: Arguments, name: str) -> int:
    """A number of the query. Raises RequestProblem."""
    digits = typed(arguments, name, str)
    if not (digits.isascii() and digits.isdigit() and len(digits) < _MAX_DIGITS):
        raise RequestProblem(f"{name} is not a number")
    return int(digits)


def _revocations(bank: Bank, _: Arguments) -> dict[str, object]:
    return {"revocations": bank.revocations()}


def _states(bank: Bank, arguments: Arguments) -> dict[str, object]:
    device_id = identifier(arguments, "id")
    bank.announce_states(device_id)
    return {"notices": bank.notices(device_id, 0)}


def _device_state(bank: Bank, arguments: Arguments) -> dict[str, object]:
    device_id, state = identifier(arguments, "id"), typed(arguments, "state", str)
    if state == LOST:
        bank.lost(device_id, typed(arguments, "text", str) if "text" in arguments else "")
    elif state == FOUND:
        bank.found(device_id)
    elif state == WIPE:
        bank.wipe(device_id)
    else:
        raise RequestProblem(f"state is one of: {', '.join(COMMANDS)}")
    return {"state": state}


def _merchant(bank: Bank, arguments: Arguments) -> dict[str, object]:
    return {"account": bank.open_merchant(typed(arguments, "name", str), typed(arguments, "currency", int))}


def _merchant_code(bank: Bank, arguments: Arguments) -> dict[str, object]:
    account, currency = typed(arguments, "account", int), typed(arguments, "currency", int)
    minor = typed(arguments, "amount_minor", int) if "amount_minor" in arguments else 0
    once = arguments.get("once", "amount_minor" in arguments)
    if not isinstance(once, bool):
        raise RequestProblem("once is of a wrong kind")
    return {"code": bank.merchant_code(account, minor, currency, once=once)}


def _merchant_payment(bank: Bank, arguments: Arguments) -> dict[str, object]:
    response = bank.merchant_payment(typed(arguments, "payment", bytes), typed(arguments, "code", str))
    return {"response": response, "approved": response == APPROVED}


def _account(bank: Bank, arguments: Arguments) -> dict[str, object]:
    numbers = (typed(arguments, "currency", int), typed(arguments, "opening_minor", int))
    return {"account": bank.open_account(typed(arguments, "holder", str), *numbers)}


def _card(bank: Bank, arguments: Arguments) -> dict[str, object]:
    label = typed(arguments, "label", str) if "label" in arguments else None
    return {"card": bank.order_card(typed(arguments, "account", int), typed(arguments, "profile", str), label)}


def _token(bank: Bank, arguments: Arguments) -> dict[str, object]:
    limits = Limits.read(arguments["limits"]) if "limits" in arguments else None
    device_id = typed(arguments, "device_id", bytes)
    return {"token_id": bank.issue_token(typed(arguments, "card", int), device_id, limits)}


def _tokens(bank: Bank, _: Arguments) -> dict[str, object]:
    return {"tokens": [token_facts(token) for token in bank.tokens()]}


def _state(bank: Bank, arguments: Arguments) -> dict[str, object]:
    state = typed(arguments, "state", str)
    if state not in STATES:
        raise RequestProblem(f"state is one of: {', '.join(STATES)}")
    bank.set_state(identifier(arguments, "id"), state)
    return {"state": state}


def _ledger(bank: Bank, _: Arguments) -> dict[str, object]:
    return ledger_facts(bank)


ROUTES: tuple[tuple[str, str, str, View], ...] = (
    ("GET", "/v1/service", ANYONE, _service),
    ("POST", "/v1/challenges", ANYONE, _challenge),
    ("POST", "/v1/devices", ANYONE, _register),
    ("POST", "/v1/token-requests", ANYONE, _package),
    ("POST", "/v1/receipts", ANYONE, _receipts),
    ("GET", "/v1/art/{digest}", ANYONE, _art),
    ("GET", "/v1/revocations", ANYONE, _revocations),
    ("GET", "/v1/devices/{id}/notices", CARRIER, _notices),
    ("POST", "/v1/devices/{id}/states", CARRIER, _states),
    ("POST", "/v1/merchant-payments", ANYONE, _merchant_payment),
    ("POST", "/v1/devices/{id}/state", OPERATOR, _device_state),
    ("POST", "/v1/merchants", OPERATOR, _merchant),
    ("POST", "/v1/merchant-codes", OPERATOR, _merchant_code),
    ("POST", "/v1/accounts", OPERATOR, _account),
    ("POST", "/v1/cards", OPERATOR, _card),
    ("POST", "/v1/tokens", OPERATOR, _token),
    ("GET", "/v1/tokens", OPERATOR, _tokens),
    ("POST", "/v1/tokens/{id}/state", OPERATOR, _state),
    ("GET", "/v1/ledger", OPERATOR, _ledger),
    *customer_views.ROUTES,
)
"""Method, path, who may ask, and what answers."""
