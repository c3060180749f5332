"""What apps hand to the watch is looked at before it is believed: it works with it while none of their code runs."""

from support.guests import GuestWatch, Stranger

from watch.apps.api import SKIES, App, Box
from watch.apps.settings import AppSettings
from watch.kernel.errors import InputError

SHARE = "mutants"  # holes of one watch that was there, each of which would come back with a line taken out
REFUSED = []
"""Calls that were refused, of the app that tries them."""


def _refused(*calls):
    for number, call in enumerate(calls):
        try:
            call()
        except InputError:
            REFUSED.append(number)


class Careless(App):
    """Hands over what is no place, no widget, no pace and no name."""

    def open(self, watch):
        del REFUSED[:]
        self._places()
        self._things(watch)

    def _places(self):
        _refused(
            lambda: self.target("x", "left", 0, 9, 9, self.clear),
            lambda: self.target("x", 0, 0.5, 9, 9, self.clear),
            lambda: self.target("x", 0, 0, None, 9, self.clear),
            lambda: self.target(b"x", 0, 0, 9, 9, self.clear),
            lambda: self.target("x", 0, 0, 9, 9, 7),
            lambda: self.button(("x",), 0, 0, 9, 9, self.clear),
            lambda: self.pace(float("nan")),
            lambda: self.pace(60.5),
        )

    def _things(self, watch):
        _refused(
            lambda: self.add(watch.glance),
            lambda: self.add(watch.time),
            lambda: self.add(self.ui),
            lambda: self.add(5),
            lambda: watch.settings.set(("a",), 1),
            lambda: watch.settings.set(5, 1),
            lambda: watch.settings.set(self, 1),
        )


class Mover(App):
    """Puts a button where no button can be, before the finger comes or while it is there."""

    early = True

    def open(self, watch):
        self.key = self.button("key", 0, 0, 99, 99, self.clear, "x")
        if self.early:
            self.key.x = "left"

    def press(self, x, y):
        self.key.x = None


class LateMover(Mover):
    early = False


class Grower(App):
    """Makes what faces show longer."""

    def open(self, watch):
        watch.glance.hours.append(1)


class _Hoard(Box):
    def draw(self, canvas):
        canvas.tick_ms = canvas.n7 = bytearray(9)


class Hoarder(App):
    """Leaves memory on what outlives it."""

    def open(self, watch):
        self.add(_Hoard(0, 0, 50, 50, 0, 0))
        for thing in (SKIES, self.ui, self.ui.body_font, watch.time, watch.glance, watch.timers.places[0]):
            thing.x = thing.tick_ms = thing.n7 = bytearray(9)


class Grabber(Stranger):
    """A face that takes the touches of the whole glass, which belong to the watch."""

    touched = 0

    def tick(self, now):
        self.clear()
        self.target("mine", 0, 0, 240, 240, self.grab)

    def grab(self):
        Grabber.touched += 1


class _Torn(Box):
    def draw(self, canvas):
        raise ValueError("torn")


class Torn(App):
    """Fails while it is drawn, the first time."""

    torn = True

    def open(self, watch):
        if Torn.torn:
            self.add(_Torn(0, 0, 50, 50, 0, 0))
        Torn.torn = False


def test_what_is_no_place_no_widget_and_no_name_is_refused():
    one = GuestWatch(permissions=("glance",), kind=Careless).open()
    assert list(range(8)) + list(range(7)) == REFUSED, REFUSED
    one.touch(5, 5)
    one.wait(2)
    left = [thing for thing in (one.apps.glance, one.apps.time, one.watch.stack.top.ui) if hasattr(thing, "screen")]
    assert one.screen == "app-guest" and not one.strikes["guest"] and not left, left


def test_settings_that_were_kept_can_be_read():
    one = GuestWatch(kind=Careless).open()
    one.watch.navigator.button("single")
    one.step()
    assert AppSettings(one.services.journal, "guest").size == 0


class Sender(App):
    """Says what grows, or has itself in it, once the watch has looked at it."""

    def open(self, watch):
        own = [1]
        _refused(
            lambda: watch.location.want(own),
            lambda: watch.phone_files.write(["a"], "x"),
            lambda: watch.phone_files.write("a", ["x"]),
            lambda: watch.phone_intents.send("service", own, {"a": "b"}),
            lambda: watch.phone_intents.say("info", own),
        )
        own.append(own)


def test_what_the_phone_is_told_is_made_of_texts():
    one = GuestWatch(permissions=("location", "phone_files", "phone_intents"), kind=Sender)
    one.watch.phone.link(True)
    outbox = one.services.outbox
    while outbox.take() is not None:
        pass
    one.open()
    said = [outbox.take() for _ in range(len(outbox))]
    assert {"t": "gps_power", "status": True} in said and not one.strikes["guest"], said
    assert all(type(value) in (str, bool) for message in said for value in message.values()), said


def test_a_button_that_its_app_has_put_nowhere_ends_the_app_alone():
    for kind in (Mover, LateMover):
        one = GuestWatch(kind=kind).open()
        one.watch.stack.top.press(9, 9)
        one.watch.stack.top.release()
        one.wait(2)
        assert one.strikes["guest"] == 1 and not one.watch.stack.top.running, kind


def test_nobody_changes_what_all_faces_are_shown():
    one = GuestWatch(permissions=("glance",), kind=Grower).open()
    assert one.strikes["guest"] == 1
    one.services.activity.changes += 1
    one.wait(2)
    assert len(one.apps.glance.hours) == 24


def test_nothing_stays_on_what_outlives_an_app():
    one = GuestWatch(permissions=("glance", "timers"), kind=Hoarder).open()
    one.watch.stack.render()
    ui, shared = one.watch.stack.top.ui, [SKIES, one.watch.stack.canvas, one.apps.time, one.apps.glance]
    one.watch.navigator.button("single")
    one.step()
    left = [thing for thing in shared + [ui, ui.body_font] if hasattr(thing, "n7") or hasattr(thing, "tick_ms")]
    assert one.screen == "face" and not one.strikes["guest"] and not left, left


def test_a_touch_of_the_face_is_never_the_faces():
    one = GuestWatch()
    one.kinds["stranger"] = Grabber
    one.apps._choose_face("stranger")
    one.wait(2)
    one.guard.lock()
    one.step()
    one.touch(100, 100)
    assert one.screen == "passcode" and not Grabber.touched, one.screen


def test_what_failed_in_the_last_picture_counts_once():
    one = GuestWatch(kind=Torn).open()
    one.watch.stack.render()
    one.watch.navigator.button("single")
    one.step()
    assert one.screen == "face" and one.strikes["guest"] == 1
    one.open().wait(2)
    assert one.screen == "app-guest" and one.watch.stack.top.running and one.strikes["guest"] == 1
