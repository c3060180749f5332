"""Makes tests/vectors/voice/spoken and spoken_zh: every word of the watch, said by voices that nothing is trained on.

`PYTHONPATH=.:host_tools .venv/bin/python -m tests.host.voice.make_spoken`, with the packages of requirements/voice.lock
and flite. The engines draw some of their numbers by lot: what they say differs a little each time.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import soundfile

from tapwatch.voice.speech.engine import Style
from tapwatch.voice.speech.engines import engine
from tapwatch.voice.testing.recordings import SYNTHETIC
from tapwatch.voice.training.voices import KOKORO_HELD, SMALL_HELD
from tapwatch.voice.words import WORDS, spoken
from tests.tools.trees import ROOT

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDERS = {"en": ROOT / "tests/vectors/voice/spoken", "zh": ROOT / "tests/vectors/voice/spoken_zh"}
VOICES = {
    "en": (("kokoro", "am_puck"), ("kokoro", "bf_lily"), ("flite", "rms")),
    "zh": (("kokoro", "zf_xiaoni"), ("kokoro", "zm_yunxia")),
}
RATE = 16_000
_MARGIN = 800
_SMALL = 0.95
"""How far Opus goes to save bytes, of 1."""


def main() -> None:
    """Say and write the words of the languages that are named, or of all."""
    for language in sys.argv[1:] or FOLDERS:
        FOLDERS[language].mkdir(parents=True, exist_ok=True)
        (FOLDERS[language] / SYNTHETIC).write_text(f"{', '.join(' '.join(voice) for voice in VOICES[language])}\n")
        for name, voice in VOICES[language]:
            say(language, name, voice)


def say(language: str, name: str, voice: str) -> None:
    """All words by one voice of an engine."""
    assert voice in (*KOKORO_HELD[language], *SMALL_HELD), f"{voice} is one of those that are trained on"
    speaker = engine(name, language)
    for word in WORDS:
        samples = speaker.say(spoken(word, language), Style(voice))
        assert samples is not None, f"{voice} did not say {word}"
        path = FOLDERS[language] / f"{word}_{voice.rpartition('_')[2]}_1.opus"
        soundfile.write(path, cut(samples), RATE, format="OGG", subtype="OPUS", compression_level=_SMALL)


def cut(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """What is spoken, with a little around it."""
    loud = np.flatnonzero(np.abs(samples.astype(int)) > np.abs(samples).max() / 50)
    return samples[max(0, int(loud[0]) - _MARGIN) : int(loud[-1]) + _MARGIN]


if __name__ == "__main__":
    main()
