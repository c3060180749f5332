"""Settings, Voice: on and off, three times each word, sealed records that stay, and how they go again."""

import asyncio

from support import scrubbing

from tests.firmware.system.voice_kit import CENTRE, Spoken, shot
from watch.kernel.errors import WriteError
from watch.screens.rows import CHOSEN
from watch.storage import records
from watch.system.voice import teaching
from watch.system.voice.recorded import Recorded
from watch.voice.prototypes import Prototypes
from watch.voice.vocabulary import WORDS

scrubbing.leave_out()
SHARE = "system"
LIKE = (shot(9, 1, 0, 0, 0, 0, 0, 40), shot(9, 2, 0, 0, 0, 0, 0, 30), shot(8, 1))
OTHER = shot(0, 0, 0, 0, 9, 0, 0, 40)
"""As like the first one as all shots are of each other, and no more."""


def settings():
    """The settings of the voice, open."""
    one = Spoken()
    one.watch.navigator.voice.open()
    one.step()
    assert one.screen == "voice"
    return one


def touch(one, name):
    """Touch a row, or a button, of the screen in front, on whatever page it is."""
    for turn in range(40):
        if one.push._actions.press(name):
            one.step()
            return
        one.watch.stack.top.swipe("up" if turn < 20 else "down")
    raise AssertionError(one.watch.stack.top.targets())


def teach(one, word, *shots):
    """Say a word as often as it is asked for."""
    one.ear.shots, one.ear.words = list(shots), [word] * len(shots)
    one.run(lambda: touch(one, word))


def taught():
    """One word is known: the list of words is in front."""
    one = settings()
    touch(one, "teach")
    assert one.screen == "voice-words"
    teach(one, "timer", *LIKE)
    return one


def known(one):
    """What the flash holds."""
    return sorted([word for word, _ in one.watch.services.recorded.load("en").read("en")])


def test_the_switch_turns_listening_off_and_the_words_are_in_the_list():
    one = settings()
    assert "Voice commands" in one.texts() and "Forget all of them" not in one.texts()
    touch(one, "voice")
    assert not one.watch.services.settings.get("voice") and not one.engine.wanted
    touch(one, "voice")
    assert one.engine.wanted
    touch(one, "teach")
    names = set()
    for _ in range(20):
        names |= {target[0] for target in one.watch.stack.top.targets()}
        one.watch.stack.top.swipe("up")
    assert names >= set(WORDS)


def test_three_times_a_word_is_one_sealed_record_that_the_next_start_finds():
    one = taught()
    assert one.screen == "voice-words" and known(one) == ["timer"]
    assert len(one.ear.given) == 3 and not any(any(shot) for shot in one.ear.given), "shots are overwritten"
    assert one.engine.prototypes().enrolled("timer") == 3
    number = records.VOICE_WORD + WORDS.index("timer")
    stored = one.watch.services.journal.get(number)
    assert LIKE[0] not in bytes(stored) and LIKE[2] not in bytes(stored), "sealed"
    services = one.watch.services
    again = Prototypes(Recorded(services.journal, services.sealed).load("en"), "en", CENTRE, 7)
    assert again.words() == ["timer"] and again.enrolled("timer") == 3 and again.score("timer", LIKE[1]) > 0.98
    assert Prototypes(services.recorded.load("en"), "en", CENTRE, 8).words() == [], "of another network"
    assert services.recorded.load("zh").read("zh") == [], "a language of its own"
    one.watch.stack.top.button("single")
    assert "1 taught" in one.texts(), one.texts()


def test_what_is_unlike_the_first_time_or_nothing_is_asked_for_again():
    one = settings()
    touch(one, "teach")
    seen = []
    one.push._view.play = lambda pattern: seen.extend(one.texts())
    one.ear.shots = [LIKE[0], OTHER, LIKE[1], LIKE[2]]
    one.ear.words = ["timer", "timer", "!silence", "timer", "!noise", "timer"]
    one.run(lambda: touch(one, "timer"))
    assert known(one) == ["timer"] and one.engine.prototypes().enrolled("timer") == 3
    text = one.watch._ui.text.get
    for reason in ("differs", "silence", "noise"):
        assert text("voice." + reason) in seen, reason
    one = settings()
    touch(one, "teach")
    one.ear.shots, one.ear.words = [], ["!silence"] * 20
    one.run(lambda: touch(one, "timer"))
    assert known(one) == [] and one.screen == "voice-words" and len(one.ear.words) == 12, one.ear.words


