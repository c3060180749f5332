"""Alarms and timers ring on the whole watch, never over an armed card; the face says what comes next."""

import asyncio

from support import scrubbing
from support.world import PASSCODE, World

from watch.access import states
from watch.kernel.errors import StateError
from watch.system.main import build
from watch.system.reminders import RING_MS

scrubbing.leave_out()
_BUILT = []


def ready():
    """A worn watch with a card, and its board; built once and shared."""
    if not _BUILT:
        world = World().provision().set_passcode().add_card()
        watch = build(world.board)
        _BUILT.append((world.board, watch))
    board, watch = _BUILT[0]
    if not watch.services.guard.unlocked():
        asyncio.run(watch.services.guard.unlock(bytearray(PASSCODE)))
    watch.services.timers.clear()
    for number in range(len(watch.services.alarms.places)):
        watch.services.alarms.remove(number)
    watch.services.calendar.clear()
    watch.navigator.tick()
    return board, watch


def wait(board, watch, seconds):
    for _ in range(seconds):
        board.clock.now_us += 1_000_000
        watch.navigator.tick()


def alarm_in(watch, minutes, label=""):
    """Set one that rings once, so many minutes from now."""
    now = watch.services.local_minutes()
    at = (now + minutes) % 1440
    return watch.services.alarms.add(at // 60, at % 60, 0, now, label)


def test_a_timer_rings_and_is_stopped():
    board, watch = ready()
    watch.services.timers.start(30, "Tea")
    assert watch.navigator.wait_ms() <= 30_000
    wait(board, watch, 29)
    assert watch.stack.top.name != "ringing"
    wait(board, watch, 2)
    assert watch.stack.top.name == "ringing" and "Tea" in watch.stack.top.texts()
    watch.stack.top.swipe("left")
    assert watch.stack.top.name != "ringing" and len(watch.services.timers) == 0


def test_an_alarm_nobody_hears_rings_again():
    board, watch = ready()
    number = alarm_in(watch, 2, "Train")
    assert watch.services.alarms.next_due(watch.services.local_minutes()) > 0
    wait(board, watch, 121)
    assert watch.stack.top.name == "ringing" and "Train" in watch.stack.top.texts()
    wait(board, watch, RING_MS // 1000 + 1)
    assert watch.stack.top.name != "ringing" and watch.services.alarms.places[number].snoozed
    wait(board, watch, 600)
    assert watch.stack.top.name == "ringing"
    wait(board, watch, 1)
    watch.stack.top.button("single")
    wait(board, watch, 3)
    assert watch.stack.top.name != "ringing" and not watch.services.alarms.places[number].snoozed


def test_an_alarm_of_a_watch_in_a_drawer_gives_up_after_an_hour():
    board, watch = ready()
    number, rings = alarm_in(watch, 1), 0
    for _ in range(200):
        board.clock.now_us += 61 * 1_000_000
        watch.navigator.tick()
        rings += watch.stack.top.name == "ringing"
    assert 4 <= rings <= 7 and not watch.services.alarms.places[number].snoozed, rings
    print("NOTE an alarm that nobody hears rings %d times in an hour, and no more" % rings)


def test_nothing_rings_over_an_armed_card():
    board, watch = ready()
    watch.services.timers.start(5)
    watch.navigator.paying.pay()
    wait(board, watch, 10)
    assert watch.services.guard.state == states.ARMED and watch.stack.top.name == "armed"
    assert watch.navigator.wait_ms() > 0
    watch.services.wallet.disarm()
    wait(board, watch, 1)
    assert watch.stack.top.name == "ringing", (watch.stack.top.name, watch.services.guard.state)
    watch.navigator.button("double")
    assert watch.services.guard.state == states.ARMED and watch.stack.top.name == "armed"
    watch.services.wallet.disarm()
    watch.navigator.tick()


def test_the_next_thing_of_the_day():
    _, watch = ready()
    reminders, services = watch.navigator._reminders, watch.services
    assert reminders.upcoming() == ""
    alarm_in(watch, 120)
    assert reminders.upcoming().endswith(watch._ui.text.get("ringing.alarm"))
    soon = services.clock.display_s() + 3600
    services.phone.receive({"t": "calendar", "id": 1, "timestamp": soon, "title": "Dentist"})
    assert reminders.upcoming().endswith("Dentist")
    services.phone.receive({"t": "calendar-", "id": 1})
    assert "Dentist" not in reminders.upcoming()


def test_who_pays_is_not_buzzed_by_the_phone_that_looks_for_the_watch():
    board, watch = ready()
    felt = []
    watch.navigator._view._haptics.ring = felt.append
    watch.navigator.paying.pay()
    watch.services.find_phone.take(True)
    del felt[:]
    wait(board, watch, 5)
    assert not felt and watch.stack.top.name == "armed"
    watch.services.wallet.disarm()
    wait(board, watch, 5)
    assert felt, "afterwards it does"
    watch.services.find_phone.take(False)
    watch.stack.home()


def test_a_phone_that_rings_is_quiet_after_a_minute_also_if_the_watch_is_dark():
    board, watch = ready()
    wait(board, watch, 60)
    assert watch.light.dark
    watch.services.find_phone.start()
    watch.navigator.tick()
    assert watch.navigator.wait_ms() <= 60_000, watch.navigator.wait_ms()
    board.clock.now_us += watch.navigator.wait_ms() * 1000
    watch.navigator.tick()
    assert not watch.services.find_phone.ringing
    watch.services.outbox.clear()


def test_a_lost_watch_does_not_wake_for_what_it_may_not_ring():
    board, watch = ready()
    _BUILT.clear()
    watch.services.timers.start(5)
    alarm_in(watch, 1)
    watch.services.guard.lose(b"issuer--", "call me", {})
    wait(board, watch, 200)
    assert watch.light.dark and watch.navigator.wait_ms() > 3_600_000, watch.navigator.wait_ms()


def test_a_wipe_forgets_what_the_phone_said():
    board, watch = ready()
    _BUILT.clear()
    services = watch.services
    services.phone.receive({"t": "notify", "id": 1, "title": "private"})
    services.phone.receive({"t": "weather", "temp": 290, "loc": "home"})
    services.loyalty.put("Shop", "qr", "me")
    alarm_in(watch, 5)
    services.timers.start(5)
    watch.navigator.tick()
    assert len(services.notifications) == 1
    services.guard.wipe()
    assert not (len(services.notifications) or len(services.alarms) or len(services.timers) or len(services.loyalty))
    assert services.weather.place == "" and not services.calendar.events and not len(services.outbox)
    wait(board, watch, 10)
    assert watch.stack.top.name != "ringing"
    board.motion.steps = lambda: board.clock.now_us // 1_000_000
    board.clock.now_us += 3600 * 1_000_000
    wait(board, watch, 2)
    try:
        services.phone.receive({"t": "cards", "d": [{"type": "QR_CODE", "value": "me", "name": "Shop"}]})
        raise AssertionError("an erased watch took a card")
    except StateError:
        pass
    assert services.journal.keys() == [], services.journal.keys()


def test_a_timer_of_hours_says_so():
    board, watch = ready()
    watch.services.timers.start(4500)
    wait(board, watch, 1)
    board.clock.now_us += 4500 * 1_000_000
    wait(board, watch, 1)
    assert watch.stack.top.name == "ringing" and "1:15:00" in watch.stack.top.texts(), watch.stack.top.texts()
    watch.stack.top.swipe("left")
    watch.stack.top.button("single")
    assert watch.stack.top.name == "ringing", "too soon to have been heard"
    wait(board, watch, 1)
    watch.stack.top.swipe("left")
    assert watch.stack.top.name != "ringing"
