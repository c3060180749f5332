"""A clean word as it may reach the microphone: another tempo, room and microphone, noise, off the middle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from scipy import fft

from tapwatch.voice.training.features import FRAME, HOP
from tapwatch.voice.training.teacher import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Sound = NDArray[np.float32]
    Spectrum = NDArray[np.complex64]

_ROOM = 32768
"""Samples of the scene, a length the FFT likes."""
_LONGEST = 22000
_FREQUENCIES_HZ = np.arange(_ROOM // 2 + 1, dtype=np.float32) * 16000 / _ROOM
_EQUALISER_HZ = (0, 200, 500, 1000, 2000, 4000, 8000)
_OFF_MIDDLE = 1300
_WITHOUT_EDGES = 0.35
_EDGES_DB = (12.0, 35.0)
"""How far below the loudest 10 ms the edges of a word are cut off."""
_BLOCK = 160
_FULL = 32767


@dataclass(frozen=True)
class Heard:
    """What the microphone heard."""

    samples: NDArray[np.int16]
    """`teacher.SAMPLES` of them."""
    start: int
    """First frame that has some of the word."""
    end: int
    """First frame after the word."""


class Augment:
    """Spoils words by lot.

    Args:
        rng: draws everything: the same one gives the same sound.
        babble: clips of speech, from which talk in the background is mixed.
    """

    def __init__(self, rng: np.random.Generator, babble: Sequence[NDArray[np.int16]]) -> None:
        self._rng = rng
        self._babble = babble

    def clean(self, samples: NDArray[np.int16]) -> Heard:
        """A word in the middle, in silence."""
        word = samples.astype(np.float32)[:_LONGEST]
        return _cut(_placed(word), len(word), 0, 0.5)

    def spoil(self, samples: NDArray[np.int16]) -> Heard:
        """A word as it may reach the microphone."""
        rng = self._rng
        word = self._cut_short(self._hurried(samples.astype(np.float32)))[:_LONGEST]
        scene = self._through_room(_placed(word), len(word))
        if rng.random() < 0.8:
            scene = self._in_noise(scene, len(word))
        gain = rng.uniform(0.03, 0.95)
        if rng.random() < 0.05:
            gain *= rng.uniform(1, 4)
        return _cut(self._through_microphone(scene), len(word), int(rng.integers(-_OFF_MIDDLE, _OFF_MIDDLE)), gain)

    def _hurried(self, word: Sound) -> Sound:
        """Faster and higher, or slower and lower; some of it without the change of pitch."""
        rng = self._rng
        tempo = rng.uniform(0.82, 1.22)
        if rng.random() < 0.3:
            return _stretched(word, tempo)
        places = np.linspace(0, len(word) - 1, int(len(word) / tempo))
        return np.interp(places, np.arange(len(word)), word).astype(np.float32)

    def _cut_short(self, word: Sound) -> Sound:
        """An endpoint that came late or early, or took quiet sounds at the edges, as the s of "six", for none."""
        rng = self._rng
        if rng.random() < _WITHOUT_EDGES:
            word = _loud_part(word, rng.uniform(*_EDGES_DB))
        if rng.random() < 0.3:
            word = word[rng.integers(0, 480) :]
        if rng.random() < 0.3:
            word = word[: len(word) - rng.integers(0, 640)]
        return word

    def _through_room(self, scene: Sound, length: int) -> Sound:
        rng = self._rng
        spectrum = _spectrum(scene)
        if rng.random() < 0.7:
            gains_db = np.interp(_FREQUENCIES_HZ, _EQUALISER_HZ, rng.uniform(-10, 10, len(_EQUALISER_HZ)))
            spectrum *= (10 ** (gains_db / 20)).astype(np.float32)
        if rng.random() < 0.6:
            spectrum *= _spectrum(self._echo())
        return _sound(spectrum)

    def _echo(self) -> Sound:
        """The answer of a room to a clap: noise that fades over 80 to 500 ms."""
        rng = self._rng
        length = int(rng.uniform(0.08, 0.5) * 16000)
        fading = np.exp(np.float32(-6.9 / length) * np.arange(length, dtype=np.float32))
        echo = rng.standard_normal(length, np.float32) * fading
        echo[: int(rng.uniform(10, 120))] *= 0.2
        echo *= np.float32(10 ** (-rng.uniform(3, 18) / 20)) / np.sqrt((echo**2).sum())
        echo[0] = 1
        return cast("Sound", echo)

    def _in_noise(self, scene: Sound, length: int) -> Sound:
        rng = self._rng
        kind = rng.random()
        noise = self._talk() if kind < 0.35 else self._hiss()
        if kind > 0.85:
            noise *= self._comes_and_goes()
        first = _ROOM // 2 - length // 2
        loudness = np.sqrt((scene[first : first + length] ** 2).mean()) + 1e-3
        quieter = 10 ** (-rng.uniform(3, 40) / 20)
        gain = np.float32(loudness * quieter / np.sqrt((noise**2).mean() + 1e-9))
        return cast("Sound", scene + noise * gain)

    def _talk(self) -> Sound:
        """Some others who talk at the same time."""
        rng = self._rng
        scene = np.zeros(_ROOM, np.float32)
        for _ in range(rng.integers(3, 8)):
            clip = self._babble[int(rng.integers(len(self._babble)))]
            at = int(rng.integers(-len(clip) // 2, _ROOM - len(clip) // 2))
            first, end = max(0, at), min(_ROOM, at + len(clip))
            scene[first:end] += clip[first - at : end - at] * np.float32(rng.uniform(0.3, 1))
        return scene

    def _hiss(self) -> Sound:
        """Noise between white and brown, half of it with hum or a few tones."""
        rng = self._rng
        count = _ROOM // 2 + 1
        spectrum = rng.standard_normal(count, np.float32) + 1j * rng.standard_normal(count, np.float32)
        spectrum *= (np.arange(count, dtype=np.float32) + 8) ** np.float32(-rng.uniform(0, 1.2))
        if rng.random() < 0.2:
            base = int(rng.integers(60, 1000))
            spectrum[base * np.arange(1, 6)] += np.abs(spectrum[base]) * rng.uniform(5, 80) / np.arange(1, 6)
        return _sound(spectrum.astype(np.complex64))

    def _comes_and_goes(self) -> Sound:
        points = self._rng.uniform(0, 1, 24) ** 3
        return np.interp(np.arange(_ROOM), np.linspace(0, _ROOM, 24), points).astype(np.float32)

    def _through_microphone(self, scene: Sound) -> Sound:
        rng = self._rng
        spectrum = _spectrum(scene)
        if rng.random() < 0.5:
            above = rng.uniform(3000, 3900) < _FREQUENCIES_HZ
            spectrum[above] *= 10 ** (-rng.uniform(40, 80) / 20)
        if rng.random() < 0.3:
            below = rng.uniform(60, 350) > _FREQUENCIES_HZ
            spectrum[below] *= 0.03
        return _sound(spectrum)


def _spectrum(sound: Sound) -> NDArray[np.complex64]:
    """Of the length of the scene; in single precision, which numpy's own transform does not keep."""
    return cast("NDArray[np.complex64]", fft.rfft(sound, _ROOM))


