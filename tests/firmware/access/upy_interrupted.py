"""Passcode checks that are cancelled, locked, wiped or doubled at every await: nothing half, nothing revived (R11)."""

import asyncio

from support import scrubbing
from support.world import PASSCODE, World, ready, refused

from watch.access import states
from watch.kernel.errors import LockedError, PasscodeError, StateError, WatchError
from watch.storage import records

OTHER = b"97531"
scrubbing.leave_out()
_US_PER_CALL = 2500  # makes the oracle slow enough for several awaits in one check


class _Once:
    """Suspends the coroutine one time."""

    def __iter__(self):
        self.given = False
        return self

    def __next__(self):
        if self.given:
            raise StopIteration
        self.given = True


async def _pause():
    await _Once()


class _SlowSecret:
    """The oracle, taking time."""

    def __init__(self, board):
        self._board = board
        self._secret = board.secret
        self.kind = board.secret.kind

    def hmac(self, data):
        self._board.clock.now_us += _US_PER_CALL
        return self._secret.hmac(data)


def _steps(world):
    lock = world.services.guard._lock
    lock._pause = _pause
    lock._secret = _SlowSecret(world.board)


def _run(coroutine, steps=1000):
    """Drive a coroutine over at most `steps` awaits; True if it has ended."""
    for _ in range(steps):
        try:
            coroutine.send(None)
        except StopIteration:
            return True
    return False


def _world(with_passcode):
    world = World().provision()
    _steps(world)
    if with_passcode:
        _run(world.services.guard.set_passcode(bytearray(PASSCODE)))
        world.services.guard.lock()
    return world


def _cancel(coroutine):
    try:
        coroutine.throw(asyncio.CancelledError())
    except asyncio.CancelledError:
        return
    raise AssertionError("went on after it was cancelled")


def _set(guard):
    return guard.set_passcode(bytearray(PASSCODE))


def _unlock(guard):
    return guard.unlock(bytearray(PASSCODE))


def _change(guard):
    return guard.change_passcode(bytearray(PASSCODE), bytearray(OTHER))


FLOWS = (("set", False, _set), ("unlock", True, _unlock), ("change", True, _change))


def _awaits(with_passcode, flow):
    world = _world(with_passcode)
    coroutine = flow(world.services.guard)
    count = 0
    while not _run(coroutine, 1):
        count += 1
    return count


def _opens_with(world, *passcodes):
    opened = 0
    for passcode in passcodes:
        try:
            _run(world.services.guard.unlock(bytearray(passcode)))
            opened += 1
        except PasscodeError:
            pass
    return opened


def test_cancel_at_every_await():
    points = 0
    for name, with_passcode, flow in FLOWS:
        count = _awaits(with_passcode, flow)
        assert count > 3, f"{name} has only {count} awaits"
        for at in range(1, count + 1):
            world = _world(with_passcode)
            guard = world.services.guard
            coroutine = flow(guard)
            assert not _run(coroutine, at)
            _cancel(coroutine)
            assert guard.state == states.LOCKED and not guard.unlocked()
            if guard.has_passcode():
                assert _opens_with(world, PASSCODE, OTHER) == 1, f"{name} cancelled at {at}"
            else:
                assert _run(_set(guard))
            assert guard.state == states.WORN
            points += 1
    print(f"NOTE access: passcode flows cancelled at {points} awaits, 0 stuck")


def test_lock_at_every_await_ends_the_check():
    points = 0
    for name, with_passcode, flow in FLOWS:
        for at in range(1, _awaits(with_passcode, flow) + 1):
            world = _world(with_passcode)
            guard = world.services.guard
            coroutine = flow(guard)
            assert not _run(coroutine, at)
            guard.lock()
            refused(StateError, _run, coroutine)
            assert guard.state == states.LOCKED and not guard.unlocked(), f"{name} locked at {at}"
            points += 1
    print(f"NOTE access: locked at {points} awaits of a passcode flow, 0 unlocked afterwards")


def test_wipe_at_every_await_leaves_nothing():
    points = 0
    for name, with_passcode, flow in FLOWS:
        for at in range(1, _awaits(with_passcode, flow) + 1):
            world = _world(with_passcode)
            guard = world.services.guard
            coroutine = flow(guard)
            assert not _run(coroutine, at)
            guard.wipe()
            refused(WatchError, _run, coroutine)
            assert guard.state == states.WIPING and not guard.unlocked(), f"{name} wiped at {at}"
            assert world.services.journal.keys() == [], f"{name} wrote after the wipe"
            assert world.restart().services.journal.get(records.PASSCODE) is None
            points += 1
    print(f"NOTE access: wiped at {points} awaits of a passcode flow, 0 records afterwards")


def test_only_one_passcode_at_a_time():
    for _, with_passcode, flow in FLOWS:
        for _, needs, other in FLOWS:
            if needs != with_passcode:
                continue
            world = _world(with_passcode)
            guard = world.services.guard
            first = flow(guard)
            assert not _run(first, 2)
            refused(StateError, _run, other(guard))
            assert _run(first)
            assert _opens_with(world, PASSCODE, OTHER) == 1


def test_a_session_that_has_run_out_is_not_revived_by_motion_or_wrapped_ticks():
    for away_s in (601, 43_201, 600_000, 1_000_000):
        world = ready()
        guard = world.services.guard
        world.board.clock.now_us += away_s * 1_000_000
        guard.moved()
        assert not guard.cdcvm(900)
        refused(LockedError, guard.arm)
        assert guard.state == states.LOCKED, away_s


def test_a_delay_is_over_after_days():
    world = ready()
    guard = world.services.guard
    guard.lock()
    for _ in range(5):
        world.board.clock.now_us += guard.wait_ms() * 1000
        refused(PasscodeError, world.unlock, b"000000")
    for days in (1, 6, 7, 12):
        world.board.clock.now_us = days * 86_400_000_000
        assert guard.wait_ms() == 0, days


def test_a_listener_that_fails_does_not_stop_the_wipe():
    world = ready()

    def fail(old, new):
        raise ValueError

    world.services.guard.listen(fail)
    refused(ValueError, world.services.guard.wipe)
    assert world.services.guard.state == states.WIPING and world.services.journal.keys() == []
    assert not world.services.vault.slots and not world.services.history.payments


def test_nothing_is_armed_while_a_passcode_is_checked():
    world = ready()
    _steps(world)
    guard = world.services.guard
    for check in (guard.unlock(bytearray(PASSCODE)), guard.change_passcode(bytearray(PASSCODE), bytearray(OTHER))):
        assert not _run(check, 1)
        refused(StateError, guard.arm)
        assert guard.state == states.WORN
        assert _run(check)
        guard.arm()
        guard.disarm()


def test_a_listener_that_fails_leaves_nothing_armed():
    world = ready()
    guard = world.services.guard

    def fail(old, new):
        if new == states.ARMED:
            raise MemoryError

    guard.listen(fail)
    refused(MemoryError, world.services.wallet.arm)
    assert guard.state == states.WORN and not world.services.wallet.armed
