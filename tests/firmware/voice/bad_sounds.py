"""Sounds that are no command, made here: one function for each kind, which gives its samples for a seed."""

import math
import random
from array import array

from tests.firmware.voice.voice_kit import RATE_HZ, joined, limited, quiet, voice

_SINE = [int(1024 * math.sin(2 * math.pi * n / 1024)) for n in range(1024)]


def tone(ms, parts):
    """Sines together; parts of (Hz, loudness)."""
    steps = [(int(hz * 1024 * 64 / RATE_HZ), loud) for hz, loud in parts]
    made = array("h", [random.randrange(-9, 10) for _ in range(ms * 16)])
    for step, loud in steps:
        phase = random.randrange(65536)
        for n in range(len(made)):
            made[n] += loud * _SINE[phase >> 6 & 1023] >> 10
            phase += step
    return made


def struck(ms, parts):
    """A tone that dies away, as of a piano."""
    made = tone(ms, parts)
    for n in range(len(made)):
        made[n] = made[n] * (len(made) - n * 3 // 4) // len(made)
    return made


def low(ms, loud, slow=5):
    """Noise below about 16000 / (2 pi 2^slow) Hz: rubbing."""
    made, kept, kept2 = array("h"), 0, 0
    for _ in range(ms * 16):
        kept += (random.randrange(-loud, loud + 1) * 64 - kept) >> slow
        kept2 += (kept - kept2) >> slow
        made.append(limited((kept2 >> 1) + random.randrange(-9, 10)))
    return made


def mixed(one, other):
    """Two sounds at once."""
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    made = array("h", longer)
    for n, sample in enumerate(shorter):
        made[n] = limited(made[n] + sample)
    return made


def louder(sound, times):
    """Amplified, and clipped where that is too much."""
    return array("h", [limited(sample * times) for sample in sound])


def shifted(sound, offset):
    """With DC."""
    return array("h", [limited(sample + offset) for sample in sound])


def syllables(ms, hz, pause=40):
    """Someone talks: vowels of 90 to 240 ms with breaks of at most `pause` ms."""
    parts, left = [], ms
    while left > 0:
        span, rest = random.randrange(90, 240), random.randrange(10, pause + 1)
        parts.append(voice(span, random.randrange(hz * 8 // 10, hz * 12 // 10), random.randrange(800, 4000)))
        parts.append(quiet(rest))
        left -= span + rest
    return joined(*parts)


def silence():
    return quiet(3000, random.choice((1, 9, 200)))


def zeros():
    return array("h", bytes(2 * 48_000))


def clipping():
    return joined(quiet(400), louder(voice(random.randrange(250, 800)), 60), quiet(800))


def screaming():
    return louder(quiet(3000), 9999)


def hum():
    hz = random.choice((50, 60))
    parts = [(hz * n, 3000 // n) for n in (1, 2, 3, 4, 5, 7)]
    return tone(3000, parts)


def hum_that_comes():
    return joined(quiet(500), hum())


def music():
    chords = ((262, 330, 392), (220, 262, 330), (349, 440, 523), (392, 494, 587))
    return joined(*[struck(270, [(hz * n, 2000 // n) for hz in chords[k % 4] for n in (1, 2, 3)]) for k in range(11)])


def babble():
    return mixed(mixed(syllables(3000, 110), syllables(3000, 210)), syllables(2900, 150))


def offset():
    return shifted(quiet(3000), random.choice((-12000, 12000, 30000)))


def steps():
    parts, level = [], 0
    for _ in range(12):
        level = random.randrange(-15000, 15000)
        parts.append(shifted(quiet(random.randrange(60, 400)), level))
    return joined(*parts)


def two_people():
    return mixed(joined(quiet(400), syllables(1500, 110)), joined(quiet(700), syllables(1500, 220)))


def rubbing():
    parts = [quiet(300)]
    for _ in range(5):
        parts += [low(random.randrange(100, 600), 9000), quiet(random.randrange(50, 200))]
    return joined(*parts)


def monologue():
    return joined(quiet(random.randrange(0, 600)), syllables(8000, 130))


KINDS = (
    silence,
    zeros,
    clipping,
    screaming,
    hum,
    hum_that_comes,
    music,
    babble,
    offset,
    steps,
    two_people,
    rubbing,
    monologue,
)
