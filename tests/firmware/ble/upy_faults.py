"""Every event in every state, links lost at every step, and what a thousand connections leave behind."""

import asyncio
import gc
import os
import random

import micropython

from tests.firmware.ble.desk import Desk, Wearer
from tests.firmware.ble.fake_ble import Central
from watch.ble import roles
from watch.kernel import loop
from watch.kernel.errors import DeadlineError, LinkError

LONG = bool(os.getenv("TAPWATCH_LONG"))
ADDRESS = bytes((0xC0, 0xFF, 0xEE, 0, 0, 77))
STATES = ("off", "idle", "connected", "window", "asked", "secured", "both")


def garbage(pick):
    """Data of an event: well formed with any numbers, or of any shape."""
    number = pick.choice((0, 1, 2, 3, 4, 7, 12, 255, 0xFFFF, -1))
    thing = pick.choice((None, b"", b"irk", ADDRESS, bytes(7), b"\x01" + ADDRESS, bytes(200), 5, "text", True))
    other = pick.choice((None, b"", bytes(80), bytes(500), 1, 16, -5, ADDRESS))
    shapes = (
        (),
        (number,),
        (number, number),
        (number, thing),
        (number, thing, other),
        (number, number, thing),
        (number, True, True, True, 16),
        (number, thing, other, thing, other),
        (pick.randint(0, 3), pick.randint(0, 60)),
        None,
        5,
    )
    return pick.choice(shapes)


class Pick:
    """Choices that repeat with their seed."""

    def __init__(self, seed):
        random.seed(seed)

    def choice(self, things):
        return things[random.randint(0, len(things) - 1)]

    def randint(self, low, high):
        return random.randint(low, high)


async def into(desk, state):
    """Bring the desk into a state; gives the centrals that have a bond."""
    phone = await desk.bond(roles.PHONE, 1)
    phone.drop()
    await desk.settle()
    if state in ("secured", "both"):
        phone.connect()
        assert phone.encrypt()
    if state in ("connected", "both"):
        Central(desk.ble, 50).connect()
    if state in ("window", "asked"):
        desk.radio.pairing.open(roles.TV, Wearer(desk, None))
    if state == "asked":
        Central(desk.ble, 51).connect().pair()
    await desk.settle()
    if state == "off":
        desk.radio.stop()
        await desk.settle()
    return phone


async def usable(desk, phone):
    """The bonded phone comes, writes and reads, within two seconds."""
    since = desk.clock.ticks_ms()
    desk.radio.pairing.close()
    desk.radio.start()
    for central in list(desk.ble.centrals.values()):
        central.drop()
    await desk.settle()
    phone.connect()
    assert phone.encrypt(), "the bond is gone"
    row = desk.row(roles.PHONE)
    phone.write(row.handle, b"still there")
    await desk.settle()
    assert phone.read(row.handle)[0] == 0
    assert (row.uuid, b"still there") in desk.all.heard
    assert [link.role for link in desk.radio.links] == [roles.PHONE]
    assert desk.clock.ticks_ms() - since < 2000


def test_every_event_in_every_state():
    count = [0]
    rounds = 40 if LONG else 4

    async def story(desk, state):
        for number in range(40):
            pick = Pick(number)
            for _ in range(rounds):
                phone = await into(desk, state) if not desk.bonds.list() else desk.phone
                desk.phone = phone
                desk.ble.event(number, garbage(pick))
                count[0] += 1
            await desk.settle()
            assert [bond.role for bond in desk.bonds.list()] == [roles.PHONE], (state, number)
            others = [link for link in desk.radio.links if link.connection.address != phone.key()]
            assert others == [], "somebody got in"
        await usable(desk, phone)

    for nested in (True, False):
        for state in STATES:
            Desk(nested).run(lambda desk, state=state: story(desk, state))
    print(f"NOTE events: {count[0]} of any shape in {len(STATES)} states, 0 bonds or links by them, phone served after")


async def quietly(coroutine):
    """Await it; a link that has gone is what this is about."""
    try:
        await coroutine
    except (DeadlineError, LinkError):
        pass


