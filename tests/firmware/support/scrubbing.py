"""Leaves out what takes most of the time of many tests: `crypto.scrub` writes over all of the heap that is free.

What it does is tried in tests/firmware/crypto/upy_scrub.py and, on a whole watch, in tests/host/access/test_memory.py.
"""

from watch.access import guard
from watch.payment import codes, express, issuance, wallet
from watch.system import wiping

_ROOMS = (guard, codes, express, issuance, wallet, wiping)


def leave_out(instead=None):
    """Let the rooms that scrub do nothing, or `instead`, for the rest of this process: that is one file of tests."""
    for room in _ROOMS:
        room.scrub = instead or _nothing


def _nothing():
    """Stands for `crypto.scrub`."""
