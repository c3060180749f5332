"""When the radio is on, who has used it, and what it costs in wake-ups, over hours of virtual time."""

from support import scrubbing

from tests.firmware.system.radio_kit import Worn
from watch.access import states
from watch.ble import roles
from watch.kernel.power import WakeLocks
from watch.system.radio_plan import PERIOD_MS, SERVED, WINDOW_MS, RadioPlan

scrubbing.leave_out()

HOUR_MS = 3_600_000


class _Facts:
    """Clock, settings, guard and charger of a plan."""

    def __init__(self, mode="windows"):
        self.ms, self.state, self.power, self.open = 0, states.WORN, False, True
        self.values = {"radio": mode, "airplane": False}
        self.get = self.values.get
        self.plan = RadioPlan(self, self, self, lambda: self.power)

    def ticks_ms(self):
        return self.ms

    def unlocked(self):
        return self.open


def test_whom_each_state_serves():
    everybody = roles.ROLES
    found = (roles.PHONE, roles.LOADER)
    expected = {
        states.LOCKED: (everybody, False),
        states.WORN: (everybody, True),
        states.ARMED: (everybody, False),
        states.TAPPING: (everybody, False),
        states.FOREIGN: (everybody, False),
        states.EXPRESS: (everybody, True),
        states.LOST: (found, False),
        states.WIPING: ((), False),
    }
    assert sorted(expected) == sorted(states.TABLE) and len(SERVED) == 4
    for mode in ("off", "windows", "connected"):
        for airplane in (False, True):
            for state, (served, pairs) in expected.items():
                facts = _Facts(mode)
                facts.state, facts.values["airplane"] = state, airplane
                silent = airplane or mode == "off"
                assert facts.plan.served() == (() if silent else served), (mode, airplane, state)
                assert facts.plan.may_pair() == (pairs and not airplane), (mode, airplane, state)
                assert facts.plan.on() == bool(facts.plan.served())
                facts.open = False
                assert not facts.plan.may_pair(), "without a session"


