"""A locked watch keeps its wearer's business to itself: faces, apps, and what was open when it locked."""

from support import scrubbing, worn
from support.world import TOKEN
from support.worn import Worn

from watch.apps.shelf.firmware_apps import APPS, FACES
from watch.system.apps.apps import PRIVATE

scrubbing.leave_out()
SHARE = "system"
SECRETS = ("Dentist", "Clair de lune", "Ada", "Bakery")


def _watch(unlocked):
    """A watch that the phone has told much, on each of its faces in turn."""
    one = Worn(unlocked, dark=False)
    services = one.watch.services
    at = services.clock.display_s() + 3600
    for message in (
        {"t": "calendar", "id": 1, "timestamp": at, "durationInSeconds": 1800, "title": "Dentist"},
        {"t": "musicinfo", "artist": "Debussy", "track": "Clair de lune", "dur": 300},
        {"t": "musicstate", "state": "play", "position": 10},
        {"t": "cards", "d": [{"type": "CODE_128", "value": "12345", "name": "Bakery"}]},
    ):
        services.phone.receive(message)
    services.phone.link(True)
    one.step()
    return one


def _secrets(one):
    seen = " ".join(one.texts())
    return [secret for secret in SECRETS if secret in seen]


def test_no_face_of_a_locked_watch_tells_what_its_wearer_does():
    one = _watch(False)
    for face in FACES:
        one.watch.services.settings.set("face", face)
        one.watch.navigator.apps.start()
        one.wait(1)
        assert one.screen == "face" and not _secrets(one), (face, one.texts())
    one.watch.services.settings.set("face", FACES[0])
    one.watch.navigator.apps.start()
    one.unlock()
    one.step()
    assert _secrets(one) == ["Dentist"], "it is there, and seen by its wearer"
    one.watch.services.guard.lock()
    one.step()
    assert not _secrets(one), "gone in the same second"


def test_private_apps_ask_for_the_passcode_and_the_others_tell_nothing():
    one, asked = _watch(False), []
    for app in APPS:
        one.watch.navigator.apps.open(app)
        one.step()
        if one.screen == "passcode":
            asked.append(app)
        assert not _secrets(one), (app, one.texts())
        one.watch.stack.home()
    manifest = one.watch.services.shelf.manifest
    assert asked == [app for app in APPS if any(name in PRIVATE for name in manifest(app).permissions)]
    assert asked == ["calendar", "music", "loyalty"]


def test_what_is_open_when_the_watch_locks_goes_away():
    for app, secret in (("calendar", "Dentist"), ("music", "Clair de lune"), ("loyalty", "Bakery")):
        one = _watch(True)
        one.watch.navigator.apps.open(app)
        one.step()
        if app == "calendar":
            one.touch()
        assert secret in " ".join(one.texts()), (app, one.texts())
        one.watch.services.guard.lock()
        one.step()
        assert one.screen == "face" and not _secrets(one), (app, one.screen)


def test_the_banks_word_names_no_merchant_on_a_locked_watch():
    for unlocked in (True, False):
        for result, screen in (("approved", "approved"), ("declined", "declined")):
            one = Worn(unlocked, dark=False)
            issuer = worn._KEPT[0].issuer
            issuer.notice_number = 0
            one.watch.navigator.notice(issuer.notice(one.watch.services.identity.device_id, TOKEN, 1, result))
            assert one.screen == screen and "12.34" in one.texts(), one.texts()
            assert ("Tea House" in " ".join(one.texts())) == unlocked, (unlocked, one.texts())
