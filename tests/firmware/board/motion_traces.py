"""Acceleration of a wearer, made up: 25 measurements a second, in milli-g, right, up and towards the wearer.

Walking is a wave along gravity with its first harmonic, an arm that swings at half that pace, and noise. Nobody wore a
watch for this.
"""

import math
import random

RATE_HZ = 25
HANGING = (950, 100, 150)
FACING = (100, 400, 900)
TABLE = (0, 0, 1000)


def noise(size_mg):
    """One value, near normal."""
    return int((random.random() + random.random() + random.random() - 1.5) * 1.4 * size_mg)


def still(held, seconds, size_mg=8):
    """Held in one place."""
    for _ in range(int(seconds * RATE_HZ)):
        yield [value + noise(size_mg) for value in held]


def turn(before, after, seconds, size_mg=40):
    """From one place to another, smoothly."""
    count = max(1, int(seconds * RATE_HZ))
    for place in range(count):
        part = (1 - math.cos(math.pi * (place + 1) / count)) / 2
        yield [int(old + (new - old) * part) + noise(size_mg) for old, new in zip(before, after)]


def walk(steps, pace_hz, height_mg, swing=0.35, held=HANGING, size_mg=30):
    """Steps, with the arm down or where `held` says. `swing`: how far it swings, radians."""
    length = math.sqrt(sum(value * value for value in held))
    for place in range(int(steps * RATE_HZ / pace_hz)):
        phase = 2 * math.pi * pace_hz * place / RATE_HZ
        force = 1 + (height_mg * math.sin(phase) + height_mg * 0.3 * math.sin(2 * phase + 0.7)) / 1000
        angle = swing * math.sin(phase / 2)
        x, y, z = [value * force * 1000 / length for value in held]
        side = x * math.sin(angle)
        yield [int(x * math.cos(angle)) + noise(size_mg), int(y + side) + noise(size_mg), int(z) + noise(size_mg)]


def typing(seconds):
    """At a keyboard: the screen is turned up or half away, and each key is a knock."""
    held = (200, 150, 960)
    for place in range(int(seconds * RATE_HZ)):
        if not place % (RATE_HZ * 7):
            held = random.choice(((200, 150, 960), (-150, 300, 930), (350, 0, 930), (100, 600, 780)))
        knock = 120 if not random.getrandbits(2) else 20
        yield [value + noise(knock) for value in held]


def gestures(seconds):
    """Somebody who talks with the hands: every two seconds the arm goes somewhere."""
    places = ((600, 500, 600), (200, 900, 350), (900, 200, 300), (0, 980, 150), (-300, 900, 300), (500, 800, -200))
    before = places[0]
    for _ in range(int(seconds / 2)):
        after = random.choice(places)
        yield from turn(before, after, 0.5, 80)
        yield from still(after, 1.5, 60)
        before = after


def swing():
    """The arm goes up and down at once."""
    yield from still(HANGING, 1)
    yield from turn(HANGING, FACING, 0.3)
    yield from turn(FACING, HANGING, 0.3)


def look(seconds_of_turn, before=HANGING, after=FACING, held_s=1.5):
    """The wrist is raised, looked at and lowered."""
    yield from still(before, 1)
    yield from turn(before, after, seconds_of_turn)
    yield from still(after, held_s, 20)
    yield from turn(after, before, 0.6)
