"""Questions of others on the whole watch: only a touch that is meant answers them, and none lies over a payment."""

import asyncio

from support import scrubbing
from support.worn import Worn

from watch.apps.app_screen import AppScreen
from watch.services.offers import ACCEPTED, REFUSED, TIMEOUT, Enrolment, Install, Pairing, Removal, Update
from watch.services.update_news import ROLLED_BACK
from watch.system.view import ATTENTION, SUCCESS
from watch.ui import icons
from watch.ui.app_mark import AppMark

scrubbing.leave_out()
SHARE = "system"
PAIR = "pair"  # in the place of a message: the radio asks
INSTALL = "install"  # an app has come, and was checked
REMOVE, ENROL = "remove", "enrol"
UPDATE = "update"


def pair(worn, told):
    """The radio wants to know of a worn watch whether six digits are the same."""
    worn.watch.services.offers.put(Pairing(1, told, "Pixel", "472913", "phone"))


def offer(kind, told):
    """What the watch itself asks."""
    if kind == UPDATE:
        return Update(3, told, "0.5.0", "0.4.0", 1000, False)
    if kind == REMOVE:
        return Removal(5, told, "Tides")
    if kind == ENROL:
        return Enrolment(6, told, "Ada", b"\xa1\xb2\xc3\xd4\xe5\xf6\x07\x18")
    return Install(4, told, "Tides", "1.2.0", "", "Ada", "", ("light",), (), False, AppMark(icons.CLOUDS, 0x3BA7A0))


class _Asked(Worn):
    """A worn watch that is asked something."""

    def __init__(self, *messages, unlocked=True):
        super().__init__(unlocked)
        self.answers = []
        for message in messages:
            self.say(message)

    def say(self, message):
        if message == PAIR:
            pair(self, self.answers.append)
        else:
            self.watch.services.offers.put(offer(message, self.answers.append))
        self.step()

    def place(self, name):
        for label, x, y, w, h in self.watch.stack.top.targets():
            if label == name:
                return x + w // 2, y + h // 2
        raise AssertionError("no %s on %s" % (name, self.screen))

    def answer(self, name):
        self.touch(*self.place(name))

    def prove(self):
        """Enter the passcode on a watch that is open already."""

        async def enter():
            self.watch.stack.top.entered(bytearray(b"246810"))
            while self.screen == "passcode":
                await asyncio.sleep(0)

        asyncio.run(enter())
        self.step()

    def heard(self):
        """What whoever asked was told since the last look."""
        answers = list(self.answers)
        self.answers.clear()
        return answers


def test_a_question_comes_up_and_its_answer_goes_back():
    one = _Asked(PAIR, INSTALL)
    assert one.screen == "pairing" and one.watch.light.state == "full" and one.felt == [ATTENTION]
    assert "472 913" in one.texts() and "Pixel" in one.texts()
    one.wait(1).answer("yes")
    assert one.heard() == [ACCEPTED] and one.felt[1] == SUCCESS
    assert one.screen == "install", "the next one"
    one.wait(1).answer("no")
    assert one.heard() == [REFUSED] and one.screen == "face"
    known = one.watch.describe()["known"]
    assert known["questions"] == 0 and known["answered"] == REFUSED


def test_what_is_not_meant_is_no_answer():
    one = _Asked(PAIR)
    x, y = one.place("yes")
    one.touch(x, y)
    assert one.screen == "pairing", "too soon to have been read"
    one.board.touch.events.append([1, x, y])
    one.step()
    one.wait(1)
    one.board.touch.events.append([0, x, y])
    one.step()
    assert one.screen == "pairing", "a finger that came down too soon"
    for way in ((300, 200, 40, 200), (4, 200, 300, 200), (200, 300, 200, 20), (200, 20, 200, 300)):
        one.wait(1).stroke(*way)
        assert one.screen == "pairing", way
    assert one.heard() == []
    one.watch.navigator.button("single")
    assert one.heard() == [REFUSED]


def test_a_finger_that_was_there_before_answers_nothing():
    one, answers = Worn(dark=False), []
    one.board.touch.events.append([1, 300, 420])
    one.step()
    pair(one, answers.append)
    one.wait(2)
    assert one.screen == "pairing"
    one.board.touch.events.append([0, 300, 420])
    one.step()
    assert one.screen == "pairing" and not answers


def test_no_app_and_no_notification_lies_above_a_sheet():
    one = _Asked(PAIR)
    one.watch.navigator.apps.open("torch")
    one.post()
    one.watch.stack.push(
        AppScreen(one.watch.stack.top.ui, one.watch.services.shelf.manifest("torch"), one.watch.navigator.apps.runner)
    )
    one.wait(3)
    assert one.screen == "pairing"
    one.answer("no")
    assert one.screen == "app-torch"


