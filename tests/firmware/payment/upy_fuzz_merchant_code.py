"""Damaged and invented merchants' codes: one declared error, bounded time, no memory lost."""

import gc
import random
import time

from tests.firmware.payment.merchant_kit import closed, code, part
from tests.fuzz.campaign import count
from watch.kernel.errors import InputError
from watch.payment.merchant_code import MerchantCode

SHARE = "fuzz"
COUNT = count(2_500)
MOST_MS = 50
ALPHABET = "0123456789ABZaz.* \x00\x1fé付\u202e"


def invented():
    """A code that was right once, or never; most with a right checksum, so that the rest is reached."""
    kind = random.randrange(8)
    if kind == 0:
        return "".join([random.choice(ALPHABET) for _ in range(random.randrange(540))])
    name = "".join([random.choice(ALPHABET) for _ in range(random.randrange(30))])
    text = code(name=name, amount=random.choice(("12.34", None)))[:-8]
    if kind == 1:
        return closed(text)
    if kind == 2:
        return closed(text[: random.randrange(6, len(text) + 1)])
    if kind == 3:
        return closed(text + part(random.randrange(26, 52), text[6 : 6 + random.randrange(60)]))
    if kind == 4:
        return closed(text + "".join([part(number, "x" * random.randrange(99)) for number in range(64, 70)]))
    for _ in range(random.randrange(1, 4)):
        at = random.randrange(6, len(text))
        text = text[:at] + random.choice(ALPHABET) + text[at + 1 :]
    return closed(text)


def run(count):
    """Returns (accepted, longest ms)."""
    accepted = longest = 0
    for _ in range(count):
        text = invented()
        start = time.ticks_us()
        try:
            read = MerchantCode(text)
            accepted += 1
            assert 0 <= read.amount_minor <= 999_999_999_999 and read.merchant and 0 < read.currency <= 999
        except InputError:
            pass
        longest = max(longest, time.ticks_diff(time.ticks_us(), start))
    return accepted, longest / 1000


def test_merchant_codes():
    random.seed(20261122)
    run(200)
    gc.collect()
    before = gc.mem_alloc()
    accepted, longest = run(COUNT)
    gc.collect()
    grown = gc.mem_alloc() - before
    print("NOTE fuzzed merchant codes:", COUNT, "accepted:", accepted, "longest ms:", longest, "heap growth:", grown)
    assert COUNT // 100 < accepted < COUNT, "the fuzzer must reach both ends"
    assert longest < MOST_MS and grown < 1024
