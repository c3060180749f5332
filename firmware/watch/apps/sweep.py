"""Takes away what an app has left on things that outlive it: attributes of API classes, modules and shared objects.

Interned names stay, which docs/bundles.md bounds; what they lead to must not.
"""

from micropython import const

from watch.apps import api
from watch.apps.seal import seal
from watch.apps.verifier.pool import is_pool

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Sequence

_DEPTH = const(4)  # of public attributes, from what an app was given
_MODULE = type(api)
_LISTS = (list, tuple)


class Sweep:
    """Seals the classes of the API, and remembers them and its modules as they were before the first app ran."""

    def __init__(self) -> None:
        found: "list[Any]" = []
        _collect(api, found)
        self._known = [(one, dict(one.__dict__)) for one in found]

    def clean(self, roots: "Sequence[Any]") -> int:
        """Put classes and modules back, and take pool names off whatever `roots` lead to. How many there were."""
        count = 0
        for owner, was in self._known:
            count += _put_back(owner, was)
        seen: "set[int]" = set()
        for root in roots:
            count += _strip(root, _DEPTH, seen)
        return count


def _collect(module: "Any", found: "list[Any]") -> None:
    """A module of the API with the classes in it, those they are made from, and modules that it gives to apps."""
    found.append(module)
    for value in module.__dict__.values():
        if isinstance(value, type):
            _collect_class(value, found)
        elif type(value) is _MODULE and value not in found:
            _collect(value, found)


def _collect_class(kind: "Any", found: "list[Any]") -> None:
    """A class of ours; those of the interpreter cannot be changed."""
    if kind in found or "__qualname__" not in kind.__dict__:
        return
    found.append(kind)
    seal(kind)
    for base in kind.__bases__:
        _collect_class(base, found)


def _put_back(owner: "Any", was: "dict[str, Any]") -> int:
    count, now = 0, owner.__dict__
    for name in list(now):
        if name not in was:
            _drop(owner, name)
            count += 1
    for name, value in was.items():
        if now.get(name) is not value:
            setattr(owner, name, value)
            count += 1
    return count


def _strip(thing: "Any", depth: int, seen: "set[int]") -> int:
    """Take pool names off an object and off what its public attributes are."""
    if not depth or id(thing) in seen:
        return 0
    seen.add(id(thing))
    if type(thing) in _LISTS:
        return sum([_strip(one, depth - 1, seen) for one in thing])
    if isinstance(thing, type) or type(thing) is _MODULE or not hasattr(thing, "__dict__"):
        return 0
    count = _strip_names(thing)
    for kind in [type(thing)] + list(type(thing).__bases__):
        if id(kind) not in seen:
            seen.add(id(kind))
            count += _strip_names(kind)
    for name, value in thing.__dict__.items():
        if name[0] != "_":
            count += _strip(value, depth - 1, seen)
    return count


def _strip_names(owner: "Any") -> int:
    names = [name for name in owner.__dict__ if is_pool(name)]
    for name in names:
        _drop(owner, name)
    return len(names)


def _drop(owner: "Any", name: str) -> None:
    """Take an attribute away, and what it leads to: a table keeps the value of a name that is deleted."""
    setattr(owner, name, None)
    delattr(owner, name)
