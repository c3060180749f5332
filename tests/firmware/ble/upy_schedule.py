"""Advertising: what is said, when, and how fast."""

from tests.firmware.ble.desk import Desk, Wearer
from tests.firmware.ble.fake_ble import Central
from watch.ble import advertising, roles
from watch.ble.schedule import FAST_MS, FAST_US, SLOW_US, Schedule
from watch.kernel import loop
from watch.kernel.clock import ticks_add

WRAP = 1 << 30


def both(story):
    """Play a story with events inside calls and between them."""
    for nested in (True, False):
        Desk(nested).run(story)


def test_the_plan():
    for start in (0, WRAP - 5000):  # ticks that wrap on the way

        def at(ms, start=start):
            return ticks_add(start, ms)

        plan = Schedule(at(0))
        assert plan.plan(at(0), False) == (FAST_US, FAST_MS)
        assert plan.plan(at(FAST_MS - 1), False) == (FAST_US, 1)
        assert plan.plan(at(FAST_MS), False) == (SLOW_US, -1)
        plan.lost(at(100_000))
        assert plan.plan(at(100_000), False) == (FAST_US, FAST_MS)
        plan.want(False, at(110_000))
        assert plan.plan(at(110_000), False) == (0, -1)
        assert plan.plan(at(110_000), True) == (FAST_US, -1), "one that may pair finds the watch all the same"
        plan.want(True, at(200_000))
        assert plan.plan(at(200_000), False) == (FAST_US, FAST_MS)


def test_a_schedule_nobody_asked_for_days():
    plan = Schedule(0)
    assert plan.plan(WRAP // 2 + 1000, False) == (SLOW_US, -1)  # ticks seem to run backwards
    assert plan.plan(WRAP // 2 + 2000, False) == (SLOW_US, -1)


def parts(data):
    """{type: bytes} of an advertisement."""
    found, at = {}, 0
    while at < len(data):
        found[data[at + 1]] = data[at + 2 : at + 1 + data[at]]
        at += 1 + data[at]
    assert at == len(data)
    return found


def test_what_is_said():
    assert advertising.name_of(b"\x00\x11\x22\x33\x1a\x2b") == "Tapwatch 1a2b"
    assert advertising.name_of(b"\x00\x11\x22\x33\x1a\x2b", True) == "Espruino Tapwatch 1a2b"
    own, known = "Tapwatch 1a2b", "Espruino Tapwatch 1a2b"
    plain, gamepad = advertising.advertisement(own), advertising.advertisement(own, roles.TV)
    assert len(plain) == 21 and len(gamepad) == 29
    uuid = bytes(reversed(bytes.fromhex("6e400001b5a3f393e0a9e50e24dcca9e")))
    assert parts(plain) == {1: b"\x06", 7: uuid}
    assert parts(gamepad) == {1: b"\x06", 7: uuid, 0x19: b"\xc4\x03", 3: b"\x12\x18"}
    notifications = bytes(reversed(bytes.fromhex("7905f431b5ce4e99a40f4b1e122d00d0")))
    assert parts(advertising.advertisement(own, roles.PHONE)) == {1: b"\x06", 0x15: notifications}
    for name, role in ((known, ""), (known, roles.PHONE), (own, roles.TERMINAL)):
        assert advertising.advertisement(name, role) == plain, (name, role)
    assert parts(advertising.scan_response("Tapwatch 1a2b")) == {9: b"Tapwatch 1a2b"}
    long = advertising.scan_response("é" * 20)
    assert len(long) <= 31 and parts(long) == {8: ("é" * 14).encode()}


def test_advertising_follows_links():
    async def story(desk):
        assert desk.ble.advertising[0] == FAST_US
        await loop.sleep_ms(FAST_MS + 100)
        assert desk.ble.advertising[0] == SLOW_US and 9 in parts(desk.ble.advertising[2])
        desk.radio.pairing.open(roles.TV, Wearer(desk))
        desk.radio.wake()
        await desk.settle()
        assert desk.ble.advertising[0] == FAST_US and 0x19 in parts(desk.ble.advertising[1])
        desk.radio.pairing.close()
        desk.radio.pairing.open(roles.PHONE, Wearer(desk))
        desk.radio.wake()
        await desk.settle()
        assert 0x15 in parts(desk.ble.advertising[1]) and 9 in parts(desk.ble.advertising[2])
        desk.radio.advertiser.rename("Espruino Tapwatch 1a2b")
        desk.radio.wake()
        await desk.settle()
        assert 7 in parts(desk.ble.advertising[1]), "Gadgetbridge finds it by name and service"
        desk.radio.pairing.close()
        desk.radio.pairing.open(roles.TV, Wearer(desk))
        desk.radio.wake()
        await desk.settle()
        tv = Central(desk.ble, 1).connect()
        tv.just_works()
        assert desk.ble.advertising is None
        await desk.settle()
        assert desk.ble.advertising[0] == SLOW_US and 0x19 not in parts(desk.ble.advertising[1])
        tv.drop()
        await desk.settle()
        assert desk.ble.advertising[0] == FAST_US, "a device that has gone is called back fast"
        desk.radio.advertiser.want(False)
        desk.radio.wake()
        await desk.settle()
        assert desk.ble.advertising is None and not desk.radio.advertiser.advertising
        desk.radio.advertiser.want(True)
        desk.radio.advertiser.rename("Espruino Tapwatch 1a2b")
        desk.radio.wake()
        await desk.settle()
        assert parts(desk.ble.advertising[2]) == {9: b"Espruino Tapwatch 1a2b"}
        assert desk.ble.settings["gap_name"] == "Espruino Tapwatch 1a2b" and desk.ble.settings["addr_mode"] == 2

    both(story)


def test_a_stack_that_cannot_advertise_now_is_asked_again():
    async def story(desk):
        failures = [3]

        def before(name):
            if name == "gap_advertise" and failures[0]:
                failures[0] -= 1
                raise OSError(12)

        desk.ble.before = before
        desk.ble.advertising = None
        desk.radio.advertiser.ended()
        desk.radio.wake()
        await desk.settle()
        assert desk.ble.advertising is None
        await loop.sleep_ms(3500)
        assert desk.ble.advertising is not None and failures == [0]

    both(story)


def test_a_device_that_connects_in_the_middle_of_the_call():
    async def story(desk):
        central = Central(desk.ble, 1)

        def before(name):
            if name == "gap_advertise" and central.conn is None:
                central.connect()

        desk.ble.before = before
        desk.radio.advertiser.ended()
        desk.radio.wake()
        await desk.settle()
        assert central.connected

    both(story)
