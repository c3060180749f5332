"""The way of writes and notifications: order, room and length."""

import asyncio

from tests.firmware.ble.desk import both
from watch.ble import roles
from watch.ble.link import NOTIFY_MS
from watch.kernel import loop
from watch.kernel.errors import DeadlineError, LinkError


def test_writes_that_find_no_room_are_told():
    async def story(desk):
        phone = await desk.bond(roles.PHONE)
        row = desk.row(roles.PHONE)
        desk.all.heard.clear()
        for number in range(300):
            phone.write(row.handle, bytes([number & 255]) * 64)
        await desk.settle()
        await desk.settle()
        kept = [what[1][0] for what in desk.all.heard if what[0] == row.uuid]
        dropped = desk.radio.interrupts.dropped
        assert dropped == 300 - len(kept) > 0
        assert kept == [number & 255 for number in range(len(kept))], "a gap inside"
        assert desk.all.heard[-1] == ("lost", 0) and desk.all.heard.count(("lost", 0)) == 1
        phone.write(row.handle, b"again")
        await desk.settle()
        assert desk.all.heard[-1] == (row.uuid, b"again"), "nothing goes on after a loss"
        assert phone.connected and desk.common.heard.count(("lost", 0)) == 0
        print(f"NOTE overflow: 300 writes of 64 bytes at once, {len(kept)} kept in order, {dropped} counted and told")

    both(story)


def test_a_write_longer_than_its_row_is_lost_not_cut():
    async def story(desk):
        phone = await desk.bond(roles.PHONE)
        row = desk.row(roles.PHONE)
        phone.write(row.handle, bytes(64))
        phone.write(row.handle, bytes(65))
        phone.write(row.handle, bytes(500))
        await desk.settle()
        assert desk.all.heard[-2:] == [(row.uuid, bytes(64)), ("lost", 0)], desk.all.heard

    both(story)


def test_notifications_wait_for_room():
    async def story(desk):
        phone = await desk.bond(roles.PHONE)
        row, link = desk.row(roles.PHONE), desk.radio.links[0]
        desk.ble.buffers = 2
        assert link.try_notify(row, b"1") and link.try_notify(row, b"2") and not link.try_notify(row, b"3")
        assert not link.try_notify(desk.row(roles.TV), b"x"), "a row of another role was notified"

        async def room_later():
            await loop.sleep_ms(200)
            desk.ble.buffers = 5

        task = asyncio.create_task(room_later())
        await link.notify(row, memoryview(bytearray(b"3")))
        await task
        assert [data for _, data in phone.notified] == [b"1", b"2", b"3"]
        desk.ble.buffers = 0
        before = desk.clock.ticks_ms()
        try:
            await link.notify(row, b"4")
        except DeadlineError:
            assert NOTIFY_MS <= desk.clock.ticks_ms() - before < NOTIFY_MS + 50
        else:
            raise AssertionError("it did not give up")

        async def gone():
            await loop.sleep_ms(100)
            phone.drop()
            desk.ble.pump()

        task = asyncio.create_task(gone())
        try:
            await link.notify(row, b"5")
        except LinkError:
            await task
        else:
            raise AssertionError("the link had gone")
        assert not link.try_notify(row, b"6")

    both(story)


def test_room_follows_the_mtu():
    async def story(desk):
        phone = await desk.bond(roles.PHONE)
        assert desk.radio.links[0].room() == 20
        desk.ble.event(21, (phone.conn, 256))
        assert desk.radio.links[0].room() == 253

    both(story)
