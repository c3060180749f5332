"""The endpoint: tables of levels with what must come of them, any levels at all, and the loops against plain ones."""

import random
from array import array

import micropython

from watch.voice import endpoint as under_test
from watch.voice.endpoint import BANDS, Endpoint
from watch.voice.heard import CLIPPED, HEARD, LONG, NOISE, REASONS, SHORT, SILENCE, UNCLEAR

LIMIT = 150
QUIET, WORD = 60, 140


def fed(parts, limit=LIMIT):
    """An endpoint after parts of (level of all bands, frames) or (32 bands, frames) or those and samples clipped."""
    machine = Endpoint()
    machine.start(limit)
    for part in parts:
        bands = bytearray([part[0]] * BANDS) if isinstance(part[0], int) else bytearray(part[0])
        for _ in range(part[1]):
            if machine.frame(bands, 0, part[2] if len(part) > 2 else 0):
                return machine
    return machine


LOW = [WORD] * 5 + [QUIET] * 27  # a sleeve
TONE = [QUIET] * 12 + [WORD] * 2 + [QUIET] * 18  # a whistle
HUM = [WORD] * 4 + [QUIET] * 28
HISS = [QUIET] * 22 + [WORD] * 10
VOWEL = [QUIET, QUIET] + [WORD] * 12 + [QUIET] * 18


def over(rise, noise=QUIET):
    """The lower bands higher than the noise."""
    return [noise + rise] * 12 + [noise] * 20


NEAR = over(36)
TALK = ((QUIET, 4), (over(21), 2))
"""Noise that comes and goes."""
AFAR = ((QUIET + 40, 4), (over(21, QUIET + 40), 2)) * 4