async def session(desk, phone):
    """A whole session: pair, write, read, notifications, come back, be forgotten."""
    row = desk.row(roles.PHONE)
    wearer = Wearer(desk)
    desk.radio.pairing.open(roles.PHONE, wearer)
    desk.radio.wake()
    phone.connect()
    phone.pair()
    await desk.settle()
    if not phone.connected or not desk.radio.links:
        return
    phone.write(row.handle, b"hello")
    await desk.settle()
    phone.read(row.handle)
    for link in desk.radio.links:
        desk.ble.buffers = 1
        link.try_notify(row, b"one")
        task = asyncio.create_task(quietly(link.notify(row, b"two")))
        await desk.settle()
        desk.ble.buffers = None
        await task
    phone.drop()
    await desk.settle()
    phone.connect()
    phone.encrypt()
    await desk.settle()


def lost_at(point, nested):
    """Play a session that loses its link at a call of the watch or a turn of the loop; True if that was reached."""
    desk = Desk(nested)
    count, phone = [0], Central(desk.ble, 1)

    def step(name=""):
        if count[0] == point:
            phone.drop()
        count[0] += 1

    async def story(desk):
        settle = desk.settle

        async def settle_and_lose():
            for _ in range(6):
                desk.ble.pump()
                step()
                await loop.sleep_ms(1)

        desk.settle, desk.ble.before = settle_and_lose, step
        try:
            await session(desk, phone)
        except AssertionError:
            pass  # the central found itself gone
        desk.settle, desk.ble.before = settle, None
        desk.ble.buffers = None
        reached = count[0] > point
        phone.drop()
        desk.radio.pairing.close()
        for bond in desk.bonds.list():
            desk.radio.forget(bond.number)
        await settle()
        assert desk.radio.links == [] and desk.radio.pairing.role == ""
        desk.all.heard.clear()
        await usable(desk, await again(desk))
        return reached

    async def again(desk):
        other = await desk.bond(roles.PHONE, 2)
        other.drop()
        await desk.settle()
        return other

    return desk.run(story)


def test_a_link_lost_at_every_step():
    points = 0
    for nested in (True, False):
        point = 0
        while lost_at(point, nested):
            point += 1
        points += point
    assert points > 60
    print(f"NOTE link lost at {points} steps of a session, 0 stuck, next session within 2 s each time")


def test_the_radio_task_stopped_at_every_step():
    """Cancelled at any await, it can be started again and goes on."""
    stopped = 0

    async def story(desk):
        nonlocal stopped
        phone = await desk.bond(roles.PHONE, 1)
        row = desk.row(roles.PHONE)
        for turn in range(12):
            task = desk.task
            phone.write(row.handle, bytes([turn]))
            for _ in range(turn % 4):
                await loop.sleep_ms(0)
            await loop.stop(task)
            stopped += 1
            desk.task = asyncio.create_task(desk.radio.serve())
            await desk.settle()
        written = [data for uuid, data in desk.all.heard if uuid == row.uuid]
        assert written == [bytes([turn]) for turn in range(12)], "a write was lost or came twice"

    for nested in (True, False):
        Desk(nested).run(story)
    print(f"NOTE radio task stopped {stopped} times, 0 writes lost or doubled")


def test_a_thousand_connections_leave_nothing_behind():
    async def story(desk):
        phone = await desk.bond(roles.PHONE, 1)
        row = desk.row(roles.PHONE)
        phone.drop()
        await desk.settle()

        async def some(count):
            for _ in range(count):
                phone.connect()
                phone.encrypt()
                phone.write(row.handle, b"hello")
                phone.read(row.handle)
                await desk.settle()
                desk.radio.links[0].try_notify(row, b"news")
                phone.drop()
                await desk.settle()
                stranger.connect()
                stranger.write(row.handle, b"?")
                await desk.settle()
                desk.all.heard.clear()
                desk.common.heard.clear()
                desk.ble.calls.clear()
                phone.notified.clear()

        stranger = Central(desk.ble, 9)
        await some(3)
        gc.collect()
        before = gc.mem_alloc()
        await some(5000 if LONG else 500)
        gc.collect()
        return gc.mem_alloc() - before

    for nested in (True, False):
        grown = Desk(nested).run(story)
        print(f"NOTE heap after {10000 if LONG else 1000} connections: {grown:+d} bytes")
        assert grown <= 0


def test_a_notification_allocates_nothing():
    async def story(desk):
        await desk.bond(roles.PHONE, 1)
        link, row, data = desk.radio.links[0], desk.row(roles.PHONE), memoryview(bytearray(8))
        desk.ble.gatts_notify = nothing
        link.try_notify(row, data)
        micropython.heap_lock()
        try:
            sent = link.try_notify(row, data)
        finally:
            micropython.heap_unlock()
        assert sent

    def nothing(conn, handle, data):
        return None

    Desk().run(story)
