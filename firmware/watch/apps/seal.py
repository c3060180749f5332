"""Keeps the makers of the API's classes to their own objects.

Python hands any object to any method: `Entry.__init__(ui, ...)` would set six attributes of what all screens share, and
a hand that is made anew with more corners no longer fits the table that it is drawn from, which machine code believes.
"""

from micropython import const

from watch.kernel.errors import InputError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Callable

ONCE = {"Canvas": "memory", "Hand": "_stations", "Hands": "_hands", "QrCode": "_codewords"}
"""Classes whose buffers go to loops in machine code: the attribute that only an object has that is made already."""
_MARK = "_sealed"


def seal(kind: "Any") -> None:
    """From now on `__init__` of a class of the API takes objects of that class alone, and of some only new ones."""
    own = kind.__dict__
    if "__init__" in own and _MARK not in own:
        kind.__init__ = _kept_to(kind, own["__init__"], ONCE.get(kind.__name__))
        setattr(kind, _MARK, True)


def _kept_to(kind: "Any", make: "Callable[..., None]", first: "str | None") -> "Callable[..., None]":
    def made(self: "Any", *values: "Any", **named: "Any") -> None:
        if not isinstance(self, kind) or (first is not None and hasattr(self, first)):
            raise InputError("not a new object of the class " + kind.__name__)
        make(self, *values, **named)

    return made
