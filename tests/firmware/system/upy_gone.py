"""What is left of apps after they were removed, and after a wipe: nothing, in files, flash and services (R17)."""

import os

from support import scrubbing
from support.bundles import content, signed
from support.visitor import FOLDER, Visitor, app_files, code_entry

from watch.apps.capabilities import Settings
from watch.apps.settings import AppSettings
from watch.apps.shelf import file_tree
from watch.apps.shelf.app_files import AppFiles
from watch.exchange import messages
from watch.system.apps.care import AppCare
from watch.system.main import build
from watch.ui import icons

scrubbing.leave_out()
SHARE = "cuts and faults"
LONG = bool(os.getenv("TAPWATCH_LONG"))
FILES, SETTINGS, LINES = 12, 8, 6
CANARIES = tuple(["CANARY%02dX" % number for number in range(32)])
"""In files, settings, log lines, the developer's name, names and words of the app, a face's word, a title, a text."""
_PLAIN = CANARIES[: FILES + SETTINGS]


def planted(one):
    """A watch with an app in whose every trace there is a canary."""
    left = iter(CANARIES)
    services = one.services
    files = AppFiles(FOLDER, "counter")
    for number in range(FILES):
        files.write("f%d" % number, next(left).encode())
    settings = AppSettings(services.journal, "counter")
    for number in range(SETTINGS):
        settings.set("s%d" % number, next(left))
    settings.deadline = one.services.app_marks.now() + 60
    settings.end()
    for _ in range(LINES):
        services.app_log.write("counter", next(left))
    services.shelf.enrol(one.cast.other.public, next(left))
    services.app_marks.set_word("counter", (icons.TILES, next(left)[:8]))
    services.app_marks.set_deadline("counter", settings.deadline)
    services.notifications.post_local("counter", next(left), next(left), next(left))
    services.notifications.tick()
    services.shelf.strike("counter")
    return one


def known(one):
    """All that the services of a watch tell of apps, in one text."""
    services = one.services
    notes = [services.notifications.at(place) for place in range(len(services.notifications))]
    told = [services.app_log.since(0), services.app_marks.complications, services.app_payments.fetch([])]
    told.append([(note.app, note.title, note.body) for note in notes])
    told.append([developer.name for developer in services.shelf.developers.all()])
    return repr(told)


def found(one):
    """Canaries in files, in flash, and in what the services tell."""
    places = list(content(FOLDER).values()) + [bytes(one.board.flash._image)]
    told = known(one)
    return [canary for canary in CANARIES if any(canary.encode() in data for data in places) or canary[:8] in told]


class Planted(Visitor):
    """With an app of a developer, and canaries in it."""

    def __init__(self):
        super().__init__()
        changes = {"names": {"en": CANARIES[30], "zh": CANARIES[31]}, "entry": code_entry()}
        self.data = self.bundle_of(**changes)
        assert self.install(self.data)[0] == "installed", self.state(self.data)
        planted(self)

    def bundle_of(self, **changes):
        """Of the developer, with these names."""
        return signed(self.cast.maker, app_files(), permissions=["light", "storage"], **changes)

    def restart(self):
        """The power goes; flash and files stay."""
        self.watch = build(self.board)
        self.services = self.watch.services
        return self


def test_canaries_can_be_found():
    one = Planted()
    seen = found(one)
    assert len(seen) == len(CANARIES), seen
    print("NOTE gone: %d of 32 canaries are found before, by the same search" % len(seen))


def test_a_wipe_leaves_nothing():
    one = Planted()
    one.services.guard.wipe()
    one.wait(2)
    assert not found(one) and not file_tree.names(FOLDER + "/apps") and not file_tree.names(FOLDER + "/data")
    one.restart()
    assert not found(one) and not one.services.shelf.installed() and not one.services.shelf.developers.all()
    print("NOTE gone: 0 of 32 canaries after a wipe, and after the next start")


def test_a_wipe_while_the_app_is_in_front_leaves_nothing():
    one = Planted()
    one.watch.navigator.apps.open("counter")
    one.step()
    assert one.screen == "app-counter"
    settings = one.watch.navigator.apps.runner._settings["counter"]
    Settings(settings).set("late", CANARIES[29])
    one.services.guard.wipe()
    one.wait(3)
    assert one.services.guard.state == "wiping" and one.screen != "app-counter"
    assert not found(one), found(one)
    one.restart()
    assert not found(one), found(one)


class Cut(Exception):
    """The power is gone."""


def test_power_that_goes_while_files_are_deleted():
    """The vault goes first; whatever is left of the files then goes at the next start."""
    remove, points, cuts = os.remove, 0, 0
    while True:
        one = Planted()
        left = [points]

        def cut(path):
            if not left[0]:
                raise Cut
            left[0] -= 1
            remove(path)

        one.services.guard.wipe()
        file_tree.os = Os(cut)
        try:
            one.wait(1)
            ended = True
        except Cut:
            ended = False
        finally:
            file_tree.os = os
        cuts += 1
        points += 1 if LONG else 5
        one.restart()
        assert not found(one) and not file_tree.names(FOLDER + "/apps") and not file_tree.names(FOLDER + "/data")
        if ended:
            break
    print("NOTE gone: a wipe cut at %d of its deletions: nothing is left after the next start" % cuts)


class Os:
    """`os` with another `remove`."""

    def __init__(self, remove):
        self.remove, self.stat, self.listdir, self.rmdir = remove, os.stat, os.listdir, os.rmdir
        self.mkdir = os.mkdir


def _remove(one):
    assert one.ask(messages.APP_REMOVE, "counter") == ("ok", None)
    one.step()
    one.wait(1).answer("yes").settle()
    assert one.installed() == [] and one.services.shelf.find("counter") is None


def test_an_app_that_was_removed_starts_anew():
    one = Planted()
    _remove(one)
    seen = [canary for canary in _PLAIN if canary in found(one)]
    live = one.services.journal
    assert not file_tree.names(FOLDER + "/data") and not file_tree.names(FOLDER + "/apps"), file_tree.names(FOLDER)
    assert one.services.app_marks.complications == () and not one.services.app_marks.late
    assert AppSettings(live, "counter").size == 0
    assert one.install(one.data)[0] == "installed"
    settings = AppSettings(live, "counter")
    assert settings.get("s0", "none") == "none" and settings.deadline == -1 and settings.shown is None
    assert AppFiles(FOLDER, "counter").names() == [] and one.services.shelf.find("counter").strikes == 0
    in_flash = [canary for canary in seen if canary in CANARIES[FILES : FILES + SETTINGS]]
    assert seen == in_flash, "an old record lies in the flash until its sector is erased; a file does not"
    print("NOTE gone: an app that came again found none of its files, settings, marks and failures")


def test_with_a_developer_go_all_traces_of_the_apps():
    one = Planted()
    one.services.app_marks.set_deadline("counter", one.services.app_marks.now() + 60)
    for developer in one.services.shelf.developers.all():
        AppCare(one.services, one.watch.navigator.apps).dismiss(developer)
    assert one.installed() == [] and not file_tree.names(FOLDER + "/data") and not file_tree.names(FOLDER + "/apps")
    assert one.services.app_marks.complications == () and AppSettings(one.services.journal, "counter").size == 0
