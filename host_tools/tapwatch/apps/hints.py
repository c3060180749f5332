"""What Tapwatch has in the place of things that people who know Python look for first."""

from __future__ import annotations

_TIME = "`watch.time` has the time, `tick` comes again and again, `pace` says how often"
_PLAIN = "a class of your own with `__init__` does"
_ASK = "the hardware is reached by what app.toml asks for under `permissions` (docs/apps.md)"
_TYPES = "annotations may be texts; import what they name under `if TYPE_CHECKING:`"
_WEB = "the permission `web` asks through the phone"

MODULES = {
    "math": "the API has atan2, cos, sin, sqrt and PI",
    "cmath": "the API has atan2, cos, sin, sqrt and PI",
    "random": "the permission `dice` has `watch.dice.below(n)`",
    "secrets": "the permission `dice` has `watch.dice.below(n)`",
    "json": "the API has `parse_json`",
    "time": _TIME,
    "datetime": _TIME + "; `watch.text.date` writes a date",
    "calendar": "the API has `Month`, `days_in_month` and `days_since_2000`",
    "asyncio": _TIME,
    "threading": _TIME,
    "typing": _TYPES,
    "__future__": _TYPES,
    "collections": "lists, dicts and sets do; there is no `deque` and no `namedtuple`",
    "dataclasses": _PLAIN,
    "enum": "`NAME = const(1)` costs nothing on the watch",
    "abc": _PLAIN,
    "functools": "write the function out",
    "itertools": "a loop does",
    "os": "the permission `storage` keeps files",
    "pathlib": "the permission `storage` keeps files",
    "io": "the permission `storage` keeps files",
    "sys": "`watch.log` is for what you want to see",
    "logging": "`watch.log` is for what you want to see",
    "requests": _WEB,
    "urllib": _WEB,
    "http": _WEB,
    "socket": _WEB,
    "machine": _ASK,
    "network": _WEB,
    "bluetooth": _ASK,
    "struct": "`int.from_bytes` and `to_bytes` take numbers apart",
    "re": "`split`, `partition`, `find` and `startswith` take texts apart",
}
"""By the first part of a module's name."""

NAMES = {
    "open": "the permission `storage` keeps files",
    "input": "the wearer answers by a `button`, a `RowList` or a `TimeChooser`",
    "getattr": "a dictionary finds things by their texts",
    "setattr": "a dictionary keeps things by their texts",
    "hasattr": "give the attribute a value, such as None, when the object is made",
    "vars": "a dictionary keeps things by their texts",
    "memoryview": "slices of `bytes` and `bytearray` do",
    "object": "a class needs no base",
    "__name__": "the watch begins with what app.toml calls `entry`",
    "__str__": "give the class a method such as `in_words`",
    "__repr__": "give the class a method such as `in_words`",
    "__eq__": "give the class a method such as `is_like`",
    "__lt__": "`sorted` takes a `key`",
    "__len__": "give the class a method such as `size_of`",
    "__enter__": "there is no `with`; call a method",
    "__iter__": "a method with `yield` does",
}
"""By a name that no app may use."""

ATTRIBUTES = {
    "zfill": 'MicroPython has none; write f"{n:03}"',
    "ljust": 'MicroPython has none; write f"{text:<8}"',
    "rjust": 'MicroPython has none; write f"{text:>8}"',
    "capitalize": "MicroPython has none; write text[:1].upper() + text[1:]",
    "casefold": "MicroPython has none; `lower` does",
    "removeprefix": "MicroPython has none; `startswith`, and a slice",
    "removesuffix": "MicroPython has none; `endswith`, and a slice",
    "format_map": "`format` takes the values one by one",
    "sleep": _TIME,
    "set_text": "`set` changes what a widget shows",
    "setText": "`set` changes what a widget shows",
    "setter": "give the class a method such as `set_level`",
}
"""By the name of an attribute that neither the API nor MicroPython has."""
