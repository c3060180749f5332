"""Microphone to word through all that the watch has: no frame allocates, and every byte is what it was before."""

import asyncio
import gc
import random
from array import array

import micropython

from tests.firmware.voice.voice_kit import Keep, Microphone, joined, quiet, voice
from watch.kernel.clock import Clock
from watch.kernel.loop import run, sleep_ms
from watch.kernel.virtual import VirtualTime
from watch.voice.decision import Recogniser
from watch.voice.heard import CANCELLED, HEARD, SILENCE, UNCLEAR
from watch.voice.listener import Listener
from watch.voice.network import Network
from watch.voice.prototypes import Prototypes

TIMEOUT_S = 60
LIMIT_MS = 3000


class Chain:
    """A whole listener with a small file of weights."""

    def __init__(self, samples):
        with open("tests/vectors/voice/small.twv", "rb") as file:
            self.network = Network(file.read())
        self.time = VirtualTime()
        self.clock = Clock(self.time, 0)
        self.microphone = Microphone(self.clock, samples)
        self.prototypes = Prototypes(Keep(), "en", self.network.centre)
        self.listener = Listener(self.microphone, Recogniser(self.network, self.prototypes), self.clock)

    def bytes(self):
        """Every buffer that can be reached from the listener by attributes, lists, tuples and dicts: its bytes."""
        found, seen, left = {}, set(), [("", self.listener)]
        while left:
            name, thing = left.pop()
            if id(thing) in seen or thing in (self.microphone, self.clock, self.time):
                continue
            seen.add(id(thing))
            if isinstance(thing, (bytes, bytearray, array, memoryview)):
                found[name] = hash(bytes(thing))
            elif isinstance(thing, (list, tuple)):
                left += [(name + ".%d" % n, part) for n, part in enumerate(thing)]
            elif isinstance(thing, dict):
                left += [(name + ".%s" % key, part) for key, part in thing.items()]
            elif hasattr(thing, "__dict__") and not isinstance(thing, type):
                left += [(name + "." + key, part) for key, part in thing.__dict__.items()]
        return found


def word():
    random.seed(2)
    return joined(quiet(300), voice(400), quiet(500))


def test_every_buffer_is_as_it_was():
    chain = Chain(word())
    before = chain.bytes()
    heard = run(chain.listener.listen(chain.network.words, LIMIT_MS), chain.time)
    assert heard.reason in (HEARD, UNCLEAR)
    assert chain.bytes() == before
    shot = bytearray(chain.network.embedding_size)
    assert run(chain.listener.record(shot, LIMIT_MS), chain.time).reason == HEARD and any(shot)
    assert chain.bytes() == before
    print("NOTE voice: %d buffers of listener, front end and network are the same before and after" % len(before))
    assert len(before) > 20


def test_a_cancellation_restores_every_buffer():
    chain = Chain(word())
    before, changed = chain.bytes(), 0
    for awaits in range(3, 50, 4):

        async def main(awaits=awaits):
            task = asyncio.create_task(chain.listener.listen(chain.network.words, LIMIT_MS))
            await sleep_ms(20 * awaits)
            held = chain.bytes() != before
            chain.listener.cancel()
            return held, (await task).reason

        held, reason = run(main(), chain.time)
        changed += held
        assert reason == CANCELLED and chain.bytes() == before, awaits
    assert changed >= 10


def test_what_was_recorded_is_known_again():
    """The same sound has a likeness of one to its own shot: where the network says nothing, that word is heard."""
    chain = Chain(word())
    words = chain.network.words
    shot = bytearray(chain.network.embedding_size)
    assert run(chain.listener.record(shot, LIMIT_MS), chain.time).reason == HEARD
    for name in words[:3]:
        chain.prototypes.forget_all()
        chain.prototypes.add(name, [shot])
        chain.network.scale, chain.network.pull, chain.network.near = 0.0, 40.0, 0.5
        heard = run(chain.listener.listen(words, LIMIT_MS), chain.time)
        assert heard.word == name, (name, heard.word, heard.reason, heard.score)


def test_a_frame_of_the_whole_chain_allocates_nothing():
    chain = Chain(())
    listener = chain.listener
    samples = word()

    class Given:
        """All of it at once, 320 samples a time."""

        stuck = False
        lost = 0

        def __init__(self):
            self.at = 0

        def read(self, into):
            count = min(len(into), len(samples) - self.at)
            for n in range(count):
                into[n] = samples[self.at + n]
            self.at += count
            return count

    listener._tells_stuck = True
    listener._endpoint.start(150)
    given = Given()
    gc.collect()
    micropython.heap_lock()
    try:
        reason = listener._take(given)
    finally:
        micropython.heap_unlock()
    assert reason == HEARD and listener._frames > 40


def test_listening_leaves_the_heap_as_it_was():
    chain = Chain(())

    def after(count):
        for _ in range(count):
            assert run(chain.listener.listen(chain.network.words, 100), chain.time).reason == SILENCE
        gc.collect()
        return gc.mem_alloc()

    after(20)
    grown = after(100) - after(100)
    print("NOTE voice: heap after 100 more listenings: %+d bytes" % -grown)
    assert abs(grown) < 200, grown
