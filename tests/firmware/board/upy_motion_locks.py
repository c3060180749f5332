"""A watch whose motion sensor is not there, sleeps, fails or hangs locks by time: ten minutes after the passcode."""

import asyncio

from support import scrubbing
from support.world import World

from board.parts.motion import Motion
from tests.firmware.drivers.motion_kit import Bhi, Bma, Qmi, started
from watch.access import states
from watch.system.main import build

scrubbing.leave_out()
PASSCODE = b"246810"
_MINUTE_US = 60_000_000
_KEPT = []


def _on(kind, told=True):
    """A sensor's desk, and the `ports.Motion` of it."""
    desk = started(kind, told)
    return desk, Motion(desk.sensor, (1, 2, 3), desk.line)


def _minutes_until_locked(motion, each_minute=None, most=30):
    """How long an unlocked watch stays so."""
    if not _KEPT:
        _KEPT.append(World().provision().set_passcode())
        _KEPT[0].services.save_clock()
    board = World(_KEPT[0]).board
    board.motion = motion
    watch = build(board)
    guard = watch.services.guard
    watch.navigator.tick()  # where the watch is held when it starts
    asyncio.run(guard.unlock(bytearray(PASSCODE)))
    for minute in range(most + 1):
        watch.navigator.tick()
        watch.services.tick()
        if guard.state == states.LOCKED:
            return minute
        board.clock.now_us += _MINUTE_US
        if each_minute:
            each_minute(minute)
    return None


def test_without_a_sensor():
    assert _minutes_until_locked(None) == 10


def test_with_one_that_sleeps_fails_or_hangs():
    for kind, told in ((Bma, True), (Bma, False), (Qmi, True), (Bhi, True), (Bhi, False)):
        assert _minutes_until_locked(_on(kind, told)[1]) == 10, (kind, "lying still")
        desk, motion = _on(kind, told)
        desk.i2c._chips.clear()
        assert _minutes_until_locked(motion) == 10, (kind, "gone")
        for level in (0x00, 0xFF):
            desk, motion = _on(kind, told)

            def stuck(addr, memaddr, buf, level=level):
                for place in range(len(buf)):
                    buf[place] = level

            desk.i2c.readfrom_mem_into = stuck
            assert _minutes_until_locked(motion) in (10, 11), (kind, level)
        desk, motion = _on(kind, told)

        def crash(minute, desk=desk):
            desk.chip.move(0, 100 * (minute % 2), 995)
            desk.chip.time.advance(100)
            if minute == 5:
                desk.i2c._chips.clear()

        assert _minutes_until_locked(motion, crash) in (10, 14, 15, 16), (kind, "gone after a while")
    print("NOTE motion: 25 ways in which a sensor is of no use, each locks the watch 10 minutes after it was")


def test_one_that_is_worn_keeps_it_open():
    for kind, told in ((Bma, True), (Bma, False), (Qmi, True), (Bhi, True)):
        desk, motion = _on(kind, told)

        def wear(minute, desk=desk):
            desk.chip.move(0, 300 * (minute % 2), 950)
            desk.chip.time.advance(100)

        assert _minutes_until_locked(motion, wear) is None, kind
