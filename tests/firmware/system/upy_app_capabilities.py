"""What apps are granted besides: each capability in use, flooded, given nonsense, and taken back when the app ends."""

import os

from support.world import World

from watch.apps.settings import AppSettings, marks
from watch.apps.shelf.manifest import PERMISSIONS
from watch.kernel.errors import InputError
from watch.system.apps import budgets
from watch.system.apps.granting import IN_FRONT, Grantee, granted
from watch.system.apps.sound import LONGEST_MS
from watch.system.apps.web import expect_allowed
from watch.system.main import build
from watch.ui import icons

SHARE = "apps"
HUGE = 10**40
NONSENSE = (
    None,
    True,
    -1,
    0,
    1.5,
    HUGE,
    -HUGE,
    "",
    "x" * 10_000,
    "\x00\u202e",
    b"",
    b"x",
    bytearray(3),
    [],
    [1],
    {},
    (),
)
DAY_S = 86_400
FOLDER = "build/test_app_capabilities"


class Manifest:
    """Of an app that asks for everything."""

    id, icon, permissions, hosts = "tester", icons.STORE, PERMISSIONS, ("example.org", "api.example.org")

    def name(self, language):
        """What the wearer calls it."""
        return "Tester"


class Speaker:
    """Writes down what it plays."""

    def __init__(self):
        self.played = []

    def tone(self, frequency_hz, duration_ms, volume_percent):
        """As `ports.Speaker`."""
        self.played.append((frequency_hz, duration_ms, volume_percent))


class Screen:
    """As much of a screen as light needs."""

    name, keeps_light = "app-tester", ""


class Bench:
    """A whole watch, and one run of an app on it."""

    def __init__(self, front=True):
        self.world = World().provision().set_passcode()
        self.watch = build(self.world.board)
        self.services, self.view = self.watch.services, self.watch.navigator._view
        self.services.speaker, self.services.files = Speaker(), FOLDER
        self.run(front)

    def run(self, front=True):
        """The app starts."""
        self.settings = AppSettings(self.services.journal, "tester")
        glance = self.watch.navigator.apps.glance
        self.who = Grantee(Manifest(), self.view, glance, Screen() if front else None, self.settings, {4: 156})
        self.has = granted(self.services, self.who)
        return self

    def end(self):
        """The app ends."""
        self.who.end(self.watch.log)
        self.settings.end()

    def pass_s(self, seconds):
        """Time goes by, and nobody looks."""
        self.world.board.clock.now_us += seconds * 1_000_000


def refused(call, *arguments):
    """True if a call raises InputError or TypeError, as every method does for what it cannot take."""
    try:
        call(*arguments)
    except (InputError, TypeError):
        return True
    return False


def test_in_the_background_there_is_nothing_that_needs_a_wearer():
    bench = Bench(front=False)
    assert not any(name in bench.has for name in IN_FRONT)
    assert {"storage", "notify", "background", "web", "motion", "complication"} <= set(bench.has)


def test_messages_bear_the_app_and_come_seldom():
    bench = Bench()
    notify, notes = bench.has["notify"], bench.services.notifications
    assert notify.post("Phone call", "+1 555 0100") and not notify.post("again"), "ten seconds"
    notes.tick()
    note = notes.at(0)
    assert (note.app, note.source, note.local, note.replies, note.tel) == ("Tester", "tester", True, False, "")
    bench.watch.navigator.tick()
    screen = bench.view.top
    assert screen.name == "news" and "Tester" in screen.texts(), "it is no call, and says whose it is"
    posted = 1
    for _ in range(200):
        bench.pass_s(30)
        notes.tick()
        posted += notify.post("Sent", "12.34 CNY")
    assert posted == 20, posted
    bench.end()
    assert not bench.run().has["notify"].post("again"), "closed and opened again it has not more"
    bench.pass_s(DAY_S)
    assert bench.has["notify"].post("tomorrow")


def test_messages_of_apps_and_of_the_phone_are_apart():
    bench = Bench()
    notes = bench.services.notifications
    assert bench.has["notify"].post("one", "two")
    notes.tick()
    number = notes.at(0).id
    for wrong in ({"id": number, "src": "Bank"}, {"id": number, "body": "changed"}):
        assert refused(bench.services.phone.receive, dict(wrong, t="notify"))
        assert refused(bench.services.phone.receive, dict(wrong, t="notify~"))
    notes.dismiss(number)
    assert len(notes) == 0 and bench.services.outbox.take() is None, "the phone is not told"


