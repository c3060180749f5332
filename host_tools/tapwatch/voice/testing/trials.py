"""What is tried, and what is counted. Every number comes from what the watch's own code said (`ears.py`)."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tapwatch.voice.testing.ears import Ears, Hearing, Result, Sound
from tapwatch.voice.testing.rates import Rate, per_hour
from tapwatch.voice.testing.recordings import WORD, Recording
from tapwatch.voice.testing.sound import BEFORE_S, RATE, as_bytes, at_level, in_a_room, middle_of, mixed, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tapwatch.voice.testing.sound import Samples

    Change = Callable[[Samples, Samples], Samples]
    """What is done to a recording in its room; the second one is the recording alone."""

_NONE = Rate(0, 0)
SHOTS = 3
"""Recordings of a word that a wearer makes."""


@dataclass(frozen=True)
class Heard:
    """A recording, and what the watch made of it."""

    recording: Recording
    seconds: float
    hearing: Hearing

    @property
    def result(self) -> Result | None:
        """Of the first press; None if nothing came to the network."""
        return self.hearing.listenings[0].result

    @property
    def reason(self) -> str:
        """Of the first press, with all words allowed."""
        return self.hearing.listenings[0].reason


def listen(
    ears: Ears,
    recordings: Sequence[Recording],
    change: Change | None = None,
    level_db: float | None = None,
    middle: bool = True,
) -> Iterable[Heard]:
    """Let the watch hear each: a word once, in the quiet of a room; anything else again and again until it is over.

    `level_db`: of full scale, for the loudest parts; as it was recorded without. `middle`: what the network makes of
    the middle of a word, too.
    """
    seconds: list[float] = []

    def sounds() -> Iterable[Sound]:
        for recording in recordings:
            samples = read(recording.path)
            seconds.append(len(samples) / RATE)
            if level_db is not None:
                samples = at_level(samples, level_db)
            room = in_a_room(samples, recording.path.name)
            if change is not None:
                room = change(room, samples)
            wanted = middle and recording.kind == WORD
            place = int(BEFORE_S * RATE) + middle_of(samples) if wanted else -1
            yield Sound(as_bytes(room), place, recording.kind != WORD)

    for recording, hearing in zip(recordings, ears.hear(sounds()), strict=True):
        yield Heard(recording, seconds.pop(0), hearing)


@dataclass
class Counts:
    """Of the recordings of words that a mask has: right and wrong ones.

    Attributes:
        middle: best word of the window around the middle of the recording: what the network alone can do.
        best: best word after endpoint and isolation gate; a word that does not pass them counts as wrong.
        right: the watch did what was said.
        wrong: the watch did something else. The rest it asked to say again.
    """

    middle: Rate = _NONE
    best: Rate = _NONE
    right: Rate = _NONE
    wrong: Rate = _NONE

    def add(self, heard: Heard, mask: str) -> None:
        """Count one recording."""
        word, result = heard.recording.word, heard.result
        if heard.hearing.middle is not None:
            self.middle += Rate(heard.hearing.middle.best[mask] == word, 1)
        self.best += Rate(result is not None and result.best[mask] == word, 1)
        self.right += Rate(result is not None and result.decided[mask] == word, 1)
        self.wrong += Rate(result is not None and result.decided[mask] not in ("", word), 1)


def count(ears: Ears, heard: Sequence[Heard], mask: str, key: Callable[[Heard], str]) -> dict[str, Counts]:
    """Counts by speaker, or by whatever `key` says, of the words that `mask` has."""
    made: dict[str, Counts] = defaultdict(Counts)
    for one in heard:
        if one.recording.word in ears.masks[mask]:
            made[key(one)].add(one, mask)
    return dict(sorted(made.items()))


def instead(heard: Sequence[Heard], mask: str, words: Sequence[str], key: Callable[[Heard], str]) -> dict[str, Rate]:
    """How often the watch did one of `words` when another word was said, by speaker or by whatever `key` says."""
    made: dict[str, Rate] = defaultdict(lambda: _NONE)
    for one in heard:
        done = one.result.decided[mask] if one.result is not None else ""
        made[key(one)] += Rate(done in words and done != one.recording.word, 1)
    return dict(sorted(made.items()))


def reasons(heard: Sequence[Heard]) -> dict[str, int]:
    """Why listenings ended without a word, with all words allowed; "" are those with one."""
    return dict(Counter(listening.reason for one in heard for listening in one.hearing.listenings).most_common())


def confusion(ears: Ears, heard: Sequence[Heard], mask: str) -> tuple[list[str], list[list[int]]]:
    """Best words after the gate, by what was said (rows); the last column is for what did not pass it."""
    words = [word for word in ears.masks[mask] if any(one.recording.word == word for one in heard)]
    columns = [*ears.masks[mask], ""]
    table = [[0] * len(columns) for _ in words]
    for one in heard:
        if one.recording.word in words:
            best = one.result.best[mask] if one.result is not None else ""
            table[words.index(one.recording.word)][columns.index(best)] += 1
    return words, table


def sweep(ears: Ears, heard: Sequence[Heard], mask: str, others: Sequence[Heard]) -> list[dict[str, float]]:
    """Recall, wrong commands and accepted other words, in percent, if one threshold held for all words of the mask."""
    said = [one for one in heard if one.recording.word in ears.masks[mask]]
    alien = [listening.result for one in others for listening in one.hearing.listenings if listening.result is not None]
    rows = []
    for threshold in (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99):
        taken = [one for one in said if one.result is not None and passes(ears, one.result, mask, threshold)]
        right = sum(1 for one in taken if one.result is not None and one.result.best[mask] == one.recording.word)
        accepted = sum(1 for result in alien if passes(ears, result, mask, threshold))
        rows.append(
            {
                "threshold": threshold,
                "right": 100 * right / max(1, len(said)),
                "wrong": 100 * (len(taken) - right) / max(1, len(said)),
                "other": 100 * accepted / max(1, len(others)),
            }
        )
    return rows


def passes(ears: Ears, result: Result, mask: str, threshold: float) -> bool:
    """Whether the best word would be taken at a threshold: it beats *no word*, and is probable enough."""
    best = result.logits[ears.words.index(result.best[mask])]
    return bool(best > result.logits[-1]) and result.score[mask] >= threshold


def accepts(ears: Ears, heard: Sequence[Heard]) -> dict[str, dict[str, Rate]]:
    """By mask and word: recordings of other words from which a command came."""
    return {
        mask: {
            word: Rate(sum(1 for one in heard if one.recording.word == word and _accepted(one, mask)), total)
            for word, total in sorted(Counter(one.recording.word for one in heard).items())
        }
        for mask in ears.masks
    }


def _accepted(one: Heard, mask: str) -> bool:
    return any(_command(listening.result, mask) for listening in one.hearing.listenings)


def _command(result: Result | None, mask: str) -> bool:
    return result is not None and result.decided[mask] != ""


def commands(heard: Sequence[Hearing], mask: str) -> int:
    """Listenings that ended with a command."""
    return sum(_command(listening.result, mask) for hearing in heard for listening in hearing.listenings)


def events(ears: Ears, heard: Sequence[Heard]) -> dict[str, dict[str, float]]:
    """By mask: commands that came from recordings without any, presses of the button, and how many an hour."""
    hours = sum(one.seconds for one in heard) / 3600
    listenings = [listening for one in heard for listening in one.hearing.listenings]
    made = {}
    for mask in ears.masks:
        commands = sum(1 for listening in listenings if _command(listening.result, mask))
        rate, most = per_hour(commands, hours)
        reached = sum(1 for listening in listenings if listening.result is not None)
        made[mask] = {"events": commands, "hours": hours, "per_hour": rate, "at_most": most, "isolated": reached}
        made[mask]["presses"] = len(listenings)
    return made


@dataclass
class Draw:
    """One wearer, who said some words three times each.

    Attributes:
        counts: by mask, of the recordings of that speaker that were not recorded as shots.
        others: by mask, other words of whoever that this watch takes for commands.
        enrolled: words that were recorded.
    """

    speaker: str
    seed: int
    enrolled: int
    counts: dict[str, Counts]
    others: dict[str, Rate]


def enrol(ears: Ears, heard: Sequence[Heard], others: Sequence[Heard], seeds: Sequence[int]) -> list[Draw]:
    """Each speaker records shots of every word; draws are of different recordings. The shots are no tests."""
    plans = []
    for speaker in sorted({one.recording.speaker for one in heard}):
        said: dict[str, list[Heard]] = defaultdict(list)
        for one in heard:
            if one.recording.speaker == speaker:
                said[one.recording.word].append(one)
        if sum(1 for takes in said.values() if _enough(takes)) > 1:
            plans += [(speaker, seed, *_shots(said, seed)) for seed in seeds]
    alien = [(one, listening.result) for one in others for listening in one.hearing.listenings if listening.result]
    cases = [
        (shots, [one.result for one in tests if one.result is not None] + [result for _, result in alien])
        for _, _, shots, tests in plans
    ]
    draws = []
    for (speaker, seed, shots, tests), results in zip(plans, ears.decide(cases), strict=True):
        counts: dict[str, Counts] = defaultdict(Counts)
        rest = iter(results)
        for one in tests:
            result = next(rest) if one.result is not None else None
            _count_enrolled(ears, counts, one, result)
        taken: dict[str, set[int]] = {mask: set() for mask in ears.masks}
        for (one, _), result in zip(alien, rest, strict=True):
            for mask in ears.masks:
                if result.decided[mask]:
                    taken[mask].add(id(one))
        rates = {mask: Rate(len(taken[mask]), len(others)) for mask in ears.masks}
        draws.append(Draw(speaker, seed, len(shots), dict(counts), rates))
    return draws


def _count_enrolled(ears: Ears, counts: dict[str, Counts], one: Heard, result: Result | None) -> None:
    word = one.recording.word
    for mask, words in ears.masks.items():
        if word in words:
            made = counts[mask]
            made.best += Rate(result is not None and result.best[mask] == word, 1)
            made.right += Rate(result is not None and result.decided[mask] == word, 1)
            made.wrong += Rate(result is not None and result.decided[mask] not in ("", word), 1)


def _enough(takes: Sequence[Heard]) -> bool:
    return sum(1 for one in takes if one.result is not None) >= SHOTS and len(takes) > SHOTS


def _shots(said: dict[str, list[Heard]], seed: int) -> tuple[dict[str, list[Result]], list[Heard]]:
    """Shots of each word that was said often enough, of those that the watch would take; and all other recordings."""
    rng = np.random.default_rng(seed)
    shots: dict[str, list[Result]] = {}
    tests: list[Heard] = []
    for word, takes in sorted(said.items()):
        chosen: list[int] = []
        if _enough(takes):
            usable = [place for place, one in enumerate(takes) if one.result is not None]
            chosen = [int(place) for place in rng.choice(usable, SHOTS, replace=False)]
            shots[word] = [result for place in chosen if (result := takes[place].result) is not None]
        tests += [one for place, one in enumerate(takes) if place not in chosen]
    return shots, tests


def spread(recordings: Sequence[Recording], limit: int) -> list[Recording]:
    """At most `limit` recordings, each word and speaker in turn, always the same ones."""
    rows: dict[tuple[str, str], list[Recording]] = defaultdict(list)
    for recording in recordings:
        rows[recording.word, recording.speaker].append(recording)
    rng = np.random.default_rng(1)
    queues = [[row[place] for place in rng.permutation(len(row))] for _, row in sorted(rows.items())]
    turns = [queue[turn] for turn in range(max(map(len, queues), default=0)) for queue in queues if turn < len(queue)]
    return turns[:limit]


def in_noise(noise: Samples, distance_db: float) -> Change:
    """For `listen`: noise all the time, so many dB below the word."""
    return lambda room, word: mixed(room, np.roll(noise, len(word)), distance_db, word)
