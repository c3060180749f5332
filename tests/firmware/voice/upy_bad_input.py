"""What is no command, through the real front end: refused, within its time, and without a trace.

The network of these tests believes everything: what gets as far as it would be a command. What the gate alone stops is
counted here; a real network stops more.
"""

import random

from tests.firmware.voice.bad_sounds import KINDS, hum, mixed, shifted
from tests.firmware.voice.voice_kit import WORDS, Microphone, Network, joined, quiet, recogniser, voice
from watch.kernel.clock import Clock
from watch.kernel.loop import run
from watch.kernel.virtual import VirtualTime
from watch.voice.heard import HEARD
from watch.voice.listener import Listener

TIMEOUT_S = 120
LIMIT_MS = 3000
EACH = 3
DOUBTFUL = ("rubbing", "steps", "music", "babble")
"""Kinds of which a piece may look like one word: those are for the network to refuse."""


def heard(sound):
    """What a listener that believes everything makes of a sound, and how long that took."""
    time = VirtualTime()
    clock = Clock(time, 0)
    network = Network()
    network.logits = [99, 0, 0, 0, 0, -99]
    microphone = Microphone(clock, sound)
    listener = Listener(microphone, recogniser(network), clock)
    before = clock.ticks_ms()
    answer = run(listener.listen(WORDS, LIMIT_MS), time)
    assert not microphone.running and not any(listener._ring) and not any(listener._samples)
    return answer, clock.ticks_ms() - before


def test_no_command():
    passed, total = {}, 0
    for kind in KINDS:
        reasons = {}
        for seed in range(EACH):
            random.seed(seed)
            answer, took_ms = heard(kind())
            assert took_ms <= LIMIT_MS + 40, (kind.__name__, took_ms)
            reasons[answer.reason] = reasons.get(answer.reason, 0) + 1
            total += 1
        print("NOTE bad input, %s: %s" % (kind.__name__, ", ".join(["%s %d" % item for item in reasons.items()])))
        passed[kind.__name__] = reasons.get(HEARD, 0)
    through = {name: count for name, count in passed.items() if count}
    print("NOTE bad input: %d sounds of %d kinds, %d reach the network" % (total, len(KINDS), sum(through.values())))
    assert not set(through) - set(DOUBTFUL), through


def test_a_word_in_bad_company():
    """What does not prevent a word: the same gate lets it through."""
    random.seed(4)
    word = joined(quiet(500), voice(400), quiet(700))
    for name, sound in (
        ("alone", word),
        ("hum", mixed(word, hum()[: len(word)])),
        ("offset", shifted(word, 9000)),
    ):
        answer, _ = heard(sound)
        assert answer.word == "payment", (name, answer.reason)
