"""The highest versions of apps that were there and are not any more: none of them comes back older than it went."""

from micropython import const

from watch.storage import records

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from typing import Any

    from watch.apps.shelf.installed import Installed
    from watch.apps.shelf.sealed_facts import SealedFacts

MAX_VERSIONS = const(48)
"""Apps that are remembered, those that went last: twice as many as can be installed."""
_FIELDS = const(4)


def highest(facts: "SealedFacts", app: str, level: str, maker: str) -> "tuple[int, ...]":
    """Version of an app of this maker when it was removed, (0, 0, 0) if it never was. Raises StorageError."""
    for one, its_level, its_maker, version in _known(facts):
        if one == app and its_level == level and its_maker == maker:
            return tuple(version)
    return (0, 0, 0)


def with_removed(facts: "SealedFacts", apps: "list[Installed]") -> "dict[int, Any]":
    """The record after these apps have gone; the oldest entries make room. Raises StorageError."""
    entries = _known(facts)
    for app in apps:
        entries = [one for one in entries if one[:3] != [app.id, app.level, app.maker]]
        entries.insert(0, [app.id, app.level, app.maker, list(app.version)])
    return {records.APP_VERSIONS: entries[:MAX_VERSIONS]}


def _known(facts: "SealedFacts") -> "list[Any]":
    entries = facts.readable(records.APP_VERSIONS) or []
    return [one for one in entries if len(one) == _FIELDS]
