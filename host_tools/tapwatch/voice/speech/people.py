"""Recordings of people who name letters, syllables and parts of pictures, in many languages. Two Debian packages.

They are not a voice that can be told what to say. Nobody tells a network what they say either: the teacher does.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tapwatch.errors import UserError
from tapwatch.voice.speech.sound import at_rate
from tapwatch.voice.words import RECORDING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tapwatch.voice.speech.engine import Style

_SHARE = Path("/usr/share")
_ENDINGS = (".ogg", ".wav")


class People:
    """`klettres-data` and `ktuberling-data`. The voice is a folder in /usr/share; speed and pitch are their own."""

    def say(self, text: str, style: Style) -> NDArray[np.int16] | None:
        """See `Engine.say`. None if the folder has no recording of that number."""
        import soundfile

        files = _recordings(style.voice)
        number = int(text.removeprefix(RECORDING))
        if number >= len(files):
            return None
        samples, rate_hz = soundfile.read(files[number], dtype="float32", always_2d=True)
        return at_rate(samples.mean(1), rate_hz)


@cache
def _recordings(voice: str) -> tuple[Path, ...]:
    folder = _SHARE / voice
    if not folder.is_dir():
        raise UserError(f"there is no {folder}", "as root: apt-get install klettres-data ktuberling-data")
    return tuple(sorted(path for path in folder.iterdir() if path.suffix in _ENDINGS))
