"""Arguments of HTTP requests: their types, and who may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tapwatch.bank.problems import RequestProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    Arguments = Mapping[str, object]

ANYONE, CARRIER, CUSTOMER, OPERATOR = "anyone", "carrier", "customer", "operator"
WHO = "@customer"
"""Name under which the server puts the number of the customer who is logged in; it replaces whatever was sent."""
_IDENTIFIER_BYTES = 8
_INT_LIMIT = 1 << 63  # what a column holds
_T = TypeVar("_T")


def typed(arguments: Arguments, name: str, kind: type[_T]) -> _T:
    """Return an argument. Raises RequestProblem if it is missing, of another type, negative or too large.

    A text with a NUL is none: no column of PostgreSQL holds it.
    """
    value = arguments.get(name)
    too_large = isinstance(value, int) and not 0 <= value < _INT_LIMIT
    unfit = isinstance(value, str) and "\0" in value
    if not isinstance(value, kind) or isinstance(value, bool) or too_large or unfit:
        raise RequestProblem(f"{name} is missing or of a wrong kind")
    return value


def optional(arguments: Arguments, name: str, kind: type[_T], default: _T) -> _T:
    """Return an argument that may be missing. Raises RequestProblem."""
    return typed(arguments, name, kind) if name in arguments else default


def identifier(arguments: Arguments, name: str, length: int = _IDENTIFIER_BYTES) -> bytes:
    """Return a device or token id, or another name of so many bytes, from its hex text. Raises RequestProblem."""
    try:
        value = bytes.fromhex(typed(arguments, name, str))
    except ValueError:
        value = b""
    if len(value) != length:
        raise RequestProblem(f"{name} is not {length} bytes in hex")
    return value
