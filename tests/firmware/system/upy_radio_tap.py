"""A reader's tap while Bluetooth is on: the answer is due, so the radio gets no call and no byte of heap of its own."""

import gc

import micropython
from support import scrubbing

from tests.bench.scenes.reader import frames
from tests.firmware.system.radio_kit import Worn
from watch.access import states
from watch.system.radio_plan import WINDOW_MS

scrubbing.leave_out()

TAP_BYTES = 4096
"""As in tests/bench/budgets.py."""
STACK_BYTES = 16_384
MOST_EXTRA_BYTES = 64
"""What a radio may add to a tap: nothing, and a little for how the heap is counted."""


def _tap(worn):
    """One tap with the collector off: bytes allocated, C stack, flash operations, calls of the Bluetooth stack."""
    worn.services.wallet.arm()
    worn.board.nfc.frames = frames("visa")[1]
    flash, calls = worn.board.flash, worn.ble.calls
    gc.collect()
    before = flash.reads + flash.programs + flash.erases, len(calls), gc.mem_alloc()
    gc.disable()
    try:
        worn.watch._session.run()
        used = gc.mem_alloc() - before[2]
    finally:
        gc.enable()
    stack = micropython.stack_use()
    touched = flash.reads + flash.programs + flash.erases - before[0]
    called = len(calls) - before[1]
    assert worn.services.guard.state == states.ARMED and worn.services.wallet.tapped() is not None
    return used, stack, touched, called


async def _taps(worn):
    """The second of two, as names are looked up the long way in the first."""
    for _ in range(2):
        found = _tap(worn)
        worn.watch.card.served()
        await worn.pause()
    return found


def test_a_tap_with_radio_phone_and_terminal():
    async def without(worn):
        assert not worn.ble.on
        return await _taps(worn)

    async def with_devices(worn):
        phone = await worn.pair("phone", 1)
        worn.press()
        terminal = await worn.pair("terminal", 2)
        worn.press()
        found = await _taps(worn)
        assert worn.ble.on and phone.connected and terminal.connected
        return found

    alone = Worn(radio="off").run(without)
    found = Worn(radio="connected").run(with_devices)
    print("NOTE tap with Bluetooth on: %d bytes, %d of C stack; off: %d bytes" % (found[0], found[1], alone[0]))
    for used, stack, flash, calls in (alone, found):
        assert used <= TAP_BYTES and stack < STACK_BYTES, (used, stack)
        assert flash == calls == 0, (flash, calls)
    assert found[0] <= alone[0] + MOST_EXTRA_BYTES, (found, alone)


def test_the_count_notices_a_radio_that_works_in_a_tap():
    async def story(worn):
        worn.services.guard.listen(lambda old, new: worn.ble.gap_advertise(None))
        return await _taps(worn)

    assert Worn(radio="connected").run(story)[3] > 0


def test_the_radio_is_held_for_terminals_while_a_card_is_armed():
    async def story(worn):
        await worn.pair("terminal", 1)
        worn.press()
        await worn.pause(60_000)
        assert not worn.ble.on, "the window is over"
        worn.press("double")
        await worn.pause()
        assert worn.ble.on and worn.screen == "armed"
        worn.services.wallet.disarm()
        await worn.pause()
        assert worn.ble.on, "what ended the arming may be an answer that is on its way"
        await worn.pause(WINDOW_MS)
        assert not worn.ble.on

    Worn().run(story)


def test_a_wipe_silences_the_radio_before_it_returns():
    async def story(worn):
        phone = await worn.pair()
        worn.services.guard.wipe()
        assert not worn.ble.on and not phone.connected and not worn.bluetooth.devices.known()

    Worn().run(story)
