"""What listens, made of real parts from a real file of weights: once, in the language of the watch, or not at all."""

import asyncio

from support import scrubbing

from tests.firmware.system.voice_kit import Spoken
from watch.system.voice.engine import LARGEST_BYTES, Engine
from watch.voice.listener import Listener

scrubbing.leave_out()
SHARE = "system"
FILE = "tests/vectors/voice/small.twv"
"""A network of three words, of which the watch knows two."""


class Quiet:
    """A microphone in a room where nobody speaks: as fast as it is asked, for four seconds."""

    def __init__(self):
        self.left, self.runs, self.noise = 200, False, 1

    def start(self):
        self.left, self.runs = 200, True

    def read(self, into):
        if not self.left:
            return 0
        self.left -= 1
        for at in range(len(into)):
            self.noise = (self.noise * 1103515245 + 12345) & 0x7FFFFFFF
            into[at] = (self.noise >> 16) % 17 - 8
        return len(into)

    def stop(self):
        self.runs = False


def made(files):
    """A watch that hears, with these files of weights by language."""
    one = Spoken()
    services = one.watch.services
    one.board.microphone = Quiet()
    engine = Engine(one.board, services.clock, services.settings, services.recorded)
    engine._path = lambda language: files.get(language, "/none")
    one.push._engine = one.watch.navigator.voice.engine = one.engine = engine
    return one, engine


def test_it_is_made_at_the_first_push_and_hears_nothing_in_a_quiet_room():
    one, engine = made({"en": FILE})
    assert engine.wanted and engine._listener is None, "nothing is loaded before"
    one.watch.navigator._view.deeper(question(one))
    asyncio.run(pushed(one))
    assert isinstance(engine._listener, Listener) and one.push.latest == "silence", one.push.latest
    assert not one.board.microphone.runs and one.screen == "forget"
    first = engine._listener
    asyncio.run(pushed(one))
    assert engine._listener is first and engine.prototypes().size == 32


async def pushed(one):
    """Hold, let go, and wait until nobody listens any more."""
    one.hold()
    one.let_go()
    for _ in range(200):
        await asyncio.sleep_ms(5)
        if not one.push._runs:
            return
    raise AssertionError("it listens for ever")


def question(one):
    """A question with the two words of the network."""
    from watch.screens.question import QuestionScreen

    return QuestionScreen(one.watch._ui, "forget", lambda: None, lambda: None)


def test_the_language_is_that_of_the_watch_if_there_is_such_a_file():
    one, engine = made({"en": FILE, "zh": FILE})
    engine.listener()
    assert engine._language == "en"
    one.watch.services.settings.set("language", "zh")
    before = engine._listener
    assert engine.listener() is not before and engine._language == "zh"
    one, engine = made({"en": FILE})
    one.watch.services.settings.set("language", "zh")
    engine.listener()
    assert engine._language == "en"
    one, engine = made({})
    assert not engine.wanted and not engine.language() and not one.watch.navigator.held()


def told(one, code, page):
    """True if an error says this, and leads back to the page."""
    text = one.watch._ui.text.get
    seen = one.screen == "error" and any(text("error." + code) in line for line in one.texts())
    one.watch.stack.top.button("single")
    return seen and one.push.latest == code and one.screen == page


def test_weights_that_are_damaged_are_told_and_nothing_is_heard():
    for file in ("README.md", "firmware/assets/caption.large.twf", FILE):
        one, engine = made({"en": file})
        if file == FILE:
            engine._read = damaged
        one.watch.navigator.voice.open()
        one.step()
        one.push._actions.press("teach")
        one.step()
        assert one.screen == "error", one.screen
        one.watch.navigator._view.home()
        one.watch.navigator._view.deeper(question(one))
        one.say("yes")
        assert engine._listener is None and told(one, "storage", "forget"), (file, one.push.latest, one.screen)
    assert LARGEST_BYTES == 48 * 1024


def damaged(language):
    """The weights with a bit turned: their own check finds it."""
    with open(FILE, "rb") as file:
        data = bytearray(file.read())
    data[100] ^= 1
    return data


def test_where_there_is_no_memory_it_is_told_and_the_next_push_listens():
    one, engine = made({"en": FILE})
    load, left = one.watch.services.recorded.load, [1, 1, 1]

    def scarce(language):
        if left:
            left.pop()
            raise MemoryError
        return load(language)

    one.watch.services.recorded.load = scarce
    one.watch.navigator._view.deeper(question(one))
    one.say("yes")
    assert told(one, "error", "forget") and engine._drawer is None, (one.push.latest, one.screen)
    one.watch.navigator.voice.open()
    one.step()
    one.push._actions.press("teach")
    one.step()
    assert one.screen == "error", "and the screens go on"
    one.watch.navigator._view.home()
    one.watch.navigator._view.deeper(question(one))
    asyncio.run(pushed(one))
    assert one.push.latest == "silence", one.push.latest
