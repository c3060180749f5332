"""A whole watch whose microphone and ears are played: what it hears is told it."""

import asyncio
from array import array

from support.worn import Worn

from watch.system.voice import push, teaching
from watch.voice.heard import Heard
from watch.voice.prototypes import Prototypes

SIZE = 8
CENTRE = bytes(SIZE - 1) + b"\xff"
"""What all shots may have in common is their last value."""


async def at_once(delay_ms):
    """Nobody has time to look."""
    await asyncio.sleep(0)


class Ear:
    """Hears what `words` says, one after the other; then nothing. `open`: called while the microphone is open."""

    def __init__(self, words=()):
        self.words = list(words)
        self.open = None
        self.masks = []
        self.shots = []
        self.given = []
        """Buffers that shots were made in."""
        self.level = 40
        self.listening = False
        self._cancelled = False
        self.picture = lambda: ""
        self.seen = []
        """What was in front whenever the microphone opened."""

    async def listen(self, mask, limit_ms):
        self.masks.append(mask)
        return await self._hear()

    async def record(self, into, limit_ms):
        heard = await self._hear()
        self.given.append(into)
        if not heard.reason:
            into[:] = self.shots.pop(0)
        return heard

    async def _hear(self):
        self.listening, self._cancelled = True, False
        self.seen.append(self.picture())
        await asyncio.sleep(0)
        if self.open:
            self.open()
        await asyncio.sleep(0)
        self.listening = False
        if self._cancelled:
            return Heard("", "cancelled")
        said = self.words.pop(0) if self.words else ""
        if said and said[0] == "!":
            return Heard("", said[1:])
        return Heard(said, "" if said else "silence", 0.9)

    def cancel(self):
        self._cancelled = True


class Spoken(Worn):
    """A watch that hears."""

    def __init__(self, unlocked=True, dark=False, **settings):
        Worn.__init__(self, unlocked, dark, **settings)
        push.sleep_ms = teaching.sleep_ms = at_once
        self.board.microphone = object()
        self.push = self.watch.navigator.voice.push
        self.engine = self.push._engine
        self.ear = Ear()
        self.ear.picture = lambda: self.screen
        self.hear_with(self.ear)

    def hear_with(self, ear):
        """Put ears in the place of network and microphone."""
        engine = self.engine
        engine._microphone, engine._known = self.board.microphone, {"en": True, "zh": True}
        engine._drawer = self.watch.services.recorded.load("en")
        engine._prototypes = Prototypes(engine._drawer, "en", CENTRE, 7)
        engine._listener, engine._language = ear, "en"

    def hold(self, hold_ms=600):
        """Hold the side button so long; it is still down then."""
        now = self.board.clock
        self.board.buttons.events.append(1)
        self.step()
        for _ in range(hold_ms // 50):
            now.now_us += 50_000
            self.step()

    def let_go(self):
        self.board.buttons.events.append(0)
        self.step()

    def say(self, *words):
        """Hold the button and say words; returns once all of it is done."""
        self.ear.words = list(words)
        asyncio.run(self._say())
        self.step()
        return self

    async def _say(self):
        self.hold()
        self.let_go()
        await self.settle()

    async def settle(self):
        """Until nobody listens any more, or a finger must."""
        for _ in range(200):
            await asyncio.sleep(0)
            teaching = self.watch.navigator.voice.teaching
            if not self.push._runs and not self.push.active and (teaching is None or not teaching._runs):
                break

    def run(self, *steps):
        """Do these one after the other in one loop, each after the tasks have had their turn."""

        async def all_of():
            for one in steps:
                one()
                await self.settle()

        asyncio.run(all_of())
        self.step()


def shot(*values):
    """Eight values of an embedding."""
    return bytes(list(values) + [0] * (SIZE - len(values)))


def samples(count):
    """Silence."""
    return array("h", bytes(2 * count))
