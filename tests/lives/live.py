"""Runs inside MicroPython: `live.py SEED PAYMENTS EVERY [BUG]`, the bug one of planted.py.

One life of so many payments. Prints every EVERY-th payment for others to check, 0 for none, and at the end a line of
JSON: the counts, or what failed.
"""

import json
import sys

from tests.lives.life import END_S, Life
from tests.lives.model import Failed
from tests.lives.planted import plant

STEPS_A_PAYMENT = 8


class Teller:
    """Prints every so manieth line."""

    def __init__(self, every):
        self._every = every
        self._told = 0

    def __call__(self, line):
        self._told += 1
        if self._every and self._told % self._every == 0:
            print(line)


def main(seed, payments, every, bug=None):
    if bug is not None:
        plant(bug)
    life = Life(seed, Teller(every))
    try:
        life.begin()
        while life.counts["payments"] < payments and life.counts["deeds"] < payments * STEPS_A_PAYMENT:
            if life.desk.now_s >= END_S:
                break
            life.step()
    except Failed as error:
        life.counts["failed"] = "seed %d, deed %d: %s" % (seed, life.counts["deeds"], error)
    print(json.dumps(life.counts))


if __name__ == "__main__":
    main(*[int(number) for number in sys.argv[1:4]], *sys.argv[4:])
