"""The gamepad and the remote: what is sent when, and that nothing stays pressed."""

import asyncio
import random

import micropython

from tests.screens.television import TvLink
from watch.ble import roles
from watch.ble.gatt import NOTIFY, READ, WRITE_NO_RESPONSE
from watch.ble.hid import keys
from watch.ble.hid.service import RETRY_MS, HidService
from watch.kernel.errors import InputError
from watch.kernel.loop import run, sleep_ms
from watch.kernel.virtual import VirtualTime

IDLE, IDLE_REMOTE = bytes(6), bytes(2)


def _pair():
    hid, link = HidService(), TvLink()
    hid.joined(link)
    return hid, link


def _control(hid, link, data):
    row = next(row for row in hid.rows if row.uuid == 0x2A4C)
    hid.written(link, row, memoryview(data))


def test_the_service_is_for_televisions_with_encryption():
    hid = HidService()
    shape = [(row.uuid, row.properties, row.max_bytes) for row in hid.rows]
    size = len(hid.rows[1].value)
    assert shape == [
        (0x2A4A, READ, 4),
        (0x2A4B, READ, size),
        (0x2A4C, WRITE_NO_RESPONSE, 1),
        (0x2A4D, READ | NOTIFY, 6),
        (0x2A4D, READ | NOTIFY, 2),
    ], shape
    assert all(row.allowed == (roles.TV,) and row.level == roles.ENCRYPTED for row in hid.rows)
    references = [row.descriptors[0] for row in hid.rows[3:]]
    assert [(one.uuid, one.value) for one in references] == [(0x2908, b"\x01\x01"), (0x2908, b"\x02\x01")]
    print("NOTE hid: the report map has %d bytes" % size)


def test_each_button_direction_axis_and_key_has_its_bits():
    hid, link = _pair()
    for number in range(keys.BUTTONS):
        hid.button(number, True)
        hid.button(number, False)
        down, up = link.take()
        assert int.from_bytes(down, "little") == 1 << number and up == IDLE, number
    for direction in range(1, keys.DIRECTIONS + 1):
        hid.hat(direction)
        assert link.take() == [bytes((0, direction << 4, 0, 0, 0, 0))]
    hid.button(keys.START, True)
    assert link.take() == [b"\x00\x88\x00\x00\x00\x00"], "the hat disturbs a button"
    hid.release()
    assert link.take() == [IDLE]
    hid.stick(-127, 127)
    hid.tilt(300, -300)
    assert link.take() == [b"\x00\x00\x81\x7f\x00\x00", b"\x00\x00\x81\x7f\x7f\x81"]
    hid.release()
    link.take()
    for number in range(keys.KEYS):
        hid.key(number, True)
        hid.key(number, False)
        down, up = link.take()
        assert int.from_bytes(down, "little") == 1 << number and up == IDLE_REMOTE, number


def test_what_does_not_exist_is_refused():
    hid, link = _pair()
    for call, number in ((hid.button, 12), (hid.button, -1), (hid.key, 15), (hid.key, -1)):
        try:
            call(number, True)
        except InputError:
            continue
        raise AssertionError("pressed %d" % number)
    for direction in (-1, 9):
        try:
            hid.hat(direction)
        except InputError:
            continue
        raise AssertionError("the hat points to %d" % direction)
    assert link.take() == []


def test_only_changes_are_sent():
    hid, link = _pair()
    for _ in range(3):
        hid.button(keys.A, True)
        hid.stick(5, 5)
    assert len(link.take()) == 2
    hid.release()
    hid.release()
    assert link.take() == [IDLE]


def test_without_room_the_latest_state_wins_and_the_release_gets_through():
    async def play():
        hid, link = _pair()
        task = asyncio.create_task(hid.run())
        link.full = 1000
        hid.button(keys.A, True)
        hid.stick(9, 9)
        await sleep_ms(50)
        hid.button(keys.A, False)
        hid.button(keys.B, True)
        hid.key(keys.HOME, True)
        hid.key(keys.HOME, False)
        link.full = 3
        await sleep_ms(4 * RETRY_MS + 1)
        assert link.take() == [b"\x02\x00\x09\x09\x00\x00"], "not the state at that moment"
        tries = link.tries
        await sleep_ms(200)
        assert link.tries == tries, "it goes on although all is told"
        link.full = 2
        hid.release()
        await sleep_ms(3 * RETRY_MS + 1)
        assert link.take() == [IDLE], "a button is stuck"
        task.cancel()

    run(play(), VirtualTime())


