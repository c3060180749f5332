"""A message under way keeps the radio on, for a time that has an end; a watch that erases itself forgets it."""

from support import scrubbing

from tests.firmware.system.radio_kit import Worn
from watch.ble import transfers
from watch.ble.exchange_service import IN, OUT, STATE
from watch.system.radio_plan import WINDOW_MS
from watch.system.transfer_hold import MOST_MS, OWNER

scrubbing.leave_out()

QUIET_MS = 10_000
MESSAGE = bytes(range(200)) * 2


LENGTH = len(MESSAGE)


def fragment(number, offset, data, length=LENGTH):
    """One of the token exchange service."""
    return number + length.to_bytes(2, "big") + offset.to_bytes(2, "big") + data


async def near_the_end(worn):
    """A phone that is there, and a window that ends in a second."""
    phone = await worn.pair()
    worn.watch.stack.home()
    worn.bluetooth.plan.open_window()
    await worn.pause(WINDOW_MS - 1000)
    assert worn.ble.on and phone.connected and not worn.bluetooth.plan.locks.holds(OWNER)
    return phone


def test_no_window_closes_in_the_middle():
    async def story(worn):
        phone = await near_the_end(worn)
        sent = 0
        for at in range(0, len(MESSAGE), 20):
            phone.write(IN.handle, fragment(b"abcd", at, MESSAGE[at : at + 20]))
            await worn.pause(1000)
            assert phone.connected, "the window closed after %d bytes" % at
            sent += 1
        answered = [data for handle, data in phone.notified if handle == OUT.handle]
        assert answered and phone.read(STATE.handle)[1][1] == transfers.ANSWERED
        await worn.pause(1500)
        assert worn.ble.on, "the next message of the conversation finds nobody"
        await worn.pause(1000)
        assert not worn.ble.on and not worn.bluetooth.plan.locks.holds(OWNER)
        held_ms = worn.watch.describe()["bluetooth"]["held_ms"][OWNER]
        assert 20_000 < held_ms < 24_000, held_ms
        print(
            "NOTE transfer of %d fragments, one a second: radio held for %d s beyond its window"
            % (sent, held_ms // 1000)
        )

    Worn().run(story)


def test_a_message_that_nobody_ends_does_not_hold_it_for_ever():
    async def story(worn):
        phone = await near_the_end(worn)
        phone.write(IN.handle, fragment(b"abcd", 0, b"x"))
        await worn.pause(QUIET_MS - 500)
        assert worn.ble.on
        phone.drop()
        await worn.pause(1000)
        assert not worn.ble.on, "quiet for ten seconds"
        worn.bluetooth.plan.open_window()
        await worn.pause(1000)
        worn.bluetooth.follow()
        phone.connect()
        assert phone.encrypt()
        await worn.pause(WINDOW_MS - 2000)
        at, since = 1, worn.time.ticks_ms()
        while worn.ble.on:
            phone.write(IN.handle, fragment(b"abcd", at, b"x"))
            at += 1
            await worn.pause(5000)
        held_ms = worn.time.ticks_ms() - since
        assert MOST_MS - 1000 <= held_ms <= MOST_MS + 6000, held_ms
        print("NOTE transfer that never ends: radio held for %d s" % (held_ms // 1000))

    Worn().run(story)


def test_an_answer_that_is_not_taken_holds_it_until_the_device_is_sent_away():
    async def story(worn):
        phone = await near_the_end(worn)
        worn.ble.buffers = 0
        for at in (0, 200):
            phone.write(IN.handle, fragment(b"abcd", at, MESSAGE[at : at + 200]))
        await worn.pause(QUIET_MS - 500)
        assert worn.ble.on and phone.connected
        await worn.pause(2000)
        assert not worn.ble.on

    Worn().run(story)


def test_a_wipe_forgets_what_was_under_way():
    for full in (False, True):

        async def story(worn, full=full):
            phone = await worn.pair()
            slots = worn.watch._radio_services._transfers._slots
            phone.write(IN.handle, fragment(b"abcd", 0, b"planted secret", 14 if full else 100))
            await worn.pause(50)
            assert slots[0].phase == (transfers.ANSWERED if full else transfers.RECEIVING)
            worn.services.guard.wipe()
            await worn.pause()
            assert all(slot.phase == transfers.NOTHING and not any(slot._buffer) for slot in slots)
            assert not worn.bluetooth.plan.locks.holds(OWNER) and not worn.ble.on

        Worn(radio="connected").run(story)
