"""What the payload of each envelope must be, field by field: the tables of docs/formats.md and docs/bundles.md."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Check = Callable[[Any], bool]
Field = tuple[str, Check]
"""What a field is called, and whether a value may stand there."""

_NUMBER_LIMIT = 1 << 63


def number(most: int = _NUMBER_LIMIT - 1) -> Check:
    """An integer from 0 to `most`."""
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def octets(length: int) -> Check:
    """A byte string of that length."""
    return lambda value: isinstance(value, bytes) and len(value) == length


def text(most_bytes: int) -> Check:
    """A text of at most so many bytes."""
    return lambda value: isinstance(value, str) and len(value.encode(errors="replace")) <= most_bytes


def one_of(*values: str) -> Check:
    """One of some texts."""
    return lambda value: isinstance(value, str) and value in values


def optional(check: Check) -> Check:
    """Null, or what `check` asks for."""
    return lambda value: value is None or check(value)


def rows(most: int, *columns: Check) -> Check:
    """An array of at most so many arrays, each with these columns."""

    def good(value: Any) -> bool:
        return isinstance(value, list) and len(value) <= most and all(_is_row(row, columns) for row in value)

    return good


def is_version(value: Any) -> bool:
    """True for `[major, minor, patch]`."""
    return isinstance(value, list) and len(value) == 3 and all(map(number(9999), value))


def fields_of(table: dict[int, Field]) -> Check:
    """A map with exactly the keys of a table."""
    return lambda value: not problems(table, value)


def problems(table: dict[int, Field], value: Any) -> list[str]:
    """What is wrong with a map, in words; empty if nothing is."""
    if not isinstance(value, dict) or set(value) != set(table):
        return [f"it must be a map with the keys {', '.join(map(str, table))}"]
    return [f"field {key}, {name}: wrong value" for key, (name, check) in table.items() if not check(value[key])]


def _is_row(row: Any, columns: tuple[Check, ...]) -> bool:
    return isinstance(row, list) and len(row) == len(columns) and all(map(_fits, columns, row))


def _fits(check: Check, value: Any) -> bool:
    return check(value)


_MOST = 1 << 16
_BOARD = re.compile(r"[a-z][a-z0-9_]{1,31}")
_ID, _TOKEN, _TIME = octets(8), octets(8), number()
_DEVICE: Field = ("device", _ID)
_PAYEE = {
    1: ("account", text(64)),
    2: ("name", text(64)),
    3: ("country", lambda value: isinstance(value, str) and len(value) == 2),
    4: ("currency", number(999)),
}

FORMS: dict[str, dict[int, Field]] = {
    "tapwatch/attestation": {
        1: _DEVICE,
        2: ("receipt key", octets(64)),
        3: ("challenge", octets(16)),
        4: ("firmware", text(64)),
        5: ("secret", one_of("software", "efuse")),
        6: ("tokens", rows(64, _TOKEN, number(_MOST), number(_MOST))),
    },
    "tapwatch/token-request": {
        1: _DEVICE,
        2: ("token", _TOKEN),
        3: ("batch", number()),
        4: ("highest ATC", number(_MOST)),
        5: ("nonce", octets(16)),
        6: ("token service", _ID),
    },
    "tapwatch/receipt": {
        1: _DEVICE,
        2: ("token", _TOKEN),
        3: ("batch", number()),
        4: ("nonce", octets(16)),
        5: ("package", octets(32)),
    },
    "tapwatch/notice": {
        1: _DEVICE,
        2: ("number", number()),
        3: ("token", _TOKEN),
        4: ("ATC", number()),
        5: ("result", one_of("approved", "declined")),
        6: ("amount", number()),
        7: ("currency", number(999)),
        8: ("merchant", text(40)),
        9: ("time", _TIME),
        10: ("reason", text(2)),
        11: ("link", text(120)),
    },
    "tapwatch/token-state": {
        1: _DEVICE,
        2: ("number", number()),
        3: ("token", _TOKEN),
        4: ("state", one_of("active", "suspended", "deleted")),
        5: ("time", _TIME),
    },
    "tapwatch/device-state": {
        1: _DEVICE,
        2: ("number", number()),
        3: ("state", one_of("lost", "found", "wipe")),
        4: ("text", text(80)),
        5: ("time", _TIME),
    },
    "tapwatch/merchant-payment": {
        1: _DEVICE,
        2: ("token", _TOKEN),
        3: ("code", octets(32)),
        4: ("amount", number()),
        5: ("currency", number(999)),
        6: ("time", _TIME),
        7: ("chip data", lambda value: isinstance(value, bytes) and 0 < len(value) <= 512),
    },
    "tapwatch/app-review": {
        1: ("manifest", octets(32)),
        2: ("time", _TIME),
        3: ("payee", optional(fields_of(_PAYEE))),
    },
    "tapwatch/publication": {
        1: ("wish", one_of("register", "publish", "withdraw")),
        2: ("nonce", octets(16)),
        3: ("time", _TIME),
        4: ("body", lambda value: isinstance(value, dict) and all(isinstance(key, str) for key in value)),
        5: ("parts", rows(64, text(64), number(), octets(32))),
    },
    "tapwatch/system": {
        1: ("board", lambda value: isinstance(value, str) and _BOARD.fullmatch(value) is not None),
        2: ("version", is_version),
        3: ("floor", is_version),
        4: ("time", _TIME),
        5: ("posture", one_of("release", "development")),
        6: ("length of the body", number((1 << 32) - 1)),
        7: ("body", octets(32)),
        8: ("source", octets(32)),
        9: ("machine code", one_of("xtensawin", "x64")),
    },
    "tapwatch/licence": {
        1: _DEVICE,
        2: ("app", text(24)),
        3: ("maker", text(24)),
        4: ("serial", number()),
        5: ("not before", _TIME),
        6: ("not after", optional(_TIME)),
    },
}
"""Payloads that are maps, but for those that have a reader of their own."""
PACKAGE_PARTS: tuple[Check, Check] = (octets(65), lambda value: isinstance(value, bytes) and len(value) <= 2048)
"""Of the payload of a token package: the encapsulated key, the ciphertext."""


def form_problems(kind: str, payload: Any) -> list[str]:
    """What is wrong with the payload of an envelope. Raises KeyError for a type that has a reader of its own."""
    if kind == "tapwatch/token-package":
        return [] if _is_row(payload, PACKAGE_PARTS) else ["it must be an array of two byte strings"]
    return problems(FORMS[kind], payload)


def readable(kind: str, payload: Any) -> dict[str, object]:
    """The fields of a payload whose form is right, by name, for people."""
    if kind not in FORMS:
        return {}
    return {name: plain(payload[key]) for key, (name, _) in FORMS[kind].items()}


def plain(value: Any) -> object:
    """A value as JSON can have it."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value
