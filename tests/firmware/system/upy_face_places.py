"""The wearer chooses what the places of a face say: kept for each face, also when the app that says it goes."""

from support import scrubbing
from support.bundles import signed
from support.visitor import Visitor, app_files, code_entry

from tests.screens.touches import touch
from watch.apps.settings import AppSettings
from watch.kernel.errors import StorageError
from watch.system.apps.complications import AUTO, BATTERY, MESSAGES, NONE
from watch.ui import icons

scrubbing.leave_out()
SHARE = "gallery"
DROP = ("counter", icons.DROP, "5/8")


class Wearer(Visitor):
    """Has an app that says something for faces, and another one that does."""

    def __init__(self):
        super().__init__()
        self.apps = self.watch.navigator.apps
        permissions = ["complication", "light"]
        state = self.install(signed(self.cast.maker, app_files(), entry=code_entry(), permissions=permissions))
        assert state[0] == "installed", state
        self.wait(3)
        self.services.app_marks.set_word("counter", DROP[1:])
        self.services.app_marks.set_word("alone", (icons.STORE, "a"))
        self.home()

    def home(self):
        """At the face, a second later."""
        self.watch.navigator._view.home()
        self.step()
        return self.wait(2)

    def choose(self, place, choice):
        """Go through the settings of the face, and touch what shall be said there."""
        self.apps.arrange()
        touch(self.watch.stack.top, str(place))
        steps = () if self.watch.navigator._motion is None else ("activity",)
        choices = (AUTO, NONE) + steps + ("weather", "alarms", BATTERY, MESSAGES, "counter")
        touch(self.watch.stack.top, str(choices.index(choice)))
        self.step()
        return self.home()

    @property
    def says(self):
        """What faces find."""
        return self.apps.glance.complications


def test_what_is_chosen_is_said_first_and_kept_for_this_face_alone():
    one = Wearer()
    assert one.apps.places() == 2 and not one.apps.glance.chosen, "the digital face"
    assert [entry[0] for entry in one.says] == ["alone", "counter"], "by their ids, while nothing is chosen"
    one.choose(0, "counter")
    assert one.apps.glance.chosen and one.says[0] == DROP and one.says[1][0] == "alone"
    assert "5/8" in one.texts()
    one.choose(1, BATTERY)
    assert one.says[1] == (BATTERY, icons.BOLT, "%d%%" % one.apps.glance.percent)
    assert AppSettings(one.services.journal, "digital").places == ["counter", BATTERY]
    one.apps.open("rings")
    one.wait(1)
    assert not one.apps.glance.chosen and one.apps.places() == 1, "another face has its own choice"
    one.apps.open("digital")
    one.wait(1)
    assert one.says[0] == DROP and one.apps.glance.chosen


def test_what_changes_is_said_and_what_stays_allocates_nothing():
    one = Wearer()
    one.choose(0, BATTERY)
    one.choose(1, MESSAGES)
    before = one.says
    one.wait(3)
    assert one.says is before, "the same object while nothing changes"
    one.post()
    one.wait(2)
    assert one.says[1] == (MESSAGES, icons.MESSAGE, "1")


def test_nothing_is_a_choice_and_an_app_without_a_word_leaves_its_place_empty():
    one = Wearer()
    one.choose(0, NONE)
    one.choose(1, NONE)
    assert [text for _, _, text in one.says[:2]] == ["", ""] and one.apps.glance.chosen
    one.choose(0, "counter")
    assert one.says[0] == DROP and not one.says[1][2], "the third place is for faces that have one"
    one.services.app_marks.set_word("counter", None)
    one.wait(1)
    assert not one.says[0][2], "it is there, and has nothing to say"


def test_an_app_that_goes_gives_its_place_to_the_others_and_gets_it_back():
    one = Wearer()
    one.choose(0, "counter")
    one.watch.navigator._care.remove("counter")
    one.home()
    assert one.says == (("alone", icons.STORE, "a"),), one.says
    assert AppSettings(one.services.journal, "digital").places == ["counter"]
    one.services.app_marks.set_word("counter", DROP[1:])
    one.wait(1)
    assert one.says[0] == DROP


def test_a_choice_that_cannot_be_written_is_told_and_not_made():
    one = Wearer()
    settings = one.apps.runner.settings("digital")

    def full():
        raise StorageError("no room")

    settings.end = full
    one.apps.arrange()
    touch(one.watch.stack.top, "0")
    touch(one.watch.stack.top, "1")
    assert settings.places == [] and not one.apps.glance.chosen
    assert one.screen.startswith("error"), one.screen


def test_records_of_another_form_choose_nothing():
    for wrong in ('"water"', "[1]", '["%s"]' % ("w" * 25), '["a","b","c","d"]', "{}"):
        record = '{"app": "digital", "values": {}, "places": %s}' % wrong
        assert AppSettings(Kept(record.encode()), "digital").places == [], wrong


class Kept:
    """A journal with one record."""

    def __init__(self, record):
        self._record = record

    def get(self, _place):
        return self._record
