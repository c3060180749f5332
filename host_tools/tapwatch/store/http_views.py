"""What each JSON request does: from checked arguments to the store and back. The table of paths is at the end."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tapwatch.bank.arguments import ANYONE, CARRIER, identifier, optional, typed
from tapwatch.bank.problems import RequestProblem
from tapwatch.store.catalogue import Wish
from tapwatch.store.licences import REFUND_S
from tapwatch.store.orders import KEY_BYTES
from tapwatch.store.publication import NONCE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tapwatch.bank.arguments import Arguments
    from tapwatch.store.service import AppStore
    from tapwatch.store.submissions import Outcome

    View = Callable[[AppStore, Arguments], dict[str, Any]]

_MAX_TEXT = 64
_MAX_DIGITS = 6


def wish_of(arguments: Arguments) -> Wish:
    """What somebody looks for. Raises RequestProblem."""
    without = frozenset(filter(None, optional(arguments, "without", str, "").split(",")))
    return Wish(
        region=_text(arguments, "region"),
        currency=number(arguments, "currency"),
        api=number(arguments, "api"),
        kind=_text(arguments, "kind"),
        category=_text(arguments, "category"),
        search=_text(arguments, "search"),
        without=without,
        after=_text(arguments, "after"),
    )


def number(arguments: Arguments, name: str) -> int:
    """A number of a query, 0 if it is not there. Raises RequestProblem."""
    text = optional(arguments, name, str, "0")
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        raise RequestProblem(f"{name} is not a number")
    return int(text)


def outcome_facts(outcome: Outcome) -> dict[str, Any]:
    """What a developer is told of a publication."""
    return {**asdict(outcome), "publication": outcome.publication.hex()}


def _service(store: AppStore, _: Arguments) -> dict[str, Any]:
    return {"name": store.name, "certificate": store.certificate.hex(), "time": store.now(), "refund_s": REFUND_S}


def _apps(store: AppStore, arguments: Arguments) -> dict[str, Any]:
    found, more = store.apps(wish_of(arguments))
    return {"apps": found, "next": more}


def _app(store: AppStore, arguments: Arguments) -> dict[str, Any]:
    return store.app(_text(arguments, "app"), _text(arguments, "region"), number(arguments, "currency"))


def _publication(store: AppStore, arguments: Arguments) -> dict[str, Any]:
    return outcome_facts(store.publication(identifier(arguments, "nonce", NONCE_BYTES)))


def _order(store: AppStore, arguments: Arguments) -> dict[str, Any]:
    wanted = (typed(arguments, "app", str), typed(arguments, "region", str), typed(arguments, "currency", int))
    key = identifier(arguments, "key", KEY_BYTES)
    return asdict(store.order(identifier(arguments, "device"), *wanted, key))


def _orders(store: AppStore, arguments: Arguments) -> dict[str, Any]:
    return {"orders": [asdict(order) for order in store.orders(identifier(arguments, "device"))]}


def _order_state(store: AppStore, arguments: Arguments) -> dict[str, Any]:
    return asdict(store.order_state(identifier(arguments, "device"), _text(arguments, "order")))


def _refund(store: AppStore, arguments: Arguments) -> dict[str, Any]:
    return asdict(store.give_back(identifier(arguments, "device"), _text(arguments, "order")))


def _licence(store: AppStore, arguments: Arguments) -> dict[str, Any]:
    licence = store.licence(identifier(arguments, "device"), _text(arguments, "app"))
    certificate = store.certificate.hex()
    return {"licence": licence.envelope.hex(), "certificate": certificate, "not_after": licence.not_after}


def _text(arguments: Arguments, name: str) -> str:
    value = optional(arguments, name, str, "")
    if len(value) > _MAX_TEXT:
        raise RequestProblem(f"{name} is too long")
    return value


ROUTES: tuple[tuple[str, str, str, View], ...] = (
    ("GET", "/v1/service", ANYONE, _service),
    ("GET", "/v1/apps", ANYONE, _apps),
    ("GET", "/v1/apps/{app}", ANYONE, _app),
    ("GET", "/v1/publications/{nonce}", ANYONE, _publication),
    ("POST", "/v1/devices/{device}/orders", CARRIER, _order),
    ("GET", "/v1/devices/{device}/orders", CARRIER, _orders),
    ("GET", "/v1/devices/{device}/orders/{order}", CARRIER, _order_state),
    ("POST", "/v1/devices/{device}/orders/{order}/refund", CARRIER, _refund),
    ("GET", "/v1/devices/{device}/licences/{app}", CARRIER, _licence),
)
"""Method, path, who may ask, and what answers."""
LISTED = frozenset({"/v1/apps", "/v1/apps/{app}"})
"""What has an ETag."""