def test_a_finger_a_lock_and_what_comes_in_front_end_it_and_keep_nothing():
    for ends in ("finger", "lock", "call"):
        one = settings()
        touch(one, "teach")
        ways = {
            "finger": one.touch,
            "lock": one.watch.services.guard.lock,
            "call": lambda: (
                one.watch.phone.receive({"t": "call", "cmd": "incoming", "name": "A", "number": "1"}) or one.step()
            ),
        }
        one.ear.open = ways[ends]
        teach(one, "timer", *LIKE)
        wanted = {"finger": "voice-words", "lock": "face", "call": "call"}[ends]
        assert known(one) == [] and one.screen == wanted and one.ear._cancelled, (ends, one.screen)


def test_a_lock_while_the_watch_says_that_it_knows_the_word_leaves_the_face_in_front():
    one = settings()
    touch(one, "teach")

    async def locked(delay_ms):
        one.watch.services.guard.lock()
        await asyncio.sleep(0)

    teaching.sleep_ms = locked
    teach(one, "timer", *LIKE)
    assert known(one) == ["timer"] and one.screen == "face", one.screen


def marked(one):
    """The words that the list in front has marked as taught."""
    return [row.key for row in one.watch.stack.top._list._rows if row.mark == CHOSEN]


def test_the_list_marks_what_is_taught_whatever_ends_the_praise_and_stays_on_its_page():
    for ends in ("time", "finger"):
        one = settings()
        touch(one, "teach")
        assert marked(one) == []

        async def shown(delay_ms, one=one, ends=ends):
            if ends == "finger":
                one.touch()
            await asyncio.sleep(0)

        teaching.sleep_ms = shown
        teach(one, WORDS[-1], *LIKE)
        assert one.screen == "voice-words" and known(one) == [WORDS[-1]], (ends, one.screen)
        assert marked(one) == [WORDS[-1]], ends
        assert WORDS[-1] in [target[0] for target in one.watch.stack.top.targets()], ends
        touch(one, WORDS[-1])
        touch(one, "unteach")
        assert one.screen == "voice-words" and marked(one) == [] and known(one) == [], ends
        one.watch.stack.top.button("single")
        assert one.screen == "voice", one.screen


def test_what_happens_before_the_microphone_opens_keeps_it_shut():
    for ends in ("arm", "lock", "finger"):
        one = settings()
        touch(one, "teach")
        ways = {
            "arm": lambda: one.watch.navigator.button("double"),
            "lock": one.watch.services.guard.lock,
            "finger": one.touch,
        }

        def both(one=one, end=ways[ends]):
            touch(one, "timer")
            end()

        one.ear.words, one.ear.shots = ["timer"] * 3, list(LIKE)
        one.run(both)
        wanted = {"arm": "armed", "lock": "face", "finger": "voice-words"}[ends]
        assert one.screen == wanted and not one.ear.seen and known(one) == [], (ends, one.screen)


def test_one_word_is_taught_again_and_forgotten_and_all_of_them():
    one = taught()
    touch(one, "timer")
    assert one.screen == "voice-word"
    one.ear.shots, one.ear.words = [OTHER] * 3, ["timer"] * 3
    one.run(lambda: touch(one, "teach"))
    again = Prototypes(one.watch.services.recorded.load("en"), "en", CENTRE, 7)
    assert again.score("timer", OTHER) > 0.999 and again.score("timer", LIKE[0]) < 0.5
    teach(one, "music", *LIKE)
    assert known(one) == ["music", "timer"]
    touch(one, "timer")
    touch(one, "unteach")
    assert known(one) == ["music"] and one.screen == "voice-words"
    teach(one, "timer", *LIKE)
    one.watch.stack.top.button("single")
    touch(one, "unteach")
    assert one.screen == "unteach"
    one.wait(2)
    touch(one, "no")
    assert known(one) == ["music", "timer"]
    touch(one, "unteach")
    one.wait(2)
    touch(one, "yes")
    assert known(one) == [] and one.screen == "voice"


def test_what_cannot_be_written_is_told_and_nothing_has_changed():
    one = settings()
    touch(one, "teach")

    one.watch.services.recorded._journal = Failing(one.watch.services.journal)
    teach(one, "timer", *LIKE)
    assert one.screen == "error" and known(one) == []
    assert one.engine._listener is None, "it is read again from the flash"


class Failing:
    """A journal that takes nothing."""

    def __init__(self, journal):
        self.get = journal.get

    def commit(self, changes):
        raise WriteError("full")


def test_a_damaged_record_or_a_foreign_one_is_left_out_and_a_wipe_takes_all():
    one = taught()
    services = one.watch.services
    number = records.VOICE_WORD + WORDS.index("music")
    services.sealed.write(number, ["weather", b"x"])
    services.journal.commit({number + 1: b"no seal"})
    assert known(one) == ["timer"]
    services.guard.wipe()
    assert one.engine._listener is None and one.engine._drawer is None and one.engine._prototypes is None
    assert services.journal.get(records.VOICE_WORD + WORDS.index("timer")) is None
    assert len(OTHER) == len(CENTRE)
