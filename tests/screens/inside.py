"""Looks into an app by the names that its source has: on the watch its own names are those of the pool."""

import json

from watch.apps.fuel import Tank
from watch.apps.verifier.pool import is_pool

_PLENTY = 1_000_000


class Inside:
    """An object of an app. What is called on it has fuel."""

    def __init__(self, thing, names):
        self.thing, self.names = thing, names

    def __getattr__(self, name):
        value = getattr(self.thing, self.names.get(name, name))
        if is_pool(type(value).__name__):
            return Inside(value, self.names)
        return _fuelled(value) if callable(value) and is_pool(type(self.thing).__name__) else value

    def put(self, name, value):
        """Set an attribute."""
        setattr(self.thing, self.names.get(name, name), value)


def inside(screen):
    """The app that a screen runs."""
    with open("build/maps/%s.map.json" % screen.manifest.id) as file:
        names = json.load(file)["names"]
    return Inside(screen._app, {source: name for name, source in names.items()})


def _fuelled(function):
    def call(*arguments):
        tank = Tank(_PLENTY, 1000)
        tank.open(0)
        try:
            return function(*arguments)
        finally:
            tank.shut()

    return call
