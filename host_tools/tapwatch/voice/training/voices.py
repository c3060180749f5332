"""The voices, and which of them nothing is trained on."""

from __future__ import annotations

_KOKORO = (
    "af_alloy af_aoede af_bella af_heart af_jessica af_kore af_nicole af_nova af_river af_sarah af_sky am_adam am_echo "
    "am_eric am_fenrir am_liam am_michael am_onyx am_puck am_santa bf_alice bf_emma bf_isabella bf_lily bm_daniel "
    "bm_fable bm_george bm_lewis ef_dora em_alex em_santa ff_siwis hf_alpha hf_beta hm_omega hm_psi if_sara im_nicola "
    "jf_alpha jf_gongitsune jf_nezumi jf_tebukuro jm_kumo pf_dora pm_alex pm_santa zf_xiaobei zf_xiaoni zf_xiaoxiao "
    "zf_xiaoyi zm_yunjian zm_yunxi zm_yunxia zm_yunyang"
)
KOKORO = tuple(_KOKORO.split())
"""First letter: American, British, Spanish, French, Hindi, Italian, Japanese, Portuguese, Chinese; then the sex."""
KOKORO_HELD = {
    "en": ("af_kore", "am_puck", "bf_lily", "bm_lewis", "am_onyx", "af_nova", "ef_dora", "hm_psi"),
    "zh": ("zf_xiaoni", "zm_yunxia"),
}
"""By language, kept for judging."""
NATIVE = {"en": "ab", "zh": "z"}
NOT_MIXED = {"en": "jz", "zh": "j"}
"""First letters of voices that are not mixed into others."""

_ESPEAK = (
    "adam Alex Alicia Andrea Andy Annie antonio aunty belinda benjamin boris caleb david Denis Diogo ed edward edward2 "
    "Gene Gene2 gustave announcer Henrique Hugo iven iven2 iven3 iven4 Jacky john kaukovalta Lee linda marcelo Marco "
    "Mario max Michael michel miguel Mike serious Nguyen pablo paul pedro quincy RicishayMax RicishayMax2 RicishayMax3 "
    "rob robert steph steph2 steph3 5) Tweaky anika AnxiousAndy fast f2 f3 f4 f5 grandpa klatt klatt2 klatt3 klatt4 "
    "klatt5 m2 m3 m4 m5 m6 m7 norbert shelby travis victor m8 f1 m1 grandma"
)
ESPEAK = tuple(_ESPEAK.split())
"""Variants that sound like people; no whispers, croaks and robots. One that is not installed sounds like the accent."""
ESPEAK_ACCENTS = (
    "en-us",
    "en-gb",
    "en-gb-scotland",
    "en-gb-x-rp",
    "en-gb-x-gbclan",
    "en-029",
    "en-gb-x-gbcwmd",
    "en-us-nyc",
)
FLITE = ("kal16", "awb", "rms", "slt")
FESTIVAL = ("kal_diphone", "ked_diphone", "cmu_us_slt_arctic_hts")
_PEOPLE = """
klettres/ar/alpha 28 klettres/cs/alpha 32 klettres/cs/syllab 18 klettres/da/alpha 29 klettres/da/syllab 28
klettres/de/alpha 30 klettres/de/syllab 34 klettres/en/alpha 26 klettres/en/syllab 19 klettres/en_GB/alpha 26
klettres/en_GB/syllab 23 klettres/es/alpha 27 klettres/es/syllab 117 klettres/fr/alpha 26 klettres/fr/syllab 28
klettres/he/alpha 27 klettres/he/syllab 25 klettres/hu/alpha 44 klettres/hu/syllab 38 klettres/it/alpha 25
klettres/it/syllab 75 klettres/lt/alpha 32 klettres/lt/syllab 70 klettres/ml/alpha 56 klettres/ml/syllab 100
klettres/nb/alpha 29 klettres/nds/alpha 30 klettres/nds/syllab 48 klettres/nl/alpha 22 klettres/nl/syllab 26
klettres/pt_BR/alpha 26 klettres/pt_BR/syllab 76 klettres/ru/alpha 33 klettres/ru/syllab 61 klettres/tn/syllab 36
klettres/uk/alpha 33 klettres/uk/syllab 61 ktuberling/sounds/ca 192 ktuberling/sounds/da 166 ktuberling/sounds/de 72
ktuberling/sounds/el 74 ktuberling/sounds/en 72 ktuberling/sounds/fr 210 ktuberling/sounds/gl 71
ktuberling/sounds/lt 167 ktuberling/sounds/nds 14 ktuberling/sounds/nl 13 ktuberling/sounds/pt 13
ktuberling/sounds/ro 13 ktuberling/sounds/ru 165 ktuberling/sounds/sl 71 ktuberling/sounds/sr 15
ktuberling/sounds/sv 14 ktuberling/sounds/uk 191 ktuberling/sounds/wa 75
"""
PEOPLE = dict(zip(_PEOPLE.split()[::2], map(int, _PEOPLE.split()[1::2]), strict=True))
"""Folders of recordings, and how many of each are taken."""
SMALL_HELD = ("rms",)
"""Of flite and festival, kept for judging."""
_EVERY, _AT = 9, 4


def espeak_held(index: int) -> bool:
    """Whether the variant `ESPEAK[index]` is kept for judging."""
    return index % _EVERY == _AT