def test_a_deadline_is_kept_over_a_restart():
    bench = Bench()
    deadline, marked = bench.has["background"], bench.services.app_marks
    now = marked.now()
    for minute in (now, now - 5, -1, now + 600_000):
        assert refused(deadline.at, minute), minute
    deadline.after(5)
    deadline.at(now + 2)
    assert deadline.due == now + 2 and marked.rest_ms(0) == 120_000
    bench.end()
    assert list(marks(bench.services.journal)) == [("tester", now + 2, None)]
    found = bench.world.restart().services.app_marks
    bench.pass_s(180)
    found.take_due()
    assert found.late == {"tester": now + 2} and found.rest_ms(0) == -1
    bench.run()
    assert bench.has["background"].due == now + 2
    bench.has["background"].cancel()
    bench.end()
    assert list(marks(bench.services.journal)) == []


def test_a_word_for_faces():
    bench = Bench()
    word, marked = bench.has["complication"], bench.services.app_marks
    for wrong in ("", "123456789", "a\nb", "\u202e", None, 5, b"x"):
        assert refused(word.show, wrong, icons.STORE), wrong
    for wrong in (-1, 10**9, 0.5, None, icons.CARD, icons.LOCK):
        assert refused(word.show, "text", wrong), wrong
    assert marked.complications == ()
    word.show("3 of 9", icons.STORE)
    assert marked.complications == (("tester", icons.STORE, "3 of 9"),)
    bench.watch.navigator.tick()
    assert bench.watch.navigator.apps.glance.complications is marked.complications
    bench.end()
    for number in range(5):
        marked.set_word("app%d" % number, (icons.MOON, str(number)))
    assert [one[0] for one in marked.complications] == ["app0", "app1", "app2"], "three, by their ids"
    marked.clear()
    marked.load(bench.services.journal)
    assert marked.complications == (("tester", icons.STORE, "3 of 9"),), "kept over a restart"
    marked.forget("tester")
    assert marked.complications == ()


ALLOWED = ("https://example.org/", "https://example.org/a?b=c&d=%20", "https://api.example.org/x/y:z")
STRANGE = (
    "http://example.org/",
    "https://example.org",
    "https://example.org.evil.org/",
    "https://evil.org/example.org/",
)
STRANGE += (
    "https://example.org:443/",
    "https://user@example.org/",
    "https://example.org@evil.org/",
    "ftp://example.org/",
)
STRANGE += ("https://EXAMPLE.org/", "https://example.org./", "https://example.org\\.evil.org/", "https://example.org#/")
STRANGE += (
    "https://ex\u0430mple.org/",
    "https://example\u3002org/",
    "https://xn--exmple-cua.org/",
    "https:///example.org/",
)
STRANGE += ("https://example.org/\r\nHost: evil.org", "https://example.org/a b", "https://sub.example.org/", "https://")
STRANGE += (
    " https://example.org/",
    "https://example.org%2eevil.org/",
    "https://example.org/" + "x" * 200,
    "https://[::1]/",
)
STRANGE += ("https://example.org/\u4e2d", "https://example.org?/", "HTTPS://example.org/", "https://127.0.0.1/", "")


def test_addresses():
    for url in ALLOWED:
        expect_allowed(url, Manifest.hosts)
    for url in STRANGE + NONSENSE:
        assert refused(expect_allowed, url, Manifest.hosts), url
    print("NOTE web: %d strange addresses, 0 allowed" % (len(STRANGE) + len(NONSENSE)))


def test_the_web():
    bench = Bench()
    web, services = bench.has["web"], bench.services
    assert not web.get(ALLOWED[0]), "no phone"
    services.phone.link(True)
    bench.pass_s(10)
    assert web.get(ALLOWED[0]) and web.waiting and web.answer() is None
    asked = services.outbox.take()
    assert (asked["url"], asked["method"], "body" in asked) == (ALLOWED[0], "get", False)
    bench.pass_s(10)
    assert not web.get(ALLOWED[0]), "one at a time"
    services.phone.receive({"t": "http", "id": asked["id"], "resp": "sunny"})
    assert not web.waiting and web.answer() == "sunny" and web.answer() is None
    assert web.post(ALLOWED[1], "body") and services.outbox.take()["body"] == "body"
    services.companion.web.lost()
    assert web.failed and web.answer() is None and not web.waiting
    assert refused(web.post, ALLOWED[0], "x" * 2049)


def test_an_answer_for_an_app_that_has_gone_finds_nobody():
    bench = Bench()
    web, services = bench.has["web"], bench.services
    services.phone.link(True)
    assert web.get(ALLOWED[0])
    asked = services.outbox.take()
    bench.end()
    assert not services.companion.web.busy, "others may ask at once"
    services.phone.receive({"t": "http", "id": asked["id"], "resp": "late"})
    assert web.answer() is None and not web.get(ALLOWED[0])


