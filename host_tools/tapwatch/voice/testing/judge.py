"""Everything that is measured about some weights and some recordings, as one report of plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from tapwatch.voice.testing import sphinx, trials
from tapwatch.voice.testing.ears import Sound
from tapwatch.voice.testing.noises import BAD, NOISES
from tapwatch.voice.testing.rates import Rate, mean_percent, total, worst
from tapwatch.voice.testing.recordings import CONTINUOUS, OTHER, WORD, Recording, summary
from tapwatch.voice.testing.sound import as_bytes, in_a_room, read
from tapwatch.voice.words import RISKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tapwatch.voice.testing.ears import Ears
    from tapwatch.voice.testing.sound import Samples
    from tapwatch.voice.testing.trials import Counts, Heard

SNRS_DB = (20, 10, 5)
_KINDS = ("middle", "best", "right", "wrong")
LEVELS_DB = (-60, -50, -40, -30, -20, -10, -6)
_WORDS_FOR_NOISE = 60
_MONOLOGUES = 12
_MONOLOGUE_S = 8


def _plain(things: Iterable[Any], _: str, __: int) -> Iterable[Any]:
    return things


@dataclass
class Options:
    """How much is tried.

    Attributes:
        draws: wearers for each speaker, who differ in what they record.
        noisy: recordings in each noise; 0 for none.
        levels: recordings at each level; 0 for none.
        bad: sounds of each kind that is no command; 0 for none.
        peer: recordings for PocketSphinx; 0 for none.
        middle: the network alone, too, on the middle of each word.
        progress: wraps what goes on for long: things, name, how many.
    """

    draws: int = 3
    noisy: int = 150
    levels: int = 100
    bad: int = 20
    peer: int = 0
    middle: bool = True
    progress: Callable[[Iterable[Any], str, int], Iterable[Any]] = field(default=_plain)


def judge(ears: Ears, recordings: Sequence[Recording], options: Options) -> dict[str, Any]:
    """The report. Raises UserError for a recording that cannot be read, and when the watch's code fails."""
    words, others, streams = (
        [recording for recording in recordings if recording.kind == kind] for kind in (WORD, OTHER, CONTINUOUS)
    )
    words = [recording for recording in words if recording.word in ears.words]
    said, alien, talk = (
        list(options.progress(trials.listen(ears, chosen, middle=options.middle), name, len(chosen)))
        for name, chosen in (("words", words), ("other words", others), ("continuous", streams))
    )
    report: dict[str, Any] = {"recordings": summary(recordings), "thresholds": ears.thresholds}
    report["synthetic"] = bool(words) and all(recording.synthetic for recording in words)
    if said:
        report |= {"words": _words(ears, said), "enrolled": _enrolled(ears, said, alien, range(options.draws))}
        report["sweep"] = {mask: trials.sweep(ears, said, mask, alien) for mask in _masks(ears, said)}
        report["confusion"] = {mask: trials.confusion(ears, said, mask) for mask in _masks(ears, said)}
        report["reasons"] = trials.reasons(said)
    if alien:
        report["other"] = _others(ears, alien)
    if talk:
        report["continuous"] = trials.events(ears, talk)
    loose = [read(recording.path) for recording in trials.spread(words, _WORDS_FOR_NOISE)]
    if options.noisy and words:
        report["noise"] = _noise(ears, trials.spread(words, options.noisy), loose, options)
    if options.levels and words:
        report["levels"] = _levels(ears, trials.spread(words, options.levels), options)
    if options.bad:
        long = [read(recording.path) for recording in trials.spread(streams, 2 * _MONOLOGUES)]
        report["bad"] = bad_input(ears, loose, long, options)
    if options.peer and words:
        report["peer"] = _peer(ears, said, trials.spread(words, options.peer), options)
    return report


def _masks(ears: Ears, said: Sequence[Heard]) -> list[str]:
    """Masks of which at least two words were said."""
    spoken = {one.recording.word for one in said}
    return [mask for mask, words in ears.masks.items() if len(spoken.intersection(words)) > 1]