TABLE = (
    # name, parts, reason, frames of the utterance
    ("nothing", ((QUIET, 200),), SILENCE, None),
    ("zeros", ((0, 200),), SILENCE, None),
    ("faint sounds", ((0, 25), (26, 20), (0, 25), (10, 3), (26, 60)), SILENCE, None),
    ("a word out of nothing", ((0, 25), (29, 20), (0, 25)), HEARD, (25, 45)),
    ("the loudest", ((255, 200),), SILENCE, None),
    ("a word", ((QUIET, 25), (WORD, 20), (QUIET, 25)), HEARD, (25, 45)),
    ("a word in noise, 15 units above it", ((QUIET, 25), (QUIET + 15, 20), (QUIET, 25)), HEARD, (25, 45)),
    ("too little above the noise", ((QUIET, 25), (QUIET + 11, 20), (QUIET, 25), (QUIET, 99)), SILENCE, None),
    ("a word with a weak end", ((QUIET, 25), (WORD, 20), (QUIET + 12, 5), (QUIET, 25)), HEARD, (25, 50)),
    ("a faint word with a weaker end", ((QUIET, 25), (QUIET + 40, 20), (QUIET + 11, 5), (QUIET, 25)), HEARD, (25, 50)),
    ("an echo, 1/32 as high", ((QUIET, 25), (WORD, 20), (QUIET + 11, 5), (QUIET, 25)), HEARD, (25, 45)),
    ("a word early", ((QUIET, 8), (WORD, 20), (QUIET, 25)), HEARD, (8, 28)),
    ("a word too early", ((QUIET, 7), (WORD, 20), (QUIET, 140)), UNCLEAR, None),
    ("a word after the first frame", ((QUIET, 1), (WORD, 20), (QUIET, 140)), UNCLEAR, None),
    ("a word from the start on", ((WORD, 20), (QUIET, 140)), UNCLEAR, None),
    ("a word too early, and once more", ((WORD, 20), (QUIET, 30), (WORD, 20), (QUIET, 25)), HEARD, (50, 70)),
    ("140 ms", ((QUIET, 25), (WORD, 7), (QUIET, 25)), HEARD, (25, 32)),
    ("120 ms", ((QUIET, 25), (WORD, 6), (QUIET, 140)), SHORT, None),
    ("two clicks that are one part", ((QUIET, 25), (WORD, 2), (QUIET, 6), (WORD, 2), (QUIET, 140)), SHORT, None),
    ("six loud frames", ((QUIET, 25), (WORD, 3), (QUIET, 6), (WORD, 3), (QUIET, 25)), HEARD, (25, 37)),
    ("five loud frames", ((QUIET, 25), (WORD, 3), (QUIET, 6), (WORD, 2), (QUIET, 140)), SHORT, None),
    (
        "a third of it loud",
        ((QUIET, 25), (WORD, 3), (QUIET, 8), (WORD, 3), (QUIET, 5), (WORD, 1), (QUIET, 25)),
        HEARD,
        (25, 45),
    ),
    (
        "five loud frames after a click",
        ((QUIET, 25), (WORD, 4), (QUIET, 10), (WORD, 3), (QUIET, 6), (WORD, 2), (QUIET, 120)),
        SHORT,
        None,
    ),
    (
        "less than a third of it loud",
        ((QUIET, 25), (WORD, 3), (QUIET, 8), (WORD, 3), (QUIET, 8), (WORD, 1), (QUIET, 140)),
        SHORT,
        None,
    ),
    ("1000 ms", ((QUIET, 25), (WORD, 50), (QUIET, 25)), HEARD, (25, 75)),
    ("1020 ms", ((QUIET, 25), (WORD, 51), (QUIET, 25)), LONG, None),
    ("a closure of 160 ms", ((QUIET, 25), (WORD, 10), (QUIET, 8), (WORD, 4), (QUIET, 25)), HEARD, (25, 47)),
    (
        "two closures",
        ((QUIET, 25), (WORD, 6), (QUIET, 5), (WORD, 6), (QUIET, 7), (WORD, 3), (QUIET, 25)),
        HEARD,
        (25, 52),
    ),
    ("two words, 200 ms apart", ((QUIET, 25), (WORD, 12), (QUIET, 10), (WORD, 12), (QUIET, 25)), LONG, None),
    ("two words, 300 ms apart", ((QUIET, 25), (WORD, 12), (QUIET, 15), (WORD, 12), (QUIET, 25)), HEARD, (25, 37)),
    ("a click, then a word", ((QUIET, 25), (WORD, 2), (QUIET, 10), (WORD, 20), (QUIET, 25)), HEARD, (37, 57)),
    ("a word, then a click", ((QUIET, 25), (WORD, 20), (QUIET, 10), (WORD, 2), (QUIET, 25)), HEARD, (25, 45)),
    ("clicks only", ((QUIET, 25), (WORD, 2), (QUIET, 30), (WORD, 4), (QUIET, 99)), SILENCE, None),
    ("more than a click", ((QUIET, 25), (WORD, 5), (QUIET, 30), (WORD, 3), (QUIET, 99)), SHORT, None),
    ("the motor", ((WORD, 4), (QUIET, 150)), SILENCE, None),
    ("more than the motor", ((WORD, 5), (QUIET, 150)), UNCLEAR, None),
    ("the motor, then a word", ((WORD, 4), (QUIET, 15), (WORD, 20), (QUIET, 25)), HEARD, (19, 39)),
    ("clicks without end", ((QUIET, 25),) + ((WORD, 2), (QUIET, 4)) * 30, LONG, None),
    ("slow clicks without end", ((QUIET, 25),) + ((WORD, 2), (QUIET, 12)) * 10, SILENCE, None),
    (
        "a click before the quiet is enough",
        ((QUIET, 9), (WORD, 9), (QUIET, 14), (WORD, 1), (QUIET, 9)),
        HEARD,
        (9, 18),
    ),
    ("a monologue", ((QUIET, 25), (WORD, 400)), LONG, None),
    ("a monologue with breaks", ((QUIET, 9),) + ((WORD, 15), (QUIET, 6)) * 20, LONG, None),
    ("a monologue from the start on", ((WORD, 7), (WORD - 40, 3)) * 40, LONG, None),
    ("cut by the limit", ((QUIET, 140), (WORD, 20)), UNCLEAR, None),
    ("no quiet before the limit", ((QUIET, 125), (WORD, 20), (QUIET, 5)), UNCLEAR, None),
    ("a fan that starts", ((QUIET, 25), (QUIET + 25, 200)), LONG, None),
    ("a fan that starts slowly", tuple([(QUIET + n, 8) for n in range(25)]), SILENCE, None),
    ("a fan that stops", ((QUIET + 40, 50), (QUIET, 140)), UNCLEAR, None),
    ("a fan that stops, then a word", ((QUIET + 40, 50), (QUIET, 15), (WORD, 20), (QUIET, 25)), HEARD, (65, 85)),
    ("clipped", ((QUIET, 25), (WORD, 20, 10), (QUIET, 25)), CLIPPED, None),
    ("three in a hundred clipped", ((QUIET, 25), (WORD, 20, 9), (QUIET, 25)), HEARD, (25, 45)),
    (
        "a clipped click, then a word",
        ((QUIET, 25), (WORD, 2, 320), (QUIET, 15), (WORD, 20), (QUIET, 25)),
        HEARD,
        (42, 62),
    ),
    ("a sleeve", ((QUIET, 25), (LOW, 20), (QUIET, 140)), NOISE, None),
    ("a sleeve, then a bump", ((QUIET, 25), (LOW, 20), (QUIET, 20), (WORD, 6), (QUIET, 99)), NOISE, None),
    ("a sleeve, then a word", ((QUIET, 25), (LOW, 20), (QUIET, 20), (WORD, 20), (QUIET, 25)), HEARD, (65, 85)),
    ("hum that comes", ((QUIET, 25), (HUM, 200)), LONG, None),
    ("hum from the start on", ((HUM, 200),), SILENCE, None),
    ("a word over hum", ((HUM, 25), (WORD, 20), (HUM, 25)), HEARD, (25, 45)),
    ("a first frame that is too quiet", ((QUIET - 18, 1), (QUIET, 25), (WORD, 20), (QUIET, 25)), HEARD, (26, 46)),
    ("a first frame that is too loud", ((QUIET + 15, 1), (QUIET, 25), (WORD, 20), (QUIET, 25)), HEARD, (26, 46)),
    ("zeros before the first sound", ((0, 5), (QUIET, 25), (WORD, 20), (QUIET, 25)), HEARD, (30, 50)),
    ("zeros for too long", ((0, 7), (QUIET, 100)), LONG, None),
    ("zeros for 40 ms", ((QUIET, 10), (0, 2), (QUIET, 20), (WORD, 20), (QUIET, 25)), HEARD, (32, 52)),
    ("zeros for 40 ms, often", ((QUIET, 10),) + ((0, 2), (QUIET, 3)) * 9 + ((WORD, 20), (QUIET, 25)), HEARD, (55, 75)),
    ("zeros for 40 ms in a word", ((QUIET, 25), (WORD, 9), (0, 2), (WORD, 9), (QUIET, 25)), HEARD, (25, 45)),
    ("zeros for 40 ms after a word", ((QUIET, 25), (WORD, 20), (QUIET, 3), (0, 2), (QUIET, 25)), HEARD, (25, 45)),
    ("a bump early", ((QUIET, 3), (WORD, 5), (QUIET, 140)), SHORT, None),
    (
        "a first frame too loud, a faint word",
        ((QUIET + 15, 1), (QUIET, 8), (QUIET + 17, 20), (QUIET, 25)),
        HEARD,
        (9, 29),
    ),
    (
        "zeros for 40 ms, twice in a word",
        ((QUIET, 25), (WORD, 9), (0, 2), (WORD, 1), (0, 2), (WORD, 9), (QUIET, 25)),
        HEARD,
        (25, 48),
    ),
    (
        "quieter some time after a word",
        ((QUIET + 20, 25), (WORD, 20), (QUIET + 20, 10), (QUIET, 25)),
        UNCLEAR,
        None,
    ),
    ("quieter after a word than before", ((QUIET + 20, 25), (WORD, 20), (QUIET, 25)), UNCLEAR, None),
    ("a little quieter after a word", ((QUIET + 15, 25), (WORD, 20), (QUIET, 25)), HEARD, (25, 45)),
    ("quieter after a click than before", ((QUIET + 20, 25), (WORD, 3), (QUIET, 125)), UNCLEAR, None),
    (
        "quieter after a click, then a word",
        ((QUIET + 20, 25), (WORD, 3), (QUIET, 15), (WORD, 20), (QUIET, 25)),
        HEARD,
        (43, 63),
    ),
    ("talk at the next table", TALK * 12, SILENCE, None),
    ("a word over talk", TALK * 4 + ((WORD, 20),) + TALK * 3, HEARD, (24, 44)),
    ("a word after talk that came nearer", TALK * 4 + ((NEAR, 9), (WORD, 20)) + TALK * 3, HEARD, (33, 53)),
    ("nearer talk", TALK * 4 + ((NEAR, 12),) + TALK * 20, UNCLEAR, None),
    ("a word with a gap full of talk", TALK * 4 + ((WORD, 9), (NEAR, 4), (WORD, 9)) + TALK * 3, HEARD, (24, 46)),
    ("a word, then nearer talk", TALK * 4 + ((WORD, 20), (NEAR, 12)) + TALK * 3, HEARD, (24, 44)),
    ("a word after 200 ms of talk", ((QUIET, 25), (NEAR, 10), (WORD, 20), (QUIET, 25)), HEARD, (35, 55)),
    ("a word that begins weakly for 180 ms", ((QUIET, 25), (NEAR, 9), (WORD, 20), (QUIET, 25)), HEARD, (25, 54)),
    ("a word between talk", ((QUIET, 25), (NEAR, 10), (WORD, 20), (NEAR, 20), (QUIET, 25)), HEARD, (35, 55)),
    ("talk that is nearly as near", TALK * 4 + ((over(31), 12),) + TALK * 20, SILENCE, None),
    ("nearer talk for 100 ms", TALK * 4 + ((NEAR, 5), (over(26), 7)) + TALK * 20, SHORT, None),
    ("a click, then nearer talk", TALK * 4 + ((WORD, 2), (QUIET, 10), (NEAR, 12)) + TALK * 20, UNCLEAR, None),
    ("a word over talk with a weaker end", TALK * 4 + ((WORD, 12), (QUIET + 30, 8)) + TALK * 3, HEARD, (24, 44)),
    ("talk that stops, then a faint word", AFAR + ((QUIET, 15), (QUIET + 12, 20), (QUIET, 25)), HEARD, (39, 59)),
    (
        "a loud word of another, a word",
        ((QUIET, 4), (over(34), 2), (QUIET, 4), (QUIET + 28, 20), (QUIET, 25)),
        HEARD,
        (10, 30),
    ),
    (
        "a weaker end after near talk",
        ((QUIET, 25), (over(44), 10), (WORD, 12), (QUIET + 27, 8), (QUIET, 25)),
        HEARD,
        (35, 55),
    ),
    ("two words over talk", TALK * 4 + ((WORD, 20),) + TALK * 2 + ((WORD, 20),) + TALK * 3, LONG, None),
    ("a vowel", ((QUIET, 25), (VOWEL, 20), (QUIET, 25)), HEARD, (25, 45)),
    ("six", ((QUIET, 25), (HISS, 8), (VOWEL, 6), (QUIET, 5), (HISS, 10), (QUIET, 25)), HEARD, (25, 54)),
)


