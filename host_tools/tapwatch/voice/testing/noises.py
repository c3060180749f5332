"""Sound that is no command: what microphones hear all day, made from numbers, and from words if there are any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tapwatch.voice.testing.sound import RATE, at_level, rms, soft

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tapwatch.voice.testing.sound import Samples

    Maker = Callable[[np.random.Generator, Sequence[Samples]], Samples]
    """Random numbers, and words without quiet around them (may be none)."""

_LENGTH = 4 * RATE
_MONOLOGUE = 8 * RATE
_NOTES_HZ = (262, 294, 330, 349, 392, 440, 494, 523)


def white(rng: np.random.Generator, _: Sequence[Samples]) -> Samples:
    """Noise with all frequencies alike."""
    return rng.standard_normal(_LENGTH)


def hum(rng: np.random.Generator, _: Sequence[Samples]) -> Samples:
    """Mains and nine of its harmonics."""
    base = float(rng.choice([50.0, 60.0])) * _time(_LENGTH)
    parts = [np.sin(2 * np.pi * n * base + rng.uniform(0, 6.28)) * rng.uniform(0.2, 1) / n for n in range(1, 11)]
    return np.sum(parts, axis=0)


def babble(rng: np.random.Generator, words: Sequence[Samples]) -> Samples:
    """Six people who talk without a break, none to the watch."""
    return sum((_talk(rng, words, _LENGTH) for _ in range(6)), np.zeros(_LENGTH))


NOISES: dict[str, Maker] = {"white": white, "hum": hum, "babble": babble}
"""In which recall is measured."""


def _silence(rng: np.random.Generator, _: Sequence[Samples]) -> Samples:
    return rng.standard_normal(_LENGTH) * rng.choice([0.0, 0.5, 1.5, 8.0, 40.0])


def _clipping(rng: np.random.Generator, words: Sequence[Samples]) -> Samples:
    """Somebody shouts into the microphone from a hand's breadth: a word, 30 dB too loud."""
    return _placed(at_level(_word(rng, words), 24.0), _LENGTH)


def _steady_hum(rng: np.random.Generator, words: Sequence[Samples]) -> Samples:
    return at_level(hum(rng, words), rng.uniform(-40, -10))


def _hum_bursts(rng: np.random.Generator, words: Sequence[Samples]) -> Samples:
    """A motor that starts and stops."""
    return at_level(hum(rng, words) * _bursts(rng, _LENGTH, 0.2, 1.0), rng.uniform(-40, -10))


def _music(rng: np.random.Generator, _: Sequence[Samples]) -> Samples:
    """A tune over chords, with pauses."""
    tune = np.zeros(_LENGTH)
    at = 0
    while at < _LENGTH:
        length = min(_LENGTH - at, int(rng.choice([0.15, 0.3, 0.3, 0.6]) * RATE))
        if rng.random() > 0.2:
            note = float(rng.choice(_NOTES_HZ))
            for factor, loud in ((1, 1.0), (2, 0.5), (3, 0.3), (1.26, 0.4), (1.5, 0.4), (0.5, 0.6)):
                tone = np.sin(2 * np.pi * note * factor * _time(length))
                tune[at : at + length] += loud * tone * np.exp(-3 * _time(length)) * np.minimum(1, 200 * _time(length))
        at += length
    return at_level(tune, rng.uniform(-35, -12))


def _loud_babble(rng: np.random.Generator, words: Sequence[Samples]) -> Samples:
    return at_level(babble(rng, words), rng.uniform(-40, -15))


