"""The microphone of the simulated watch: the compiled modulator against the plain one, its line, and its port."""

import asyncio
import errno
import math
from array import array

from board.parts.sound_port import SoundPort
from board.simulator.chip_time import Timers
from board.simulator.chips import pdm_mic
from board.simulator.chips.pdm_live import ALIVE, HIGH, LOW, LiveMicrophone
from board.simulator.heard import Port
from drivers.pdm_microphone import PdmMicrophone

CLOCKS = 128
"""Bits for each sample."""
SAMPLE_BYTES = 16


class Sound:
    """What is around the microphone: samples, then silence."""

    def __init__(self, samples=(), line=ALIVE):
        self.samples, self.line, self.at, self.said = samples, line, 0, []
        self.fails = False

    def enter(self):
        self.said.append("on")
        if self.fails:
            raise OSError(errno.EIO)

    def hear(self, into, samples):
        into[:] = bytes(array("h", [self._next() for _ in range(samples)]))
        return self.line

    def leave(self):
        self.said.append("off")

    def _next(self):
        self.at += 1
        return self.samples[self.at - 1] if self.at <= len(self.samples) else 0


class Desk:
    """Time that a test moves."""

    def __init__(self):
        self.now = 1000
        self.timers = Timers(self.ticks_ms)

    def ticks_ms(self):
        return self.now

    def pass_ms(self, ms):
        """Let timers call, one millisecond after the other."""
        for _ in range(ms):
            self.now += 1
            self.timers._ring()


def wild(count):
    """Samples with loud and silent places, and beyond what the modulator follows."""
    seed, made = 7, []
    for n in range(count):
        seed = seed * 22695477 + 1 & 0x3FFFFFFF
        loud = (0, 40, 9000, 23000, 32767)[n // 40 % 5]
        made.append(max(-32768, min(32767, ((seed >> 12) % 65536 - 32768) * loud // 32768)))
    made[:3] = [32767, -32768, 0]
    return made


def bits_of(samples, whisper=0, count=None):
    """The line of a microphone that is up."""
    model = LiveMicrophone(Sound(samples), whisper)
    raw = bytearray(SAMPLE_BYTES * (count or len(samples)))
    model.give(raw)
    return raw


def test_the_compiled_modulator_is_the_plain_one():
    samples = wild(400)
    plain = bytearray(SAMPLE_BYTES * len(samples))
    pdm_mic.Microphone(lambda clock: samples[clock // CLOCKS]).give(None, plain)
    made = bits_of(samples)
    assert made == plain
    flipped = samples[:]
    flipped[200] ^= 1
    assert bits_of(flipped) != plain, "a comparison that sees no difference"
    print("NOTE live microphone: %d bits equal to those of the plain modulator" % (8 * len(plain)))


def test_noise_of_its_own_is_a_whisper():
    from drivers.pdm_filter import PdmFilter

    raw = bits_of([0], 3, 1600)
    heard = array("h", bytes(2 * 1600))
    PdmFilter().run(raw, heard, 1600)
    heard = heard[400:]
    level = math.sqrt(sum([sample * sample for sample in heard]) / len(heard))
    print("NOTE live microphone: silence has %.1f of 32768, %.0f dB" % (level, 20 * math.log10(level / 32768)))
    assert 0.5 < level < 6 and len(set(heard)) > 3


def test_it_starts_asleep_and_ever_the_same():
    model = LiveMicrophone(Sound())
    raw, again = bytearray(SAMPLE_BYTES * 400), bytearray(SAMPLE_BYTES * 400)
    model.enter()
    model.give(raw)
    assert not any(raw[: SAMPLE_BYTES * 320]) and any(raw[SAMPLE_BYTES * 320 :])
    model.enter()
    model.give(again)
    assert raw == again


def test_a_line_that_is_stuck():
    for line, byte in ((LOW, 0), (HIGH, 0xFF)):
        raw = bytearray(SAMPLE_BYTES * 10)
        LiveMicrophone(Sound(wild(10), line)).give(raw)
        assert raw == bytes([byte]) * len(raw)


def listening(sound, desk):
    """The driver over the port of the simulator."""
    model = LiveMicrophone(sound, 0)
    port = SoundPort()
    return PdmMicrophone(port.opener(lambda: Port(desk, model))), port


def test_the_driver_reads_at_the_pace_of_the_watch():
    desk, sound = Desk(), Sound([2000] * 100_000)
    mic, port = listening(sound, desk)
    into = memoryview(array("h", bytes(2 * 400)))
    mic.start()
    assert sound.said == ["on"] and port.busy() and mic.read(into) == 0
    desk.pass_ms(59)
    assert mic.read(into) == 0
    desk.pass_ms(1)
    assert mic.read(into) == 316
    total = 0
    for _ in range(100):
        desk.pass_ms(10)
        total += mic.read(into)
    assert total == 16_000 and sound.at == 16_000 + 960 and not mic.lost
    mic.stop()
    assert sound.said == ["on", "off"] and not port.busy()
    desk.pass_ms(100)
    assert sound.at == 16_960, "nothing is heard while nobody listens"


def test_a_computer_that_stalls_delays_the_sound():
    desk, sound = Desk(), Sound()
    mic, _ = listening(sound, desk)
    into = memoryview(array("h", bytes(2 * 400)))
    mic.start()
    desk.pass_ms(60)
    mic.read(into)
    desk.now += 5000
    for _ in range(20):
        desk.timers._ring()
        mic.read(into)
    assert not mic.lost and sound.at <= 960 + 2 * 320
    desk.now += 50  # a hiccup: caught up with
    before = sound.at
    for _ in range(20):
        desk.timers._ring()
        mic.read(into)
    assert 2 * 320 <= sound.at - before <= 3 * 320 and not mic.lost


def test_who_does_not_read_loses_parts():
    desk = Desk()
    mic, _ = listening(Sound(), desk)
    mic.start()
    desk.pass_ms(20 * 20)
    assert mic.lost == 5


def test_stopping_while_the_host_is_asked_leaves_nothing_behind():
    desk, sound = Desk(), Sound()
    mic, port = listening(sound, desk)
    mic.start()
    desk.pass_ms(59)
    hear = sound.hear

    def stopping(into, samples):
        mic.stop()  # a frame that came in between
        return hear(into, samples)

    sound.hear = stopping
    desk.pass_ms(1)
    assert not any(mic._raw) and not port.busy()
    desk.pass_ms(100)
    assert sound.said == ["on", "off"]


def test_a_microphone_that_does_not_start_leaves_the_port_free():
    desk, sound = Desk(), Sound()
    sound.fails = True
    mic, port = listening(sound, desk)
    try:
        mic.start()
    except OSError as error:
        assert error.errno == errno.EIO
    else:
        raise AssertionError("it started")
    assert not port.busy()
    sound.fails = False
    mic.start()
    mic.stop()


def test_the_port_only_receives():
    port = Port(Desk(), LiveMicrophone(Sound()))
    try:
        port.write(b"")
    except OSError as error:
        assert error.errno == errno.EPERM
    else:
        raise AssertionError("it sends")


async def test_timers_serve_it():
    """As the board does it: the task of the timers calls back, and the reader is another one."""
    clock = Desk()
    mic, _ = listening(Sound([500] * 16_000), clock)
    running = asyncio.create_task(clock.timers.run())
    mic.start()
    into, total = memoryview(array("h", bytes(2 * 400))), 0
    for _ in range(40):
        clock.now += 20
        clock.timers._news.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        total += mic.read(into)
    mic.stop()
    running.cancel()
    assert total > 8000, total
