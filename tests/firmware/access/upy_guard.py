"""The guard on a real journal: passcode, tries, delays, sessions, wipe, power cuts around the check."""

import asyncio

from support import scrubbing
from support.world import PASSCODE, World, ready, refused

from watch.access import lock, passcode, session, states
from watch.kernel.errors import InputError, LockedError, PasscodeError, StateError, WipedError
from watch.storage import records
from watch.storage.counters import Counter

scrubbing.leave_out()
WRONG = b"000000"


def _try(world, digits):
    """One unlock; returns the error's class or None."""
    try:
        world.unlock(digits)
        return None
    except (PasscodeError, LockedError, WipedError) as error:
        return type(error)


def _wait_out(world):
    world.board.clock.now_us += world.services.guard.wait_ms() * 1000


def test_first_passcode_unlocks_and_survives_a_restart():
    world = World().provision().set_passcode()
    guard = world.services.guard
    assert guard.state == states.WORN
    guard = world.restart().services.guard
    assert guard.state == states.LOCKED and guard.has_passcode()
    world.unlock()
    assert guard.state == states.WORN


def test_a_passcode_is_four_to_eight_digits():
    for bad in (b"", b"123", b"123456789", b"12a4", b"12 4", b"\xb1234"):
        refused(InputError, passcode.check, bad)
    for good in (b"1234", b"12345678"):
        passcode.check(good)


def test_the_vault_key_only_comes_out_of_a_session():
    world = ready()
    guard = world.services.guard
    with guard.vault_key() as key:
        first = bytes(key)
        assert len(first) == 32 and any(first)
    assert not any(key), "the buffer must be zeroed after the block"
    guard.lock()
    refused(LockedError, guard.vault_key)
    world.unlock()
    with guard.vault_key() as key:
        assert bytes(key) == first, "the same vault key after the same passcode"


def test_wrong_passcodes_count_over_restarts_and_the_tenth_wipes():
    world = ready()
    for used in range(1, lock.MAX_TRIES):
        world.restart()
        _wait_out(world)
        assert _try(world, WRONG) is PasscodeError, used
        assert world.services.guard.tries_left() == lock.MAX_TRIES - used
    world.restart()
    _wait_out(world)
    assert _try(world, WRONG) is WipedError
    assert world.services.guard.state == states.WIPING
    services = world.restart().services
    assert not services.guard.has_passcode() and not services.vault.slots and not services.identity.provisioned()


def test_once_the_tries_are_used_up_not_even_the_right_passcode_opens():
    world = ready()
    world.services.guard.lock()
    tries = Counter(world.services.journal, records.TRIES)
    for _ in range(lock.MAX_TRIES):
        tries.increment()
    _wait_out(world)
    assert _try(world, PASSCODE) is WipedError and world.services.guard.state == states.WIPING


def test_a_right_passcode_gives_the_tries_back():
    world = ready()
    world.services.guard.lock()
    assert _try(world, WRONG) is PasscodeError
    world.unlock()
    assert world.services.guard.tries_left() == lock.MAX_TRIES


def test_delays_run_and_start_anew_at_boot():
    world = ready()
    world.services.guard.lock()
    for _ in range(5):
        _wait_out(world)
        _try(world, WRONG)
    guard = world.services.guard
    assert guard.wait_ms() == lock.DELAYS_S[4] * 1000
    assert _try(world, PASSCODE) is LockedError, "not even the right one during the delay"
    tries = guard.tries_left()
    world.board.clock.now_us += 29_000_000
    guard = world.restart().services.guard
    assert guard.wait_ms() == 30_000 and guard.tries_left() == tries, "a restart shortens nothing"