def test_a_question_waits_a_minute_and_gives_way_to_its_asker():
    one = _Asked(PAIR)
    one.wait(60)
    assert one.screen == "face" and one.heard() == [TIMEOUT]
    one.say(UPDATE)
    one.watch.services.offers.take_back(3)
    one.step()
    assert one.screen == "face" and one.heard() == []


def test_a_locked_watch_asks_for_the_passcode_and_then_again():
    one = _Asked(PAIR, unlocked=False)
    one.wait(1).answer("yes")
    assert one.screen == "passcode" and one.heard() == []
    asyncio.run(one.enter())
    one.step()
    assert one.screen == "pairing" and one.heard() == []
    one.wait(1).answer("yes")
    assert one.heard() == [ACCEPTED]


def test_a_developer_is_trusted_by_passcode_only_on_an_open_watch_too():
    one = _Asked(ENROL)
    assert one.screen == "enrol" and "A1B2 C3D4 E5F6 0718" in one.texts() and "Go on" in one.texts()
    one.wait(1).answer("yes")
    assert one.screen == "passcode" and one.heard() == [], "the watch is open, and asks all the same"
    one.wait(50)
    one.prove()
    one.wait(20)
    assert one.screen == "enrol" and "Trust" in one.texts() and one.heard() == [], "the minute began anew"
    one.answer("yes")
    assert one.heard() == [ACCEPTED]


def test_a_passcode_for_one_question_is_none_for_the_next():
    one = _Asked(ENROL)
    one.wait(1).answer("yes")
    one.prove()
    one.wait(1).answer("no")
    assert one.heard() == [REFUSED]
    one.say(ENROL)
    one.wait(1).answer("yes")
    assert one.screen == "passcode" and one.heard() == []


def test_an_app_is_removed_by_a_touch_that_is_meant():
    one = _Asked(REMOVE)
    assert one.screen == "remove"
    one.answer("yes")
    assert one.screen == "remove" and one.heard() == [], "too soon to have been read"
    one.wait(1).answer("yes")
    assert one.heard() == [ACCEPTED] and one.screen == "face"


def test_nothing_lies_over_a_payment():
    one = _Asked(PAIR)
    one.watch.navigator.button("double")
    one.step()
    assert one.screen == "armed", "a payment begins"
    one.say(INSTALL)
    one.wait(5)
    assert one.screen == "armed"
    one.watch.navigator.button("single")
    one.wait(1)
    assert one.screen == "pairing", "it still waits"
    one.watch.services.guard.wipe()
    one.wait(1)
    assert one.screen == "wiped" and len(one.watch.services.offers) == 0


def test_a_double_press_on_a_locked_watch_brings_the_passcode_above_a_sheet_and_above_what_rings():
    one = _Asked(PAIR, unlocked=False)
    assert one.screen == "pairing"
    one.watch.navigator.button("double")
    one.step()
    assert one.screen == "passcode"
    one.watch.stack.home()
    one.watch.services.offers.answer(one.watch.services.offers.front(), REFUSED)
    one.watch.services.timers.start(1)
    one.wait(2)
    assert one.screen == "ringing"
    one.watch.navigator.button("double")
    one.step()
    assert one.screen == "passcode"


def test_in_water_nothing_is_asked_that_no_finger_can_answer():
    one = Worn(water_mode=True)
    pair(one, print)
    one.wait(2)
    assert one.screen == "face" and one.watch.light.dark and not one.felt
    one.watch.services.settings.set("water_mode", False)
    one.wait(1)
    assert one.screen == "pairing"


def test_a_low_battery_covers_no_armed_card():
    one = Worn(dark=False)
    one.watch.navigator.button("double")
    one.step()
    screen = one.watch.stack.top
    one.watch.navigator._view.result(screen)  # as the question about an amount: a result that belongs to an armed card
    one.board.power.percent = lambda: 4
    one.wait(2)
    assert one.watch.services.wallet.armed and one.watch.stack.top is screen
    one.watch.services.wallet.disarm()
    one.wait(1)
    assert any("4" in text for text in one.texts()), "afterwards it is told"


def test_an_update_needs_a_charge_and_tells_how_it_ends():
    one = _Asked()
    one.board.power.percent = lambda: 20
    one.say(UPDATE)
    assert [target[0] for target in one.watch.stack.top.targets()] == ["no"], "charge first"
    one.board.power.percent = lambda: 80
    one.wait(2).answer("yes")
    assert one.screen == "updating" and one.heard() == [ACCEPTED]
    news = one.watch.services.update_news
    news.begin("0.5.0")
    news.progress(64)
    one.wait(1)
    assert "64" in one.texts()
    one.watch.navigator.button("single")
    assert one.screen == "face", "it goes on unseen"
    news.end(ROLLED_BACK, "0.5.0")
    one.step()
    assert one.screen == "update-rolled-back"
    one.watch.navigator.button("single")
    one.wait(1)
    assert one.screen == "face" and news.result == ""