def _sound(spectrum: NDArray[np.complex64]) -> Sound:
    return cast("Sound", fft.irfft(spectrum, _ROOM))


def _placed(word: Sound) -> Sound:
    scene = np.zeros(_ROOM, np.float32)
    first = _ROOM // 2 - len(word) // 2
    scene[first : first + len(word)] = word
    return scene


def _cut(scene: Sound, length: int, off: int, gain: float) -> Heard:
    """The part that the teacher hears, `off` samples from the middle, with a peak of `gain`."""
    scaled = scene * np.float32(gain * _FULL / (np.abs(scene).max() + 1e-3))
    first = _ROOM // 2 + off - SAMPLES // 2
    samples = np.clip(scaled, -_FULL - 1, _FULL).astype(np.int16)[first : first + SAMPLES]
    begins = max(0, SAMPLES // 2 - off - length // 2)
    ends = min(SAMPLES, begins + length)
    return Heard(samples, max(0, (begins - FRAME) // HOP + 1), min((SAMPLES - FRAME) // HOP, ends // HOP) + 1)


def _loud_part(word: Sound, below_db: float) -> Sound:
    """From the first to the last 10 ms that are not much quieter than the loudest."""
    blocks = len(word) // _BLOCK
    power = (word[: blocks * _BLOCK].reshape(blocks, _BLOCK) ** 2).mean(1)
    loud = np.flatnonzero(power >= power.max() * 10 ** (-below_db / 10))
    return word[loud[0] * _BLOCK : (loud[-1] + 1) * _BLOCK]


def _stretched(word: Sound, tempo: float) -> Sound:
    """Faster (above 1) or slower at the same pitch: overlapping pieces of 32 ms, laid closer or wider."""
    piece, step = 512, 256
    if len(word) < 2 * piece:
        return word
    count = int((len(word) - piece) / tempo / step)
    window = np.hanning(piece).astype(np.float32)
    result = np.zeros(count * step + piece, np.float32)
    for index in range(count + 1):
        wanted = min(int(index * step * tempo), len(word) - piece)
        at = _aligned(word, result, index * step, wanted, piece)
        result[index * step : index * step + piece] += word[at : at + piece] * window
    return result


def _aligned(word: Sound, made: Sound, place: int, wanted: int, piece: int) -> int:
    """Where near `wanted` the wave goes on as it was made so far."""
    if place == 0:
        return wanted
    half, reach = piece // 2, 80
    first, end = max(0, wanted - reach), min(len(word) - piece, wanted + reach)
    if end <= first:
        return wanted
    likeness = np.correlate(word[first : end + half], made[place : place + half], "valid")
    return first + int(likeness.argmax())