def test_the_table():
    wrong = []
    for name, parts, reason, span in TABLE:
        machine = fed(parts)
        found = (machine.begin, machine.end) if machine.reason == HEARD else None
        if (machine.reason, found) != (reason, span):
            wrong.append((name, machine.reason, found))
    print("NOTE endpoint: %d rows of its table" % len(TABLE))
    assert not wrong, wrong


def test_hum_is_below_what_is_looked_at():
    """The first band alone carries 50 Hz and its first harmonics."""
    first = [WORD] * 2 + [QUIET] * 30
    assert fed(((QUIET, 25), (first, 125))).reason == SILENCE


def test_a_tone_that_comes_and_stays_is_no_word():
    assert fed(((QUIET, 25), (TONE, 125))).reason == LONG


def test_the_limit_ends_it():
    for frames in range(1, 60):
        machine = fed(((QUIET, frames - 1),), frames)
        assert not machine.over
        bands = bytearray([QUIET] * BANDS)
        assert machine.frame(bands, 0) and machine.over and machine.reason == SILENCE
        assert machine.frame(bands, 0) and machine.reason == SILENCE, "after the end nothing changes"
    machine = Endpoint()
    for limit in (0, -5):
        machine.start(limit)
        assert machine.over and machine.reason == SILENCE


