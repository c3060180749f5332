"""Every screen of the tree has a row: words, or none. Every word does something somewhere, and does it here."""

import os

from support import scrubbing

from tests.firmware.system.voice_kit import Spoken
from watch.screens.question import QuestionScreen
from watch.system.voice import masks
from watch.voice.vocabulary import DIGITS, WORDS

scrubbing.leave_out()
SHARE = "system"
CALL = {"t": "call", "cmd": "incoming", "name": "Ada", "number": "123"}

SPOKEN_TO = (
    "AmountEntryScreen",
    "AppScreen",
    "CallScreen",
    "CardsScreen",
    "FaceScreen",
    "FieldsScreen",
    "LauncherScreen",
    "MessageScreen",
    "NoteScreen",
    "QuestionScreen",
    "RingingScreen",
    "RowsScreen",
    "TalkScreen",
    "TilesScreen",
    "WayScreen",
)
"""Classes of screens that take words."""
DEAF = {
    "AmountScreen": "what a terminal asks for, and what was paid",
    "ArmedScreen": "a card is open",
    "AskSheet": "trust: a developer's key, an app that goes",
    "BootScreen": "there is no watch yet",
    "ChargeScreen": "it goes away by itself",
    "CodeScreen": "pays",
    "FacePicker": "faces of anybody run in it",
    "HiddenApp": "nobody sees it",
    "InstallSheet": "an app and its permissions",
    "KeyedScreen": "the base of others",
    "ListeningScreen": "it listens already",
    "MerchantCodeScreen": "pays",
    "NewPasscodeScreen": "a passcode",
    "NewsScreen": "it goes away by itself",
    "PagedScreen": "the base of others",
    "PairOpenScreen": "pairing",
    "PairSheet": "pairing",
    "PasscodeScreen": "a passcode",
    "PaymentCodeScreen": "pays",
    "PresentedCodeScreen": "pays",
    "ProgressScreen": "nothing to be asked for",
    "ReplacePasscodeScreen": "a passcode",
    "Sheet": "the base of others",
    "StuckScreen": "it goes away by itself",
    "TerminalPaymentSheet": "pays",
    "UnlockScreen": "a passcode",
    "UpdateSheet": "a new system",
    "WipingScreen": "nothing to be asked for",
}
"""Classes of screens that take none, and why."""
PLACES = (
    # word on the face, name of the screen that it opens
    ("payment", "card-menu"),
    ("wallet", "cards"),
    ("balance", "balance"),
    ("history", "history"),
    ("timer", "app-timer"),
    ("stopwatch", "app-stopwatch"),
    ("alarm", "app-alarms"),
    ("weather", "app-weather"),
    ("music", "app-music"),
    ("phone", "app-phone"),
    ("settings", "settings"),
)
_done = set()


def do(one, word, *more):
    """Say it, and note that it was done."""
    one.say(word, *more)
    assert one.push.latest != "microphone", (word, "is no word here", one.ear.masks[-1])
    _done.add(word)
    return one


def at(word):
    """A watch on whose face this was said."""
    return Spoken().say(word)


def classes(folder):
    """Every class of a screen below a folder, and what it is made of."""
    for entry in os.ilistdir(folder):
        path = folder + "/" + entry[0]
        if entry[1] & 0x4000:
            if entry[0] not in (".", ".."):
                yield from classes(path)
        elif path.endswith(".py"):
            with open(path) as file:
                for line in file:
                    if line.startswith("class ") and "(" in line:
                        yield line[6:].split("(")[0], line.split("(")[1].split(")")[0]


def screens():
    """Names of all classes that are screens, however far down."""
    made = dict(classes("firmware/watch"))
    found = {"Screen"}
    while True:
        more = {name for name in made if made[name] in found} - found
        if not more:
            return found - {"Screen"}
        found |= more


def test_every_class_of_screens_has_a_row():
    known = set(SPOKEN_TO) | set(DEAF)
    found = screens()
    assert found == known, ("no row", found - known, "no class", known - found)
    assert set(masks.SCREENS) == set(SPOKEN_TO)
    names = sum([len(masks.SCREENS[kind]) for kind in masks.SCREENS])
    print("NOTE voice: %d classes of screens, %d take words (%d screens), %d none" % (
        len(found), len(SPOKEN_TO), names, len(DEAF)
    ))  # fmt: skip


def test_what_asks_for_money_trust_or_a_secret_has_no_words_whatever_it_is_called():
    one = Spoken()
    for kind in DEAF:
        assert masks.SCREENS.get(kind) is None, kind
    for kind in masks.SCREENS:
        for name in masks.SCREENS[kind]:
            assert masks.rules(kind, name + "x") == (), "a name that is not in the table"
    for name in ("forget", "unpair", "wipe"):
        asked = []
        screen = QuestionScreen(one.watch._ui, name, lambda: asked.append("yes"), lambda: asked.append("no"))
        one.watch.stack.push(screen)
        words = one.push._actions.words()
        assert ("yes" in words) == (name != "wipe") and "no" in words, (name, words)
        for word in words:
            one.push._actions.do(word)
        assert asked.count("yes") == ("yes" in words) and "no" in asked
        one.watch.stack.pop()


class Impostor(QuestionScreen):
    """Another class, under a name that takes words."""


def test_a_name_alone_takes_no_words():
    one = Spoken()
    one.watch.stack.push(Impostor(one.watch._ui, "forget", lambda: None, lambda: None))
    assert one.screen == "forget" and one.push._actions.words() == () and not one.watch.navigator.held()


