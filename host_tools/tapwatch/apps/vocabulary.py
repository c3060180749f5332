"""The names that an app may use, as firmware/watch/apps/verifier/vocabulary.py has them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("vocabulary.json")
"""A copy of the table of the firmware; a test compares the two."""


@dataclass(frozen=True)
class Vocabulary:
    """Names by the place in which they may stand."""

    pool: str
    pool_names: int
    spend: str
    api: frozenset[str]
    """What `watch.apps.api` gives."""
    builtins: frozenset[str]
    """Functions, types and errors that are there without an import."""
    attributes: frozenset[str]
    """What may be read of objects of the API and of Python's own types."""
    settable: frozenset[str]
    """Attributes that an app may set on what it was given."""
    methods: frozenset[str]
    """What classes of an app may define under a name of the API."""
    keywords: frozenset[str]
    """Names of arguments of the API and of built-in functions."""
    known: frozenset[str] = field(init=False)
    """All of them: what is not renamed."""

    def __post_init__(self) -> None:
        places = (self.api, self.builtins, self.attributes, self.settable, self.methods, self.keywords)
        object.__setattr__(self, "known", frozenset({self.spend}).union(*places))

    def is_pool(self, name: str) -> bool:
        """True for a name of the pool."""
        digits = name.removeprefix(self.pool)
        return digits != name and digits.isdecimal() and str(int(digits)) == digits and int(digits) < self.pool_names


@cache
def vocabulary(path: Path = FILE) -> Vocabulary:
    """The names of a file of this form. It is ours: a malformed one raises KeyError or ValueError."""
    fields = json.loads(path.read_text(encoding="utf-8"))
    sets = ("api", "builtins", "attributes", "settable", "methods", "keywords")
    return Vocabulary(
        fields["pool"], fields["pool_names"], fields["spend"], **{name: frozenset(fields[name]) for name in sets}
    )
