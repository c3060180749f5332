"""festival: three English voices. A Debian package, as are its voices (festvox-…)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.voice.speech.engine import named
from tapwatch.voice.speech.sound import from_program

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tapwatch.voice.speech.engine import Style


class Festival:
    """`text2wave`. `speed` stretches: 1.2 is slower."""

    def say(self, text: str, style: Style) -> NDArray[np.int16] | None:
        """See `Engine.say`."""
        stretch = f"(Parameter.set 'Duration_Stretch {style.speed})"
        return from_program(["text2wave", "-eval", f"(voice_{named(style.voice)})", "-eval", stretch], text)
