"""What each HTTP request of customers and of phones does. The table of paths is in docs/bank.md."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from tapwatch.bank import history
from tapwatch.bank.arguments import ANYONE, CARRIER, CUSTOMER, WHO, identifier, optional, typed
from tapwatch.bank.customer_desk import Owner
from tapwatch.bank.device_states import COMMANDS
from tapwatch.bank.problems import RequestProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tapwatch.bank.arguments import Arguments
    from tapwatch.bank.customers import CardFacts
    from tapwatch.bank.enrolments import Enrolment
    from tapwatch.bank.service import Bank
    from tapwatch.bank.wallet import Token

STATES = ("active", "suspended", "deleted")


def _login(bank: Bank, arguments: Arguments) -> dict[str, object]:
    session = bank.customers.log_in(typed(arguments, "name", str), typed(arguments, "password", str))
    return {"session": session.bearer, "expires_at": session.expires_at}


def _logout(bank: Bank, arguments: Arguments) -> dict[str, object]:
    bank.customers.log_out(typed(arguments, "session", str))
    return {}


def _cards(bank: Bank, arguments: Arguments) -> dict[str, object]:
    customer = typed(arguments, WHO, int)
    return {
        "accounts": [asdict(account) for account in bank.customers.accounts(customer)],
        "cards": [_card_facts(card) for card in bank.customers.cards(customer)],
    }


def _card_facts(card: CardFacts) -> dict[str, object]:
    """A card as the page shows it: its whole number stays at the bank."""
    facts = asdict(card)
    last_four = facts.pop("pan")[-4:]
    return {**facts, "last_four": last_four}


def _owner(arguments: Arguments) -> Owner:
    """The customer who is logged in, or the watch whose phone asks."""
    if WHO in arguments:
        return Owner(history.CUSTOMER, customer=typed(arguments, WHO, int))
    return Owner(history.PHONE, device_id=identifier(arguments, "id"))


def _token_facts(token: Token) -> dict[str, object]:
    return {
        "token_id": token.id,
        "device_id": token.device_id,
        "card": token.card,
        "state": token.state,
        "label": token.label,
        "last_four": token.last_four,
        "accent": token.accent,
        "currency": token.currency,
    }


def _tokens(bank: Bank, arguments: Arguments) -> dict[str, object]:
    return {"tokens": [_token_facts(token) for token in bank.customers.tokens(_owner(arguments))]}


def _set_state(bank: Bank, arguments: Arguments) -> dict[str, object]:
    state = typed(arguments, "state", str)
    if state not in STATES:
        raise RequestProblem(f"state is one of: {', '.join(STATES)}")
    bank.customers.set_state(_owner(arguments), identifier(arguments, "token"), state)
    return {"state": state}


def _history(bank: Bank, arguments: Arguments) -> dict[str, object]:
    events, paid = bank.customers.history(_owner(arguments), identifier(arguments, "token"))
    return {"events": [asdict(event) for event in events], "payments": [asdict(payment) for payment in paid]}


def _watches(bank: Bank, arguments: Arguments) -> dict[str, object]:
    return {"devices": [asdict(watch) for watch in bank.customers.watches(typed(arguments, WHO, int))]}


def _watch_state(bank: Bank, arguments: Arguments) -> dict[str, object]:
    state, text = typed(arguments, "state", str), optional(arguments, "text", str, "")
    if state not in COMMANDS:
        raise RequestProblem(f"state is one of: {', '.join(COMMANDS)}")
    bank.customers.set_watch_state(typed(arguments, WHO, int), identifier(arguments, "device"), state, text)
    return {"state": state}


def _wallet(bank: Bank, arguments: Arguments) -> dict[str, object]:
    keys, art = bank.customers.wanted(identifier(arguments, "id"), typed(arguments, "wallet", list))
    return {"keys": keys, "art": art}


def _enrol(bank: Bank, arguments: Arguments) -> dict[str, object]:
    card = typed(arguments, "card", int) if "card" in arguments else None
    printed = ("", "") if card is not None else (typed(arguments, "pan", str), typed(arguments, "expiry", str))
    session = optional(arguments, "session", str, "")
    return _enrolment_facts(bank.customers.enrol(identifier(arguments, "id"), session, card, *printed))


def _enrolment(bank: Bank, arguments: Arguments) -> dict[str, object]:
    return _enrolment_facts(bank.customers.enrolment(*_which(arguments)))


def _challenge(bank: Bank, arguments: Arguments) -> dict[str, object]:
    return _enrolment_facts(bank.customers.challenge(*_which(arguments), typed(arguments, "method", str)))


def _code(bank: Bank, arguments: Arguments) -> dict[str, object]:
    return _enrolment_facts(bank.customers.code(*_which(arguments), typed(arguments, "code", str)))


def _which(arguments: Arguments) -> tuple[bytes, bytes]:
    return identifier(arguments, "id"), identifier(arguments, "enrolment")


def _enrolment_facts(enrolment: Enrolment) -> dict[str, object]:
    return {
        "enrolment": enrolment.id,
        "decision": enrolment.decision,
        "state": enrolment.state,
        "methods": [asdict(method) for method in enrolment.methods],
        "tries_left": enrolment.tries_left,
        "sends_left": enrolment.sends_left,
        "seconds_left": enrolment.seconds_left,
        "token_id": enrolment.token_id,
    }


ROUTES: tuple[tuple[str, str, str, Callable[[Bank, Mapping[str, object]], dict[str, object]]], ...] = (
    ("POST", "/v1/login", ANYONE, _login),
    ("POST", "/v1/logout", ANYONE, _logout),
    ("GET", "/v1/my/cards", CUSTOMER, _cards),
    ("GET", "/v1/my/tokens", CUSTOMER, _tokens),
    ("POST", "/v1/my/tokens/{token}/state", CUSTOMER, _set_state),
    ("GET", "/v1/my/tokens/{token}/history", CUSTOMER, _history),
    ("GET", "/v1/my/devices", CUSTOMER, _watches),
    ("POST", "/v1/my/devices/{device}/state", CUSTOMER, _watch_state),
    ("GET", "/v1/devices/{id}/tokens", CARRIER, _tokens),
    ("POST", "/v1/devices/{id}/tokens/{token}/state", CARRIER, _set_state),
    ("GET", "/v1/devices/{id}/tokens/{token}/history", CARRIER, _history),
    ("POST", "/v1/devices/{id}/wallet", CARRIER, _wallet),
    ("POST", "/v1/enrolments", CARRIER, _enrol),
    ("GET", "/v1/enrolments/{enrolment}", CARRIER, _enrolment),
    ("POST", "/v1/enrolments/{enrolment}/challenge", CARRIER, _challenge),
    ("POST", "/v1/enrolments/{enrolment}/code", CARRIER, _code),
)
"""Method, path, who may ask, and what answers. Enrolments have the device id, in hex, in the argument `id`."""
