"""espeak-ng: a hundred variants of voices, and accents of English. A Debian package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tapwatch.voice.speech.sound import from_program

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tapwatch.voice.speech.engine import Style

MANDARIN = "cmn-latn-pinyin"
"""The accent that reads Pinyin; the one for Chinese characters reads the numbers of tones aloud."""


class Espeak:
    """`espeak-ng`. `speed` is in words a minute, `pitch` 0 to 99."""

    def say(self, text: str, style: Style) -> NDArray[np.int16] | None:
        """See `Engine.say`. Mandarin comes in characters and is said from its Pinyin."""
        text = pinyin(text) if style.accent == MANDARIN else text
        voice = f"{style.accent}+{style.voice}"
        return from_program(
            ["espeak-ng", "-v", voice, "-s", str(round(style.speed)), "-p", str(style.pitch), "--stdout", text]
        )


def pinyin(text: str) -> str:
    """Chinese characters as syllables with numbers for tones."""
    from pypinyin import Style as Script
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(text, style=Script.TONE3, neutral_tone_with_five=True))
