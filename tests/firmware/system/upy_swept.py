"""What an app of a third party leaves as it was: the picture of a card, and everything else of a full watch."""

from support import scrubbing, worn
from support.art import art_file
from support.guests import Guest, GuestWatch
from support.world import World

from watch.apps.shelf import file_tree
from watch.apps.shelf.manifest import PERMISSIONS
from watch.crypto.hashes import sha256

scrubbing.leave_out()
SHARE = "mutants"
_ART, _PART = art_file(), 2048
_FOLDER = "build/tests/upy_swept"
_FULL = (
    {"t": "notify", "id": 7, "src": "Chat", "title": "Ada", "body": "Soup at noon?"},
    {"t": "weather", "temp": 290, "hi": 295, "lo": 285, "txt": "Rain", "code": 500, "loc": "Here"},
    {"t": "musicinfo", "artist": "Ada", "album": "Soup", "track": "Noon", "dur": 60, "c": 1, "n": 1},
    {"t": "musicstate", "state": "play", "position": 1},
    {"t": "calendar", "id": 1, "type": 0, "timestamp": 1_795_348_800, "durationInSeconds": 3600, "title": "Soup"},
)


class Innocent(Guest):
    """Looks at all it is given, and sets nothing of it."""

    def open(self, watch):
        Guest.open(self, watch)
        for name in dir(watch):
            getattr(watch, name)


def _full_watch(level):
    """A watch with a card whose picture it has, and with news from a phone."""
    file_tree.removed(_FOLDER)
    for path in ("build", "build/tests", _FOLDER):
        file_tree.made(path)
    digest, kept = sha256(_ART), worn._KEPT[:]
    worn._KEPT[:] = [World().provision().set_passcode().add_card(art=digest)]
    worn._KEPT[0].services.save_clock()
    try:
        one = GuestWatch(level, PERMISSIONS, Innocent, files=_FOLDER)
    finally:
        worn._KEPT[:] = kept
    for at in range(0, len(_ART), _PART):
        one.services.art.take(digest, at, len(_ART), _ART[at : at + _PART])
    one.watch.navigator._show_active_card()
    for message in _FULL:
        one.watch.phone.receive(message)
    one.wait(2)
    assert one.apps.glance.card.art.width == 320, "the watch has no picture"
    return one


def _leave(one):
    """Back to the face."""
    for _ in range(4):
        if one.screen != "face":
            one.watch.navigator.button("single")
            one.step()
    assert one.screen == "face", one.screen


def _drawn_pictures(one):
    """Widths of the pictures that the whole screen draws."""
    found, canvas = [], one.watch.stack.canvas
    canvas.picture = lambda picture, x, y: found.append(picture.width)
    try:
        one.watch.stack.refresh()
        one.watch.stack.render()
    finally:
        del canvas.picture
    return found


def test_cards_have_their_pictures_after_an_app():
    one = _full_watch("reviewed")
    one.open("guest")
    one.watch.stack.render()
    _leave(one)
    assert one.services.guard.unlocked()
    one.watch.stack.top.swipe("left")
    one.step()
    assert one.screen == "cards" and 320 in _drawn_pictures(one)
    one.watch.stack.render()
    one.wait(1)
    assert one.services.guard.unlocked() and one.screen == "cards", one.watch.log.lines()


def test_nothing_is_swept_off_a_full_watch_after_innocent_apps():
    for level in ("reviewed", "developer"):
        one = _full_watch(level)
        for app in ("guest", "stranger"):
            one.open(app)
            one.wait(2)
            one.watch.stack.render()
            assert one.called(), app
            _leave(one)
            one.open("digital")
            one.wait(1)
            assert one.runner.swept == 0, (level, app, one.runner.swept)


def test_what_an_app_sets_on_the_picture_of_a_card_is_swept():
    """A guard: the sweep reaches the picture. `x` is a name that apps may set on things of their own."""
    one = _full_watch("reviewed")
    one.open("guest")
    one.apps.glance.card.art.x = 7
    _leave(one)
    assert one.runner.swept == 1 and not hasattr(one.apps.glance.card.art, "x")