def test_tones():
    bench = Bench()
    sound, speaker = bench.has["sound"], bench.services.speaker
    assert sound.tone(440, 500) and speaker.played == [(440, 500, 50)]
    bench.end()
    assert speaker.played[-1][2] == 0, "it is silent when the app has ended"
    bench.run().has["sound"].tone(440, 100)
    bench.pass_s(1)
    played = len(speaker.played)
    bench.end()
    assert len(speaker.played) == played, "what is over need not be ended"
    bench.services.settings.set("silent", True)
    assert not sound.tone(440, 100) and len(speaker.played) == played
    for wrong in ((0, 1, 1), (9000, 1, 1), (440, LONGEST_MS + 1, 1), (440, 0, 1), (440, 1, 101), (440, 1, -1)):
        assert refused(sound.tone, *wrong), wrong


def test_movement():
    bench = Bench()
    motion, into = bench.has["motion"], [0, 0, 0]
    assert motion.acceleration(into) == bench.services.acceleration([0, 0, 0])
    for wrong in ([], [1, 2], (0, 0, 0), {}, bytearray(3), [0, 0, 0, 0]):
        assert refused(motion.acceleration, wrong), wrong
    assert not motion.moving()
    bench.services.movements += 1
    assert motion.moving() and not motion.moving()


def test_files():
    bench = Bench()
    storage = bench.has["storage"]
    _make(FOLDER)
    for name in storage.names():
        storage.remove(name)
    assert (
        storage.write("score.bin", b"123") and storage.read("score.bin") == b"123" and storage.names() == ["score.bin"]
    )
    assert storage.read("other") is None
    for name in ("", ".x", "../up", "a/b", "A", "x" * 33, None, 5, b"x"):
        assert refused(storage.write, name, b"x"), name
    for data in ("text", None, 5, [1], {}):
        assert refused(storage.write, "a", data), data
    assert not storage.write("big", bytes(33_000)) and storage.names() == ["score.bin"]
    assert storage.remove("score.bin") and storage.names() == []


def test_no_app_can_wear_out_the_flash():
    """What an app that does nothing but write makes the watch program in a day."""
    bench = Bench()
    storage, alarms, activity = bench.has["storage"], bench.has["alarms"], bench.has["activity"]
    _make(FOLDER)
    written = changes = 0
    for _ in range(1000):
        data = bytes(1000)
        written += len(data) * storage.write("f", data)
        changes += storage.write("f", b"")
    for number in range(1000):
        alarms.add(number % 1440, 0, "x" * 32)
        alarms.remove(0)
        activity.set_goal(1000 + number)
    storage.remove("f")
    rates = budgets.RATES
    records = rates["alarms"][1] * 64 + rates["goal"][1] * 1040 + rates["background"][1] * 2200
    worn = records * 3650 // bench.world.board.flash.size
    print(
        "NOTE wear: an app programs at most %d bytes of records a day: in ten years %d erases of each sector of 100,000"
        % (records, worn)
    )
    print("NOTE wear: and %d bytes of files in %d changes" % (budgets.MOST_BYTES_A_DAY, rates["storage"][1]))
    assert written <= budgets.MOST_BYTES_A_DAY and changes <= rates["storage"][1] and worn <= 20_000
    assert not alarms.remove(0) and not activity.set_goal(5000)


def test_nonsense_changes_nothing():
    """Each method with wrong types and huge values, in every place: refused, and nothing is different."""
    bench = Bench()
    calls = {
        "storage": ("read", "write", "remove"),
        "notify": ("post",),
        "background": ("at", "after"),
        "web": ("get", "post"),
        "motion": ("acceleration",),
        "sound": ("tone",),
        "payment": ("request",),
        "complication": ("show",),
    }
    tried = 0
    for name, methods in calls.items():
        for method in methods:
            call = getattr(bench.has[name], method)
            for wrong in NONSENSE:
                for arguments in ((wrong,), (wrong, wrong), (wrong, wrong, wrong), (wrong, "x"), ("x", wrong)):
                    try:
                        call(*arguments)
                    except (InputError, TypeError):
                        pass
                    tried += 1
    bench.services.notifications.tick()
    assert bench.services.app_payments.waiting is None and bench.services.app_marks.complications == ()
    assert len(bench.services.outbox) == 0 and bench.settings.shown is None
    print("NOTE capabilities: %d calls with nonsense, only InputError and TypeError" % tried)


def _make(path):
    for folder in ("build", path):
        try:
            os.mkdir(folder)
        except OSError:
            continue
