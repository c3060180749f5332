"""What is no word of the vocabulary: other words, words cut and glued, two at once, tunes, knocks, hardly anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Sound = NDArray[np.int16]

_RATE_HZ = 16000
_LOUD = 12000
_TONES_HZ = (65.0, 1000.0)
_LATER = 2000
"""Samples by which the second of two people begins earlier or later."""


class NoWord:
    """Makes what the watch must not take for a word.

    Args:
        rng: draws everything: the same one gives the same sound.
        anything: draws a clip of speech.
        word: draws a clip of a word of the vocabulary.
    """

    def __init__(self, rng: np.random.Generator, anything: Callable[[], Sound], word: Callable[[], Sound]) -> None:
        self._rng = rng
        self._anything = anything
        self._word = word

    def of(self, other: Sound) -> Sound:
        """`other`, a clip that is no word of the vocabulary, or something else in its place."""
        chance = self._rng.random()
        for share, make in (
            (0.12, self._glued),
            (0.10, lambda _: self._piece()),
            (0.10, lambda _: self._two_people()),
            (0.05, lambda _: self._tune()),
            (0.04, lambda _: self._knocks()),
            (0.05, self._hardly_anything),
        ):
            if chance < share:
                return make(other)
            chance -= share
        return other

    def _glued(self, other: Sound) -> Sound:
        end = self._anything()
        return np.concatenate([other[: len(other) // 2], end[len(end) // 2 :]])

    def _piece(self) -> Sound:
        """The first or the last two fifths of a word."""
        word = self._word()
        return word[: len(word) * 2 // 5] if self._rng.random() < 0.5 else word[len(word) * 3 // 5 :]

    def _two_people(self) -> Sound:
        """Who say a word each, nearly at once and nearly equally loud."""
        one, two = (self._word().astype(np.float32) for _ in range(2))
        two *= np.sqrt(((one**2).mean() + 1) / ((two**2).mean() + 1)) * self._rng.uniform(0.8, 1.25)
        later = int(self._rng.integers(-_LATER, _LATER))
        first, last = min(0, later), max(len(one), later + len(two))
        both = np.zeros(last - first, np.float32)
        both[-first : len(one) - first] += one
        both[later - first : later - first + len(two)] += two
        return _loud(both)

    def _tune(self) -> Sound:
        """Some notes with overtones, each struck or blown."""
        rng = self._rng
        notes = [self._note(rng.uniform(0.08, 0.5)) for _ in range(rng.integers(1, 5))]
        return _loud(np.concatenate(notes)[:_RATE_HZ])

    def _note(self, seconds: float) -> NDArray[np.float32]:
        rng = self._rng
        time = np.arange(int(seconds * _RATE_HZ)) / _RATE_HZ
        swing = 1 + rng.uniform(0, 0.01) * np.sin(2 * np.pi * rng.uniform(4, 7) * time)
        turns = np.cumsum(swing) / _RATE_HZ * np.exp(rng.uniform(*np.log(_TONES_HZ)))
        chord = rng.choice((1.0, 1.25, 1.5, 2.0), rng.integers(1, 4), replace=False)
        fading = rng.uniform(0.3, 1.5)
        sound = sum(np.sin(2 * np.pi * turns * tone * n) / n**fading for tone in chord for n in range(1, 7))
        struck = np.exp(-rng.uniform(0, 8) * time) * np.minimum(1, time * rng.uniform(20, 300))
        return (sound * struck).astype(np.float32)

    def _knocks(self) -> Sound:
        """On the case, or a sleeve over the microphone."""
        rng = self._rng
        sound = rng.standard_normal(int(rng.uniform(0.15, 0.9) * _RATE_HZ))
        spectrum = np.fft.rfft(sound)
        corner = rng.uniform(80, 900)
        spectrum /= 1 + (np.fft.rfftfreq(len(sound), 1 / _RATE_HZ) / corner) ** 2
        bumps = np.interp(np.arange(len(sound)), np.linspace(0, len(sound), 12), rng.uniform(0, 1, 12) ** 2)
        return _loud(np.fft.irfft(spectrum, len(sound)) * bumps)

    def _hardly_anything(self, other: Sound) -> Sound:
        return (self._rng.normal(size=len(other)) * 3).astype(np.int16)


def _loud(sound: NDArray[np.floating]) -> Sound:
    return (sound * (_LOUD / (np.abs(sound).max() + 1e-6))).astype(np.int16)
