"""How people whose first language is another one may say English: other phonemes, by lot for every word.

The signs are Kokoro's: A, I, O, Q and W are the vowels of "day", "my", "go", "go" in Britain and "now". The rules are
those that phonetics names for each language (J. C. Wells, "Accents of English"; M. Swan, B. Smith, "Learner English").
"""

from __future__ import annotations

import re
from random import Random

_OFTEN = 0.75
"""How often a rule holds: few people have all of an accent."""
_DEVOICED = " v$>f z$>s d$>t b$>p ɡ$>k"
_FULL_VOWELS = " ɪ>i ʌ>a æ>a ᵊ>e O>o Q>o"

ACCENTS: dict[str, str] = {
    "german": "θ>s ð>z w>v ɹ>ʁ ^z>ts æ>ɛ ʌ>a A>eː O>oː" + _DEVOICED,
    "dutch": "θ>t ð>d w>ʋ ɹ>r æ>ɛ ʌ>ɔ ^z>s" + _DEVOICED,
    "french": "θ>s ð>z h> ɹ>ʁ A>e əʁ?$>œʁ" + _FULL_VOWELS,
    "spanish": "θ>t ð>d z>s v>b ɹ>ɾ h>x ^s(?=[tp])>es A>ei əɹ?$>eɾ" + _FULL_VOWELS,
    "italian": r"θ>t ð>d h> ɹ>r A>ei ([ptkvs])$>\1ə" + _FULL_VOWELS,
    "greek": "h>x ɹ>ɾ ʃ>s ʧ>ts ʤ>dz A>ei ŋ$>ŋɡ" + _FULL_VOWELS,
    "russian": "θ>s ð>z w>v ɹ>r h>x A>ei æ>ɛ" + _DEVOICED + _FULL_VOWELS,
    "indian": "θ>t ð>d w>ʋ v>ʋ t>ʈ d>ɖ ɹ>ɾ A>eː O>oː",
    "chinese": "θ>s ð>z v>w ɪ>i æ>ɛ [tkp]$> A>ei" + _DEVOICED,
    "japanese": r"θ>s ð>z v>b f>ɸ [ɹl]>ɾ ([sptkvnm])$>\1ɯ" + _FULL_VOWELS,
}
"""Rules `pattern>instead`, in order; the stress marks stay."""


def accented(phonemes: str, accent: str, draw: Random) -> str:
    """The phonemes of one word with some of the rules of an accent."""
    stressed = phonemes.startswith("ˈ")  # ^ shall mean the first sound, not the mark before it
    word = phonemes[1:] if stressed else phonemes
    for rule in ACCENTS[accent].split():
        pattern, instead = rule.split(">")
        if draw.random() < _OFTEN:
            word = re.sub(pattern, instead, word)
    return "ˈ" + word if stressed else word
