"""Checks on fields of decoded maps that came from outside: type, range, length."""

from micropython import const

from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Sequence, Tuple

    Field = Tuple[int, type, int, int]


def expect(good: bool, what: str) -> None:
    """Raise InputError with `what` unless `good`."""
    if not good:
        raise InputError(what)


def expect_field(fields: "dict[int, Any]", key: int, kind: type, least: int, most: int) -> None:
    """Raise InputError unless field `key` is of this kind and in range: a number by value, others by bytes."""
    value: "Any" = fields.get(key)
    expect(isinstance(value, kind) and not isinstance(value, bool), f"field {key} is missing or of the wrong type")
    expect(least <= _size(value) <= most, f"field {key} is out of range")


def expect_map(fields: "Any", shape: "Sequence[Field]", what: str) -> None:
    """Raise InputError unless `fields` is a map of exactly the fields (key, type, least, most) of `shape`."""
    expect(isinstance(fields, dict) and len(fields) == len(shape), f"{what} has the wrong fields")
    for key, kind, least, most in shape:
        expect_field(fields, key, kind, least, most)


def expect_digits(text: str, what: str) -> None:
    """Raise InputError unless `text` has ASCII digits only."""
    expect(all("0" <= c <= "9" for c in text), f"{what} has digits only")


def _size(value: "Any") -> int:
    return value if isinstance(value, int) else len(value.encode() if isinstance(value, str) else value)