def test_windows_open_and_close():
    facts = _Facts()
    on = []
    for _ in range(HOUR_MS // 1000):
        on.append(facts.plan.on())
        facts.ms += 1000
    starts = [second for second, now in enumerate(on) if now and (not second or not on[second - 1])]
    assert starts == [0, 900, 1800, 2700] and sum(on) == 80, starts
    facts = _Facts()
    waits = []
    for _ in range(4):
        facts.plan.on()
        waits.append(facts.plan.wait_ms())
        facts.ms += waits[-1]
    assert waits == [WINDOW_MS, PERIOD_MS - WINDOW_MS] * 2, waits


def test_what_keeps_a_window_open():
    facts = _Facts()
    facts.plan.on()
    facts.ms += WINDOW_MS
    assert not facts.plan.on()
    assert isinstance(facts.plan.locks, WakeLocks)
    with facts.plan.locks.hold("game"):
        assert facts.plan.on() and facts.plan.wait_ms() > PERIOD_MS
    assert not facts.plan.on()
    facts.power = True
    assert facts.plan.on()
    facts.power = False
    facts.plan.open_window()
    assert facts.plan.on() and facts.plan.wait_ms() == WINDOW_MS
    facts.values["airplane"] = True
    with facts.plan.locks.hold("game"):
        assert not facts.plan.on(), "airplane mode is above all"
    facts.values["airplane"] = False
    facts.ms += WINDOW_MS
    assert facts.plan.on(), "what was silent begins with a window"


def _hour(mode, linked=False):
    """Wake-ups of the loop, and the account, of an hour in the dark; `linked`: the phone is there and says nothing."""
    counts = []

    async def story(worn):
        central = await worn.pair()
        worn.press()
        await worn.pause(120_000)
        assert worn.watch.light.dark
        worn.services.settings.set("radio", mode)
        worn.bluetooth.follow()
        if mode == "off":
            assert not central.connected
        if linked:
            assert central.connect().encrypt()
            await worn.pause(60_000)
            assert worn.services.phone.connected and worn.watch.light.dark
        before, wakes = worn.watch.describe()["power"]["used"]["bluetooth"]["radio_ms"], worn.time.wakes
        await worn.pause(HOUR_MS)
        counts.append(worn.time.wakes - wakes - 1)
        assert central.connected == linked
        used = worn.watch.describe()["power"]["used"]["bluetooth"]
        counts.append(used["radio_ms"] - before)
        counts.append(used["processor_ms"])

    Worn().run(story)
    return counts


def test_an_hour_of_each_setting():
    off, windows, connected, linked = _hour("off"), _hour("windows"), _hour("connected"), _hour("connected", True)
    print("NOTE Bluetooth, one hour in the dark, wake-ups and seconds of radio:")
    rows = (("off", off), ("windows", windows), ("connected", connected), ("connected, phone there", linked))
    for name, (wakes, radio_ms, _) in rows:
        print("NOTE   %s: %d wake-ups, %d s" % (name, wakes, radio_ms // 1000))
    assert off[1] == 0 and off[0] <= 3, off
    assert windows[1] == 4 * WINDOW_MS, "20 s every 15 minutes, as `tapwatch power` says"
    assert windows[0] <= 30, windows
    for found in (connected, linked):
        assert found[1] == HOUR_MS and found[0] <= 30, found


def test_the_radio_is_held_for_those_who_need_it():
    async def story(worn):
        await worn.pause(60_000)
        assert not worn.ble.on
        worn.bluetooth.hold("game", True)
        worn.bluetooth.hold("game", True)
        assert worn.ble.on
        await worn.pause(60_000)
        assert worn.ble.on
        worn.bluetooth.hold("game", False)
        assert not worn.ble.on
        assert 59_000 < worn.watch.describe()["bluetooth"]["held_ms"]["game"] < 62_000

    Worn().run(story)


def test_what_the_wearer_wants_of_the_phone_opens_a_window():
    async def story(worn):
        phone = await worn.pair()
        worn.press()
        await worn.pause(60_000)
        assert not worn.ble.on and not phone.connected
        worn.watch.light.wake("button")
        worn.watch._wake.set()
        worn.services.outbox.send({"t": "findPhone", "n": True})
        await worn.pause()
        assert worn.ble.on and phone.connect().encrypt()
        await worn.pause()
        assert worn.services.phone.connected

    Worn().run(story)


def test_a_charger_keeps_it_on():
    async def story(worn):
        await worn.pause(60_000)
        assert not worn.ble.on
        worn.board.power.charging = lambda: True
        worn.bluetooth.plan._charging = lambda: True
        worn.watch._wake.set()
        await worn.pause(100_000)
        assert worn.ble.on

    Worn().run(story)


def test_a_central_in_a_window_comes_back_in_the_next():
    async def story(worn):
        phone = await worn.pair()
        worn.press()
        windows = 0
        for _ in range(180):
            await worn.pause(10_000)
            if worn.ble.on and not phone.connected:
                windows += 1
                assert worn.ble.advertising, "nobody can find it"
                assert phone.connect().encrypt()
        assert windows == 2, windows

    Worn().run(story)


def _lines(worn):
    return [line for line in worn.watch.log.lines() if "bluetooth: " in line]


def _starts(worn):
    return len([call for call in worn.ble.calls if call == ("active", True)])


def test_a_radio_that_does_not_start_is_tried_less_and_less_and_said_once():
    async def story(worn):
        worn.watch.light.locks.acquire("test")  # somebody looks all the time: once a second
        await worn.pause(HOUR_MS)
        tries = _starts(worn)
        print("NOTE radio that does not start, one hour: %d tries, %d lines" % (tries, len(_lines(worn))))
        assert tries == 6 and len(_lines(worn)) == 1, (tries, _lines(worn))
        assert _lines(worn)[0].endswith("error bluetooth: does not start 19"), _lines(worn)
        worn.watch.light.locks.release("test")
        await worn.pause(10 * HOUR_MS)
        assert _starts(worn) - tries <= 11 and len(_lines(worn)) == 1
        worn.ble.before = None
        await worn.pause(HOUR_MS + 1000)
        assert worn.bluetooth.on and len(_lines(worn)) == 2 and _lines(worn)[1].endswith("works again")

    def broken(name):
        if name == "active":
            raise OSError(19)

    worn = Worn(radio="connected")
    worn.ble.before = broken
    worn.run(story)


def test_whoever_wants_the_radio_does_not_wait_for_the_next_try():
    async def story(worn):
        await worn.pause(HOUR_MS // 2)
        tries = _starts(worn)
        worn.services.settings.set("radio", "off")
        worn.watch.navigator._setting_changed("radio")
        assert _starts(worn) == tries
        worn.ble.before = None
        worn.services.settings.set("radio", "connected")
        worn.watch.navigator._setting_changed("radio")
        assert worn.bluetooth.on and len(_lines(worn)) == 2

    def half(name):
        if name == "gatts_register_services":
            assert worn.ble.on
            raise OSError(12)

    worn = Worn(radio="connected")
    worn.ble.before = half
    worn.run(story)


def test_a_start_that_fails_half_way_leaves_it_off():
    async def story(worn):
        await worn.pause()
        assert _starts(worn) == 1 and not worn.ble.on and not worn.bluetooth.on

    def half(name):
        if name == "gatts_register_services":
            raise OSError(12)

    worn = Worn(radio="connected")
    worn.ble.before = half
    worn.run(story)