def test_time_that_runs_out_at_any_frame():
    """Stopped by the clock after any frame of a word with quiet around: never a word before its quiet was heard."""
    parts = ((QUIET, 25), (WORD, 20), (QUIET, 25))
    answers = []
    for limit in range(1, 70):
        machine = Endpoint()
        machine.start(LIMIT)
        left = limit
        for level, frames in parts:
            for _ in range(min(left, frames)):
                machine.frame(bytearray([level] * BANDS), 0)
            left = max(0, left - frames)
        machine.expire()
        answers.append(machine.reason)
        assert machine.over and not (machine.reason and machine.begin >= 0)
    assert answers == [SILENCE] * 25 + [UNCLEAR] * (20 + 14) + [HEARD] * 10, answers


def test_it_starts_anew_after_anything():
    machine = Endpoint()
    for _, parts, _, _ in TABLE:
        machine.start(LIMIT)
        for part in parts:
            bands = bytearray([part[0]] * BANDS) if isinstance(part[0], int) else bytearray(part[0])
            for _ in range(part[1]):
                machine.frame(bands, 0, 0)
        machine.start(LIMIT)
        for level, frames in ((QUIET, 25), (WORD, 20), (QUIET, 25)):
            for _ in range(frames):
                machine.frame(bytearray([level] * BANDS), 0)
        assert (machine.reason, machine.begin, machine.end) == (HEARD, 25, 45)


