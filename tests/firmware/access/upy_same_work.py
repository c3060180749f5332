"""Same work for every passcode (R9), and the C stack that the services need."""

import _thread
import os
import time

from support import scrubbing
from support.world import PASSCODE, TOKEN, ready

from watch.access import lock as lock_room
from watch.crypto.hashes import equal
from watch.kernel.errors import PasscodeError

scrubbing.leave_out()
LONG = bool(os.getenv("TAPWATCH_LONG"))
TIMEOUT_S = 240
_STACK_BYTES = 16_384  # of the board's main task; words of the unix port are twice as long, so it needs more
_MARGIN_BYTES = 8192  # what the unix port keeps back of a thread's stack


class _Oracle:
    """Counts calls."""

    def __init__(self, secret):
        self.kind = secret.kind
        self.calls = 0
        self._secret = secret

    def hmac(self, data):
        self.calls += 1
        return self._secret.hmac(data)


class _Bench:
    """One locked watch; every try starts from the same flash image."""

    def __init__(self):
        self.world = ready()
        self.world.services.guard.lock()
        self.flash = self.world.board.flash
        self.image = bytes(self.flash._image)

    def work(self, passcode):
        """(oracle calls, flash operations and bytes up to the decision, the same to the end, right)."""
        self.flash._image[:] = self.image
        services = self.world.restart().services
        oracle = services.guard._lock._secret = _Oracle(self.world.board.secret)
        flash = self.flash
        flash.reads = flash.programs = flash.programmed_bytes = flash.erases = 0
        decided = []
        plain = lock_room.siv_open

        def decide(*arguments):
            decided.append((oracle.calls, flash.reads, flash.programs, flash.programmed_bytes, flash.erases))
            return plain(*arguments)

        lock_room.siv_open = decide
        right = True
        try:
            self.world.unlock(passcode)
        except PasscodeError:
            right = False
        finally:
            lock_room.siv_open = plain
        return decided, (oracle.calls, flash.reads, flash.programs, flash.programmed_bytes, flash.erases), right


def _typed(count):
    """Passcodes of every length, near misses of the right one included."""
    for place in range(len(PASSCODE)):
        for digit in b"0123456789":
            yield PASSCODE[:place] + bytes([digit]) + PASSCODE[place + 1 :]
    for number in range(count):
        length = 4 + number % 5
        yield (b"%08d" % (number * 7919 % 100_000_000))[:length]


def test_same_work_for_every_passcode():
    bench = _Bench()
    before, wrong, right, tried = set(), set(), set(), 0
    for passcode in _typed(10_000 if LONG else 150):
        decided, whole, good = bench.work(passcode)
        assert len(decided) == 1
        before.add(decided[0])
        (right if good else wrong).add(whole)
        tried += 1
    assert len(before) == 1 and len(wrong) == 1 and len(right) == 1, (before, wrong, right)
    print(f"NOTE passcodes tried: {tried}; oracle calls, flash operations and bytes before the decision: {before}")


def test_the_comparison_reads_all_of_both():
    """Only a whole-length pass can tell a difference in the last byte; the first byte must not end it early."""
    one = bytearray(range(64))
    for place in range(64):
        other = bytearray(one)
        other[place] ^= 1
        assert not equal(one, other), place
    assert equal(one, bytearray(one)) and not equal(one, one[:63])


def _everything():
    world = ready()
    world.add_card(batch=2, first_atc=11)
    world.services.wallet.arm()
    world.services.notices.receive(world.issuer.notice(world.services.identity.device_id, TOKEN, 11))
    world.services.guard.lock()
    world.unlock()
    world.services.unlocked()
    world.services.guard.wipe()


def _fits(stack_bytes):
    """True if everything runs in a thread with this much C stack."""
    outcome = []

    def run():
        try:
            _everything()
            outcome.append(True)
        except RuntimeError:  # maximum recursion depth exceeded
            outcome.append(False)
        except Exception as error:
            outcome.append(error)

    _thread.stack_size(stack_bytes + _MARGIN_BYTES)
    try:
        _thread.start_new_thread(run, ())
        while not outcome:
            time.sleep_ms(5)
    finally:
        _thread.stack_size(0)
    return outcome[0]


def test_the_services_fit_the_stack_of_the_board():
    needed = _STACK_BYTES // 2
    while (outcome := _fits(needed)) is False:
        needed += 1024
    assert outcome is True, repr(outcome)
    print(f"NOTE C stack that everything the services do fits into: {needed} bytes of {_STACK_BYTES}")
    assert needed <= _STACK_BYTES
