"""Words that mean nothing in any language: what a network must neither take for a word nor be surprised by.

A word is written as its phonemes between two `~`, in Kokoro's signs, and is spoken as they stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

MARK = "~"


def _split(signs: str) -> tuple[str, ...]:
    return tuple(signs.split())


_CONSONANTS = "b d ɡ k l m n p r s t v z f h w j ʃ ʧ ʤ θ"
_ONSETS = (*_split(_CONSONANTS), *_split("bl bɹ dɹ fl ɡl kɹ kw pl pɹ sk sl sp st tɹ sw"))
_VOWELS = _split("i ɪ ɛ æ ɑ ɔ u ʊ ʌ ɜɹ A I O W")
_WEAK = _split("ə ɪ i")
_CODAS = _split("b d ɡ k l m n ŋ p s t v z f ʃ ʧ θ lt nt nd st ks")
_OPEN = ("", "", "")
"""Endings without a consonant, as often as this beside the others."""
_LENGTHS = (1, 2, 2, 2, 3, 3)


def nonsense(draw: Random) -> str:
    """One word of one to three syllables; a single one is closed by a consonant, as few short words we know are."""
    count = draw.choice(_LENGTHS)
    stressed = draw.randrange(count)
    return MARK + "".join(_syllable(draw, place == stressed, count == 1) for place in range(count)) + MARK


def _syllable(draw: Random, stressed: bool, alone: bool) -> str:
    vowel = "ˈ" + draw.choice(_VOWELS) if stressed else draw.choice(_WEAK)
    coda = draw.choice(_CODAS if alone else _OPEN + _CODAS)
    return draw.choice(_ONSETS) + vowel + coda