def _offset(rng: np.random.Generator, _: Sequence[Samples]) -> Samples:
    """A constant pressure on the membrane, that jumps now and then."""
    steps = np.repeat(rng.uniform(-20_000, 20_000, 4), _LENGTH // 4)
    return steps + rng.standard_normal(_LENGTH) * 3


def _two_people(rng: np.random.Generator, words: Sequence[Samples]) -> Samples:
    """Two words, equally loud, begun within 80 ms."""
    one, other = (at_level(_word(rng, words), -20.0) for _ in range(2))
    sound = _placed(one, _LENGTH)
    at = _LENGTH // 4 + int(rng.uniform(0, 0.08) * RATE)
    length = min(len(other), _LENGTH - at)
    sound[at : at + length] += other[:length]
    return sound


def _rubbing(rng: np.random.Generator, _: Sequence[Samples]) -> Samples:
    """A sleeve over the microphone: bursts of noise below some hundred hertz."""
    return at_level(_low(rng, _LENGTH, rng.uniform(80, 500)) * _bursts(rng, _LENGTH, 0.08, 0.7), rng.uniform(-35, -8))


def _knocks(rng: np.random.Generator, _: Sequence[Samples]) -> Samples:
    """Taps on the case."""
    sound = np.zeros(_LENGTH)
    for at in rng.integers(0, _LENGTH - 4000, rng.integers(1, 6)):
        time = _time(4000)
        sound[at : at + 4000] += np.sin(2 * np.pi * rng.uniform(80, 900) * time) * np.exp(-rng.uniform(20, 80) * time)
    return at_level(sound, rng.uniform(-25, -3))


def _wind(rng: np.random.Generator, _: Sequence[Samples]) -> Samples:
    gusts = np.interp(np.arange(_LENGTH), np.linspace(0, _LENGTH, 9), rng.uniform(0, 1, 9))
    return at_level(_low(rng, _LENGTH, 200.0) * gusts, rng.uniform(-35, -8))


def _monologue(rng: np.random.Generator, words: Sequence[Samples]) -> Samples:
    """Eight seconds of talk without a pause to speak of."""
    return at_level(_talk(rng, words, _MONOLOGUE), -22.0)


BAD: dict[str, Maker] = {
    "silence": _silence,
    "clipping": _clipping,
    "hum": _steady_hum,
    "hum in bursts": _hum_bursts,
    "music": _music,
    "babble": _loud_babble,
    "offset": _offset,
    "two people": _two_people,
    "rubbing": _rubbing,
    "knocks": _knocks,
    "wind": _wind,
    "monologue": _monologue,
}
"""From which no command may come."""


def _time(length: int) -> Samples:
    return np.arange(length) / RATE


def _word(rng: np.random.Generator, words: Sequence[Samples]) -> Samples:
    """One of the words; without any, a vowel that glides, which is as much like speech as numbers can be."""
    if len(words):
        return words[int(rng.integers(len(words)))]
    length = int(rng.uniform(0.3, 0.7) * RATE)
    phase = 2 * np.pi * np.cumsum(np.interp(np.arange(length), [0, length], rng.uniform(90, 220, 2))) / RATE
    voice = np.sum([np.sin(n * phase) / n for n in range(1, 20)], axis=0)
    return voice * np.hanning(length) * 1000


def _placed(sound: Samples, length: int) -> Samples:
    """Sound in the quiet of a room, from a quarter on."""
    made = soft(np.random.default_rng(len(sound)), length) * 4
    at = length // 4
    sound = sound[: length - at]
    made[at : at + len(sound)] += sound
    return made


def _talk(rng: np.random.Generator, words: Sequence[Samples], length: int) -> Samples:
    """Words one after the other, overlapping a little."""
    made = np.zeros(length)
    at = -int(rng.integers(0, 4000))
    while at < length:
        word = _word(rng, words)
        word = word / max(rms(word), 1e-9)
        begin, end = max(0, at), min(length, at + len(word))
        if end > begin:  # a short first word may be over before the sound begins
            made[begin:end] += word[begin - at : end - at]
        at += max(800, int(len(word) * 0.9))
    return made


def _bursts(rng: np.random.Generator, length: int, shortest_s: float, longest_s: float) -> Samples:
    gate = np.zeros(length)
    at = int(rng.uniform(0.1, 0.6) * RATE)
    while at < length:
        long = int(rng.uniform(shortest_s, longest_s) * RATE)
        part = gate[at : at + long]
        part[:] = np.hanning(long)[: len(part)] ** 0.3 * rng.uniform(0.3, 1)
        at += long + int(rng.uniform(0.1, 0.9) * RATE)
    return gate


def _low(rng: np.random.Generator, length: int, corner_hz: float) -> Samples:
    spectrum = np.fft.rfft(rng.standard_normal(length))
    return np.fft.irfft(spectrum / (1 + (np.fft.rfftfreq(length, 1 / RATE) / corner_hz) ** 2), length)
