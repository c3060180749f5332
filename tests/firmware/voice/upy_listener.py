"""Listening: the way of the samples, every reason, every moment of a cancellation, and what stays (nothing)."""

import asyncio
import random
from array import array

import micropython

from tests.firmware.voice.voice_kit import (
    SIZE,
    WORDS,
    Front,
    Microphone,
    Network,
    hiss,
    joined,
    quiet,
    recogniser,
    voice,
)
from watch.kernel.clock import Clock
from watch.kernel.errors import StateError
from watch.kernel.loop import run, sleep_ms
from watch.kernel.virtual import VirtualTime
from watch.voice.heard import CANCELLED, CLIPPED, HEARD, LONG, MICROPHONE, NOISE, SHORT, SILENCE, UNCLEAR
from watch.voice.listener import Listener

TIMEOUT_S = 60
LIMIT_MS = 3000
PAYMENT = [9, 0, 0, 0, 0, -9]


class Desk:
    """A listener with all that it needs, in virtual time."""

    def __init__(self, samples=(), logits=PAYMENT, **how):
        self.time = VirtualTime()
        self.clock = Clock(self.time, 0)
        self.microphone = Microphone(self.clock, samples, **how)
        self.network = Network()
        self.network.logits = list(logits)
        self.network.embedding = list(range(SIZE))
        self.front = Front()
        self.recogniser = recogniser(self.network)
        self.listener = Listener(self.microphone, self.recogniser, self.clock, self.front)

    def listen(self, mask=WORDS, limit_ms=LIMIT_MS):
        """What is heard; checks that the microphone is off and nothing stays."""
        before = self.clock.ticks_ms()
        heard = run(self.listener.listen(mask, limit_ms), self.time)
        self.took_ms = self.clock.ticks_ms() - before
        assert self.took_ms <= max(0, limit_ms) + 40, self.took_ms
        self.check_empty()
        return heard

    def buffers(self):
        """All that may hold sound, features, or what was made of them."""
        listener = self.listener
        return {
            "part": listener._part,
            "samples": listener._samples,
            "ring": listener._ring,
            "window": listener._window,
            "noise": listener._endpoint._noise,
            "logits": self.recogniser._logits,
            "embedding": self.recogniser._embedding,
            "shot": self.recogniser._shot,
            "activations": self.network.activations,
            "front": self.front.kept,
        }

    def check_empty(self):
        """The microphone is off, and nothing is left."""
        assert not self.microphone.running and not self.listener.listening and not self.listener.level
        left = [name for name, buffer in self.buffers().items() if any(buffer)]
        assert not left, left


def word(before_ms=300, ms=400, after_ms=600):
    return joined(quiet(before_ms), voice(ms), quiet(after_ms))


def test_a_word():
    desk = Desk(word())
    heard = desk.listen()
    assert (heard.word, heard.reason) == ("payment", HEARD) and heard.score > 0.9
    assert desk.took_ms < 300 + 400 + 300 + 120, desk.took_ms
    print("NOTE listener: a word is decided %d ms after its end" % (desk.took_ms - 700))
    assert desk.microphone.starts == 1 and len(desk.network.windows) == 1


def test_the_utterance_is_in_the_middle_of_the_window():
    desk = Desk(word(400, 400))
    desk.listen()
    levels = [desk.network.windows[0][32 * n] for n in range(48)]
    loud = [n for n, level in enumerate(levels) if level > 120]
    assert len(levels) == 48 and abs((loud[0] + loud[-1]) / 2 - 23.5) <= 1, loud
    assert 19 <= len(loud) <= 22


def test_what_was_not_heard_is_like_the_quietest_frame():
    desk = Desk(word(200, 260))
    desk.listen()
    frames = [desk.network.windows[0][n : n + 32] for n in range(0, 1536, 32)]
    quietest = min(frames, key=sum)
    assert any(quietest)
    missing = 24 - (10 + 7)  # the word begins with frame 9 or 10, and is about 14 long
    assert all(frame == quietest for frame in frames[: missing - 3]), "before the start"
    assert 12 <= len([frame for frame in frames if frame[0] > 120]) <= 16