def test_every_try_is_written_before_it_is_checked():
    """Cut the power at each flash operation of a wrong try: the try is counted unless the check never ran (R2)."""
    free = checked = points = 0
    for cut_at in range(1, 40):
        world = ready()
        world.services.guard.lock()
        flash = world.board.flash
        left = world.services.guard.tries_left()
        calls = []
        _count_oracle(world, calls)
        _cut_after(flash, cut_at)
        outcome = "cut"
        try:
            world.unlock(WRONG)
        except OSError:
            pass
        except PasscodeError:
            outcome = "done"
        except Exception as error:
            outcome = type(error).__name__
        _restore(flash)
        points += 1
        again = world.restart().services.guard.tries_left()
        if len(calls) > passcode.MIN_ROUNDS // 2:
            checked += 1
            free += again >= left
        if outcome == "done":
            break
    assert outcome == "done", "the sweep must reach an uncut try"
    assert free == 0, f"{free} tries were free"
    print(f"NOTE access: {points} cut points around a wrong passcode, {checked} checks ran, {free} free tries")


def _count_oracle(world, calls):
    """Count calls of the device oracle from now on."""
    secret = world.services.guard._lock._secret
    plain = type(secret).hmac

    class Counting:
        kind = secret.kind

        def hmac(self, data):
            calls.append(1)
            return plain(secret, data)

    world.services.guard._lock._secret = Counting()


def _cut_after(flash, operations):
    """Let the flash fail for good at the given program or erase."""
    flash.plain = (flash.program, flash.erase)
    left = [operations]

    def guarded(call):
        def run(*arguments):
            left[0] -= 1
            if left[0] <= 0:
                raise OSError(5)
            return call(*arguments)

        return run

    flash.program, flash.erase = guarded(flash.plain[0]), guarded(flash.plain[1])


def _restore(flash):
    flash.program, flash.erase = flash.plain


def test_sessions_end_by_time_and_by_stillness():
    world = ready()
    guard = world.services.guard
    world.board.clock.now_us += (session.STILL_MS - 1000) * 1000
    assert guard.check_session() is None
    guard.moved()
    world.board.clock.now_us += (session.STILL_MS - 1000) * 1000
    assert guard.check_session() is None
    world.board.clock.now_us += 1_000_000
    assert guard.check_session() == "stillness" and guard.state == states.LOCKED
    world.unlock()
    for _ in range(session.LONGEST_MS // 60_000 - 1):
        world.board.clock.now_us += 60_000_000
        guard.moved()
        assert guard.check_session() is None
    world.board.clock.now_us += 60_000_000
    guard.moved()
    assert guard.check_session() == "time" and guard.state == states.LOCKED


def test_cdcvm_needs_an_armed_state_and_a_fresh_passcode():
    world = ready()
    guard = world.services.guard
    assert not guard.cdcvm(900), "worn is not enough"
    guard.arm()
    assert guard.cdcvm(900)
    world.board.clock.now_us += 901_000_000
    assert not guard.cdcvm(900)


def test_changing_the_passcode_keeps_the_vault_key():
    world = ready()
    guard = world.services.guard
    with guard.vault_key() as key:
        before = bytes(key)
    asyncio.run(guard.change_passcode(bytearray(PASSCODE), bytearray(b"1357")))
    world.restart()
    assert _try(world, PASSCODE) is PasscodeError
    world.unlock(b"1357")
    with world.services.guard.vault_key() as key:
        assert bytes(key) == before


def test_a_second_passcode_cannot_be_set_over_the_first():
    world = ready()
    world.services.guard.lock()
    refused(StateError, world.set_passcode, b"1111")


def test_a_failed_wipe_is_finished_at_the_next_boot():
    world = ready()
    world.services.guard.lock()
    for _ in range(lock.MAX_TRIES - 1):
        _wait_out(world)
        _try(world, WRONG)
    _wait_out(world)
    world.services.journal.wipe = lambda: None  # the power goes before the wipe does anything
    assert _try(world, WRONG) is WipedError
    services = world.restart().services
    assert services.guard.state == states.WIPING
    assert services.journal.get(records.PASSCODE) is None
