"""The apps in the settings of a whole watch: one that failed runs again, and what one keeps is thrown away."""

from support import scrubbing
from support.worn import Worn

from tests.screens.touches import touch
from watch.apps.shelf.manifest import PERMISSIONS
from watch.kernel.errors import CorruptError
from watch.screens.permissions import PICTURES
from watch.system.apps.care import AppCare
from watch.ui.languages import en, zh

scrubbing.leave_out()
SHARE = "apps"


class _Settings(Worn):
    """At the list of apps."""

    def list(self):
        self.watch.stack.home()
        self.watch.stack.top.swipe("down")
        self.choose("settings", "apps")

    def choose(self, *names):
        for name in names:
            self.wait(1)
            touch(self.watch.stack.top, name)


def test_an_app_that_failed_three_times_runs_again():
    one = _Settings(dark=False)
    apps = one.watch.navigator.apps
    for _ in range(3):
        apps.open("torch")
        one.watch.stack.top._fail(ValueError("torn"))
        one.watch.stack.home()
    apps.open("torch")
    assert one.screen == "error"
    one.list()
    one.choose("torch", "again")
    assert one.screen == "app" and one.watch.services.shelf.find("torch").strikes == 0
    assert "again" not in [target[0] for target in one.watch.stack.top.targets()]
    one.watch.navigator.button("single")
    assert one.screen == "apps"
    apps.open("torch")
    assert one.screen == "app-torch"


def test_what_an_app_keeps_is_forgotten_after_a_question():
    one = _Settings(dark=False)
    apps = one.watch.navigator.apps
    kept = AppCare(one.watch.services, apps).kept_bytes
    apps.open("torch")
    touch(one.watch.stack.top, "lamp")
    one.watch.stack.home()
    assert kept("torch") > 0
    one.list()
    one.choose("torch", "forget")
    assert one.screen == "forget"
    touch(one.watch.stack.top, "yes")
    assert kept("torch") > 0, "too soon to be an answer"
    one.choose("yes")
    assert kept("torch") == 0 and one.screen == "app"
    apps.open("torch")
    assert one.watch.stack.top.watch.settings.get("colour", 0) == 0


def test_a_flash_that_cannot_be_read_is_said_and_ends_nothing():
    one = _Settings(dark=False)
    one.list()

    def broken(app):
        raise CorruptError(app)

    one.watch.navigator.apps.runner.settings = broken
    one.choose("torch")
    assert one.screen == "error"


def test_every_permission_has_a_picture_and_words():
    assert sorted(PICTURES) == sorted(PERMISSIONS)
    for table in (en.TEXT, zh.TEXT):
        assert all("permission." + name in table for name in PERMISSIONS)