def test_a_shot_instead_of_a_word():
    desk = Desk(word())
    into = bytearray(SIZE)
    heard = run(desk.listener.record(into, LIMIT_MS), desk.time)
    assert (heard.word, heard.reason) == ("", HEARD)
    assert list(into) == [(n * 255 + 3) // 7 for n in range(SIZE)]
    desk.check_empty()
    into[:] = bytes(SIZE)
    desk.microphone.samples = ()
    assert run(desk.listener.record(into, LIMIT_MS), desk.time).reason == SILENCE
    assert not any(into)
    desk.check_empty()


def test_every_reason():
    full = array("h", [max(-32768, min(32767, 40 * sample)) for sample in voice(400)])
    rows = (
        ("silence", Desk(), SILENCE),
        ("short", Desk(joined(quiet(300), hiss(100))), SHORT),
        ("long", Desk(joined(quiet(300), hiss(1500))), LONG),
        ("clipped", Desk(joined(quiet(300), full)), CLIPPED),
        ("not sure", Desk(word(), [0] * 6), UNCLEAR),
        ("cut off", Desk(joined(quiet(2800), voice(500))), UNCLEAR),
        ("start fails", Desk(word(), start_fails=True), MICROPHONE),
        ("the speaker sounds all the time", Desk(word(), busy=1000), NOISE),
        ("start fails after the speaker", Desk(word(), busy=5, start_fails=True), MICROPHONE),
        ("stop fails", Desk(word(), stop_fails=True), HEARD),
        ("start and stop fail", Desk(word(), start_fails=True, stop_fails=True), MICROPHONE),
    )
    for name, desk, reason in rows:
        heard = desk.listen()
        assert heard.reason == reason and bool(heard.word) == (reason == HEARD), (name, heard.reason)
    print("NOTE listener: %d endings" % len(rows))


def test_it_waits_until_the_speaker_is_silent():
    for waits in (1, 20, 70):
        desk = Desk(word(), busy=waits)
        heard = desk.listen()
        assert (heard.word, desk.microphone.starts) == ("payment", waits + 1), (waits, heard.reason)
        assert desk.took_ms < 20 * waits + 300 + 400 + 300 + 120, (waits, desk.took_ms)


def test_a_cancellation_while_the_speaker_sounds():
    desk = Desk(word(), busy=1000)

    async def main():
        await started(desk, 10)
        desk.listener.cancel()
        before = desk.clock.ticks_ms()
        return await desk.task, desk.clock.ticks_ms() - before

    heard, took_ms = run(main(), desk.time)
    assert heard.reason == CANCELLED and took_ms <= 20, (heard.reason, took_ms)
    desk.check_empty()


def test_no_microphone():
    desk = Desk()
    listener = Listener(None, desk.recogniser, desk.clock, desk.front)
    heard = run(listener.listen(WORDS, LIMIT_MS), desk.time)
    assert (heard.word, heard.reason) == ("", MICROPHONE) and not listener.listening


def test_it_fails_or_dries_up_at_any_part_of_a_word():
    samples, tried = word(), 0
    for call in range(1, 60, 3):
        desk = Desk(samples, fail=call)
        heard = desk.listen()
        assert heard.reason == MICROPHONE, (call, heard.reason)
        tried += 1
    for part in range(0, 40, 4):
        desk = Desk(samples, dry=320 * part)
        heard = desk.listen()
        assert heard.reason == MICROPHONE and desk.took_ms <= 20 * part + 580, (part, heard.reason, desk.took_ms)
        tried += 1
    print("NOTE listener: the microphone failed or dried up at %d places" % tried)


class Still(Microphone):
    """Gives the same sample for ever, and says or does not say that its line stands still."""

    def __init__(self, clock, value):
        super().__init__(clock, [value] * 160_000)


def test_a_dead_line():
    for value in (0, 1, -32768, 32767):
        desk = Desk()
        desk.microphone = Still(desk.clock, value)
        desk.listener = Listener(desk.microphone, desk.recogniser, desk.clock, desk.front)
        assert desk.listen().reason == MICROPHONE and desk.took_ms <= 620, desk.took_ms
    for stuck, reason in ((True, MICROPHONE), (False, SILENCE)):
        desk = Desk()
        desk.microphone = Still(desk.clock, 0)
        desk.microphone.stuck = stuck
        desk.listener = Listener(desk.microphone, desk.recogniser, desk.clock, desk.front)
        assert desk.listen().reason == reason, "the driver knows best"


class Losing(Microphone):
    """Loses 100 ms, once."""

    lost = 0

    def __init__(self, clock, samples, at):
        super().__init__(clock, samples)
        self.at = at

    def start(self):
        super().start()
        self.lost = 0

    def read(self, into):
        count = super().read(into)
        if self.lost == 0 and self.given >= self.at and not count:
            self.lost = 5
            self.given += 1600
            self.began_ms -= 100
        return count


def test_lost_sound():
    for at_ms, samples, reason in (
        (500, word(), MICROPHONE),
        (60, word(400, 400), HEARD),
        (800, (), MICROPHONE),
    ):
        desk = Desk()
        desk.microphone = Losing(desk.clock, samples, at_ms * 16)
        desk.listener = Listener(desk.microphone, desk.recogniser, desk.clock, desk.front)
        heard = desk.listen()
        assert heard.reason == reason, (at_ms, heard.reason)


class Slow(Microphone):
    """Gives half of what it should."""

    def read(self, into):
        self.began_ms += 5
        return super().read(into)


def test_a_slow_microphone_does_not_make_it_longer():
    desk = Desk()
    desk.microphone = Slow(desk.clock)
    desk.listener = Listener(desk.microphone, desk.recogniser, desk.clock, desk.front)
    assert desk.listen().reason == SILENCE


def test_the_microphone_is_off_before_the_network_thinks():
    desk = Desk(samples)
    states = []
    network_run = desk.network.run

    def watched(*buffers):
        states.append((desk.microphone.running, desk.microphone.stops))
        network_run(*buffers)

    desk.network.run = watched
    assert desk.listen().word == "payment" and states == [(False, 1)]


class Flood(Microphone):
    """Always has more."""

    def read(self, into):
        self.reads += 1
        for n in range(len(into)):
            into[n] = n & 15
        return len(into)


def test_a_flood_ends():
    desk = Desk()
    desk.microphone = Flood(desk.clock)
    desk.listener = Listener(desk.microphone, desk.recogniser, desk.clock, desk.front)
    desk.listen()
    assert desk.microphone.reads <= LIMIT_MS // 20 + 2


def test_odd_parts_of_samples():
    """However the samples come, the same frames are made of them."""

    class Odd(Microphone):
        def read(self, into):
            return super().read(memoryview(into)[: 1 + self.reads * 7 % len(into)])

    windows = []
    for kind in (Microphone, Odd):
        desk = Desk()
        random.seed(1)
        desk.microphone = kind(desk.clock, samples)
        desk.listener = Listener(desk.microphone, desk.recogniser, desk.clock, desk.front)
        assert desk.listen().word == "payment"
        windows.append(desk.network.windows)
    assert windows[0] == windows[1]


random.seed(1)
samples = word()


def test_short_limits():
    for limit_ms in (-100, 0, 1, 19, 20, 40, 200):
        desk = Desk(word())
        heard = desk.listen(limit_ms=limit_ms)
        assert heard.reason == SILENCE and desk.took_ms <= max(0, limit_ms) + 40


def test_a_stalled_loop_loses_no_word():
    """The collector or another task takes 250 ms now and then; the driver keeps what comes."""
    desk = Desk(word())

    async def main():
        async def stall():
            for _ in range(4):
                await sleep_ms(20)
                desk.time.step(250)

        task = asyncio.create_task(stall())
        heard = await desk.listener.listen(WORDS, LIMIT_MS)
        await task
        return heard

    assert run(main(), desk.time).word == "payment"
    desk.check_empty()


def test_one_at_a_time_and_again():
    desk = Desk(word())

    async def main():
        first = asyncio.create_task(desk.listener.listen(WORDS, LIMIT_MS))
        await sleep_ms(100)
        assert desk.listener.listening
        for second in (desk.listener.listen(WORDS, 100), desk.listener.record(bytearray(SIZE), 100)):
            try:
                await second
            except StateError:
                pass
            else:
                raise AssertionError("two at a time")
        assert desk.microphone.running, "the first goes on"
        return await first

    assert run(main(), desk.time).word == "payment"
    for _ in range(3):
        assert desk.listen().word == "payment"


def test_the_level_is_a_picture_of_what_is_heard():
    desk = Desk(joined(quiet(400, 3), voice(400), quiet(400, 3)))
    levels = []

    async def main():
        task = asyncio.create_task(desk.listener.listen(WORDS, LIMIT_MS))
        while not task.done():
            levels.append(desk.listener.level)
            await sleep_ms(20)
        await task

    run(main(), desk.time)
    assert max(levels) <= 100 and min(levels) == 0
    assert max(levels[8:16]) < 40 < min(levels[26:38]), levels


def started(desk, awaits):
    """A listening that has waited so many times."""
    desk.task = asyncio.create_task(desk.listener.listen(WORDS, LIMIT_MS))
    return sleep_ms(20 * awaits)


def test_cancelled_at_every_await():
    """By asyncio, and by `cancel`: the microphone is off, nothing is left, and the next listening hears."""
    moments, sound_held = 0, 0
    for how in ("task", "cancel"):
        for awaits in range(1, 52):
            desk = Desk(samples)

            async def main(desk=desk, awaits=awaits, how=how):
                await started(desk, awaits)
                held = any(desk.listener._ring)
                if how == "task":
                    desk.task.cancel()
                    try:
                        await desk.task
                    except asyncio.CancelledError:
                        return held, CANCELLED
                else:
                    desk.listener.cancel()
                return held, (await desk.task).reason

            held, reason = run(main(), desk.time)
            sound_held += held
            desk.check_empty()
            if desk.network.windows:
                assert reason == HEARD and awaits >= 50
                continue
            assert reason == CANCELLED, (awaits, reason)
            moments += 1
            if awaits % 10 == 3:
                assert desk.listen().word == "payment"
    print("NOTE listener: cancelled at %d moments, %d of them with sound held; 0 bytes stayed" % (moments, sound_held))
    assert moments >= 98 and sound_held > 80


def test_a_cancellation_before_the_first_step_leaves_nothing():
    desk = Desk(samples)

    async def main():
        task = asyncio.create_task(desk.listener.listen(WORDS, LIMIT_MS))
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            return True

    assert run(main(), desk.time) and not desk.microphone.starts
    desk.check_empty()
    desk.listener.cancel()
    assert desk.listen().word == "payment", "a cancel of nothing is forgotten"


def test_an_error_of_the_network_leaves_nothing():
    for place in ("run", "clear"):
        desk = Desk(samples)

        def fail(*_):
            raise ValueError

        setattr(desk.network, place, fail)
        try:
            run(desk.listener.listen(WORDS, LIMIT_MS), desk.time)
        except ValueError:
            pass
        else:
            raise AssertionError(place)
        assert not desk.microphone.running and not desk.listener.listening
        left = [name for name, buffer in desk.buffers().items() if any(buffer)]
        assert not left or (place == "clear" and set(left) == {"logits", "embedding", "shot", "activations"}), left


def test_the_path_of_a_frame_allocates_nothing():
    desk = Desk(word())
    listener, microphone = desk.listener, desk.microphone

    class Quick:
        """A front end without floats."""

        def frame(self, samples, at, into, offset):
            level = 60
            for n in range(at, at + 512, 8):
                if samples[n] > 100 or samples[n] < -100:
                    level = 140
            for band in range(32):
                into[offset + band] = level
            return level

        def clear(self):
            pass

    listener._front = Quick()
    listener._endpoint.start(150)
    microphone.start()
    taken = 0
    for _ in range(60):
        desk.time.step(20)
        now = desk.clock.ticks_ms()
        microphone.clock = Frozen(now)
        micropython.heap_lock()
        try:
            reason = listener._take(microphone)
        finally:
            micropython.heap_unlock()
        taken += 1
        if reason is not None:
            break
    assert reason == HEARD and taken > 40, (reason, taken)


class Frozen:
    """A clock that has stopped."""

    def __init__(self, now):
        self.now = now

    def ticks_ms(self):
        return self.now