def test_a_mutant_that_gives_words_to_a_payment_is_found():
    masks.SCREENS["TerminalPaymentSheet"] = {"terminal-payment": masks._CHOICE}
    try:
        test_every_class_of_screens_has_a_row()
    except AssertionError:
        return
    finally:
        masks.SCREENS.pop("TerminalPaymentSheet")
    raise AssertionError("the table of this test did not see it")


def test_every_word_of_the_face_opens_its_place():
    for word, name in PLACES:
        one = Spoken()
        do(one, word)
        assert one.screen == name, (word, one.screen)
        assert one.watch.services.guard.state == "worn" and not one.watch.services.wallet.armed, word
        do(one, "home")
        assert one.screen == "face", word


def test_the_keys_of_the_player_are_sent_to_the_phone():
    sent = {"next": "next", "previous": "previous", "pause": "pause", "continue": "play"}
    sent.update(louder="volumeup", quieter="volumedown")
    for screen in ("face", "app-music"):
        for word in sent:
            one = Spoken()
            assert word not in one.push._actions.words(), "no phone, no player"
            one.watch.services.phone.connected = True
            if screen == "app-music":
                one.say("music")
            do(one, word)
            out = one.watch.services.outbox
            assert out.take() == {"t": "music", "n": sent[word]} and one.screen == screen, (word, one.screen)
    one = Spoken(unlocked=False)
    one.watch.services.phone.connected = True
    assert "next" not in one.push._actions.words(), "what plays is the wearer's own business"


def test_the_timer_is_set_held_let_go_on_and_stopped():
    one = at("timer")
    timers = one.watch.services.timers
    do(one, "five")
    place = timers.places[0]
    assert one.screen == "app-timer" and place.total_s == 300 and place.state == 1
    assert any(text[:4] in ("05:0", "04:5") for text in one.texts()), one.texts()
    assert "one" not in one.push._actions.words(), "it counts already"
    do(one, "pause")
    assert place.state == 2 and "pause" not in one.push._actions.words()
    do(one, "continue")
    assert place.state == 1
    do(one, "stop")
    assert place.state == 0
    for word in ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"):
        do(at("timer"), word)
    do(one, "back")
    assert one.screen == "face"
    one = at("stopwatch")
    do(one, "continue")
    assert one.watch.services.timers.stopwatch.running
    do(one, "pause")
    assert not one.watch.services.timers.stopwatch.running


def test_a_call_is_answered_declined_and_ended():
    table = (("answer", "ACCEPT", "talk"), ("decline", "REJECT", "face"), ("quieter", "IGNORE", "face"))
    for word, answer, name in table:
        one = Spoken()
        one.watch.phone.receive(CALL)
        one.wait(2)
        assert one.screen == "call"
        do(one, word)
        assert one.screen == name and one.watch.services.outbox.take() == {"t": "call", "n": answer}, one.screen
        if name == "talk":
            do(one, "stop")
            assert one.screen == "face" and one.watch.services.outbox.take() == {"t": "call", "n": "END"}
        if word == "quieter":
            do(one, "answer")
            assert one.watch.services.outbox.take() == {"t": "call", "n": "ACCEPT"}, "it rings on, silenced"
    assert "answer" not in Spoken().push._actions.words()
    one = Spoken(unlocked=False)
    one.watch.phone.receive(CALL)
    one.wait(2)
    do(one, "quieter")
    assert one.screen == "face" and not {"answer", "decline"} & set(one.push._actions.words()), "no key is left either"


def test_digits_fill_the_field_one_after_the_other_and_nothing_confirms():
    for stop in ((), ("stop",), ("!unclear", "stop")):
        one = Spoken()
        one.watch.navigator.apps.open("calculator")
        one.step()
        seen = []
        one.push._view.play = lambda pattern: seen.append(one.texts()[0])
        do(one, *("one", "two", "zero", "five") + stop)
        assert one.screen == "app-calculator" and "1,205" in one.texts(), one.texts()
        assert "1 2" in seen and "1 2 0" in seen and "1 2 0 5" in seen, seen
        do(one, "seven")
        assert "12,057" in one.texts(), one.texts()
    for word in ("zero", "three", "four", "six", "eight", "nine"):
        do(one, word)
    assert one.push._actions.types()


def test_fields_for_numbers_take_digits_and_no_other_word():
    fields = 0
    for kind in masks.SCREENS:
        for name in masks.SCREENS[kind]:
            rules = masks.rules(kind, name)
            if any(rule[1] == masks.TYPE for rule in rules):
                assert [(rule[0], rule[1]) for rule in rules] == [(word, masks.TYPE) for word in DIGITS], name
                fields += 1
    assert fields == 2


def test_a_question_is_answered_and_what_rings_stops():
    for word in ("yes", "no", "stop", "back"):
        one, asked = Spoken(), []
        screen = QuestionScreen(one.watch._ui, "forget", lambda: asked.append("yes"), lambda: asked.append("no"))
        one.watch.navigator._view.deeper(screen)
        do(one, word)
        assert asked == ["yes" if word == "yes" else "no"], (word, asked)
    one = Spoken()
    one.watch.services.timers.start(2)
    one.wait(4)
    assert one.screen == "ringing"
    do(one, "stop")
    assert one.screen == "face"


def test_every_word_has_done_something_and_every_place_is_led_to():
    assert not set(WORDS) - _done, set(WORDS) - _done
    led = set()
    for kind in masks.SCREENS:
        for name in masks.SCREENS[kind]:
            for word, how, what in masks.rules(kind, name):
                assert word in WORDS, word
                if how == masks.GO:
                    led.add(what)
    assert led == set(Spoken().push._actions.places.names())
    print("NOTE voice: %d of %d words did something on the running watch" % (len(_done & set(WORDS)), len(WORDS)))
