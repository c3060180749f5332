"""A task that the watch cannot do without dies: the watch locks at once, says so in its log, and goes on."""

import asyncio

from support.world import World

from watch.access import states
from watch.kernel.loop import run, sleep_ms
from watch.kernel.tasks import DEAD
from watch.system.main import build

PASSCODE = b"246810"


def _watch():
    world = World().provision().set_passcode().add_card()
    watch = build(world.board)
    asyncio.run(watch.services.guard.unlock(bytearray(PASSCODE)))
    return world.board, watch


async def _kill(board, watch):
    """Let the radio fail once while a card is armed."""
    running = asyncio.create_task(watch.run())
    await sleep_ms(5)
    watch.services.wallet.arm()
    keys = watch.services.wallet.armed[0].keys
    board.nfc.frames = [None]  # a radio that hands over no frame
    board.nfc.callback()
    await sleep_ms(20)
    running.cancel()
    return keys


def test_a_dead_critical_task_locks_and_zeroes():
    board, watch = _watch()
    keys = run(_kill(board, watch))
    assert watch.services.guard.state == states.LOCKED
    assert watch.services.wallet.armed == [] and all(not any(key._key) for key in keys)
    failed = [line for line in watch.log.lines() if "TypeError" in line]
    assert [line for line in failed if "nfc: " in line or "screen: " in line], "who let the reader in, and died of it"
    jobs = {job.name: job for job in watch.supervisor.jobs()}
    assert jobs["nfc"].critical and jobs["screen"].critical and not jobs["usb"].critical


def test_a_flash_that_fails_as_well_keeps_no_task_from_starting_again():
    board, watch = _watch()

    def refuse(address, data):
        raise OSError(28)

    async def kill():
        arm = watch.services.wallet.arm

        def armed():
            arm()
            board.flash.program = refuse  # what was used cannot be written at the lock

        watch.services.wallet.arm = armed
        keys = await _kill(board, watch)
        return keys, {job.name: job.state for job in watch.supervisor.jobs()}

    keys, jobs = run(kill())
    assert watch.services.guard.state == states.LOCKED and not any(any(key._key) for key in keys)
    assert jobs["nfc"] != DEAD, "locked, but without a radio until the next restart"


def test_a_watch_whose_radio_does_not_start_still_starts():
    world = World().provision().set_passcode().add_card()

    def dead(uid, atqa, sak):
        raise OSError(110)

    world.board.nfc.arm = dead
    watch = build(world.board)
    assert watch.stack.top.name == "face" and [line for line in watch.log.lines() if "nfc: OSError" in line]


def test_a_watch_that_goes_on_with_a_wipe_at_its_start_answers_no_reader():
    world = World().provision().set_passcode().add_card()
    tries = world.services.guard._lock._tries
    for _ in range(10):
        tries.increment()  # the power went between the tenth wrong passcode and its wipe
    watch = build(world.board)
    assert watch.services.guard.state == states.WIPING and watch.stack.top.name == "wiped"
    assert not world.board.nfc.armed
