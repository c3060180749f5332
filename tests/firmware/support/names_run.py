"""Installs, runs and removes one app after the other; says after each how many names the interpreter keeps.

Run by tests/memory/test_names.py with a folder. What it prints between the lines is of `micropython.qstr_info`.
"""

import sys

import micropython

from support.memory_watch import Bench, tell, used_bytes
from watch.apps.shelf.firmware_apps import APPS


def main(folder):
    """The apps of the firmware first: what they have interned, others find there."""
    bench = Bench(folder)
    for app in APPS:
        bench.use(app)
    last = bench.bundles()[0]
    for app in [last] + bench.bundles():
        bench.install(app)
        bench.use(app)
        bench.services.shelf.remove(app)
        tell(app=app, used=used_bytes())
        micropython.qstr_info()


main(sys.argv[1])