def _words(ears: Ears, said: Sequence[Heard]) -> dict[str, Any]:
    made = {}
    for mask in _masks(ears, said):
        made[mask] = {
            "speakers": _rows(trials.count(ears, said, mask, _speaker)),
            "words": _rows(trials.count(ears, said, mask, lambda one: one.recording.word)),
            "risks": _risks(ears, said, mask),
        }
    return made


def _speaker(one: Heard) -> str:
    return one.recording.speaker


def _risks(ears: Ears, said: Sequence[Heard], mask: str) -> dict[str, Any]:
    """By risk: its threshold, its words in the mask, and those that were recorded.

    `right` and `wrong` are of recordings of these words, if there are any; `instead` is of all recordings: one of these
    words was done, and another one was said.
    """
    made: dict[str, Any] = {}
    fitting = [one for one in said if one.recording.word in ears.masks[mask]]
    for risk, name in enumerate(RISKS):
        words = [word for word in ears.masks[mask] if ears.risks[ears.words.index(word)] == risk]
        chosen = [one for one in said if one.recording.word in words]
        recorded = {one.recording.word for one in chosen}
        made[name] = {"threshold": ears.thresholds[risk], "words": words}
        made[name]["recorded"] = [word for word in words if word in recorded]
        if chosen:
            made[name] |= _rows(trials.count(ears, chosen, mask, _speaker), ("right", "wrong"))
        made[name]["instead"] = _ends(trials.instead(fitting, mask, words, _speaker), True)
    return made


def _rows(counts: dict[str, Counts], kinds: Sequence[str] = _KINDS) -> dict[str, Any]:
    """For each kind of count: all together, the mean of the rows, the worst row, every row."""
    return {kind: _ends({name: getattr(row, kind) for name, row in counts.items()}, kind == "wrong") for kind in kinds}


def _ends(rates: dict[str, Rate], high_is_bad: bool) -> dict[str, Any]:
    """All together, the mean of the rows, the worst row, every row."""
    name, rate = worst(rates, high_is_bad)
    return {
        "all": total(rates).as_json(),
        "mean": mean_percent(rates),
        "worst": {"name": name} | rate.as_json(),
        "rows": {name: rate.as_json() for name, rate in rates.items()},
    }


def _enrolled(ears: Ears, said: Sequence[Heard], alien: Sequence[Heard], seeds: Sequence[int]) -> dict[str, Any]:
    """By mask: the mean over draws for each speaker, as if each draw were as many more recordings."""
    draws = trials.enrol(ears, said, alien, seeds)
    made: dict[str, Any] = {}
    for mask in _masks(ears, said) if draws else ():
        counts: dict[str, Counts] = {}
        lowest: list[float] = []
        for draw in draws:
            one = draw.counts.get(mask)
            if one is None:
                continue
            lowest.append(one.best.percent)
            row = counts.setdefault(draw.speaker, trials.Counts())
            for kind in ("best", "right", "wrong"):
                setattr(row, kind, getattr(row, kind) + getattr(one, kind))
        if counts:
            made[mask] = {"speakers": _rows(counts), "worst_draw": min(lowest)}
            made[mask]["other"] = total({str(place): draw.others[mask] for place, draw in enumerate(draws)}).as_json()
    return made


def _others(ears: Ears, alien: Sequence[Heard]) -> dict[str, Any]:
    made = {}
    for mask, rates in trials.accepts(ears, alien).items():
        name, rate = worst(rates, True)
        made[mask] = {"all": total(rates).as_json(), "worst": {"name": name} | rate.as_json()}
        made[mask]["rows"] = {name: rate.as_json() for name, rate in rates.items()}
    reached = sum(any(listening.result for listening in one.hearing.listenings) for one in alien)
    return {"masks": made, "isolated": Rate(reached, len(alien)).as_json(), "reasons": trials.reasons(alien)}


