"""Compares secrets, once for each `time.ticks_cpu`: the program that test_constant_work.py runs under callgrind.

Prints one line for each comparison: what is compared, and where the wrong byte is.
"""

import gc
import sys
import time

from board.software_secret import SoftwareSecret
from tests.firmware.payment import card_kit
from watch.access.lock import PasscodeLock
from watch.crypto.gcm import gcm_open, gcm_seal
from watch.crypto.hashes import equal
from watch.crypto.siv import siv_open, siv_seal
from watch.kernel.errors import TagError
from watch.payment.armed import SingleKey
from watch.payment.cryptogram import answered_by_issuer
from watch.payment.pin import Pin
from watch.storage.counters import Counter

KEY = bytes(range(32))
AAD = b"header"
PLAIN = bytes(range(48))
NONCE = bytes(12)
DIGITS = b"271828"
MADE = bytes(range(8))
RESPONSE = b"00"


def wrong(data, place):
    """The same bytes, changed at one place."""
    return bytearray(data[:place]) + bytearray((data[place] ^ 1,)) + bytearray(data[place + 1 :])


def plain():
    """The door itself."""
    good = bytearray(range(32))
    return 32, lambda place: (wrong(good, place), good), lambda pair: equal(pair[0], pair[1])


def gcm():
    """The tag of a package."""
    sealed = gcm_seal(KEY[:16], NONCE, AAD, PLAIN)
    tag_at = len(sealed) - 16
    return 16, lambda place: bytes(wrong(sealed, tag_at + place)), lambda data: gcm_open(KEY[:16], NONCE, AAD, data)


def siv():
    """The synthetic IV of a sealed record; the vault key and every record open through this."""
    sealed = siv_seal(KEY, [AAD], PLAIN)
    return 16, lambda place: bytes(wrong(sealed, place)), lambda data: siv_open(KEY, [AAD], data)


def arpc():
    """The bank's proof at the second GENERATE AC."""
    key = SingleKey(7, bytearray(KEY[:16]))
    good = card_kit.arpc(MADE, RESPONSE, KEY[:16])
    return 8, lambda place: wrong(good, place), lambda data: answered_by_issuer(key, MADE, data, 0)


def pin():
    """VERIFY of the test card: one digit wrong, the first to the last."""
    checked = Pin(DIGITS)

    def command(place):
        digits = bytearray(DIGITS)
        digits[place] = 48 + (digits[place] - 47) % 10
        return bytearray(card_kit.verify(digits.decode()))

    def verify(request):
        checked.tries_left = 3
        return checked.verify(request, len(request))

    return len(DIGITS), command, verify


class Facts:
    """A journal in RAM."""

    def __init__(self):
        self._facts = {}

    def get(self, record):
        return self._facts.get(record)

    def commit(self, changes):
        self._facts.update(changes)


class Still:
    """A clock that stands, and random bytes that are none."""

    def ticks_ms(self):
        return 0

    def ticks_us(self):
        return 0

    def bytes(self, count):
        return bytes(range(count))

    def fill(self, into):
        into[:] = bytes(range(len(into)))


class Once:
    """Where a passcode check lets other tasks run."""

    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration


async def pause():
    await Once()


def finish(coroutine):
    """Run a coroutine that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits")


def passcode():
    """A wrong passcode, up to the decision: the oracle's whole chain and the wrapped vault key."""
    facts, still = Facts(), Still()
    lock = PasscodeLock(facts, SoftwareSecret(bytearray(KEY)), still, still, Counter(facts, 1), pause)
    finish(lock.create(bytearray(DIGITS)))
    stored = lock._read()

    def code(place):
        digits = bytearray(DIGITS)
        digits[place] = 48 + (digits[place] - 47) % 10
        return digits

    return len(DIGITS), code, lambda digits: finish(lock._unwrap(stored, digits))


def early():
    """What must not be used: a comparison that ends at the first difference."""
    good = bytearray(range(32))

    def compare(pair):
        for one, other in zip(pair[0], pair[1]):  # noqa: SIM110 - as somebody would write it
            if one != other:
                return False
        return True

    return 32, lambda place: (wrong(good, place), good), compare


COMPARED = (
    ("equal", plain),
    ("GCM", gcm),
    ("SIV", siv),
    ("ARPC", arpc),
    ("VERIFY", pin),
    ("passcode", passcode),
    ("early", early),
)
SLOW = ("passcode",)
"""Once is enough: one check is a whole chain of oracle calls."""


def attempt(compare, data):
    """Compare; what is refused by an error is refused."""
    try:
        compare(data)
    except TagError:
        pass


def main(rounds):
    """Every place of every comparison, so often; the first two only fill caches and are called `first`."""
    work = []
    for name, make in COMPARED:
        places, data_of, compare = make()
        inputs = [(str(place), data_of(place)) for place in range(places)]
        often = 1 if name in SLOW else rounds
        work.append((name, [("first", data_of(0))] * 2 + inputs * often, compare))
    ticks = time.ticks_cpu
    for name, inputs, compare in work:
        attempt(compare, inputs[0][1])
        for place, data in inputs:
            gc.collect()
            ticks()
            attempt(compare, data)
            ticks()
            print(name, place)


main(int(sys.argv[1]))
