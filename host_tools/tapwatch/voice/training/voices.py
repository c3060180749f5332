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
SMALL_HELD = ("rms",)
"""Of flite and festival, kept for judging."""
_EVERY, _AT = 9, 4


def espeak_held(index: int) -> bool:
    """Whether the variant `ESPEAK[index]` is kept for judging."""
    return index % _EVERY == _AT