def _noise(ears: Ears, chosen: list[Recording], loose: Sequence[Samples], options: Options) -> dict[str, Any]:
    rng = np.random.default_rng(20)
    made: dict[str, Any] = {"clean": _brief(ears, list(trials.listen(ears, chosen, middle=options.middle)))}
    for name, maker in NOISES.items():
        noise = maker(rng, loose)
        for distance_db in SNRS_DB:
            label = f"{name}, {distance_db} dB"
            heard = trials.listen(ears, chosen, trials.in_noise(noise, distance_db), middle=options.middle)
            made[label] = _brief(ears, list(options.progress(heard, label, len(chosen))))
    return made


def _levels(ears: Ears, chosen: list[Recording], options: Options) -> dict[str, Any]:
    made = {}
    for level_db in LEVELS_DB:
        heard = trials.listen(ears, chosen, level_db=level_db, middle=options.middle)
        made[f"{level_db} dB"] = _brief(ears, list(options.progress(heard, f"level {level_db} dB", len(chosen))))
    return made


def _brief(ears: Ears, heard: Sequence[Heard]) -> dict[str, Any]:
    """Of each mask: best word, right and wrong: all speakers together, their mean, the worst; and why none came."""
    made: dict[str, Any] = {"reasons": trials.reasons(heard)}
    for mask in _masks(ears, heard):
        rows = _rows(trials.count(ears, heard, mask, _speaker))
        made[mask] = {kind: row["all"] | {"mean": row["mean"], "worst": row["worst"]} for kind, row in rows.items()}
    return made


def bad_input(ears: Ears, words: Sequence[Samples], long: Sequence[Samples], options: Options) -> dict[str, Any]:
    """Commands that came from sounds that are none, by kind and mask; `words` and `long` are speech to make them of."""
    made = {}
    for name, maker in BAD.items():
        rng = np.random.default_rng(8)
        sounds = [maker(rng, words) for _ in range(options.bad)]
        if name == "monologue" and long:
            sounds += monologues(long)
        presses = [
            Sound(as_bytes(in_a_room(sound, f"{name} {place}", 0.3, 0.3)), again=True)
            for place, sound in enumerate(sounds)
        ]
        heard = list(options.progress(ears.hear(presses), name, len(presses)))
        made[name] = {
            "sounds": len(sounds),
            "seconds": sum(len(press.data) for press in presses) / 32_000,
            "presses": sum(len(hearing.listenings) for hearing in heard),
            "reasons": _reasons(heard),
            "commands": {mask: trials.commands(heard, mask) for mask in ears.masks},
        }
    return made


def monologues(long: Sequence[Samples]) -> list[Samples]:
    """Continuous speech, joined to eight seconds and more."""
    made: list[Samples] = []
    part = np.zeros(0)
    for sound in long:
        part = np.concatenate([part, sound])
        if len(part) >= _MONOLOGUE_S * 16_000:
            made.append(part)
            part = np.zeros(0)
    return made[:_MONOLOGUES]


def _reasons(heard: Sequence[Any]) -> dict[str, int]:
    made: dict[str, int] = {}
    for hearing in heard:
        for listening in hearing.listenings:
            made[listening.reason] = made.get(listening.reason, 0) + 1
    return made


def _peer(ears: Ears, said: Sequence[Heard], chosen: list[Recording], options: Options) -> dict[str, Any]:
    """PocketSphinx and the watch on the same recordings, with the words of a mask as its grammar."""
    ours = {one.recording.path: one for one in said}
    made = {}
    for mask in ("all", "digits", "face"):
        fitting = [recording for recording in chosen if recording.word in ears.masks[mask]]
        if len({recording.word for recording in fitting}) < 2:
            continue
        theirs = sphinx.compare(fitting, ears.masks[mask])
        counts = trials.Counts()
        for recording in fitting:
            counts.add(ours[recording.path], mask)
        made[mask] = {
            "pocketsphinx": theirs.as_json(),
            "middle": counts.middle.as_json(),
            "best": counts.best.as_json(),
            "margin": counts.best.percent - theirs.percent,
        }
    return made
