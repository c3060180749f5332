"""flite: four small English voices. A Debian package."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.voice.speech.engine import named
from tapwatch.voice.speech.sound import from_program, from_wave

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tapwatch.voice.speech.engine import Style


class Flite:
    """`flite`. `speed` stretches: 1.2 is slower; `pitch` is the mean in Hz."""

    def say(self, text: str, style: Style) -> NDArray[np.int16] | None:
        """See `Engine.say`."""
        pitch = ["--setf", f"int_f0_target_mean={style.pitch}"] if style.pitch else []
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "said.wav"
            stretch = f"duration_stretch={style.speed}"
            voice = named(style.voice)
            from_program(["flite", "-voice", voice, "--setf", stretch, *pitch, "-t", text, "-o", str(path)])
            return from_wave(path.read_bytes()) if path.exists() else None
