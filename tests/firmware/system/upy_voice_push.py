"""Push to talk in a whole watch: what holding the button does, how listening ends, and where there is none."""

import asyncio
import gc

from support import scrubbing
from support.worn import Worn

from tests.firmware.system.voice_kit import Spoken
from watch.screens.question import QuestionScreen
from watch.system.view import ATTENTION
from watch.system.voice import push

scrubbing.leave_out()
SHARE = "system"


def test_the_button_is_held_on_the_face_a_word_is_said_and_its_app_opens():
    one = Spoken()
    one.say("timer")
    assert one.screen == "app-timer", one.screen
    assert one.ear.masks and "timer" in one.ear.masks[0]


def test_holding_on_locks_and_without_ears_it_locks_as_before():
    one = Spoken()
    guard = one.watch.services.guard
    one.hold(2800)
    assert one.screen == "listening" and guard.unlocked()
    one.hold(400)
    assert not guard.unlocked() and one.screen == "face", one.screen
    for deaf in ("no microphone", "no weights", "switched off"):
        one = Spoken(voice=deaf != "switched off")
        if deaf == "no microphone":
            one.engine._microphone = None
        elif deaf == "no weights":
            one.engine._known = {"en": False, "zh": False}
        one.hold(850)
        assert one.screen == "face" and one.watch.services.guard.unlocked(), deaf
        one.hold(100)
        assert not one.watch.services.guard.unlocked(), deaf
        assert not one.ear.masks, deaf


def test_letting_go_does_not_stop_listening_a_press_and_a_finger_do():
    one = Spoken()
    one.hold()
    one.let_go()
    one.wait(1)
    assert one.screen == "listening" and one.push.active
    one.ear.words = ["timer"]
    one.ear.open = one.touch
    one.run(lambda: None)
    assert one.screen == "face" and one.push.latest == "cancelled" and not one.ear.listening
    one.ear.open = None
    one.ear.words = ["timer"]
    one.run(one.hold, one.let_go)
    assert one.screen == "app-timer"
    one = Spoken()
    one.ear.words = ["timer"]
    one.ear.open = lambda: one.watch.navigator.button("single")
    one.run(one.hold)
    assert one.screen == "face" and one.ear._cancelled


def test_what_rings_is_not_felt_while_its_wearer_speaks_to_it():
    for word in ("stop", "!unclear"):
        one = Spoken()
        one.watch.services.timers.start(1)
        one.wait(3)
        assert one.screen == "ringing"
        felt = []

        def passed(one=one, felt=felt):
            del one.felt[:]
            one.wait(5)
            felt.extend(one.felt)

        one.ear.open = passed
        one.say(word)
        assert ATTENTION not in felt and one.push.latest == word.replace("!", ""), felt
        assert one.screen == ("face" if word == "stop" else "ringing")
        one.wait(3)
        assert (ATTENTION in one.felt) == (word != "stop"), "it rings on"


def test_examples_are_words_that_the_weights_know():
    for known, wanted in (({"en": True, "zh": True}, "付款"), ({"en": True, "zh": False}, "Payment")):
        one = Spoken(language="zh")
        one.watch._ui.set_language("zh")
        one.engine._known = known
        one.hold()
        assert any(wanted in text for text in one.texts()), (known, one.texts())


def test_a_press_ends_what_began_on_a_dark_watch():
    one = Spoken(dark=True)
    one.hold()
    one.let_go()
    assert one.screen == "listening" and not one.watch.light.dark
    one.board.buttons.events.append(1)
    one.step()
    one.let_go()
    one.board.clock.now_us += 400_000
    one.step()
    assert one.screen == "face" and not one.push.active, "that press woke nothing"


def test_why_there_was_no_word_is_told_and_nothing_happens():
    for reason in ("silence", "short", "long", "noise", "clipped", "unclear", "microphone"):
        one = Spoken()
        seen = []
        one.push._view.play = lambda pattern: seen.extend(one.texts())
        one.say("!" + reason)
        text = one.watch._ui.text.get
        assert one.screen == "face" and text("voice-again.title") in seen and text("voice." + reason) in seen, seen
        assert one.push.latest == reason


def test_a_listener_that_fails_or_says_what_was_not_asked_is_a_microphone_that_does_not_answer():
    one = Spoken()

    async def broken(mask, limit_ms):
        raise OSError(5)

    one.ear.listen = broken
    one.say("timer")
    assert one.screen == "face" and one.push.latest == "microphone"
    one = Spoken()
    one.say("yes")
    assert one.screen == "face" and one.push.latest == "microphone", "no word of the mask"
    assert one.ear.masks and "yes" not in one.ear.masks[0]


def test_a_change_of_state_while_listening_ends_it():
    for change in ("lock", "arm", "lose", "wipe"):
        one = Spoken()
        guard = one.watch.services.guard
        one.ear.words = ["timer"]
        changes = {
            "lock": guard.lock,
            "arm": lambda: one.watch.navigator.button("double"),
            "lose": lambda: guard._move("lose"),
            "wipe": guard.wipe,
        }
        one.ear.open = changes[change]
        one.run(one.hold)
        wanted = {"lock": "face", "arm": "armed", "lose": "lost", "wipe": "wiped"}[change]
        assert not one.push.active and one.push.latest == "cancelled", change
        assert one.screen in (wanted, "erasing", "wiping"), (change, one.screen)


def when(sleep_ms, act):
    """Do this once, in the middle of the next pause of that length."""
    left = [act]

    async def paused(delay_ms):
        if delay_ms == sleep_ms and left:
            left.pop()()
        await asyncio.sleep(0)

    push.sleep_ms = paused