def test_nothing_stays_after_clear():
    machine = fed(((QUIET, 25), (WORD, 20), (QUIET, 25)))
    assert any(machine._noise)
    machine.clear()
    assert not any(machine._noise) and machine.over and machine.begin == machine.end == -1


def walk(rng, machine, frames):
    """Feed levels that jump and drift; how many frames it took."""
    level, bands = rng.randrange(256), bytearray(BANDS)
    for frame in range(frames):
        draw = rng.randrange(12)
        if draw == 0:
            level = rng.randrange(256)
        spread = 1 + rng.randrange(40)
        for band in range(BANDS):
            bands[band] = max(0, min(255, level + rng.randrange(spread) - spread // 2))
        if machine.frame(bands, 0, rng.randrange(321) if draw == 1 else 0):
            return frame + 1
    return frames


def test_any_levels():
    rng, machine, counts, runs = random, Endpoint(), {}, 400
    rng.seed(20)
    for _ in range(runs):
        limit = rng.randrange(1, 150)
        machine.start(limit)
        taken = walk(rng, machine, 400)
        assert machine.over and taken <= limit
        assert machine.reason in REASONS
        if machine.reason == HEARD:
            assert machine.begin >= 8 and 7 <= machine.end - machine.begin <= 50
            assert machine.end + 15 <= taken <= machine.end + 74, "what the ring of the listener is made for"
        else:
            assert machine.begin == machine.end == -1
        counts[machine.reason] = counts.get(machine.reason, 0) + 1
    print("NOTE endpoint: %d random sequences: %s" % (runs, counts))
    assert len(counts) >= 4, counts


def plain_rise(bands, offset, noise, first, last):
    return sum([min(64, max(0, bands[offset + b] - max(16, noise[b] >> 4) - 10)) for b in range(first, last)])


def plain_fall(bands, offset, noise, first, last):
    return sum([max(0, (noise[b] >> 4) - max(16, bands[offset + b])) for b in range(first, last)])


def test_the_loops_are_the_plain_ones():
    rng = random
    rng.seed(3)
    bands, noise = bytearray(3 * BANDS), array("H", bytes(2 * BANDS))
    for n in range(200):
        for at in range(len(bands)):
            bands[at] = rng.choice((0, 255, rng.randrange(256)))
        offset, first = BANDS * (n % 3), rng.randrange(BANDS)
        last = rng.randrange(first, BANDS + 1)
        for fast, plain in ((under_test.rise, plain_rise), (under_test.fall, plain_fall)):
            assert fast(bands, offset, noise, first, last) == plain(bands, offset, noise, first, last)
        slow = n % 5
        expected = [old + (((bands[offset + b] << 4) - old) >> slow) for b, old in enumerate(noise)]
        under_test.learn(bands, offset, noise, slow)
        assert list(noise) == expected


def test_a_frame_allocates_nothing():
    machine, quiet, loud = Endpoint(), bytearray([QUIET] * BANDS), bytearray([WORD] * BANDS)
    for bands_after in (quiet, loud):
        machine.start(LIMIT)
        steps = ((loud, 9), (quiet, 25), (loud, 20), (bands_after, 40), (quiet, 100))
        micropython.heap_lock()
        try:
            for bands, frames in steps:
                for _ in range(frames):
                    machine.frame(bands, 0, 1)
        finally:
            micropython.heap_unlock()
        assert machine.over
