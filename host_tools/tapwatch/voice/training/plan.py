"""Which clips of speech to make: voices, mixtures, speeds, words; by lot with fixed seeds, the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from tapwatch.voice.speech.accents import ACCENTS
from tapwatch.voice.speech.engine import Style
from tapwatch.voice.speech.espeak import MANDARIN
from tapwatch.voice.speech.nonsense import nonsense
from tapwatch.voice.training import voices
from tapwatch.voice.words import RECORDING, WORDS, others

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROUNDS = 6
"""How often every voice of Kokoro says every word."""
HELD_ROUND = 99
"""What stands in the name of a job whose voice is kept for judging."""
_MIXTURES = 40
_NONSENSE = 40
"""Words without a meaning of every voice."""
_OF_ACCENT = 4
"""Voices with each accent in each round."""
_SPEEDS = (0.8, 0.9, 1.0, 1.1, 1.25)
_HELD_SPEEDS = (0.9, 1.0, 1.1)
_OTHER_SPEEDS = (0.8, 1.0, 1.2)
_FOREIGN_ROUNDS = 2
"""How often English voices say every word of Mandarin: as those speak it who learned it late."""
_ENGLISH_LATE = 10
"""English words that came to the others last; jobs of an older kind draw from those before."""


@dataclass(frozen=True)
class Clip:
    """One word, once."""

    key: str
    """Within its job: `word|index|speed`."""
    word: str
    style: Style


@dataclass(frozen=True)
class Job:
    """What is made at a time, and kept in one file."""

    name: str
    """Of the file: `engine_round_voice_…`, without its ending."""
    engine: str
    held: bool
    """Whether the voice is kept for judging: nothing is trained on it."""
    clips: tuple[Clip, ...]


def plan(kind: str, language: str) -> tuple[Job, ...]:
    """All jobs, in the order of what is worth most.

    Args:
        kind: `full`, or `smoke` for a few clips of the engine that is always there.
        language: `en` or `zh`.
    """
    if kind == "smoke":
        return tuple(_smoke())
    programs = (*_espeak(language), *_flite(), *_festival()) if language == "en" else tuple(_espeak(language))
    kokoro = list(_kokoro(language))
    first = [job for job in kokoro if job.held or job.name.startswith("kokoro_0_")]
    accented, once = list(_accented()), _OF_ACCENT * len(ACCENTS)
    foreign = (*accented[:once], *_nonsense(), *accented[once:]) if language == "en" else ()
    return (*first, *_people(), *foreign, *programs, *[job for job in kokoro if job not in first])


def _clips(said: list[tuple[str, Style]]) -> tuple[Clip, ...]:
    return tuple(Clip(f"{word}|{index}|{style.speed}", word, style) for index, (word, style) in enumerate(said))


def _kokoro(language: str) -> Iterator[Job]:
    rng = Random(7)  # noqa: S311 # to be the same again
    known = others(language)
    early = known[:-_ENGLISH_LATE]
    speakers = _speakers(rng, language)
    number = 0
    for turn in range(ROUNDS):
        for voice, other in speakers + (_foreign(language) if turn < _FOREIGN_ROUNDS else []):
            words = [(word, rng.choice(_SPEEDS)) for word in WORDS]
            words += [(word, rng.choice(_OTHER_SPEEDS)) for word in rng.sample(known, 12)]
            mix = rng.uniform(0.3, 0.7)
            yield _spoken(turn, voice, other, mix, words, number)
            number += 1
        for voice in voices.KOKORO_HELD[language] if turn == 0 else ():
            said = [*WORDS, *rng.sample(early, 16)]
            yield _spoken(HELD_ROUND, voice, "", 0, [(word, rng.choice(_HELD_SPEEDS)) for word in said], number)
            number += 1


def _speakers(rng: Random, language: str) -> list[tuple[str, str]]:
    """Voices alone, natives of the language first, then mixtures of a native with any."""
    held = voices.KOKORO_HELD[language]
    natives = [name for name in voices.KOKORO if name[0] in voices.NATIVE[language] and name not in held]
    foreign = [name for name in voices.KOKORO if name[0] not in voices.NATIVE[language] and name not in held]
    mixed_in = [name for name in voices.KOKORO if name not in held and name[0] not in voices.NOT_MIXED[language]]
    speakers = [(name, "") for name in natives + (foreign if language == "en" else [])]
    for _ in range(_MIXTURES):
        speakers.append((rng.sample(natives, 1)[0], rng.sample(mixed_in, 1)[0]))
    return speakers


def _foreign(language: str) -> list[tuple[str, str]]:
    """English voices that say the Mandarin phonemes; English has its foreigners among `_speakers`."""
    return [(name, "") for name in voices.KOKORO if language == "zh" and name[0] in voices.NATIVE["en"]]


def _spoken(turn: int, voice: str, other: str, mix: float, words: list[tuple[str, float]], number: int) -> Job:
    said = [(word, Style(voice, speed, other, mix if other else 0.0)) for word, speed in words]
    return Job(f"kokoro_{turn}_{voice}_{other or 'x'}_{number}", "kokoro", turn == HELD_ROUND, _clips(said))


def _accented() -> Iterator[Job]:
    """English as people of other first languages say it: every accent by some voices in each round."""
    rng = Random(17)  # noqa: S311 # to be the same again
    speakers, known = _speakers(rng, "en"), others("en")
    number = 0
    for turn in range(ROUNDS):
        for accent in ACCENTS:
            for voice, other in rng.sample(speakers, _OF_ACCENT):
                said = [*WORDS, *rng.sample(known, 12)]
                mix = rng.uniform(0.3, 0.7) if other else 0.0
                styles = [(word, Style(voice, rng.choice(_SPEEDS), other, mix, accent)) for word in said]
                yield Job(f"accent_{turn}_{voice}_{accent}_{number}", "kokoro", False, _clips(styles))
                number += 1


def _nonsense() -> Iterator[Job]:
    """Every voice and mixture says words that there are not."""
    rng = Random(23)  # noqa: S311 # to be the same again
    for number, (voice, other) in enumerate(_speakers(rng, "en")):
        mix = rng.uniform(0.3, 0.7) if other else 0.0
        said = [(nonsense(rng), Style(voice, rng.choice(_SPEEDS), other, mix)) for _ in range(_NONSENSE)]
        yield Job(f"nonsense_0_{voice}_{other or 'x'}_{number}", "kokoro", False, _clips(said))


def _people() -> Iterator[Job]:
    """What people say in the recordings of each folder."""
    for folder, count in voices.PEOPLE.items():
        said = [(f"{RECORDING}{number}", Style(folder)) for number in range(count)]
        yield Job(f"people_0_{folder.replace('/', '-')}", "people", False, _clips(said))


def _espeak(language: str) -> Iterator[Job]:
    twice = [(seed, name) for seed, name in enumerate(voices.ESPEAK)]
    twice += [(1000 + seed, name) for seed, name in enumerate(voices.ESPEAK) if not voices.espeak_held(seed)]
    accents = voices.ESPEAK_ACCENTS if language == "en" else (MANDARIN,)
    for seed, name in twice:
        rng = Random(seed)  # noqa: S311 # to be the same again
        held = seed < len(voices.ESPEAK) and voices.espeak_held(seed)
        said = []
        for word in (*WORDS, *rng.sample(others(language), 30)):
            accent = rng.choice(accents)
            words_a_minute, pitch = rng.randint(110, 190), rng.randint(25, 75)
            said.append((word, Style(name, words_a_minute, accent=accent, pitch=pitch)))
        yield Job(f"espeak_{HELD_ROUND if held else 0}_{name}_{seed}", "espeak", held, _clips(said))


def _flite() -> Iterator[Job]:
    def style(voice: str, rng: Random) -> Style:
        speed = rng.choice((0.8, 0.9, 1, 1.15, 1.3))
        return Style(voice, speed, pitch=rng.choice((0, 0, 80, 100, 130, 160, 200)))

    for voice in voices.FLITE:
        yield _small("flite", voice, (*WORDS * 3, *others("en")[:260]), style)


def _festival() -> Iterator[Job]:
    def style(voice: str, rng: Random) -> Style:
        return Style(voice, rng.choice((0.85, 1, 1.2)))

    for voice in voices.FESTIVAL:
        yield _small("festival", voice, (*WORDS * 2, *others("en")[:120]), style)


def _small(engine: str, voice: str, words: tuple[str, ...], style: Callable[[str, Random], Style]) -> Job:
    rng = Random(voice)  # noqa: S311 # to be the same again
    held = voice in voices.SMALL_HELD
    said = [(word, style(voice, rng)) for word in words]
    return Job(f"{engine}_{HELD_ROUND if held else 0}_{voice}_0", engine, held, _clips(said))


def _smoke() -> Iterator[Job]:
    words = ("payment", "seven", "stop", "water")
    for held, speeds in ((False, (0.85, 1.0, 1.2)), (True, (0.95, 1.1))):
        said = [(word, Style("joe", speed)) for speed in speeds for word in words]
        yield Job(f"piper_{HELD_ROUND if held else 0}_joe_{int(held)}", "piper", held, _clips(said))