def test_held_again_while_the_reason_or_the_word_is_read_it_listens_anew():
    for first, pause in (("!unclear", push.AGAIN_MS), ("weather", push.HEARD_MS)):
        one = Spoken()

        def again(one=one):
            one.ear.words = ["timer"]
            one.hold()
            one.let_go()

        when(pause, again)
        one.say(first)
        assert one.screen == "app-timer" and len(one.ear.masks) == 2, (first, one.screen)


def test_where_it_is_never_silent_digits_end_after_two_misses():
    one = Spoken()
    one.watch.navigator.apps.open("calculator")
    one.step()
    one.say("one", "!long", "two", "!unclear", "!long", "three")
    assert len(one.ear.masks) == 5 and one.ear.words == ["three"], one.ear.words
    assert "12" in one.texts() and one.screen == "app-calculator", one.texts()


def test_a_word_is_for_the_screen_that_was_in_front_when_the_button_was_held():
    def question(one, answers):
        return QuestionScreen(one.watch._ui, "forget", lambda: answers.append("yes"), lambda: answers.append("no"))

    for seen in (False, True):
        for moment in ("heard", "listening"):
            one, first, second = Spoken(), [], []
            view = one.watch.navigator._view
            view.deeper(question(one, first))

            def change(one=one, view=view, second=second, seen=seen):
                view.back()
                view.deeper(question(one, second))
                if seen:
                    one.step()

            if moment == "heard":
                when(push.HEARD_MS, change)
            else:
                one.ear.open = change
            one.say("yes")
            assert not first and not second and not one.push.active, (moment, seen, first, second)
            assert one.screen == "forget"


def test_the_watch_is_felt_when_it_can_hear_and_not_while_it_loads():
    one = Spoken()
    order, listener = [], one.engine.listener
    one.push._view.play = lambda pattern: order.append("felt")
    one.engine.listener = lambda: order.append("loaded") or listener()
    one.say("timer")
    assert order[:2] == ["loaded", "felt"], order


def test_a_wipe_drops_the_recorded_words_of_a_watch_that_nobody_has_spoken_to():
    one = Worn(dark=False)
    engine = one.watch.navigator.voice.engine
    engine._drawer, engine._language = one.watch.services.recorded.load("en"), "en"
    one.watch.services.guard.wipe()
    assert engine._drawer is None


def test_what_comes_in_front_ends_it():
    one = Spoken()
    one.ear.words = ["timer"]

    def ring():
        one.watch.phone.receive({"t": "call", "cmd": "incoming", "name": "Ada", "number": "123"})
        one.step()

    one.ear.open = ring
    one.run(one.hold)
    assert one.screen == "call" and not one.push.active and one.push.latest == "cancelled", one.screen


def test_nobody_listens_while_a_card_is_armed_or_a_third_party_is_in_front_or_in_water():
    one = Spoken()
    one.watch.navigator.button("double")
    one.step()
    assert one.screen == "armed"
    assert not one.watch.navigator.held() and not one.push.active
    one = Spoken(water_mode=True)
    one.wait(10)
    assert one.screen == "face", "its hint has gone"
    one.hold(850)
    assert not one.push.active and not one.ear.seen
    one.hold(100)
    assert not one.watch.services.settings.get("water_mode"), "held, it ends"
    one = Spoken()
    guard = one.watch.services.guard
    guard._move("app-open")
    assert guard.state == "foreign" and not one.watch.navigator.held()
    one = Spoken(unlocked=False)
    one.touch()
    assert one.screen == "passcode" and not one.watch.navigator.held()
    one = Spoken(unlocked=False)
    one.say("timer")
    assert one.screen == "app-timer", "what a finger may open on a locked watch"
    for word in ("payment", "settings", "history", "balance", "music"):
        one = Spoken(unlocked=False)
        one.say(word)
        assert one.screen == "passcode", (word, one.screen)


def test_a_touch_at_any_moment_ends_it_and_the_next_push_is_heard():
    async def touched_after(one, steps):
        one.hold()
        for _ in range(steps):
            await asyncio.sleep(0)
        one.let_go()
        one.touch()
        await one.settle()
        assert not one.push.active and not one.push._runs and not one.ear.listening
        one.watch.navigator._view.home()
        one.ear.words = ["weather"]
        one.hold()
        one.let_go()
        await one.settle()

    moments = 0
    for words in (["timer"], ["!unclear"], ["one", "two", "stop"]):
        for steps in range(16):
            one = Spoken()
            if len(words) == 3:
                one.watch.navigator.apps.open("calculator")
                one.step()
            one.ear.words = list(words)
            asyncio.run(touched_after(one, steps))
            assert one.screen == "app-weather", (words, steps, one.screen)
            assert set(one.ear.seen) <= {"listening"}, ("the microphone was open without its picture", one.ear.seen)
            moments += 1
    print("NOTE voice: a touch at %d moments of three pushes; the next push was heard each time" % moments)


def test_many_pushes_leave_nothing_behind():
    one = Spoken()
    sizes = []
    for _ in range(5):
        for word in ("timer", "!unclear", "!silence", "weather", "settings"):
            one.say(word)
            one.watch.navigator._view.home()
            one.step()
        del one.ear.masks[:], one.ear.seen[:]
        gc.collect()
        sizes.append(gc.mem_alloc())
    print("NOTE heap: 25 pushes; the last 20 grew it by %d bytes" % (sizes[-1] - sizes[0]))
    assert sizes[-1] - sizes[0] <= 512, sizes
