"""Damage to valid inputs, the same for both interpreters: bytes, texts, and decoded values such as CBOR or JSON."""

import random

_BYTES = (0x00, 0x01, 0x7F, 0x80, 0x81, 0x82, 0xFE, 0xFF)
_NUMBERS = (0, 1, -1, 23, 24, 255, 256, 65_535, 65_536, 1 << 31, 1 << 32, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)
_CHARACTERS = "09aZ%+-. \x00\x1f\x7f\u00e9\u4ed8\u202e"
_OTHERS = (None, True, False, b"", "", [], {}, [[]], {0: {}})
_WORD = 65_536
"""A length that wraps in 16 bits."""


def noise(count):
    """So many random bytes."""
    return bytes([random.getrandbits(8) for _ in range(count)])


def sizes(most):
    """The lengths at which size arithmetic goes wrong: nothing, one, around the longest, and 2^16."""
    return (0, 1, most - 1, most, most + 1, _WORD - 1, _WORD, _WORD + 1)


def mutated(data):
    """Bytes with one to three changes: set, flipped, counted up or down, cut out, doubled, put in, cut off."""
    out = bytearray(data)
    for _ in range(random.randrange(1, 4)):
        if not out:
            out = bytearray(noise(random.randrange(1, 9)))
        random.choice(_CHANGES)(out, random.randrange(len(out)))
    return bytes(out)


def _set(out, at):
    out[at] = random.choice(_BYTES)


def _randomise(out, at):
    out[at] = random.getrandbits(8)


def _flip(out, at):
    out[at] ^= 1 << random.randrange(8)


def _count(out, at):
    out[at] = (out[at] + random.choice((-1, 1))) & 0xFF


def _cut_out(out, at):
    out[at:] = out[at + random.randrange(1, 9) :]


def _double(out, at):
    out[at:] = out[at : at + random.randrange(1, 40)] + out[at:]


def _put_in(out, at):
    out[at:] = noise(random.randrange(1, 9)) + out[at:]


def _cut_off(out, at):
    out[at:] = b""


_CHANGES = (_set, _set, _randomise, _flip, _flip, _count, _count, _cut_out, _double, _put_in, _cut_off)


def mutated_text(text):
    """A text with one to three characters or pieces changed."""
    for _ in range(random.randrange(1, 4)):
        at = random.randrange(len(text) + 1)
        kind = random.randrange(4)
        if kind == 0:
            text = text[:at] + random.choice(_CHARACTERS) + text[at + 1 :]
        elif kind == 1:
            text = text[:at] + text[at + random.randrange(1, 9) :]
        elif kind == 2:
            text = text[:at] + text[at : at + random.randrange(1, 40)] + text[at:]
        else:
            text = text[:at] + random.choice(_CHARACTERS) + text[at:]
    return text


def mutated_value(value, depth=3):
    """A decoded value in which one node, at most `depth` levels down, is another one, gone, or there twice."""
    if depth and isinstance(value, list) and value and random.randrange(8):
        return _in_list(value, depth)
    if depth and isinstance(value, dict) and value and random.randrange(8):
        return _in_map(value, depth)
    return other(value)


def other(value):
    """Something in the place of a value: of its kind and out of range, or of another kind."""
    if random.randrange(3) == 0:
        return random.choice(_OTHERS + _NUMBERS)
    if isinstance(value, bool) or value is None:
        return random.choice(_NUMBERS)
    if isinstance(value, int):
        return random.choice(_NUMBERS + (value + 1, value - 1, -value))
    if isinstance(value, bytes):
        return mutated(value)
    if isinstance(value, str):
        return mutated_text(value)
    return random.choice(_OTHERS)


def _in_list(value, depth):
    out = list(value)
    at = random.randrange(len(out))
    kind = random.randrange(6)
    if kind == 0:
        del out[at]
    elif kind == 1:
        out.append(out[at])
    else:
        out[at] = mutated_value(out[at], depth - 1)
    return out


def _in_map(value, depth):
    out = dict(value)
    key = random.choice(list(out))
    kind = random.randrange(8)
    if kind == 0:
        del out[key]
    elif kind == 1:
        out[random.choice((0, 25, 1 << 32, "", "x", str(key)))] = out[key]
    else:
        out[key] = mutated_value(out[key], depth - 1)
    return out
