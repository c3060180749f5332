"""What faces learn of a whole watch, the picture of the dark while its light is always-on, and the choice of a face."""

import asyncio

import micropython
from support import scrubbing
from support.world import PASSCODE, World

from watch.apps.shelf.firmware_apps import FACES
from watch.apps.shelf.shelved import STRIKES
from watch.kernel.errors import StorageError
from watch.system.apps.grants import MINUTES_1970_TO_2000
from watch.system.main import build

scrubbing.leave_out()
SHARE = "gallery"
_KEPT = []
NOON_S = 2_100_000_000 // 86_400 * 86_400 + 43_200
"""Noon of a day in July 2036."""


class _Worn:
    """A watch with a card and a step counter, unlocked, at noon."""

    def __init__(self, **settings):
        if not _KEPT:
            _KEPT.append(World().provision().set_passcode().add_card())
            _KEPT[0].services.save_clock()
        self.board = World(_KEPT[0]).board
        self.watch = build(self.board)
        self.services = self.watch.services
        for name, value in settings.items():
            self.services.settings.set(name, value)
        self.services.set_clock(NOON_S, 0)
        asyncio.run(self.services.guard.unlock(bytearray(PASSCODE)))
        self.watch.navigator.apps.start()
        self.watch.navigator.tick()

    @property
    def glance(self):
        return self.watch.navigator.apps.glance

    @property
    def top(self):
        return self.watch.stack.top

    def wait(self, seconds):
        for _ in range(seconds):
            self.board.clock.now_us += 1_000_000
            self.watch.navigator.tick()
        return self


def _strike(one, app):
    for _ in range(STRIKES):
        one.services.shelf.strike(app)


def test_faces_learn_what_the_watch_knows():
    one = _Worn()
    glance = one.glance
    assert (glance.unread, glance.temp_c, glance.sky, glance.alarm, glance.phone) == (0, None, "", -1, False)
    assert glance.steps == 0 and len(glance.hours) == 24
    one.watch.phone.link(True)
    one.watch.phone.receive({"t": "weather", "temp": 291, "hi": 296, "lo": 284, "code": 800, "loc": "Hangzhou"})
    one.watch.phone.receive({"t": "notify", "id": 7, "title": "Anna"})
    now = one.services.local_minutes()
    one.services.alarms.add(13, 5, 0, now)
    one.wait(2)
    assert (glance.temp_c, glance.high_c, glance.low_c) == (18, 23, 11)
    assert (glance.sky, glance.place, glance.unread, glance.phone) == ("clear", "Hangzhou", 1, True)
    assert glance.alarm == now + 65 - MINUTES_1970_TO_2000
    one.watch.phone.link(False)
    one.board.clock.now_us += 5 * 3_600_000_000
    one.services.alarms.remove(0)
    one.wait(1)
    assert (glance.temp_c, glance.sky, glance.place, glance.alarm, glance.phone) == (None, "", "", -1, False)


def test_steps_of_the_day_reach_the_face_and_start_anew_at_midnight():
    one = _Worn()
    activity, now = one.services.activity, one.services.local_minutes()
    activity.update(now, 0)
    activity.update(now, 4000)
    one.watch.navigator._glances.tick()
    assert (one.glance.steps, one.glance.goal_percent, one.glance.hours[12]) == (4000, 50, 4000)
    activity.goal = 4000
    one.watch.navigator._glances.tick()
    assert one.glance.goal_percent == 100
    one.services.set_clock(NOON_S + 12 * 3600, 0)
    one.watch.navigator._glances.tick()
    assert (one.glance.steps, one.glance.goal_percent, sum(one.glance.hours)) == (0, 0, 0)


def test_a_second_without_news_allocates_nothing():
    one = _Worn()
    one.watch.phone.receive({"t": "weather", "temp": 291, "code": 800})
    one.wait(1)
    micropython.heap_lock()
    try:
        one.watch.navigator._glances.tick()
    finally:
        micropython.heap_unlock()


def test_a_watch_without_a_step_counter_says_so():
    one = _Worn()
    assert one.glance.steps == 0
    one.board = World(_KEPT[0]).board
    one.board.motion = None
    assert build(one.board).navigator.apps.glance.steps == -1


def test_always_on_every_face_goes_dark_and_comes_back():
    for name in FACES:
        one = _Worn(always_on=True, face=name)
        bright = one.top.texts()
        one.wait(25)
        assert one.watch.light.state == "always-on" and one.top._app.dimmed, name
        windows = one.board.display.windows
        while one.services.clock.display_s() % 60 != 59:
            one.wait(1)
        assert one.board.display.windows == windows, "nothing is drawn between two minutes"
        before = one.board.display.bytes
        one.wait(1)
        sent = one.board.display.bytes - before
        print("NOTE always-on, face %s: a minute sends %d bytes, commands with them" % (name, sent))
        assert 0 < sent <= 20_000, (name, sent)
        one.watch.light.wake("button")
        one.wait(1)
        assert not one.top._app.dimmed and len(one.top.texts()) == len(bright), name


def test_a_face_put_in_place_in_the_dark_is_dark():
    one = _Worn(always_on=True).wait(25)
    one.watch.navigator.apps._ground("big")
    one.wait(1)
    assert one.top.manifest.id == "big" and one.top._app.dimmed
    windows = one.board.display.windows
    one.wait(1)
    assert one.board.display.windows == windows, "it was not drawn at once"


def test_the_picker_leads_to_another_face_or_back_to_the_one_there_was():
    one = _Worn(face="big")
    face = one.top
    one.top.hold(10, 10)
    assert one.top.name == "faces" and one.top.manifest.id == "big" and not face.running, "one face at a time"
    one.top.swipe("left")
    one.wait(1)
    one.watch.navigator.button("single")
    assert one.top is face and face.running and one.services.settings.get("face") == "big"
    one.top.hold(10, 10)
    one.top.swipe("right")
    one.top.tap(100, 100)
    assert one.top.name == "face" and one.top.manifest.id == "analogue" and one.top.running and not face.running
    assert one.services.settings.get("face") == "analogue"
    one.top.hold(10, 10)
    one.wait(125)
    assert one.top.name == "face" and one.top.running, "left open, it goes by itself"


def test_a_choice_that_cannot_be_kept_is_told():
    one = _Worn()

    def refuse(_name, _value):
        raise StorageError("flash")

    one.top.hold(10, 10)
    one.top.swipe("left")
    one.services.settings.set = refuse
    one.top.tap(100, 100)
    assert one.top.name == "error"
    one.watch.stack.home()
    assert one.top.manifest.id == "digital" and one.top.running


def test_faces_that_have_failed_too_often_are_not_offered():
    one = _Worn()
    _strike(one, "analogue")
    one.top.hold(10, 10)
    one.top.swipe("left")
    assert one.top.manifest.id == "big"
    one.watch.stack.home()
    for name in FACES:
        _strike(one, name)
    one.top.hold(10, 10)
    assert one.top.name == "error"
