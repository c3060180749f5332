"""Takes away what an app has left on things that outlive it: attributes of API classes, modules and shared objects.

Interned names stay, which docs/bundles.md bounds; what they lead to must not.
"""

from micropython import const

from watch.apps import api
from watch.apps.seal import seal
from watch.apps.verifier.pool import is_pool
from watch.apps.verifier.vocabulary import WRITABLE, names

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any, Iterable, Sequence

_DEPTH = const(4)  # of public attributes, from what an app was given
_MODULE = type(api)
_LISTS = (list, tuple)


class Sweep:
    """Seals the classes of the API, and remembers them and its modules as they were before the first app ran."""

    def __init__(self, shared: "tuple[Any, ...]" = ()) -> None:
        """`shared`: objects of the watch that apps are handed for a moment, such as the canvas."""
        found: "list[Any]" = []
        _collect(api, found)
        self._known = [(one, dict(one.__dict__)) for one in found]
        self._shared = [(one, tuple(one.__dict__)) for one in (api.SKIES,) + shared]
        self._writable = names(WRITABLE)

    def clean(self, roots: "Sequence[Any]") -> int:
        """Put classes and modules back, and take what apps set off whatever `roots` lead to. How many there were."""
        count = 0
        for owner, was in self._known:
            count += _put_back(owner, was)
        for thing, own in self._shared:
            count += _take_off(thing, own)
        seen: "set[int]" = set()
        for root in roots:
            count += self._strip(root, _DEPTH, seen)
        return count

    def _strip(self, thing: "Any", depth: int, seen: "set[int]") -> int:
        """Take what only apps set off an object and off what its public attributes are.

        Nothing of the watch's that `roots` lead to has one of the names of `WRITABLE`, as a test of what apps reach
        makes sure: there they are an app's.
        """
        if not depth or id(thing) in seen:
            return 0
        seen.add(id(thing))
        if type(thing) in _LISTS:
            return sum([self._strip(one, depth - 1, seen) for one in thing])
        if isinstance(thing, type) or type(thing) is _MODULE or not hasattr(thing, "__dict__"):
            return 0
        count = _strip_names(thing, self._writable)
        for kind in [type(thing)] + list(type(thing).__bases__):
            if id(kind) not in seen:
                seen.add(id(kind))
                count += _strip_names(kind)
        for name, value in thing.__dict__.items():
            if name[0] != "_":
                count += self._strip(value, depth - 1, seen)
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


def _take_off(owner: "Any", own: "Iterable[str]") -> int:
    """Take off what is not its own. How many there were."""
    found = [name for name in owner.__dict__ if name not in own]
    for name in found:
        _drop(owner, name)
    return len(found)


def _put_back(owner: "Any", was: "dict[str, Any]") -> int:
    count, now = _take_off(owner, was), owner.__dict__
    for name, value in was.items():
        if now.get(name) is not value:
            setattr(owner, name, value)
            count += 1
    return count


def _strip_names(owner: "Any", others: "frozenset[str]" = frozenset()) -> int:
    """Take names of the pool, and `others`, off an object or a class. How many there were."""
    found = [name for name in owner.__dict__ if is_pool(name) or name in others]
    for name in found:
        _drop(owner, name)
    return len(found)


def _drop(owner: "Any", name: str) -> None:
    """Take an attribute away, and what it leads to: a table keeps the value of a name that is deleted."""
    setattr(owner, name, None)
    delattr(owner, name)