def test_a_radio_without_room_at_random_never_leaves_a_button_down():
    async def play():
        random.seed(20261122)
        hid, link = _pair()
        task = asyncio.create_task(hid.run())
        for _ in range(300):
            link.full = random.randrange(4)
            hid.button(random.randrange(12), random.randrange(2) == 1)
            hid.key(random.randrange(15), random.randrange(2) == 1)
            hid.stick(random.randrange(-200, 200), 0)
            if random.randrange(3) == 0:
                await sleep_ms(random.randrange(10))
        hid.release()
        await sleep_ms(100)
        last = {}
        for row, data in link.heard:
            last[row] = data
        assert set(last.values()) == {IDLE, IDLE_REMOTE}, last
        task.cancel()

    run(play(), VirtualTime())


def test_link_loss_lets_go_and_the_next_link_begins_with_nothing():
    hid, link = _pair()
    hid.button(keys.A, True)
    hid.key(keys.VOLUME_UP, True)
    link.alive = False
    hid.left(link)
    assert not hid.connected
    hid.button(keys.B, True)
    back = TvLink()
    hid.joined(back)
    assert hid.connected and back.heard == [] and hid.read(back, hid.rows[3]) == IDLE
    hid.button(keys.X, True)
    assert back.take() == [b"\x08\x00\x00\x00\x00\x00"]


def test_the_television_that_came_last_is_told():
    hid, first = _pair()
    hid.button(keys.A, True)
    second = TvLink(bond=2)
    hid.joined(second)
    assert first.take() == [b"\x01\x00\x00\x00\x00\x00", IDLE], "the one before does not hear that all was let go"
    hid.button(keys.B, True)
    assert first.take() == [] and second.take() == [b"\x02\x00\x00\x00\x00\x00"]
    assert hid.read(first, hid.rows[3]) == IDLE and hid.read(second, hid.rows[3])[0] == 2
    assert hid.read(second, hid.rows[0]) is None
    second.alive = False
    hid.left(second)
    hid.button(keys.A, True)
    assert first.take() == [b"\x01\x00\x00\x00\x00\x00"]
    first.full = 1
    hid.joined(TvLink(bond=3))
    assert not first.alive, "it has no room for the release, and would keep the button down"
    hid.left(TvLink())
    assert hid.connected, "a stranger's end was taken for the end of the television"


def test_a_sleeping_television_hears_presses_only():
    hid, link = _pair()
    _control(hid, link, b"\x00")
    hid.stick(50, 50)
    hid.tilt(50, 50)
    assert link.take() == []
    hid.key(keys.POWER, True)
    hid.key(keys.POWER, False)
    assert link.take() == [b"\x00\x02", IDLE_REMOTE]
    _control(hid, link, b"\x01")
    assert link.take() == [b"\x00\x00\x32\x32\x32\x32"]


def test_the_control_point_takes_anything():
    random.seed(1812)
    hid, link = _pair()
    for number in range(2000):
        data = bytes([random.randrange(256) for _ in range(random.randrange(5))])
        _control(hid, link, data)
        assert hid.suspended in (True, False)
        if data == b"\x00":
            assert hid.suspended
        _control(hid, TvLink(), b"\x00" if number % 2 else b"\x01")
    for row in hid.rows:
        _control(hid, link, b"\x01")
        if row.uuid != 0x2A4C:
            hid.written(link, row, memoryview(b"\x00"))
            assert not hid.suspended, "another row put it to sleep"


def test_a_touch_allocates_nothing():
    hid, link = _pair()
    link.quiet = bytearray(6)
    hid.button(keys.A, True)
    micropython.heap_lock()
    try:
        for number in range(9):
            hid.button(number, True)
            hid.hat(number & 7)
            hid.stick(number, -number)
            hid.tilt(-number, number)
            hid.key(number, True)
            hid.key(number, False)
            hid.button(number, False)
        link.full = 1
        hid.button(0, True)
        hid.release()
    finally:
        micropython.heap_unlock()
    assert link.quiet[0] == 0
